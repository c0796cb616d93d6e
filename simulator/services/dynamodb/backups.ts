/** On-demand backups: all items of a table as they were at the call, and a new table of them. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import { type createRestores, type Items, itemsOf, tableNamed } from './restores.ts';

export interface Backup {
  readonly arn: string;
  readonly name: string;
  readonly table: DynamoDb.TableDescription;
  readonly createdMs: number;
  readonly items: Items;
  status: DynamoDb.BackupStatus;
}

export function createBackups(kernel: Kernel, ask: Ask, restored: ReturnType<typeof createRestores>, backupMs: number) {
  const all = new Map<string, Backup>();
  const random = kernel.random.fork('dynamodb-backups');
  let isNever = false;

  const named = (backupArn: string | undefined): Backup => {
    const found = all.get(backupArn ?? '');
    if (found === undefined) throw new ApiError('BackupNotFoundException', `Backup not found: ${backupArn}`);
    return found;
  };

  const refuseUnfinished = ({ arn: backupArn, status }: Backup): void => {
    if (status !== 'AVAILABLE') throw new ApiError('BackupInUseException', `Backup is being created: ${backupArn}`);
  };

  const details = ({ arn: BackupArn, name: BackupName, status: BackupStatus, createdMs }: Backup) => ({
    ...{ BackupArn, BackupName, BackupStatus, BackupType: 'USER' as const },
    BackupCreationDateTime: new Date(createdMs),
  });

  /** A name may be given twice. */
  const create = async ({ TableName, BackupName = '' }: DynamoDb.CreateBackupInput) => {
    const table = await tableNamed(ask, TableName);
    if (table === undefined) throw new ApiError('TableNotFoundException', `Table not found: ${TableName}`);
    const createdMs = kernel.clock.nowMs();
    const id = `${String(createdMs).padStart(14, '0')}-${random.hex(8)}`;
    const backup: Backup = {
      ...{ arn: arn(kernel, 'dynamodb', `table/${TableName}/backup/${id}`), name: BackupName, table, createdMs },
      ...{ items: await itemsOf(ask, TableName), status: 'CREATING' },
    };
    all.set(backup.arn, backup);
    if (!isNever) {
      kernel.clock.at(createdMs + backupMs, () => {
        backup.status = 'AVAILABLE';
      });
    }
    isNever = false;
    return { BackupDetails: details(backup) };
  };

  const restore = (input: DynamoDb.RestoreTableFromBackupInput) => {
    const { arn: backupArn, table, items, createdMs } = named(input.BackupArn);
    refuseUnfinished(named(input.BackupArn));
    return restored({ input, source: table, backupArn, items, ofMs: createdMs });
  };

  const operations: Service['operations'] = {
    CreateBackup: create,
    DescribeBackup: ({ BackupArn }: DynamoDb.DescribeBackupInput) => ({
      BackupDescription: { BackupDetails: details(named(BackupArn)) },
    }),
    ListBackups: (input: DynamoDb.ListBackupsInput) => {
      const { TableName, TimeRangeLowerBound, ExclusiveStartBackupArn: after, Limit = 100 } = input;
      const sinceMs = TimeRangeLowerBound?.getTime() ?? 0;
      const found = [...all.values()].filter(
        ({ table, createdMs }) => (TableName ?? table.TableName) === table.TableName && createdMs >= sinceMs,
      );
      const from = found.findIndex((backup) => backup.arn === after) + 1;
      const page = found.slice(from, from + Limit);
      const last = from + Limit < found.length ? page.at(-1)?.arn : undefined;
      return {
        BackupSummaries: page.map((backup) => ({ TableName: backup.table.TableName, ...details(backup) })),
        LastEvaluatedBackupArn: last,
      };
    },
    DeleteBackup: ({ BackupArn }: DynamoDb.DeleteBackupInput) => {
      const backup = named(BackupArn);
      refuseUnfinished(backup);
      all.delete(backup.arn);
      return { BackupDescription: { BackupDetails: { ...details(backup), BackupStatus: 'DELETED' } } };
    },
    RestoreTableFromBackup: restore,
  };
  return {
    all,
    operations,
    nextNeverEnds: () => {
      isNever = true;
    },
  };
}
