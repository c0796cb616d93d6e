/** A workload of many tables: DynamoDB answers only so many of these questions in a second, of a whole account. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { throttled } from '#simulator/kernel/faults.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

/** A second, of an account. Of CreateBackup there are fifty, most of which somebody else takes here. API reference of each */
const most = { CreateBackup: 20, ListBackups: 5, DescribeContinuousBackups: 10, ListTagsOfResource: 10 };

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

it('is planned, begun and sealed, however few answers DynamoDB gives in a second', async () => {
  const tables = Array.from({ length: 50 }, (_, index) => `table-${index}`);
  const members = tables.map((resource) => ({ kind: 'dynamodb' as const, resource }));
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  stage = await openStage({ policy: nightly({ shop: { schedule, members } }) });
  for (const TableName of tables) {
    const command = new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    await stage.drive(new DynamoDBClient({}).send(command));
  }
  for (const [operation, perSecond] of Object.entries(most)) limit(operation, perSecond);
  await stage.time.advance(3 * hourMs);
  expect(mails(stage)).toEqual([]);
  expect(await pointsIn(stage, 'shop')).toHaveLength(1);
});
