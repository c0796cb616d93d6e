/** A workload of many tables: DynamoDB answers only so many of these questions in a second, of a whole account. */
import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { throttled } from '#simulator/kernel/faults.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Limits = Readonly<Record<string, number>>;

/** A second, of an account. Of CreateBackup there are fifty, most of which somebody else takes here. API reference of each */
const night: Limits = { CreateBackup: 20, ListBackups: 4, DescribeContinuousBackups: 6, ListTagsOfResource: 6 };
/** What somebody else leaves of ten, and of five of the last two. */
const recovery: Limits = {
  ...{ RestoreTableFromBackup: 6, DescribeContinuousBackups: 6, DescribeTimeToLive: 6, ListTagsOfResource: 6 },
  TagResource: 3,
};

function limit(operation: string, perSecond: number): void {
  let tokens = perSecond;
  let sinceMs = Date.now();
  const isTooMuch = () => {
    tokens = Math.min(perSecond, tokens + ((Date.now() - sinceMs) / 1000) * perSecond);
    sinceMs = Date.now();
    if (tokens < 1) return true;
    tokens -= 1;
    return false;
  };
  stage.faults.add({
    service: 'dynamodb',
    operation,
    when: isTooMuch,
    times: Number.POSITIVE_INFINITY,
    effect: throttled(),
  });
}

const tables = Array.from({ length: 50 }, (_, index) => `table-${index}`);
const parameterOf = (table: string) => `/tables/${table}`;
const said = () => tables.map((table) => stage.services.ssm.parameters.get(parameterOf(table)));

const send: DynamoDBClient['send'] = (command: never) => stage.drive(new DynamoDBClient({}).send(command));

async function create(TableName: string): Promise<void> {
  await send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await stage.time.advance(1000);
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 };
  await send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'endsAt' };
  await send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  stage.services.ssm.parameters.set(parameterOf(TableName), TableName);
}

/** A night has passed. */
async function openWithTables(limits: Limits): Promise<void> {
  const members = tables.map((resource) => ({
    ...{ kind: 'dynamodb' as const, resource },
    parameter: parameterOf(resource),
  }));
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  stage = await openStage({ policy: nightly({ shop: { schedule, members } }) });
  for (const table of tables) await create(table);
  for (const [operation, perSecond] of Object.entries(limits)) limit(operation, perSecond);
  await stage.time.advance(3 * hourMs);
  expect(mails(stage)).toEqual([]);
  expect(await pointsIn(stage, 'shop')).toHaveLength(1);
}

it('is planned, begun and sealed, however few answers DynamoDB gives in a second', async () => {
  await openWithTables(night);
});

it('is brought back, however few answers DynamoDB gives in a second', async () => {
  await openWithTables(recovery);
  expect(failureOf(await recover(stage, { workload: 'shop' }))).toBe(': ');
  expect(said().map((name = '') => name.replace(/-new-[0-9a-f]{6}$/, ''))).toEqual(tables);
  expect(said()).not.toEqual(tables);
});

it('is rolled back as it was, however few answers DynamoDB gives in a second', async () => {
  await openWithTables({ UntagResource: 3, RestoreTableFromBackup: 6 });
  const effect = { kind: 'refuse', code: 'ValidationException', message: 'No such attribute', status: 400 } as const;
  stage.faults.add({ service: 'dynamodb', operation: 'UpdateTimeToLive', times: 1, effect });
  await recover(stage, { workload: 'shop' });
  expect(await recovered(stage, 'shop')).toMatchObject({ state: 'rolled-back' });
  expect(said()).toEqual(tables);
  expect(stage.inbox(failuresAddress)).toHaveLength(1);
});
