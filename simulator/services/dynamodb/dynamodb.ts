/** DynamoDB: a real engine (dynalite) behind the region's own door, so that policies, faults and the call log apply. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { type Api, type ApiOperation, errorShape, loadApi } from '../../wire/api.ts';
import { DetailedError } from '../../wire/detailed-error.ts';
import { isPlainItem, jsonCodec } from '../../wire/json-protocol.ts';
import { bytesOf, recordOf, textOf } from '../../wire/protocol.ts';
import { type Backup, createBackups } from './backups.ts';
import { createContinuousBackups } from './continuous-backups.ts';
import { type EngineReply, embeddedTableEngine, type TableEngine } from './embedded-table-engine.ts';
import { createRestores } from './restores.ts';
import { tableAccess } from './table-access.ts';
import { settingsOperations, type TableSettings, tableSettings } from './table-settings.ts';
import { tableOperations } from './tables.ts';

const FORWARDED = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;

type ForwardedOperation = (typeof FORWARDED)[number];
export type Ask = (operation: ForwardedOperation, input: unknown) => Promise<unknown>;

const codec = jsonCodec(false);

const described = { name: 'dynamodb', client: () => import('@aws-sdk/client-dynamodb') } as const;

/** The engine's error in the SDK's types: `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`. */
async function engineError(api: Api, { status, output }: EngineReply): Promise<ApiError> {
  const raw = recordOf(output);
  const code = String(raw.__type).split('#').at(-1) ?? 'InternalServerError';
  const shape = errorShape(api, code);
  const details = shape ? recordOf(await codec.read(shape.schema, bytesOf(JSON.stringify(raw)))) : {};
  return new DetailedError(code, String(raw.message ?? raw.Message ?? code), status, details);
}

function written(operation: ApiOperation, input: unknown): string {
  const json = JSON.stringify(input);
  return isPlainItem(operation, json) ? json : textOf(codec.write(operation.input, input));
}

async function read(operation: ApiOperation, output: unknown): Promise<unknown> {
  const json = JSON.stringify(output);
  return isPlainItem(operation, json) ? output : await codec.read(operation.output, bytesOf(json));
}

function askEngine(engine: TableEngine): Ask {
  return async (operation, input) => {
    const api = await loadApi(described);
    const shapes = api.operations.get(operation);
    if (!shapes) throw new Error(`DynamoDB has no operation ${operation}`);
    const reply = await engine.ask(operation, written(shapes, input));
    if (reply.status !== 200) throw await engineError(api, reply);
    return await read(shapes, reply.output);
  };
}

type Item = Record<string, DynamoDb.AttributeValue>;
type ConditionalInput = DynamoDb.PutItemInput & DynamoDb.UpdateItemInput;

/** The item that a condition failed on. dynalite does not know `ReturnValuesOnConditionCheckFailure`. */
async function refusedItem(ask: Ask, input: ConditionalInput): Promise<Item | undefined> {
  const { TableName: table } = input;
  const described = Object(await ask('DescribeTable', { TableName: table })) as DynamoDb.DescribeTableOutput;
  const keyNames = described.Table?.KeySchema?.map(({ AttributeName: name = '' }) => name) ?? [];
  const from = input.Key ?? input.Item ?? {};
  const key = Object.fromEntries(keyNames.map((name) => [name, from[name]]));
  const found = Object(await ask('GetItem', { TableName: table, Key: key, ConsistentRead: true }));
  return (found as DynamoDb.GetItemOutput).Item;
}

function conditional(ask: Ask, operation: ForwardedOperation) {
  return async (input: ConditionalInput): Promise<unknown> => {
    const { ReturnValuesOnConditionCheckFailure: wanted, ...plain } = input;
    try {
      return await ask(operation, plain);
    } catch (error) {
      const isConditional = error instanceof ApiError && error.name === 'ConditionalCheckFailedException';
      if (!isConditional || wanted !== 'ALL_OLD') throw error;
      const item = await refusedItem(ask, input);
      throw new DetailedError(error.name, error.message, error.status, item ? { Item: item } : {});
    }
  };
}

const CONDITIONAL: ReadonlySet<string> = new Set(['DeleteItem', 'PutItem', 'UpdateItem']);

function operationsOf(ask: Ask): Service['operations'] {
  return Object.fromEntries(
    FORWARDED.map((operation) => [
      operation,
      CONDITIONAL.has(operation) ? conditional(ask, operation) : (input: unknown) => ask(operation, input),
    ]),
  );
}

export interface DynamoDbOptions {
  /** From the request until a backup is AVAILABLE. Default 90 s. */
  readonly backupMs?: number;
  /** From the request until a restored table is ACTIVE. Default 15 minutes. */
  readonly restoreMs?: number;
  /** So many at a time. Default 50. */
  readonly mostRestores?: number;
}

export interface DynamoDbService extends Service {
  readonly world: {
    /** By ARN. */
    readonly backups: ReadonlyMap<string, Backup>;
    /** What tables have beside their items, by name; also of names that were only asked for. */
    readonly tables: ReadonlyMap<string, TableSettings>;
  };
  readonly arrange: {
    /** As if somebody else had changed the table's state; undefined: as it is. */
    setStatus(table: string, status: DynamoDb.TableStatus | undefined): void;
    /** Keeps what the table has from now on, so that it can be restored to a moment. */
    keepHistory(table: string): Promise<void>;
    /** The next backup stays CREATING for ever. */
    nextBackupNeverEnds(): void;
    /** Somebody deletes it. */
    backupDeleted(backupArn: string): void;
  };
}

/** DynamoDB without any table. No transactions, no streams; items past their expiry stay. */
export function createDynamoDb(kernel: Kernel, options: DynamoDbOptions = {}): DynamoDbService {
  const { backupMs = 90_000, restoreMs = 900_000, mostRestores = 50 } = options;
  const ask = askEngine(embeddedTableEngine(kernel));
  const settings = tableSettings();
  const { all: tables, of: settingsOf } = settings;
  const restore = createRestores(kernel, ask, settings, { restoreMs, mostRestores });
  const backups = createBackups(kernel, ask, restore, backupMs);
  const continuous = createContinuousBackups(kernel, ask, settingsOf, restore);
  return {
    ...described,
    operations: {
      ...continuous.noted(operationsOf(ask)),
      ...tableOperations(kernel, ask, settingsOf),
      ...settingsOperations(settingsOf),
      ...backups.operations,
      ...continuous.operations,
    },
    access: (operation, input) => tableAccess(kernel, operation, Object(input)),
    world: { backups: backups.all, tables },
    arrange: {
      setStatus: (table, status) => {
        const shown = settingsOf(table);
        if (status === undefined) delete shown.status;
        else shown.status = status;
      },
      keepHistory: continuous.keepHistory,
      nextBackupNeverEnds: backups.nextNeverEnds,
      backupDeleted: (backupArn) => void backups.all.delete(backupArn),
    },
  };
}
