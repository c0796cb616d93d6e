/** Snapshots of caches that are copied under another key: beside the point, and in its snapshots' place where these are lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteServerlessCacheSnapshotCommand,
  DeleteSnapshotCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { DeleteSnapshotCommand as DeleteMemory, MemoryDBClient } from '@aws-sdk/client-memorydb';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { run as listPoints } from '#cli/points.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { run as status } from '#cli/status.ts';
import { changePoint } from '#ledger/points.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { answerOf, logged } from './scenario/asking.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, functionNamed, recover, recovered } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { stopSweep, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-cache-copies-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const key = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001';
/** Of every cache here. */
const ownKey = 'arn:aws:kms:eu-west-1:111122223333:key/orders';
const idOf = (arn: string) => arn.split('/').at(-1) ?? '';

const elasticache = () => stage.services.elasticache;
const memorydb = () => stage.services.memorydb;

interface Cache {
  readonly member: { readonly kind: 'elasticache' | 'memorydb'; readonly resource: string };
  readonly operation: string;
  launch(): void;
  /** With what was written to it. */
  present(): { readonly shards: string[][] } | undefined;
  made(): { readonly shards: string[][]; readonly settings?: object } | undefined;
  snapshots(): ReadonlyMap<string, { readonly key?: string | undefined; readonly tags: ReadonlyMap<string, string> }>;
  remove(name: string): Promise<unknown>;
}

const newOf = <Value>(all: ReadonlyMap<string, Value>) =>
  [...all].find(([name]) => /^orders-new-[0-9a-f]{6}$/.test(name))?.[1];

const group: Cache = {
  ...{ member: { kind: 'elasticache', resource: 'replicationgroup:orders' }, operation: 'CopySnapshot' },
  launch: () => elasticache().world.launchGroup({ name: 'orders' }),
  present: () => elasticache().world.groups.get('orders'),
  made: () => newOf(elasticache().world.groups),
  snapshots: () => elasticache().world.snapshots,
  remove: (SnapshotName) => new ElastiCacheClient({}).send(new DeleteSnapshotCommand({ SnapshotName })),
};
const serverless: Cache = {
  ...{ member: { kind: 'elasticache', resource: 'serverlesscache:orders' }, operation: 'CopyServerlessCacheSnapshot' },
  launch: () => elasticache().world.launchServerless({ name: 'orders' }),
  present: () => elasticache().world.serverlessCaches.get('orders'),
  made: () => newOf(elasticache().world.serverlessCaches),
  snapshots: () => elasticache().world.serverlessSnapshots,
  remove: (ServerlessCacheSnapshotName) =>
    new ElastiCacheClient({}).send(new DeleteServerlessCacheSnapshotCommand({ ServerlessCacheSnapshotName })),
};
const cluster: Cache = {
  ...{ member: { kind: 'memorydb', resource: 'orders' }, operation: 'CopySnapshot' },
  launch: () => memorydb().world.launch({ name: 'orders' }),
  present: () => memorydb().world.clusters.get('orders'),
  made: () => newOf(memorydb().world.clusters),
  snapshots: () => memorydb().world.snapshots,
  remove: (SnapshotName) => new MemoryDBClient({}).send(new DeleteMemory({ SnapshotName })),
};
const caches = [group, serverless, cluster].map(
  (cache) => [`${cache.member.kind} ${cache.member.resource}`, cache] as const,
);

interface Changes {
  readonly kmsKey?: string;
  readonly retention?: { readonly days: number; readonly minimum: number };
}

async function open({ member, launch, present }: Cache, { kmsKey = key, ...changes }: Changes = {}) {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [{ ...member, copy: { kmsKey } }];
  const policy = nightly({ orders: { schedule, members, objectives: { rto: '1h' }, ...changes } });
  writeFileSync(policyFile, stringify(policy));
  stage = await openStage({ policy });
  for (const arn of [key, ownKey]) stage.services.kms.createKey({ id: idOf(arn) });
  launch();
  present()?.shards[0]?.push('order 1');
}

const settings = () => ({ stack: 'Holdfast', policy: policyFile, debug: false });
const newest = async () => (await pointsIn(stage, 'orders'))[0];
const oldest = async () => (await pointsIn(stage, 'orders')).at(-1);
const copyIn = async () => (await newest())?.exports?.[0];
const nameOf = async () => (await copyIn())?.files?.[0] ?? '';
const asked = ({ member, operation }: Cache) => stage.calls.of(member.kind, operation).length;
const copied = () => stage.time.advance(4 * hourMs);

async function printed(command: typeof status, typed: object): Promise<string> {
  const terminal = scriptedTerminal();
  await stage.drive(command(typed, { terminal, settings: settings() }));
  return terminal.lines.join(' ').replaceAll(/\s+/g, ' ');
}

