/** Caches brought back: a new one beside the present one, and a parameter that leads applications to it. */
import { CreateSnapshotCommand, DeleteSnapshotCommand, MemoryDBClient } from '@aws-sdk/client-memorydb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { nightly } from './scenario/policy.ts';
import { begin, emptyLedger, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const address = '/orders/cache';
const before = 'orders.example:6379';
const memorydb = () => stage.services.memorydb;
const parameter = () => stage.services.ssm.parameters.get(address);

async function open(member: object): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ kind: 'memorydb', resource: 'orders', ...member } as const];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.ssm.parameters.set(address, before);
  memorydb().world.launch({ name: 'orders', shards: 2, tags: { team: 'shop' } });
  memorydb().world.clusters.get('orders')?.shards[1]?.push('order 1');
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, 'orders')).toHaveLength(1);
  memorydb().world.clusters.get('orders')?.shards[1]?.push('order 2, a mistake');
}

const made = () => [...memorydb().world.clusters.values()].find(({ name }) => name.startsWith('orders-new-'));

it('makes a cluster with the data and the settings of then, and leads applications to it', async () => {
  await open({ parameter: address });
  const present = memorydb().world.clusters.get('orders');
  const execution = await recover(stage, { workload: 'orders' });
  expect(failureOf(execution)).toBe(': ');
  expect(await recovered(stage, 'orders')).toMatchObject({ state: 'committed' });
  expect(made()).toMatchObject({ status: 'available', shards: [[], ['order 1']] });
  const { SecurityGroups, ACLName, KmsKeyId, ParameterGroupName, SnapshotWindow } = present?.settings ?? {};
  expect(made()?.settings).toMatchObject({ SecurityGroups, ACLName, KmsKeyId, ParameterGroupName, SnapshotWindow });
  expect(Object.fromEntries(made()?.tags ?? [])).toMatchObject({ team: 'shop', 'holdfast:role': 'restored' });
  expect(parameter()).toContain(`clustercfg.${made()?.name}.`);
  expect(present).toMatchObject({ status: 'available', shards: [[], ['order 1', 'order 2, a mistake']] });
  expect(present?.tags.get('holdfast:role')).toBe('replaced');
  const { keeps } = (await recovered(stage, 'orders'))?.plan?.targets[0] ?? {};
  expect(keeps).toMatch(
    /When nobody needs it any more: aws memorydb delete-cluster --cluster-name orders --final-snapshot-name final-orders-[0-9a-f]{6}$/,
  );
});

it('names no last snapshot that its service would refuse, however long the name', async () => {
  const name = `a${'b'.repeat(25)}-${'c'.repeat(13)}`;
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ kind: 'memorydb', resource: name } as const];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  memorydb().world.launch({ name });
  await stage.time.advance(3 * hourMs);
  await recover(stage, { workload: 'orders' });
  const { keeps } = (await recovered(stage, 'orders'))?.plan?.targets[0] ?? {};
  const final = /--final-snapshot-name (\S+)$/.exec(keeps ?? '')?.[1] ?? '';
  expect(final).toMatch(/^final-ab+-[0-9a-f]{6}$/);
  const client = new MemoryDBClient({});
  await stage.drive(client.send(new CreateSnapshotCommand({ ClusterName: name, SnapshotName: final })));
});

it('changes nothing that applications see when the new cluster cannot be made', async () => {
  await open({ parameter: address });
  memorydb().arrange.nextRestoreFails();
  await recover(stage, { workload: 'orders' });
  expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
  expect(parameter()).toBe(before);
  expect(memorydb().world.clusters.get('orders')?.tags.has('holdfast:role')).toBe(false);
});

it('gives the parameter back when something fails after the hand-over', async () => {
  await open({ parameter: address });
  await begin(stage, { workload: 'orders' });
  await until(stage, 'handed over', () => parameter() !== before, 2 * hourMs);
  stage.faults.add({ service: 'memorydb', operation: 'DescribeClusters', effect: denied() });
  await end(stage);
  expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
  expect(parameter()).toBe(before);
  expect(memorydb().world.clusters.get('orders')?.tags.has('holdfast:role')).toBe(false);
  // Applications may have written to it for a while.
  const { leaves } = (await recovered(stage, 'orders'))?.plan?.targets[0] ?? {};
  expect(leaves).toContain(
    `aws memorydb delete-cluster --cluster-name ${made()?.name} --final-snapshot-name final-orders-new-`,
  );
});

