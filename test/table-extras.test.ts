/** What is kept beside a DynamoDB table, and a restore makes without: a recovery gives it to the new table, or says what it lacks. */
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  ListContributorInsightsCommand,
  PutResourcePolicyCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, minuteMs, openStage, pointsIn, reportsAddress, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const TableName = 'orders';
const IndexName = 'by-customer';
const parameter = '/orders/table';
const send: DynamoDBClient['send'] = (command: never) => stage.drive(new DynamoDBClient({}).send(command));
const scale: ApplicationAutoScalingClient['send'] = (command: never) =>
  stage.drive(new ApplicationAutoScalingClient({}).send(command));
const said = () => stage.services.ssm.parameters.get(parameter) ?? '';
const arnOf = async (table: string) =>
  (await send(new DescribeTableCommand({ TableName: table }))).Table?.TableArn ?? '';
const capacity = { ReadCapacityUnits: 10, WriteCapacityUnits: 5 };
const policyFor = (arn: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
      ...{ Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: [arn, `${arn}/index/${IndexName}`] },
    },
  ],
});

const reads = { ResourceId: `table/${TableName}`, ScalableDimension: 'dynamodb:table:ReadCapacityUnits' } as const;
const indexWrites = {
  ResourceId: `table/${TableName}/index/${IndexName}`,
  ScalableDimension: 'dynamodb:index:WriteCapacityUnits',
} as const;
const ServiceNamespace = 'dynamodb';
const tracking = (PredefinedMetricType: 'DynamoDBReadCapacityUtilization' | 'DynamoDBWriteCapacityUtilization') => ({
  ...{ TargetValue: 70, ScaleInCooldown: 120, PredefinedMetricSpecification: { PredefinedMetricType } },
});

async function launch(): Promise<void> {
  await send(
    new CreateTableCommand({
      ...{ TableName, ProvisionedThroughput: capacity },
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'customer', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          ...{ IndexName, KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }] },
          ...{ Projection: { ProjectionType: 'ALL' }, ProvisionedThroughput: capacity },
        },
      ],
    }),
  );
  await stage.time.advance(minuteMs);
  const ResourceArn = await arnOf(TableName);
  await send(new PutResourcePolicyCommand({ ResourceArn, Policy: JSON.stringify(policyFor(ResourceArn)) }));
}

async function observe(): Promise<void> {
  const enable = { TableName, ContributorInsightsAction: 'ENABLE' } as const;
  await send(new UpdateContributorInsightsCommand(enable));
  await send(new UpdateContributorInsightsCommand({ ...enable, IndexName, ContributorInsightsMode: 'THROTTLED_KEYS' }));
}

async function warm(): Promise<void> {
  await send(
    new UpdateTableCommand({ TableName, WarmThroughput: { ReadUnitsPerSecond: 30_000, WriteUnitsPerSecond: 4_000 } }),
  );
  await stage.time.advance(minuteMs);
  const WarmThroughput = { ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 9_000 };
  const GlobalSecondaryIndexUpdates = [{ Update: { IndexName, WarmThroughput } }];
  await send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
  await stage.time.advance(minuteMs);
}

async function register(): Promise<void> {
  const suspended = { ScheduledScalingSuspended: true };
  await scale(
    new RegisterScalableTargetCommand({
      ServiceNamespace,
      ...reads,
      MinCapacity: 5,
      MaxCapacity: 500,
      SuspendedState: suspended,
    }),
  );
  await scale(new RegisterScalableTargetCommand({ ServiceNamespace, ...indexWrites, MinCapacity: 2, MaxCapacity: 40 }));
  const named = { ServiceNamespace, PolicyType: 'TargetTrackingScaling' } as const;
  await scale(
    new PutScalingPolicyCommand({
      ...{ ...named, ...reads, PolicyName: 'reads' },
      TargetTrackingScalingPolicyConfiguration: tracking('DynamoDBReadCapacityUtilization'),
    }),
  );
  await scale(
    new PutScalingPolicyCommand({
      ...{ ...named, ...indexWrites, PolicyName: 'index-writes' },
      TargetTrackingScalingPolicyConfiguration: tracking('DynamoDBWriteCapacityUtilization'),
    }),
  );
  const CustomizedMetricSpecification = { MetricName: 'Latency', Namespace: 'Shop', Statistic: 'Average' } as const;
  await scale(
    new PutScalingPolicyCommand({
      ...{ ...named, ...reads, PolicyName: 'by-latency' },
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 20, CustomizedMetricSpecification },
    }),
  );
  stage.services.applicationautoscaling.scheduled.push({
    ...{ ServiceNamespace, ...reads, ScheduledActionName: 'christmas', Schedule: 'cron(0 0 1 12 ? *)' },
    ...{ ScheduledActionARN: 'arn:aws:autoscaling:::scheduledAction:1', CreationTime: new Date() },
  });
}

