/** Alarms that watch what is backed up: which of them do not watch what a recovery makes is told by name. */
import { CloudWatchClient, PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Dimensions = Readonly<Record<string, string>>;
const dimensionsOf = (named: Dimensions) => Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
const threshold = {
  ...{ ComparisonOperator: 'GreaterThanThreshold', Threshold: 80, EvaluationPeriods: 3 },
} as const satisfies Partial<PutMetricAlarmCommandInput>;
const put = (alarm: Partial<PutMetricAlarmCommandInput> & { AlarmName: string }) =>
  stage.drive(new CloudWatchClient({}).send(new PutMetricAlarmCommand({ ...threshold, ...alarm })));
const alarm = (AlarmName: string, Namespace: string, named: Dimensions) =>
  put({
    ...{ AlarmName, Namespace, MetricName: 'Load', Statistic: 'Average', Period: 300 },
    Dimensions: dimensionsOf(named),
  });

const members = [
  { kind: 'rds', resource: 'orders' },
  { kind: 'aurora', resource: 'cases' },
  { kind: 'dynamodb', resource: 'carts' },
  { kind: 'elasticache', resource: 'replicationgroup:sessions' },
  { kind: 'memorydb', resource: 'sums' },
] as const;

async function open(): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  stage = await openStage({
    policy: nightly({ shop: { schedule, members: [...members], objectives: { rto: '1h' } } }),
  });
  const { rds, elasticache, memorydb } = stage.services;
  rds.world.launch({ name: 'orders' });
  rds.world.launchCluster({ name: 'cases' });
  elasticache.world.launchGroup({ name: 'sessions' });
  memorydb.world.launch({ name: 'sums' });
  const table = new CreateTableCommand({
    ...{ TableName: 'carts', BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await stage.drive(new DynamoDBClient({}).send(table));
  await stage.time.advance(minuteMs);
}

const instanceOfCluster = () =>
  [...stage.services.rds.world.instances.values()].find(({ settings }) => settings.DBClusterIdentifier === 'cases')
    ?.name ?? '';

async function watch(): Promise<void> {
  await alarm('orders-cpu', 'AWS/RDS', { DBInstanceIdentifier: 'orders' });
  await alarm('cases-cpu', 'AWS/RDS', { DBClusterIdentifier: 'cases', Role: 'WRITER' });
  await alarm('cases-writer', 'AWS/RDS', { DBInstanceIdentifier: instanceOfCluster() });
  await alarm('carts-throttled', 'AWS/DynamoDB', { TableName: 'carts', Operation: 'GetItem' });
  await alarm('TargetTracking-table/carts-AlarmHigh-1', 'AWS/DynamoDB', { TableName: 'carts' });
  await alarm('sessions-memory', 'AWS/ElastiCache', { CacheClusterId: 'sessions-0001-001', CacheNodeId: '0001' });
  await alarm('other-memory', 'AWS/ElastiCache', { CacheClusterId: 'sessions-two-001' });
  const Metric = { Namespace: 'AWS/MemoryDB', MetricName: 'Load', Dimensions: dimensionsOf({ ClusterName: 'sums' }) };
  await put({ AlarmName: "sum's load", Metrics: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Average' } }] });
  // They come in pages of a hundred.
  for (let count = 1; count <= 100; count++) await alarm(`a-${count}`, 'Shop', { Queue: `queue-${count}` });
}

const told = async () =>
  ((await recovered(stage, 'shop'))?.plan?.warnings ?? []).filter((warning) => warning.includes('alarm'));

it('tells by name which of them go on watching what is replaced, and not those that watch the new one by its name', async () => {
  await open();
  await watch();
  const before = stage.calls.of('monitoring', 'DescribeAlarms').length;
  await stage.time.advance(4 * hourMs);
  const [point] = await pointsIn(stage, 'shop');
  expect(point?.artifacts.find(({ kind }) => kind === 'rds')?.detail).toMatchObject({
    alarms: [{ name: 'orders-cpu', of: 'orders' }],
  });
  // One listing a night, of two pages, whatever the number of members.
  expect(stage.calls.of('monitoring', 'DescribeAlarms').length - before).toBe(2);
  expect(failureOf(await recover(stage, { workload: 'shop' }))).toBe(': ');
  expect(await told()).toEqual([
    expect.stringMatching(/^aurora cases: its alarms go on watching cases-\S+: cases-writer\. Decide/),
    expect.stringMatching(/^dynamodb carts: its alarms go on watching carts: carts-throttled\. Decide/),
    expect.stringMatching(/^elasticache \S+: its alarms go on watching sessions-0001-001: sessions-memory\. Decide/),
    expect.stringContaining(`--alarm-names 'sum'\\''s load' shows them.`),
  ]);
});

it('backs up all the same when nobody may list them, and a recovery says that they are not known', async () => {
  await open();
  await watch();
  stage.faults.add({
    ...{ service: 'monitoring', operation: 'DescribeAlarms', times: Number.POSITIVE_INFINITY, effect: denied() },
  });
  await stage.time.advance(4 * hourMs);
  expect(await pointsIn(stage, 'shop')).toHaveLength(1);
  expect(failureOf(await recover(stage, { workload: 'shop' }))).toBe(': ');
  const warnings = await told();
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toMatch(/^dynamodb carts: which alarms watch carts is not known: .* shall watch carts-new-/);
});