describe.each(caches)('a copy of %s', (words, cache) => {
  it('is made under its key once the point is sealed, and shown with it', async () => {
    await open(cache);
    await stage.time.advance(2 * hourMs + 11 * minuteMs);
    expect(await copyIn()).toMatchObject({ state: 'wanted', key });
    await copied();
    const { id = '', files = [] } = (await copyIn()) ?? {};
    const [name = ''] = files;
    expect(name).toBe(`holdfast-k-${id.slice(-27)}`);
    expect(cache.snapshots().get(name)?.key).toBe(key);
    expect(cache.snapshots().get(name)?.tags.get('holdfast:copy-of')).toBe(id);
    expect(cache.snapshots().size).toBe(2);
    expect(asked(cache)).toBe(1);
    expect(mails(stage)).toEqual([]);
    expect(await printed(listPoints, { workload: 'orders', evidence: true })).toContain(
      `copied as ${name}, under ${key}`,
    );
    expect(await printed(status, {})).toContain('key copy 4 h 10 min ago');
  });

  it.each([
    ['its reply is lost', 'lose-reply'],
    ['it is delivered twice', 'deliver-twice'],
  ] as const)('is made once when its service is asked and %s', async (_, kind) => {
    await open(cache);
    stage.faults.add({ service: cache.member.kind, operation: cache.operation, effect: { kind } });
    await copied();
    expect(await copyIn()).toMatchObject({ state: 'done' });
    expect(cache.snapshots().size).toBe(2);
    expect(mails(stage)).toEqual([]);
  });

  it('goes with its point', async () => {
    await open(cache, { retention: { days: 1, minimum: 1 } });
    await copied();
    const [first, copy] = [(await newest())?.artifacts[0]?.id ?? '', await nameOf()];
    thinOutSweeps(stage, 6);
    await stage.time.advance(2 * dayMs);
    await stage.invoke(functionNamed(stage, 'Retire'));
    await stage.time.advance(hourMs);
    expect([...cache.snapshots().keys()]).not.toContain(first);
    expect([...cache.snapshots().keys()]).not.toContain(copy);
    expect(cache.snapshots().size).toBeGreaterThanOrEqual(2);
  });

  it('is what a recovery brings back when its snapshot is gone, and the point is whole meanwhile', async () => {
    await open(cache);
    await copied();
    const [{ id = '' } = {}] = (await newest())?.artifacts ?? [];
    await stage.drive(cache.remove(id));
    const copy = await nameOf();
    // In which every point is looked at once.
    await stage.time.advance(dayMs);
    const first = await oldest();
    expect(first).toMatchObject({ exports: [{ state: 'done' }] });
    expect(first?.broken).toBeUndefined();
    expect(toldBy(stage)).toEqual(['[Holdfast] orders: a point has lost a snapshot; its copy stands in for it']);
    expect(failureOf(await recover(stage, { workload: 'orders', point: first?.id ?? '' }))).toBe(': ');
    expect(cache.made()).toMatchObject({ shards: expect.arrayContaining([['order 1']]) });
    const note = `${words}: its snapshot ${id} is gone, so it is brought back from the copy ${copy}, which is encrypted with ${key}.`;
    expect((await recovered(stage, 'orders'))?.plan?.warnings).toContain(note);
  });
});

it.each(caches)('brings %s back, encrypted with the copy’s key, when its own cannot be used', async (_, cache) => {
  await open(cache);
  await copied();
  stage.services.kms.disable(idOf(ownKey));
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
  expect(cache.made()).toMatchObject({ settings: { KmsKeyId: key }, shards: expect.arrayContaining([['order 1']]) });
  expect((await recovered(stage, 'orders'))?.plan?.warnings).toContainEqual(
    expect.stringContaining(`the key ${ownKey} of its snapshot is Disabled, so it is brought back from the copy`),
  );
});

it('is what keeps the last point, whose own snapshot is gone, from being deleted when its time is over', async () => {
  await open(group, { retention: { days: 2, minimum: 1 } });
  thinOutSweeps(stage, 1);
  const resume = stopSweep(stage, 'Retire');
  await stage.time.advance(2 * dayMs + 5 * hourMs);
  const retireNow = () => stage.invoke(functionNamed(stage, 'Retire'));
  const effect = denied('AccessDenied');
  const mend = stage.faults.add({ service: 'elasticache', operation: 'DeleteSnapshot', times: Infinity, effect });
  await retireNow();
  mend();
  expect((await oldest())?.retire).toBeDefined();
  const copy = (await oldest())?.exports?.[0]?.files?.[0] ?? '';
  for (const name of [...group.snapshots().keys()]) if (name !== copy) await stage.drive(group.remove(name));
  await stage.time.advance(10 * minuteMs);
  await retireNow();
  resume();
  expect((await oldest())?.retire).toBeUndefined();
  expect([...group.snapshots().keys()]).toEqual([copy]);
});

