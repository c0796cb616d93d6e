/** On-demand backups: all items of a table as they were at the call, and a new table of them. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { arn } from '../../iam/arn.ts';
import { realWork } from '../../kernel/real-work.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import type { SettingsOf } from './table-settings.ts';

type Items = readonly Record<string, DynamoDb.AttributeValue>[];

export interface Backup {
  readonly arn: string;
  readonly name: string;
  readonly table: DynamoDb.TableDescription;
  readonly createdMs: number;
  readonly items: Items;
  status: DynamoDb.BackupStatus;
}

const backupMs = 90_000;
const restoreMs = 900_000;

async function itemsOf(ask: Ask, table: string | undefined): Promise<Items> {
  const found: Record<string, DynamoDb.AttributeValue>[] = [];
  let from: DynamoDb.ScanInput['ExclusiveStartKey'];
  do {
    const page = Object(await ask('Scan', { TableName: table, ExclusiveStartKey: from })) as DynamoDb.ScanOutput;
    found.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return found;
}

/** What makes a table that is described so. */
function creating(name: string, table: DynamoDb.TableDescription): DynamoDb.CreateTableInput {
  const indexes = (list: readonly DynamoDb.LocalSecondaryIndexDescription[] | undefined) =>
    list?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: table.AttributeDefinitions,
    KeySchema: table.KeySchema,
    LocalSecondaryIndexes: indexes(table.LocalSecondaryIndexes),
    GlobalSecondaryIndexes: indexes(table.GlobalSecondaryIndexes),
  };
}

export function createBackups(kernel: Kernel, ask: Ask, of: SettingsOf) {
  const all = new Map<string, Backup>();
  const random = kernel.random.fork('dynamodb-backups');

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

  const tableNamed = async (name: string | undefined): Promise<DynamoDb.TableDescription | undefined> => {
    const shown = ask('DescribeTable', { TableName: name });
    return (Object(await shown.catch(() => undefined)) as DynamoDb.DescribeTableOutput).Table;
  };

  /** A name may be given twice. */
  const create = async ({ TableName, BackupName = '' }: DynamoDb.CreateBackupInput) => {
    const table = await tableNamed(TableName);
    if (table === undefined) throw new ApiError('TableNotFoundException', `Table not found: ${TableName}`);
    const createdMs = kernel.clock.nowMs();
    const id = `${String(createdMs).padStart(14, '0')}-${random.hex(8)}`;
    const backup: Backup = {
      ...{ arn: arn(kernel, 'dynamodb', `table/${TableName}/backup/${id}`), name: BackupName, table, createdMs },
      ...{ items: await itemsOf(ask, TableName), status: 'CREATING' },
    };
    all.set(backup.arn, backup);
    kernel.clock.at(createdMs + backupMs, () => {
      backup.status = 'AVAILABLE';
    });
    return { BackupDetails: details(backup) };
  };

  /** The items are there before the table is active. */
  const fill = async (name: string, items: Items): Promise<void> => {
    for (const Item of items) await ask('PutItem', { TableName: name, Item });
    const settings = of(name);
    delete settings.status;
    settings.restored = {
      ...settings.restored,
      RestoreDateTime: new Date(kernel.clock.nowMs()),
      RestoreInProgress: false,
    };
  };

  const restore = async (input: DynamoDb.RestoreTableFromBackupInput) => {
    const { TargetTableName: name = '', BackupArn, SSESpecificationOverride: encryption } = input;
    const backup = named(BackupArn);
    refuseUnfinished(backup);
    if ((await tableNamed(name)) !== undefined)
      throw new ApiError('TableAlreadyExistsException', `Table already exists: ${name}`);
    const nowMs = kernel.clock.nowMs();
    await ask('CreateTable', creating(name, backup.table));
    const settings = of(name);
    settings.status = 'CREATING';
    settings.restored = {
      ...{ SourceBackupArn: BackupArn, SourceTableArn: backup.table.TableArn },
      ...{ RestoreDateTime: new Date(nowMs), RestoreInProgress: true },
    };
    if (encryption?.KMSMasterKeyId !== undefined)
      settings.features = { SSEDescription: { SSEType: 'KMS', KMSMasterKeyArn: encryption.KMSMasterKeyId } };
    kernel.clock.at(nowMs + restoreMs, () => void realWork(() => fill(name, backup.items)));
    return { TableDescription: { TableName: name, TableStatus: 'CREATING', RestoreSummary: settings.restored } };
  };

  const operations: Service['operations'] = {
    CreateBackup: create,
    DescribeBackup: ({ BackupArn }: DynamoDb.DescribeBackupInput) => ({
      BackupDescription: { BackupDetails: details(named(BackupArn)) },
    }),
    ListBackups: ({ TableName, ExclusiveStartBackupArn: after, Limit = 100 }: DynamoDb.ListBackupsInput) => {
      const found = [...all.values()].filter(({ table }) => TableName === undefined || table.TableName === TableName);
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
  return { all, operations };
}
