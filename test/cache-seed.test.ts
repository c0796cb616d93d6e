/** Caches made from files in S3 instead of a point: a new one beside the present one, with the settings of that. */
import { afterEach, describe, expect, it } from 'vitest';
import { run as runRecover } from '#cli/recover.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { BucketSpec } from '#simulator/services/s3/s3.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, type Stage } from './scenario/stage.ts';
import { toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const bucket = 'cache-files';
const address = '/orders/cache';
const before = 'orders.example:6379';
const arn = (key: string, of = bucket) => `arn:aws:s3:::${of}/${key}`;
const policy = {
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { Service: 'eu-west-1.elasticache-snapshot.amazonaws.com' } },
      ...{ Action: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketAcl'] },
      Resource: [arn('*'), `arn:aws:s3:::${bucket}`],
    },
  ],
};

interface Options {
  readonly resource?: string;
  readonly member?: object;
  readonly spec?: Partial<BucketSpec>;
}

async function open({ resource = 'replicationgroup:orders', member = {}, spec = {} }: Options = {}): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ kind: 'elasticache', resource, parameter: address, seed: { bucket }, ...member } as const];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.ssm.parameters.set(address, before);
  const { s3 } = stage.services;
  s3.world.create({ name: bucket, policy, ...spec });
  s3.world.put(bucket, 'old/one.rdb', ['order 1']);
  s3.world.put(bucket, 'old/two.rdb', ['order 2']);
  await stage.time.advance(hourMs);
}

const elasticache = () => stage.services.elasticache;
const groups = () => elasticache().world.groups;
const nodes = () => elasticache().world.nodes;
const parameter = () => stage.services.ssm.parameters.get(address);
const newOf = <Cache>(caches: ReadonlyMap<string, Cache>) =>
  [...caches].find(([name]) => /^orders-new-[0-9a-f]{6}$/.test(name))?.[1];
const both = [arn('old/one.rdb'), arn('old/two.rdb')];

it('are made of the files, like the present one, which is kept, and applications are led to them', async () => {
  await open();
  elasticache().world.launchGroup({ name: 'orders', shards: 3, tags: { team: 'shop' } });
  groups().get('orders')?.shards[0]?.push('a mistake');
  expect(failureOf(await recover(stage, { workload: 'orders', rdb: both }))).toBe(': ');
  const made = newOf(groups());
  expect(made).toMatchObject({ status: 'available', shards: [['order 1'], ['order 2'], []] });
  expect(made?.settings).toMatchObject({
    UserGroupIds: ['orders-users'],
    Description: 'orders',
    SnapshotWindow: '05:00-06:00',
  });
  expect(Object.fromEntries(made?.tags ?? [])).toMatchObject({ team: 'shop', 'holdfast:role': 'restored' });
  expect(parameter()).toContain(`clustercfg.${made?.name}.`);
  expect(groups().get('orders')?.shards[0]).toEqual(['a mistake']);
  expect(groups().get('orders')?.tags.get('holdfast:role')).toBe('replaced');
  const recovery = await recovered(stage, 'orders');
  expect(recovery).toMatchObject({ state: 'committed', pointId: both.join(' ') });
  expect(recovery?.plan.calls[0]).toContain(`--snapshot-arns ${both.join(' ')} --replication-group-description`);
});

it.each([
  ['a group without cluster mode', 'replicationgroup:orders', () => newOf(groups())],
  ['a cluster of redis', 'cluster:orders', () => newOf(nodes())],
])('are made of one file, of %s', async (_, resource, made) => {
  await open({ resource });
  if (resource.startsWith('cluster')) elasticache().world.launchCluster({ name: 'orders', engine: 'redis' });
  else elasticache().world.launchGroup({ name: 'orders', clusterMode: false });
  expect(failureOf(await recover(stage, { workload: 'orders', rdb: both.slice(0, 1) }))).toBe(': ');
  expect(made()).toMatchObject({ status: 'available', shards: [['order 1']] });
  expect(parameter()).toContain('orders-new-');
});

it('are made like the one of the newest point, where there is none any more', async () => {
  await open();
  elasticache().world.launchGroup({ name: 'orders', shards: 2 });
  await stage.time.advance(3 * hourMs);
  elasticache().world.deleteGroup('orders');
  expect(failureOf(await recover(stage, { workload: 'orders', rdb: both }))).toBe(': ');
  expect(newOf(groups())).toMatchObject({
    shards: [['order 1'], ['order 2']],
    settings: { UserGroupIds: ['orders-users'] },
  });
});

