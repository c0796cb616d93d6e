import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DynamoDBClient,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createDynamoDb, type DynamoDbService } from './dynamodb.ts';

const TableName = 'orders';
const minuteMs = 60_000;

let time: VirtualTime;
let kernel: OpenKernel;
let dynamodb: DynamoDbService;
let client: DynamoDBClient;

const send: DynamoDBClient['send'] = (command: never) => time.drive(client.send(command));
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => error.name,
  );
const write = (id: string) => send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
const recovery = (PointInTimeRecoverySpecification: {
  PointInTimeRecoveryEnabled: boolean;
  RecoveryPeriodInDays?: number;
}) => send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
const described = async () =>
  (await send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
    ?.PointInTimeRecoveryDescription;
const restoreTo = (atMs: number, source = TableName) =>
  send(
    new RestoreTableToPointInTimeCommand({
      ...{ SourceTableName: source, TargetTableName: 'new', RestoreDateTime: new Date(atMs) },
    }),
  );

beforeEach(async () => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  kernel = createKernel({ seed: 1 });
  dynamodb = createDynamoDb(kernel);
  client = new DynamoDBClient(clientSettings(createGateway(kernel, [dynamodb], createIdentities(kernel.account))));
  await send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await time.advance(1000);
});

afterEach(() => {
  time.uninstall();
});

it('a table is recoverable from when that was switched on until five minutes ago, and no longer than it is kept', async () => {
  expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
  await recovery({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 2 });
  const onMs = Date.now();
  await time.advance(10 * minuteMs);
  const early = await described();
  expect(early).toMatchObject({ PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 2 });
  expect(Math.abs((early?.EarliestRestorableDateTime?.getTime() ?? 0) - onMs)).toBeLessThan(2000);
  expect(Math.abs(Date.now() - (early?.LatestRestorableDateTime?.getTime() ?? 0) - 5 * minuteMs)).toBeLessThan(2000);
  await time.advance(5 * 24 * 60 * minuteMs);
  const late = (await described())?.EarliestRestorableDateTime?.getTime() ?? 0;
  expect(Math.abs(Date.now() - late - 2 * 24 * 60 * minuteMs)).toBeLessThan(2000);
  await recovery({ PointInTimeRecoveryEnabled: false });
  expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
});

it('a restore to a moment has the items of then', async () => {
  await recovery({ PointInTimeRecoveryEnabled: true });
  await time.drive(dynamodb.arrange.keepHistory(TableName));
  await write('one');
  await time.advance(minuteMs);
  const betweenMs = Date.now();
  await time.advance(minuteMs);
  await write('two');
  await time.advance(10 * minuteMs);
  await restoreTo(betweenMs);
  await time.advance(20 * minuteMs);
  expect((await send(new ScanCommand({ TableName: 'new' }))).Items).toEqual([{ id: { S: 'one' } }]);
});

it('a restore to a moment is refused outside what is kept, without recovery, without the table, and under a name that is taken', async () => {
  expect(await refusal(restoreTo(Date.now()))).toBe('PointInTimeRecoveryUnavailableException');
  await recovery({ PointInTimeRecoveryEnabled: true });
  await time.drive(dynamodb.arrange.keepHistory(TableName));
  const onMs = Date.now();
  await time.advance(10 * minuteMs);
  expect(await refusal(restoreTo(onMs - minuteMs))).toBe('InvalidRestoreTimeException');
  expect(await refusal(restoreTo(Date.now()))).toBe('InvalidRestoreTimeException');
  expect(await refusal(restoreTo(onMs, 'other'))).toBe('TableNotFoundException');
  await restoreTo(onMs + minuteMs);
  expect(await refusal(restoreTo(onMs + minuteMs))).toBe('TableAlreadyExistsException');
});
