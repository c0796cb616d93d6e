/** Point-in-time recovery: what a table had at any second since it was switched on. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import { type createRestores, type Items, itemsOf, tableNamed } from './restores.ts';
import type { SettingsOf, TableSettings } from './table-settings.ts';

/** What a table had from a time on. */
interface Content {
  readonly sinceMs: number;
  readonly items: Items;
}

/** LatestRestorableDateTime "is typically 5 minutes before the current time". */
const lagMs = 300_000;
const dayMs = 86_400_000;
const writes = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'];

type Written = Partial<DynamoDb.PutItemInput & DynamoDb.BatchWriteItemInput>;

interface State {
  readonly clock: Kernel['clock'];
  readonly ask: Ask;
  readonly settingsOf: SettingsOf;
  readonly restore: ReturnType<typeof createRestores>;
  /** By table, oldest first. */
  readonly histories: Map<string, Content[]>;
}

const windowOf = ({ clock }: State, { recoverySinceMs = 0, recoveryDays = 0 }: TableSettings) => ({
  earliestMs: Math.max(recoverySinceMs, clock.nowMs() - recoveryDays * dayMs),
  latestMs: clock.nowMs() - lagMs,
});

function described(state: State, settings: TableSettings): DynamoDb.ContinuousBackupsDescription {
  const { earliestMs, latestMs } = windowOf(state, settings);
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
}

function update(state: State, input: DynamoDb.UpdateContinuousBackupsInput) {
  const settings = state.settingsOf(input.TableName);
  const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } = input.PointInTimeRecoverySpecification ?? {};
  if (PointInTimeRecoveryEnabled) {
    settings.recoveryDays = RecoveryPeriodInDays;
    settings.recoverySinceMs ??= state.clock.nowMs();
  } else {
    delete settings.recoveryDays;
    delete settings.recoverySinceMs;
  }
  return { ContinuousBackupsDescription: described(state, settings) };
}

async function restoreTo(state: State, input: DynamoDb.RestoreTableToPointInTimeInput) {
  const { SourceTableName: name = '', RestoreDateTime: at, UseLatestRestorableTime: isLatest } = input;
  const source = await tableNamed(state.ask, name);
  if (source === undefined) throw new ApiError('TableNotFoundException', `Table not found: ${name}`);
  const settings = state.settingsOf(name);
  if (settings.recoveryDays === undefined)
    throw new ApiError('PointInTimeRecoveryUnavailableException', `Point in time recovery is not enabled: ${name}`);
  const { earliestMs, latestMs } = windowOf(state, settings);
  const ofMs = isLatest ? latestMs : (at?.getTime() ?? Number.NaN);
  if (!(ofMs >= earliestMs && ofMs <= latestMs))
    throw new ApiError('InvalidRestoreTimeException', `${name} cannot be restored to ${at?.toISOString()}.`);
  return state.restore({ input, source, items: itemsAt(state, name, ofMs), ofMs });
}

function itemsAt({ histories }: State, table: string, timeMs: number): Items {
  const history = histories.get(table);
  if (history === undefined) throw new Error(`Nobody asked the region to keep the history of ${table}.`);
  return history.findLast(({ sinceMs }) => sinceMs <= timeMs)?.items ?? [];
}

async function note({ clock, ask, histories }: State, table: string): Promise<void> {
  histories.get(table)?.push({ sinceMs: clock.nowMs(), items: await itemsOf(ask, table) });
}

const noting =
  (state: State, operation: Service['operations'][string]): Service['operations'][string] =>
  async (input, call) => {
    const result = await operation(input, call);
    const { TableName, RequestItems = {} }: Written = Object(input);
    for (const table of [TableName ?? [], Object.keys(RequestItems)].flat()) await note(state, table);
    return result;
  };

export function createContinuousBackups(
  { clock }: Kernel,
  ask: Ask,
  settingsOf: SettingsOf,
  restore: ReturnType<typeof createRestores>,
) {
  const state: State = { clock, ask, settingsOf, restore, histories: new Map() };
  return {
    /** The same operations; those that write note what a table has then, if its history is kept. */
    noted: (operations: Service['operations']): Service['operations'] => {
      const all = Object.entries(operations);
      return Object.fromEntries(
        all.map(([name, operation]) => [name, writes.includes(name) ? noting(state, operation) : operation]),
      );
    },
    /** From now on; of every table it would fill the memory. */
    keepHistory: async (table: string): Promise<void> => {
      state.histories.set(table, []);
      await note(state, table);
    },
    operations: {
      UpdateContinuousBackups: (input: DynamoDb.UpdateContinuousBackupsInput) => update(state, input),
      DescribeContinuousBackups: ({ TableName }: DynamoDb.DescribeContinuousBackupsInput) => ({
        ContinuousBackupsDescription: described(state, settingsOf(TableName)),
      }),
      RestoreTableToPointInTime: (input: DynamoDb.RestoreTableToPointInTimeInput) => restoreTo(state, input),
    },
  };
}