describe('of several caches', () => {
  const keys = { elasticache: key, memorydb: `${key.slice(0, -1)}2` };

  /** A night of two caches, each with a copy under a key of its own. */
  async function openTwo(): Promise<void> {
    const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
    const members = [group, cluster].map(({ member }) => ({ ...member, copy: { kmsKey: keys[member.kind] } }));
    stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
    for (const arn of [...Object.values(keys), ownKey]) stage.services.kms.createKey({ id: idOf(arn) });
    for (const { launch } of [group, cluster]) launch();
    await copied();
  }
  const partsOf = async (kind: string) => {
    const point = await oldest();
    const wanted = point?.exports?.find((each) => each.kind === kind);
    return { id: wanted?.id ?? '', name: wanted?.files?.[0] ?? '', point };
  };

  it('each is asked for once, under its own key, and noted with its own snapshot', async () => {
    await openTwo();
    expect((await oldest())?.exports).toEqual(
      [group, cluster].map(({ member: { kind } }) => ({
        ...{ kind, key: keys[kind], state: 'done', askedAt: expect.stringMatching(/^2026-01-15T0[34]/) },
        id: expect.stringMatching(/^holdfast-/),
        files: [expect.stringMatching(/^holdfast-k-/)],
      })),
    );
    for (const cache of [group, cluster]) {
      const { id, name } = await partsOf(cache.member.kind);
      expect(cache.snapshots().get(name)).toMatchObject({ key: keys[cache.member.kind] });
      expect(Object.fromEntries(cache.snapshots().get(name)?.tags ?? [])).toEqual({
        ...{ 'holdfast:stack': 'Holdfast', 'holdfast:workload': 'orders', 'holdfast:role': 'copy' },
        ...{ 'holdfast:source': cache.member.resource, 'holdfast:copied-run': 'orders-20260115T030000Z' },
        'holdfast:copy-of': id,
      });
      expect(asked(cache)).toBe(1);
    }
  });

  it('only what is still wanted is looked for', async () => {
    await openTwo();
    const { id, name, point } = await partsOf('elasticache');
    stopSweep(stage, 'Settle');
    await stage.time.advance(minuteMs); // until the last has ended
    await stage.drive(
      changePoint('orders', point?.id ?? '', (now) => ({
        ...now,
        exports: (now.exports ?? []).map((each) => (each.id === id ? { ...each, state: 'wanted' } : each)),
      })),
    );
    await stage.time.advance(minuteMs); // until the index has it
    stage.calls.clear();
    await answerOf(stage, 'Settle');
    expect(stage.calls.of('elasticache').map(({ input }) => input)).toEqual([
      { SnapshotName: name },
      { SnapshotName: id },
    ]);
    expect(stage.calls.of('memorydb')).toEqual([]);
    expect((await oldest())?.exports).toEqual(point?.exports);
  });

  it('of one whose snapshot is lost and of one whose copy is lost each is told, and the first is brought back from its copy', async () => {
    await openTwo();
    const [ofGroup, ofCluster] = [await partsOf('elasticache'), await partsOf('memorydb')];
    await stage.drive(group.remove(ofGroup.id));
    await stage.drive(cluster.remove(ofCluster.name));
    await stage.time.advance(dayMs);
    const { point } = await partsOf('memorydb');
    const { exports: before } = ofGroup.point ?? {};
    expect(point?.exports).toEqual([
      before?.[0],
      { ...before?.[1], state: 'failed', problem: expect.stringContaining(`${ofCluster.name} of orders is gone: `) },
    ]);
    expect(point?.broken).toBeUndefined();
    expect([...toldBy(stage)].sort()).toEqual([
      '[Holdfast] orders: a point has lost a snapshot; its copy stands in for it',
      '[Holdfast] orders: a point has lost its copy under another key; the point itself is whole',
    ]);
    const bodies = stage.inbox('ops@example.com').map(({ message }) => message);
    expect(bodies.join('\n')).toContain(`> ${ofGroup.id} of replicationgroup:orders is gone: `);
    expect(bodies.join('\n')).toContain(`aws memorydb copy-snapshot --source-snapshot-name ${ofCluster.id}`);
    expect(failureOf(await recover(stage, { workload: 'orders', point: point?.id ?? '' }))).toBe(': ');
    expect((await recovered(stage, 'orders'))?.plan.warnings.filter((each) => each.includes('the copy'))).toEqual([
      `elasticache replicationgroup:orders: its snapshot ${ofGroup.id} is gone, so it is brought back from the copy ${ofGroup.name}, which is encrypted with ${key}.`,
    ]);
    const restored = stage.calls.of('memorydb', 'CreateCluster')[0]?.input;
    expect(restored).toMatchObject({ SnapshotName: ofCluster.id, KmsKeyId: ownKey });
  });
});

