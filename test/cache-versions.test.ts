/** Engine versions of caches that their service offers no more: told before a recovery needs them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { run as plan } from '#cli/plan.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage, type StageOptions } from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-versions-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const elasticache = () => stage.services.elasticache;
const memorydb = () => stage.services.memorydb;

/** Else doctor has something against it: nobody is told yet. */
const confirmed: StageOptions = { sns: {} };

async function open(kind: 'elasticache' | 'memorydb', resource: string, options = confirmed): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const policy = nightly({ orders: { schedule, members: [{ kind, resource }], objectives: { rto: '1h' } } });
  writeFileSync(policyFile, stringify(policy));
  stage = await openStage({ policy, ...options });
}

async function ask(command: typeof plan) {
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
  const code = await stage.drive(command({ workload: 'orders' }, { terminal, settings }));
  return { code, text: terminal.lines.join('\n').replaceAll(/\s+/g, ' ') };
}

const redis = { EngineVersion: '5.0.6' };
const group = () => elasticache().world.launchGroup({ name: 'orders' });
const cluster = () => elasticache().world.launchCluster({ name: 'orders', engine: 'redis', settings: redis });
const serverless = () => elasticache().world.launchServerless({ name: 'orders', engine: 'redis' });
const memory = () => memorydb().world.launch({ name: 'orders' });
const endOf = (service: typeof elasticache | typeof memorydb, version: string) => () =>
  service().arrange.versionEnded(version);

it.each([
  {
    ...({ kind: 'elasticache', resource: 'replicationgroup:orders' } as const),
    ...{ launch: group, end: () => endOf(elasticache, '7.2')(), runs: 'valkey 7.2.6', name: 'ElastiCache' },
    line: 'aws elasticache modify-replication-group --replication-group-id orders --engine-version 8.0',
  },
  {
    ...({ kind: 'elasticache', resource: 'cluster:orders' } as const),
    ...{ launch: cluster, end: () => endOf(elasticache, '5.0.6')(), runs: 'redis 5.0.6', name: 'ElastiCache' },
    line: 'aws elasticache modify-cache-cluster --cache-cluster-id orders --engine-version 6.2',
  },
  {
    ...({ kind: 'elasticache', resource: 'serverlesscache:orders' } as const),
    ...{ launch: serverless, end: () => {}, runs: 'redis 8', name: 'ElastiCache' },
    line: 'aws elasticache modify-serverless-cache --serverless-cache-name orders --major-engine-version <version>',
  },
  {
    ...({ kind: 'memorydb', resource: 'orders' } as const),
    ...{ launch: memory, end: () => endOf(memorydb, '7.2')(), runs: 'valkey 7.2', name: 'MemoryDB' },
    line: 'aws memorydb update-cluster --cluster-name orders --engine-version 7.3',
  },
])(
  'are told by plan and doctor, with the command that moves $resource ($name)',
  async ({ kind, resource, launch, end, runs, name, line }) => {
    await open(kind, resource);
    launch();
    end();
    const told = `note ${kind} ${resource} runs ${runs}, which ${name} does not offer any more in this Region`;
    for (const { code, text } of [await ask(plan), await ask(doctor)]) {
      expect(code).toBe(0);
      expect(text).toContain(told);
      expect(text).toContain(line);
    }
  },
);

it.each([
  ['replicationgroup:orders', group, '8.0'],
  ['cluster:orders', cluster, '7.0'],
  ['serverlesscache:orders', () => elasticache().world.launchServerless({ name: 'orders' }), '7.2'],
])('are not told of while %s runs one that is offered', async (resource, launch, other) => {
  await open('elasticache', resource);
  launch();
  elasticache().arrange.versionEnded(other);
  expect((await ask(plan)).text).not.toContain('does not offer');
});

it('are told of the newest point, too, when its cache has moved on', async () => {
  await open('elasticache', 'cluster:orders');
  cluster();
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, 'orders')).toHaveLength(1);
  elasticache().world.launchCluster({ name: 'orders', engine: 'redis', settings: { EngineVersion: '7.1.0' } });
  expect((await ask(doctor)).text).not.toContain('does not offer');
  elasticache().arrange.versionEnded('5.0.6');
  const { code, text } = await ask(doctor);
  expect(code).toBe(0);
  expect(text).toContain(
    'note elasticache cluster:orders had redis 5.0.6 when its point was taken, which ElastiCache does not offer any more',
  );
  expect(text).not.toContain('cluster:orders runs');
});

it('keep no night from being backed up, also when nobody tells what they are', async () => {
  await open('elasticache', 'cluster:orders', {});
  cluster();
  const effect = denied();
  stage.faults.add({ service: 'elasticache', operation: 'DescribeCacheEngineVersions', times: 9, effect });
  expect((await ask(plan)).text).toContain(
    'elasticache: While asking which engine versions ElastiCache offers: AccessDenied',
  );
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, 'orders')).toHaveLength(1);
  expect(mails(stage)).toEqual([]);
});

it('are asked for in a recovery by what may be chosen, and fail it with nothing touched where there is none', async () => {
  await open('elasticache', 'replicationgroup:orders');
  group();
  await stage.time.advance(3 * hourMs);
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
  const [asked] = stage.calls.of('elasticache', 'CreateReplicationGroup');
  expect(asked?.input).toMatchObject({ EngineVersion: '7.2' });
  elasticache().arrange.versionEnded('7.2');
  await recover(stage, { workload: 'orders' }, 'recovery-2');
  const failed = await recovered(stage, 'orders');
  expect(failed).toMatchObject({ state: 'rolled-back' });
  expect(failed?.failure?.message).toContain('Cannot find version 7.2 for valkey');
  expect(failed?.plan?.warnings).toContainEqual(
    expect.stringContaining('replicationgroup:orders had valkey 7.2.6 when its point was taken'),
  );
});
