import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  ECSClient,
  ListTasksCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

let region: Region;
let client: ECSClient;

beforeEach(async () => {
  region = await createRegion({ latencyMs: 0 });
  client = clientOf('AKIAOPERATOR');
  world().launch({ cluster: 'shop', name: 'orders', desiredCount: 3 });
});

afterEach(() => region.close());

const clientOf = (accessKeyId: string) =>
  new ECSClient({ ...clientSettings(region.gateway, accessKeyId), maxAttempts: 1 });
const world = () => region.services.ecs.world;
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: Error) => error.name,
  );
const update = (desiredCount: number, service = 'orders', cluster = 'shop') =>
  region.drive(client.send(new UpdateServiceCommand({ cluster, service, desiredCount })));
const describeServices = async (service = 'orders', by = client) =>
  region.drive(by.send(new DescribeServicesCommand({ cluster: 'shop', services: [service], include: ['TAGS'] })));
const counts = async () => {
  const [service] = (await describeServices()).services ?? [];
  return [service?.desiredCount, service?.runningCount, service?.pendingCount];
};

it('starts and stops tasks some time after its desired count was changed, and counts none that is on its way out', async () => {
  await update(1);
  await region.time.advance(20_000);
  expect(await counts()).toEqual([1, 1, 0]);
  expect(world().liveTasks('shop/orders')).toBe(3);
  await region.time.advance(20_000);
  expect(world().liveTasks('shop/orders')).toBe(1);
  await update(2);
  await region.time.advance(10_000);
  expect(await counts()).toEqual([2, 1, 1]);
  await region.time.advance(40_000);
  expect(await counts()).toEqual([2, 2, 0]);
});

it('shows a new desired count only after a moment', async () => {
  const { service } = await update(0);
  expect(service?.desiredCount).toBe(0);
  expect(await counts()).toEqual([3, 3, 0]);
  await region.time.advance(1000);
  expect((await counts())[0]).toBe(0);
});

it('refuses what is not there, not active, or a daemon', async () => {
  expect(await describeServices('carts')).toMatchObject({ services: [], failures: [{ reason: 'MISSING' }] });
  expect(await errorOf(update(1, 'carts'))).toBe('ServiceNotFoundException');
  expect(await errorOf(update(1, 'orders', 'office'))).toBe('ClusterNotFoundException');
  world().launch({ cluster: 'shop', name: 'agents', schedulingStrategy: 'DAEMON' });
  expect(await errorOf(update(1, 'agents'))).toBe('InvalidParameterException');
  world().launch({ cluster: 'shop', name: 'old' }).status = 'DRAINING';
  expect(await errorOf(update(1, 'old'))).toBe('ServiceNotActiveException');
});

it('takes tags with the service’s own ARN, when that has the cluster in it', async () => {
  const { arn } = world().launch({ cluster: 'shop', name: 'old', hasOldArn: true });
  const tags = [{ key: 'count', value: '3' }];
  const tag = (resourceArn: string) => region.drive(client.send(new TagResourceCommand({ resourceArn, tags })));
  expect(await errorOf(tag(arn))).toBe('InvalidParameterException');
  expect(await errorOf(tag(`${arn}-none`))).toBe('ResourceNotFoundException');
  const resourceArn = world().services.get('shop/orders')?.arn ?? '';
  await tag(resourceArn);
  expect((await describeServices()).services?.[0]?.tags).toEqual(tags);
  await region.drive(client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['count'] })));
  expect((await describeServices()).services?.[0]?.tags).toEqual([]);
});

it('lists tasks in pages, by what is desired of them', async () => {
  const list = (desiredStatus: DesiredStatus, nextToken?: string) => {
    const asked = { cluster: 'shop', serviceName: 'orders', desiredStatus, maxResults: 2 };
    return region.drive(client.send(new ListTasksCommand({ ...asked, ...(nextToken ? { nextToken } : {}) })));
  };
  const first = await list('RUNNING');
  const second = await list('RUNNING', first.nextToken);
  expect([first.taskArns?.length, second.taskArns?.length, second.nextToken]).toEqual([2, 1, undefined]);
  await update(0);
  await region.time.advance(35_000);
  expect((await list('RUNNING')).taskArns).toEqual([]);
  const { taskArns: tasks } = await list('STOPPED');
  const told = await region.drive(client.send(new DescribeTasksCommand({ cluster: 'shop', tasks })));
  expect(told.tasks?.map(({ lastStatus }) => lastStatus)).toEqual(['STOPPED', 'STOPPED']);
});

it('allows what a role may do to one service, and nothing to another', async () => {
  const arnOf = (resource: string) => `arn:aws:ecs:eu-west-1:111122223333:${resource}`;
  const Statement = [
    { Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: arnOf('service/shop/orders') },
    {
      Effect: 'Allow',
      Action: 'ecs:TagResource',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['count'] } },
    },
    {
      Effect: 'Allow',
      Action: 'ecs:ListTasks',
      Resource: '*',
      Condition: { ArnEquals: { 'ecs:cluster': arnOf('cluster/shop') } },
    },
  ];
  const caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/one', name: 'one' } as const;
  region.identities.register('AKIAONE', { caller, policies: [parsePolicy('inline', { Statement })] });
  const mine = clientOf('AKIAONE');
  expect((await describeServices('orders', mine)).services).toHaveLength(1);
  expect(await errorOf(describeServices('carts', mine))).toBe('AccessDeniedException');
  const resourceArn = arnOf('service/shop/orders');
  const tag = (key: string) =>
    region.drive(mine.send(new TagResourceCommand({ resourceArn, tags: [{ key, value: '1' }] })));
  expect([await errorOf(tag('count')), await errorOf(tag('owner'))]).toEqual(['none', 'AccessDeniedException']);
  const list = (cluster: string) => region.drive(mine.send(new ListTasksCommand({ cluster, serviceName: 'orders' })));
  expect([await errorOf(list('shop')), await errorOf(list('office'))]).toEqual(['none', 'AccessDeniedException']);
});
