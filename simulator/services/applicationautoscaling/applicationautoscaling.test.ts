import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

let region: Region;

beforeEach(async () => {
  region = await createRegion({ latencyMs: 0 });
});

afterEach(() => region.close());

const clientOf = (accessKeyId: string) =>
  new ApplicationAutoScalingClient({ ...clientSettings(region.gateway, accessKeyId), maxAttempts: 1 });
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: Error) => error.name,
  );

const target = {
  ServiceNamespace: 'dynamodb',
  ResourceId: 'table/orders',
  ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
} as const;
const register = (client = clientOf('AKIAOPERATOR')) =>
  region.drive(client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 10 })));
const put = (PolicyName: string, client = clientOf('AKIAOPERATOR')) => {
  const PredefinedMetricSpecification = { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' } as const;
  const TargetTrackingScalingPolicyConfiguration = { TargetValue: 70, PredefinedMetricSpecification };
  const policy = { ...target, PolicyName, TargetTrackingScalingPolicyConfiguration };
  return region.drive(client.send(new PutScalingPolicyCommand(policy)));
};

it('knows targets by resource and dimension, and takes policies of those alone', async () => {
  expect(await errorOf(put('reads'))).toBe('ObjectNotFoundException');
  await register();
  await register();
  const client = clientOf('AKIAOPERATOR');
  const { ServiceNamespace, ResourceId } = target;
  const targets = new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId, 'table/other'] });
  expect((await region.drive(client.send(targets))).ScalableTargets).toMatchObject([{ ...target, MaxCapacity: 10 }]);
  for (let count = 1; count <= 11; count++) await put(`policy-${count}`);
  const asked = { ServiceNamespace, ResourceId };
  const first = await region.drive(client.send(new DescribeScalingPoliciesCommand(asked)));
  expect(first.ScalingPolicies).toHaveLength(10);
  const { NextToken } = first;
  const second = await region.drive(client.send(new DescribeScalingPoliciesCommand({ ...asked, NextToken })));
  expect(second.ScalingPolicies).toMatchObject([{ PolicyName: 'policy-11' }]);
});

it('asks whether its caller may change the table and alarms', async () => {
  const mayScale = { Effect: 'Allow', Action: 'application-autoscaling:*', Resource: '*' };
  const mayChange = { Effect: 'Allow', Action: ['dynamodb:DescribeTable', 'dynamodb:UpdateTable'], Resource: '*' };
  const mayAlarm = {
    ...{ Effect: 'Allow', Action: 'cloudwatch:*', Resource: '*' },
    Condition: { Bool: { 'aws:ViaAWSService': 'true' } },
  };
  const by = (name: string, Statement: object[]) => {
    const caller = { kind: 'role', arn: `arn:aws:iam::111122223333:role/${name}`, name } as const;
    region.identities.register(name, { caller, policies: [parsePolicy('inline', { Statement })] });
    return clientOf(name);
  };
  expect(await errorOf(register(by('one', [mayScale])))).toBe('AccessDeniedException');
  expect(await errorOf(register(by('two', [mayScale, mayChange])))).toBe('AccessDeniedException');
  expect(await errorOf(register(by('three', [mayScale, mayChange, mayAlarm])))).toBe('none');
});