it.each(['SecureString', 'StringList'] as const)(
  'is refused, before anything is made, where the parameter is a %s, which would be written as a String',
  async (Type) => {
    await open({ parameter: address });
    const secure = { Name: address, Value: before, Type, Overwrite: true };
    await stage.drive(new SSMClient({}).send(new PutParameterCommand(secure)));
    const refusal = `The SSM parameter ${address} is a ${Type}, and would be written as a String: delete it, and create it with --type String`;
    expect(failureOf(await recover(stage, { workload: 'orders', dryRun: true }))).toContain(refusal);
    expect(failureOf(await recover(stage, { workload: 'orders' }, 'recovery-2'))).toContain(refusal);
    expect(made()).toBeUndefined();
    expect(parameter()).toBe(before);
  },
);

it('is refused, before anything is made, where the parameter does not exist or the snapshot is gone', async () => {
  await open({ parameter: address });
  stage.services.ssm.parameters.delete(address);
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toContain(
    `The SSM parameter ${address} does not exist`,
  );
  stage.services.ssm.parameters.set(address, before);
  const client = new MemoryDBClient({});
  for (const SnapshotName of memorydb().world.snapshots.keys()) {
    await stage.drive(client.send(new DeleteSnapshotCommand({ SnapshotName })));
  }
  await stage.time.advance(hourMs);
  expect(failureOf(await recover(stage, { workload: 'orders' }, 'recovery-2'))).toContain(
    'is gone, and cannot be restored',
  );
  expect(made()).toBeUndefined();
});

const elasticache = () => stage.services.elasticache;
const groups = () => elasticache().world.groups;
const nodes = () => elasticache().world.nodes;
const serverless = () => elasticache().world.serverlessCaches;
const newOf = <Cache>(caches: ReadonlyMap<string, Cache>) =>
  [...caches].find(([name]) => /^orders-new-[0-9a-f]{6}$/.test(name))?.[1];

it.each([
  {
    resource: 'replicationgroup:orders',
    launch: () => elasticache().world.launchGroup({ name: 'orders', shards: 1 }),
    cacheOf: () => groups().get('orders'),
    restored: () => newOf(groups()),
    endpoint: /^clustercfg\.orders-new-/,
    removal: 'delete-replication-group --replication-group-id orders --final-snapshot-identifier',
  },
  {
    resource: 'replicationgroup:orders',
    launch: () => elasticache().world.launchGroup({ name: 'orders', clusterMode: false }),
    cacheOf: () => groups().get('orders'),
    restored: () => newOf(groups()),
    endpoint: /^master\.orders-new-/,
    removal: 'delete-replication-group --replication-group-id orders --final-snapshot-identifier',
  },
  {
    resource: 'cluster:orders',
    launch: () => elasticache().world.launchCluster({ name: 'orders' }),
    cacheOf: () => nodes().get('orders'),
    restored: () => newOf(nodes()),
    endpoint: /^orders-new-/,
    removal: 'delete-cache-cluster --cache-cluster-id orders --final-snapshot-identifier',
  },
  {
    resource: 'serverlesscache:orders',
    launch: () => elasticache().world.launchServerless({ name: 'orders' }),
    cacheOf: () => serverless().get('orders'),
    restored: () => newOf(serverless()),
    endpoint: /^orders-new-[0-9a-f]{6}\.serverless/,
    removal: 'delete-serverless-cache --serverless-cache-name orders --final-snapshot-name',
  },
])('brings $resource back, to be found by $endpoint', async ({ resource, launch, cacheOf, restored, ...expected }) => {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ kind: 'elasticache', resource, parameter: address } as const];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.ssm.parameters.set(address, before);
  launch();
  cacheOf()?.shards[0]?.push('order 1');
  await stage.time.advance(3 * hourMs);
  cacheOf()?.shards[0]?.push('order 2, a mistake');
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
  expect(restored()).toMatchObject({ status: 'available', shards: [['order 1']] });
  expect(parameter()).toMatch(expected.endpoint);
  // Whoever deletes the old one keeps what was written to it last.
  const { keeps } = (await recovered(stage, 'orders'))?.plan?.targets[0] ?? {};
  expect(keeps).toMatch(new RegExp(`any more: aws elasticache ${expected.removal} final-orders-[0-9a-f]{6}$`));
  expect(cacheOf()?.tags.get('holdfast:role')).toBe('replaced');
  const settings = (cache: unknown) => JSON.parse(JSON.stringify(Object(cache).settings ?? Object(cache).nodeSettings));
  expect(settings(cacheOf())).toMatchObject(settings(restored()));
});