describe('whose own key', () => {
  const look = { request: { workload: 'orders', dryRun: true }, execution: { name: 'look' } };
  const words = (why: string, name: string) =>
    `elasticache replicationgroup:orders: the key ${ownKey} of its snapshot ${why}, so it is brought back from the copy ${name}, which is encrypted with ${key}, and so is the new one.`;
  const refuse = (code: string) => {
    const effect = { kind: 'refuse', code, message: 'No.', status: 400 } as const;
    stage.faults.add({ service: 'kms', operation: 'DescribeKey', effect });
  };

  it.each([
    ['is PendingDeletion', () => stage.services.kms.scheduleDeletion(idOf(ownKey))],
    ['does not exist any more', () => refuse('NotFoundException')],
  ])('%s is told in the plan, with what is brought back instead', async (why, lose) => {
    await open(group);
    await copied();
    lose();
    expect(await answerOf(stage, 'PlanRecovery', look)).toMatchObject({
      ...{ warnings: expect.arrayContaining([words(why, await nameOf())]) },
    });
  });

  it('nobody tells of is taken to be there: AWS will tell', async () => {
    await open(group);
    await copied();
    refuse('AccessDeniedException');
    const { warnings } = Object(await answerOf(stage, 'PlanRecovery', look));
    expect(warnings.join()).not.toContain('brought back from the copy');
    expect(logged(stage, 'PlanRecovery')).toEqual([
      `WARN: While looking at the key ${ownKey}: AccessDeniedException: No.`,
    ]);
  });
});

it('leaves the copy alone while its snapshot is there and its key can be used', async () => {
  await open(cluster);
  await copied();
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
  expect(stage.calls.of('memorydb', 'CreateCluster')[0]?.input).toMatchObject({
    ...{ SnapshotName: (await newest())?.artifacts[0]?.id, KmsKeyId: ownKey },
  });
});

it('is told of once when its service refuses it, with the command, and the point stays whole', async () => {
  await open(cluster);
  const effect = {
    kind: 'refuse',
    code: 'InvalidParameterValueException',
    message: 'no such key',
    status: 400,
  } as const;
  stage.faults.add({ service: 'memorydb', operation: 'CopySnapshot', effect });
  await copied();
  expect(await newest()).toMatchObject({
    exports: [{ state: 'failed', problem: expect.stringContaining('no such key') }],
  });
  expect(await printed(status, {})).toContain('no key copy');
  expect(toldBy(stage)).toEqual([
    '[Holdfast] orders: a point was not copied under another key; the point itself is whole',
  ]);
  const [mail] = stage.inbox('ops@example.com').filter(({ subject }) => subject.includes('not copied'));
  expect(mail?.message).toContain('aws memorydb copy-snapshot --source-snapshot-name');
});

it('is told of when it fails on its way, and goes with its point all the same', async () => {
  await open(group);
  await stage.time.advance(2 * hourMs + 9 * minuteMs);
  elasticache().arrange.nextSnapshotFails();
  await copied();
  expect(await copyIn()).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/^The copy holdfast-k-.* is failed/),
  });
  expect(toldBy(stage)).toHaveLength(1);
});

it('is told of when it vanishes, and no recovery counts on it then', async () => {
  await open(cluster);
  await copied();
  const [{ id = '' } = {}] = (await newest())?.artifacts ?? [];
  await stage.drive(cluster.remove(await nameOf()));
  await stage.time.advance(dayMs);
  expect(await oldest()).toMatchObject({ exports: [{ state: 'failed', problem: expect.stringContaining('is gone') }] });
  expect(toldBy(stage)).toContain(
    '[Holdfast] orders: a point has lost its copy under another key; the point itself is whole',
  );
  await stage.drive(cluster.remove(id));
  await stage.time.advance(dayMs);
  expect(await oldest()).toMatchObject({ broken: { problem: expect.stringContaining(id) } });
});

it.each([
  [
    'a key of another Region',
    { kmsKey: key.replace('eu-west-1', 'eu-central-1') },
    'is in eu-central-1, and the copies stay in',
  ],
  ['a key that cannot be used', {}, 'is Disabled, so every copy would fail'],
])('is found by the doctor to come to nothing with %s', async (_, changes, problem) => {
  await open(cluster, changes);
  stage.services.kms.disable(idOf(key));
  const terminal = scriptedTerminal();
  await stage.drive(doctor({ workload: 'orders' }, { terminal, settings: settings() }));
  expect(terminal.lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(problem);
});
