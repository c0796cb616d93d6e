/** Point-in-time recovery: what a table had at any second since it was switched on. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import { type createRestores, type Items, itemsOf, tableNamed } from './restores.ts';
import type { SettingsOf, TableSettings } from './table-settings.ts';

interface State {
  readonly sinceMs: number;
  readonly items: Items;
}

/** LatestRestorableDateTime "is typically 5 minutes before the current time". */
const lagMs = 300_000;
const dayMs = 86_400_000;
const writes = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'];

type Written = Partial<DynamoDb.PutItemInput & DynamoDb.BatchWriteItemInput>;

export function createContinuousBackups(
  { clock }: Kernel,
  ask: Ask,
  of: SettingsOf,
  restore: ReturnType<typeof createRestores>,
) {
  const histories = new Map<string, State[]>();

  const windowOf = ({ recoverySinceMs = 0, recoveryDays = 0 }: TableSettings) => ({
    earliestMs: Math.max(recoverySinceMs, clock.nowMs() - recoveryDays * dayMs),
    latestMs: clock.nowMs() - lagMs,
  });

  const described = (settings: TableSettings): DynamoDb.ContinuousBackupsDescription => {
    const { earliestMs, latestMs } = windowOf(settings);
    const PointInTimeRecoveryDescription: DynamoDb.PointInTimeRecoveryDescription =
      settings.recoveryDays === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: settings.recoveryDays,
            EarliestRestorableDateTime: new Date(earliestMs),
            LatestRestorableDateTime: new Date(latestMs),
          };
    return { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription };
  };

  const note = async (table: string): Promise<void> => {
    histories.get(table)?.push({ sinceMs: clock.nowMs(), items: await itemsOf(ask, table) });
  };

  const update = (input: DynamoDb.UpdateContinuousBackupsInput) => {
    const settings = of(input.TableName);
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } = input.PointInTimeRecoverySpecification ?? {};
    if (PointInTimeRecoveryEnabled) {
      settings.recoveryDays = RecoveryPeriodInDays;
      settings.recoverySinceMs ??= clock.nowMs();
    } else {
      delete settings.recoveryDays;
      delete settings.recoverySinceMs;
    }
    return { ContinuousBackupsDescription: described(settings) };
  };

  const restoreTo = async (input: DynamoDb.RestoreTableToPointInTimeInput) => {
    const { SourceTableName: name = '', RestoreDateTime: at, UseLatestRestorableTime: isLatest } = input;
    const source = await tableNamed(ask, name);
    if (source === undefined) throw new ApiError('TableNotFoundException', `Table not found: ${name}`);
    const settings = of(name);
    if (settings.recoveryDays === undefined)
      throw new ApiError('PointInTimeRecoveryUnavailableException', `Point in time recovery is not enabled: ${name}`);
    const { earliestMs, latestMs } = windowOf(settings);
    const ofMs = isLatest ? latestMs : (at?.getTime() ?? Number.NaN);
    if (!(ofMs >= earliestMs && ofMs <= latestMs))
      throw new ApiError('InvalidRestoreTimeException', `${name} cannot be restored to ${at?.toISOString()}.`);
    const history = histories.get(name);
    if (history === undefined) throw new Error(`Nobody asked the region to keep the history of ${name}.`);
    const items = history.findLast(({ sinceMs }) => sinceMs <= ofMs)?.items ?? [];
    return restore({ input, source, items, ofMs });
  };

  /** Whatever writes to a table whose history is kept. */
  const noted = (operations: Service['operations']): Service['operations'] =>
    Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [
        name,
        writes.includes(name) ? withNote(operation) : operation,
      ]),
    );

  const withNote =
    (operation: Service['operations'][string]): Service['operations'][string] =>
    async (input, call) => {
      const result = await operation(input, call);
      const { TableName, RequestItems = {} }: Written = Object(input);
      for (const table of [TableName ?? [], Object.keys(RequestItems)].flat()) await note(table);
      return result;
    };

  return {
    noted,
    /** From now on; of every table it would fill the memory. */
    keepHistory: async (table: string): Promise<void> => {
      histories.set(table, []);
      await note(table);
    },
    operations: {
      UpdateContinuousBackups: update,
      DescribeContinuousBackups: ({ TableName }: DynamoDb.DescribeContinuousBackupsInput) => ({
        ContinuousBackupsDescription: described(of(TableName)),
      }),
      RestoreTableToPointInTime: restoreTo,
    },
  };
}