const logs = [
  {
    LogType: 'slow-log',
    DestinationType: 'cloudwatch-logs',
    DestinationDetails: { CloudWatchLogsDetails: { LogGroup: '/caches/orders' } },
    LogFormat: 'json',
    Status: 'active',
  },
] as const;
const LogDeliveryConfigurations = [...logs];

it.each([
  {
    resource: 'replicationgroup:orders',
    launch: () => elasticache().world.launchGroup({ name: 'orders', settings: { LogDeliveryConfigurations } }),
    restored: () => newOf(groups()),
    command: 'modify-replication-group --replication-group-id',
  },
  {
    resource: 'cluster:orders',
    launch: () => elasticache().world.launchCluster({ name: 'orders', settings: { LogDeliveryConfigurations } }),
    restored: () => newOf(nodes()),
    command: 'modify-cache-cluster --cache-cluster-id',
  },
])('makes $resource without the logs that it delivered, and says how they are given back', async (form) => {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ kind: 'elasticache', resource: form.resource, parameter: address } as const];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.ssm.parameters.set(address, before);
  form.launch();
  await stage.time.advance(3 * hourMs);
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
  expect(form.restored()?.status).toBe('available');
  const [{ Status: _, ...asked }] = logs;
  const warnings = (await recovered(stage, 'orders'))?.plan?.warnings.join('\n');
  expect(warnings).toContain(
    `aws elasticache ${form.command} ${form.restored()?.name} --apply-immediately --log-delivery-configurations '`,
  );
  const [, json = ''] = /--log-delivery-configurations '(.*)'/.exec(warnings ?? '') ?? [];
  expect(JSON.parse(json)).toEqual([{ ...asked, Enabled: true }]);
});

const resources = ['replicationgroup:orders', 'cluster:queue', 'serverlesscache:carts'];

/** A night of all forms of ElastiCache and MemoryDB together. */
async function openAll(): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [
    { kind: 'memorydb', resource: 'orders', parameter: address } as const,
    ...resources.map((resource) => ({ kind: 'elasticache', resource }) as const),
  ];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.ssm.parameters.set(address, before);
  memorydb().world.launch({ name: 'orders' });
  elasticache().world.launchGroup({ name: 'orders' });
  elasticache().world.launchCluster({ name: 'queue' });
  elasticache().world.launchServerless({ name: 'carts' });
  await stage.time.advance(3 * hourMs);
}

const marks = () =>
  [groups().get('orders'), nodes().get('queue'), serverless().get('carts')].map((cache) =>
    cache?.tags.get('holdfast:role'),
  );

it('takes all marks off when one of several caches cannot be made', async () => {
  await openAll();
  elasticache().arrange.serverless.nextRestoreFails();
  await recover(stage, { workload: 'orders' });
  expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
  expect(marks()).toEqual([undefined, undefined, undefined]);
  expect(parameter()).toBe(before);
});

it('tells what is where when even the way back fails', async () => {
  await openAll();
  await begin(stage, { workload: 'orders' });
  await until(stage, 'handed over', () => parameter() !== before, 2 * hourMs);
  const times = Number.POSITIVE_INFINITY;
  stage.faults.add({ service: 'ssm', operation: 'PutParameter', times, effect: denied() });
  stage.faults.add({ service: 'memorydb', operation: 'DescribeClusters', effect: denied() });
  await end(stage);
  const [mail] = stage.inbox('ops@example.com').filter(({ message }) => message.includes('put-parameter'));
  expect(mail?.message).toContain(`--name ${address} --type String --overwrite --value '${before}'`);
  expect(mail?.message).toContain('elasticache serverlesscache:carts is ');
});

it('says, with the ledger gone, that tags do not tell what a cache was like', async () => {
  await openAll();
  await emptyLedger(stage, 'orders');
  const execution = await recover(stage, { workload: 'orders' });
  expect(failureOf(execution)).toMatch(/went with the ledger. Make a new one by hand from arn:aws:.*holdfast-/);
  expect(made()).toBeUndefined();
});