beforeEach(async () => {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ kind: 'dynamodb', resource: TableName, parameter } as const];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.ssm.parameters.set(parameter, TableName);
  await launch();
  await observe();
  await warm();
  await register();
  await stage.time.advance(4 * hourMs);
  expect(await pointsIn(stage, 'orders')).toHaveLength(1);
});

const insightsOf = async (table: string) =>
  (await send(new ListContributorInsightsCommand({ TableName: table }))).ContributorInsightsSummaries?.map(
    ({ IndexName: index, ContributorInsightsMode: mode }) => ({ index, mode }),
  );

async function scalingOf(table: string) {
  const ResourceIds = [`table/${table}`, `table/${table}/index/${IndexName}`];
  const { ScalableTargets = [] } = await scale(new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds }));
  const policies = [];
  for (const ResourceId of ResourceIds) {
    const found = await scale(new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId }));
    policies.push(
      ...(found.ScalingPolicies ?? []).map((policy) => [
        policy.PolicyName,
        policy.TargetTrackingScalingPolicyConfiguration,
      ]),
    );
  }
  const targets = ScalableTargets.map(({ ScalableDimension, MinCapacity, MaxCapacity, SuspendedState }) => ({
    ...{ ScalableDimension, MinCapacity, MaxCapacity, SuspendedState },
  }));
  return { targets, policies };
}

describe('a recovered table', () => {
  it('has the warm throughput, the insights, the autoscaling and the policy of then, which names the new table', async () => {
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
    const made = said();
    expect(made).toMatch(/^orders-new-/);
    const { Table } = await send(new DescribeTableCommand({ TableName: made }));
    expect(Table).toMatchObject({
      WarmThroughput: { ReadUnitsPerSecond: 30_000, WriteUnitsPerSecond: 4_000 },
      GlobalSecondaryIndexes: [{ WarmThroughput: { ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 9_000 } }],
    });
    expect(await insightsOf(made)).toEqual([
      { index: undefined, mode: 'ACCESSED_AND_THROTTLED_KEYS' },
      { index: IndexName, mode: 'THROTTLED_KEYS' },
    ]);
    const { targets, policies } = await scalingOf(TableName);
    const own = policies.filter(([name]) => name !== 'by-latency');
    expect(await scalingOf(made)).toEqual({ targets, policies: own });
    const { Policy = '' } = await send(new GetResourcePolicyCommand({ ResourceArn: Table?.TableArn }));
    expect(JSON.parse(Policy)).toEqual(policyFor(Table?.TableArn ?? ''));
    const recovery = await recovered(stage, 'orders');
    expect(recovery?.plan?.warnings.join('\n')).toContain(
      'policies by metrics of your own and scheduled actions are not given back: by-latency, christmas.',
    );
    expect(recovery?.plan?.targets[0]?.keeps).not.toContain('has not');
  });

  it.each([
    ['application-autoscaling', 'RegisterScalableTarget', 'autoscaling of reads'],
    ['dynamodb', 'PutResourcePolicy', 'resource policy'],
    ['dynamodb', 'UpdateContributorInsights', 'Contributor Insights of the index by-customer'],
  ])('does its work without what %s %s refuses, and its mail says so', async (service, operation, what) => {
    stage.faults.add({ service, operation, times: Number.POSITIVE_INFINITY, effect: denied() });
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
    expect(said()).toMatch(/^orders-new-/);
    const { keeps } = (await recovered(stage, 'orders'))?.plan?.targets[0] ?? {};
    expect(keeps).toContain(`The recovered orders has not the ${what} of before: While changing the ${what}`);
    const mails = stage.inbox(reportsAddress).map(({ message }) => message.replaceAll(/\s+/g, ' '));
    expect(mails.join()).toContain(`has not the ${what} of before`);
    // What comes after it is there all the same.
    if (operation !== 'PutResourcePolicy') {
      const { Policy } = await send(new GetResourcePolicyCommand({ ResourceArn: await arnOf(said()) }));
      expect(Policy).toBeDefined();
    }
  });

  it('has each of them once, whatever replies are lost', async () => {
    for (const [service, operation] of [
      ['application-autoscaling', 'RegisterScalableTarget'],
      ['application-autoscaling', 'PutScalingPolicy'],
      ['dynamodb', 'UpdateContributorInsights'],
      ['dynamodb', 'PutResourcePolicy'],
      ['dynamodb', 'UpdateTable'],
    ] as const)
      stage.faults.add({ service, operation, effect: { kind: 'lose-reply' }, times: 2 });
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
    const { policies } = await scalingOf(said());
    expect(policies.map(([name]) => name)).toEqual(['reads', 'index-writes']);
    expect(await insightsOf(said())).toHaveLength(2);
  });
});