it('change nothing that applications see when they cannot be made, and say how to ask again', async () => {
  await open();
  elasticache().world.launchGroup({ name: 'orders' });
  elasticache().arrange.nextRestoreFails();
  await recover(stage, { workload: 'orders', rdb: both });
  expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
  expect(parameter()).toBe(before);
  expect(groups().get('orders')?.tags.has('holdfast:role')).toBe(false);
  await stage.time.advance(hourMs);
  expect(toldBy(stage)).toEqual(['[Holdfast] orders: recovery FAILED and was rolled back']);
  const [mail] = stage.inbox('ops@example.com').filter(({ subject }) => subject.includes('rolled back'));
  expect(mail?.message).toContain(`npx holdfast recover orders --rdb ${both.join(' ')} --dry-run`);
});

it('are shown in a dry run, with the command that does it', async () => {
  await open();
  elasticache().world.launchGroup({ name: 'orders' });
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: 'none.yaml', debug: false };
  const typed = { workload: 'orders', rdb: both, dryRun: true };
  expect(await stage.drive(runRecover(typed, { terminal, settings }))).toBe(0);
  const text = terminal.lines.join('\n').replaceAll(/\s*\\?\s+/g, ' ');
  expect(text).toContain(`--snapshot-arns ${both.join(' ')}`);
  expect(text).toContain('verdict unknown: files of somebody’s');
  expect(text).toContain(`npx holdfast recover orders --rdb ${both.join(' ')}`);
  expect(newOf(groups())).toBeUndefined();
});

describe('are refused, before anything is made,', () => {
  const refusalsOf = async (request: object, name = 'look') =>
    failureOf(await recover(stage, { workload: 'orders', dryRun: true, ...request }, name));

  it('with what was looked at, when AWS does not let it be', async () => {
    await open();
    elasticache().world.launchGroup({ name: 'orders' });
    const effect = { kind: 'refuse', code: 'AccessDenied', message: 'no', status: 403 } as const;
    stage.faults.add({ service: 'elasticache', operation: 'DescribeReplicationGroups', effect });
    expect(await refusalsOf({ rdb: both })).toContain(
      'While looking at the files for elasticache replicationgroup:orders: AccessDenied: no',
    );
  });

  it('with all that is wrong at once', async () => {
    await open();
    elasticache().world.launchGroup({ name: 'orders', clusterMode: false, settings: { DataTiering: 'enabled' } });
    stage.services.ssm.parameters.delete(address);
    const rdb = [arn('old/one.rdb'), arn('old/one.rdb'), arn('gone.rdb'), arn('a,b.rdb'), arn('x.rdb', 'another')];
    const refusals = await refusalsOf({ rdb });
    for (const words of [
      `${arn('a,b.rdb')} is not the ARN of a file in S3`,
      `${arn('old/one.rdb')} is named twice.`,
      'has one shard, which takes one file, not 5',
      'has data tiering',
      `${arn('gone.rdb')} does not exist`,
      `The bucket another is not the one of elasticache replicationgroup:orders in the policy (seed: ${bucket})`,
      `The SSM parameter ${address} does not exist`,
    ]) {
      expect(refusals).toContain(words);
    }
    expect(newOf(groups())).toBeUndefined();
  });

  it('from another Region, and of what is not there', async () => {
    await open({ spec: { region: 'eu-north-1' } });
    elasticache().world.launchGroup({ name: 'orders' });
    expect(await refusalsOf({ rdb: both })).toContain(
      `The bucket ${bucket} is not in eu-west-1, and ElastiCache reads files of its own Region only`,
    );
  });

  it('of a cluster whose engine takes none, and of one that nobody knows', async () => {
    await open({ resource: 'cluster:orders' });
    expect(await refusalsOf({ rdb: both.slice(1) })).toContain('no point knows what it was like');
    elasticache().world.launchCluster({ name: 'orders' });
    expect(await refusalsOf({ rdb: both.slice(1) }, 'again')).toContain(
      'is of valkey, and only a cluster of redis takes a file',
    );
  });

  it('where the policy allows none, and together with a point', async () => {
    await open({ member: { seed: undefined } });
    elasticache().world.launchGroup({ name: 'orders' });
    expect(await refusalsOf({ rdb: both })).toContain('say seed: { bucket: … } at its cache in the policy');
    expect(await refusalsOf({ rdb: both, point: 'latest', replace: true }, 'again')).toContain(
      'leave out --point, --replace',
    );
  });
});