describe('led by a CNAME record', () => {
  const cname = { zone: 'Z0INTERNAL', name: 'cache.internal.example.com', ttlSeconds: 30 };
  const key = `${cname.name}. CNAME`;
  const zone = () => stage.services.route53.zones.get(cname.zone);
  const record = () => zone()?.get(key);
  const value = () => record()?.ResourceRecords?.[0]?.Value;
  const say = (Value: string) =>
    zone()?.set(key, { Name: `${cname.name}.`, Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value }] });
  const changes = () => stage.calls.of('route53', 'ChangeResourceRecordSets').length;

  async function openNamed(): Promise<void> {
    await open({ cname });
    stage.services.route53.zones.set(cname.zone, new Map());
    say('orders.example');
  }

  it('is found there once all servers of Route 53 know it, by its host alone', async () => {
    await openNamed();
    const execution = await recover(stage, { workload: 'orders' });
    expect(failureOf(execution)).toBe(': ');
    expect(value()).toMatch(new RegExp(`^clustercfg\\.${made()?.name}\\.[^:]*$`));
    expect(record()?.TTL).toBe(30);
    expect(changes()).toBe(1);
    const asked = stage.calls.of('route53', 'GetChange').map(({ call }) => call.timeMs);
    const changedMs = stage.calls.of('route53', 'ChangeResourceRecordSets')[0]?.call.timeMs ?? 0;
    expect(Math.max(...asked) - changedMs).toBeGreaterThanOrEqual(45_000);
    const { keeps } = (await recovered(stage, 'orders'))?.plan?.targets[0] ?? {};
    expect(keeps).toContain(`${cname.name} says so.`);
  });

  it('is found where it was before when something fails after the hand-over', async () => {
    await openNamed();
    await begin(stage, { workload: 'orders' });
    await until(stage, 'handed over', () => value() !== 'orders.example', 2 * hourMs);
    stage.faults.add({ service: 'memorydb', operation: 'DescribeClusters', effect: denied() });
    await end(stage);
    expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
    expect(value()).toBe('orders.example');
  });

  it('is asked for again, to be awaited, where nobody knows any more what was asked for', async () => {
    await openNamed();
    stage.faults.add({
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      effect: { kind: 'lose-reply' },
      times: 3,
    });
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
    expect(value()).toContain(`clustercfg.${made()?.name}.`);
    expect(changes()).toBeGreaterThan(1);
  });

  it('is not led there when somebody else has changed the record meanwhile', async () => {
    await openNamed();
    await begin(stage, { workload: 'orders' });
    await until(stage, 'the new one is being made', () => made() !== undefined, 2 * hourMs);
    say('theirs.example');
    await end(stage);
    const failure = (await recovered(stage, 'orders'))?.failure?.message;
    expect(failure).toContain(`${cname.name} says theirs.example, not orders.example: somebody has changed it.`);
    expect([value(), changes()]).toEqual(['theirs.example', 0]);
  });

  it('tells where it leads, and the command that leads it back, when even the way back fails', async () => {
    await openNamed();
    await begin(stage, { workload: 'orders' });
    await until(stage, 'handed over', () => value() !== 'orders.example', 2 * hourMs);
    const times = Number.POSITIVE_INFINITY;
    stage.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', times, effect: denied() });
    stage.faults.add({ service: 'memorydb', operation: 'DescribeClusters', effect: denied() });
    await end(stage);
    const [mail] = stage.inbox('ops@example.com').filter(({ message }) => message.includes('aws route53'));
    expect(mail?.message).toContain(`--hosted-zone-id ${cname.zone} --change-batch '{"Changes":[{"Action":"UPSERT",`);
    expect(mail?.message).toContain('"ResourceRecords":[{"Value":"orders.example"}]');
    expect(mail?.message).toContain('it said orders.example before');
  });

  it.each([
    ['there is no such record', () => zone()?.clear()],
    ['there is no such zone', () => stage.services.route53.zones.clear()],
    [
      'the record is one of several that share a name',
      () => zone()?.set(key, { ...record(), SetIdentifier: 'blue', Name: `${cname.name}.`, Type: 'CNAME' }),
    ],
  ])('is refused, before anything is made, where %s', async (_, arrange) => {
    await openNamed();
    arrange();
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toContain(
      `The plain CNAME record ${cname.name} in zone ${cname.zone} does not exist`,
    );
    expect(made()).toBeUndefined();
  });
});

it('only makes the cluster where no parameter is named, and says so', async () => {
  await open({});
  await recover(stage, { workload: 'orders' });
  const recovery = await recovered(stage, 'orders');
  expect(recovery?.state).toBe('committed');
  expect(recovery?.plan?.warnings.join()).toContain('lead applications to');
  expect(made()?.status).toBe('available');
  expect(parameter()).toBe(before);
});
