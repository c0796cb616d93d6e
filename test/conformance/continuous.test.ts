/** What holds of every kind whose artifact may be a moment of a continuous backup, over its simulated service and the SDK's own client. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '#domain/artifact.ts';
import type { Workload } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import { providerOf } from '#providers/index.ts';
import type { RunTags } from '#providers/provider.ts';
import { denied, type FaultEffect, throttled } from '#simulator/kernel/faults.ts';
import { createRegion, type Region } from '#simulator/region.ts';
import { ofKinds } from '../kinds/of-kinds.ts';
import { closeCleanly } from './close-cleanly.ts';
import type { ContinuousArrangement } from './continuous-arrangement.ts';

const found = await ofKinds<{ readonly continuous: ContinuousArrangement }>('continuous');
const arrangements = found.map(([kind, { continuous }]) => [kind, continuous] as const);

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const days = 10;
const run: RunTags = {
  ...{ stack: 'Holdfast', workload: 'one', runId: 'one-20260115T030000Z', count: 1 },
  ...{ scheduledAt: '2026-01-15T03:00:00.000Z', expiresAt: '2026-02-14T03:00:00.000Z' },
  momentAt: '2026-01-15T03:30:07.000Z',
};

let region: Region;

beforeEach(async () => {
  region = await createRegion({ startMs: Date.UTC(2026, 0, 15, 3) });
  Object.assign(process.env, {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAOPERATOR', AWS_SECRET_ACCESS_KEY: 'simulated' },
    HOLDFAST_STACK: 'Holdfast',
  });
});

afterEach(() => closeCleanly(region));

it('is asked of every kind that keeps a continuous backup', () => {
  const folder = new URL('../../functions/providers/', import.meta.url);
  const kinds = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name === 'index.ts' && entry.isFile())
    .filter((entry) => /withContinuous\(/.test(readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8')))
    .map((entry) => entry.parentPath.split('/').at(-1));
  expect(kinds.sort()).toEqual(arrangements.map(([kind]) => kind).sort());
});

describe.each(arrangements)('%s', (kind, arrangement) => {
  const { resource } = arrangement.of.member;
  const words = `${kind} ${resource}`;

  /** Half an hour has passed, so that there is something to bring back. */
  async function launched({ of, keep }: ContinuousArrangement): Promise<void> {
    await of.launch(region);
    await keep(region, days);
    await region.time.advance(30 * minuteMs);
  }

  function workload(): Workload {
    const members = [{ ...arrangement.of.member, continuous: true }];
    const workloads = { one: { schedule: { rate: '1 day' }, members, retention: { days, minimum: 7 } } };
    const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
    const [found] = 'policy' in parsed ? parsed.policy.workloads : [];
    if (found === undefined) throw new Error(JSON.stringify(parsed));
    return found;
  }

  const planned = () => region.drive(providerOf(kind).plan(workload().members, workload(), []));

  async function pinned(tags = run): Promise<Artifact> {
    const [member] = (await planned()).members;
    if (member === undefined) throw new Error('nothing was planned');
    const [artifact] = await region.drive(providerOf(kind).begin(member, tags, false));
    if (artifact === undefined) throw new Error('nothing was begun');
    return artifact;
  }

  async function progressed(...artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
    return region.drive(providerOf(kind).progress(artifacts));
  }

  it('plans one moment, with the settings that a restore does not bring back', async () => {
    await launched(arrangement);
    const plan = await planned();
    expect(plan).toMatchObject({ refusals: [], members: [{ kind, resource, artifacts: 1, continuous: true }] });
    expect(plan.busy).toBeUndefined();
    expect(Object.keys(plan.members[0]?.detail ?? {}).length).toBeGreaterThan(2);
    expect(JSON.parse(JSON.stringify(plan.members))).toEqual(plan.members);
  });

  it('refuses what does not exist, what ends, and what is kept for less long than points', async () => {
    expect((await planned()).refusals).toEqual([expect.stringContaining(`${words} does not exist`)]);
    await arrangement.of.launch(region);
    await arrangement.keep(region, days - 1);
    await region.time.advance(30 * minuteMs);
    expect((await planned()).refusals).toEqual([
      expect.stringMatching(`${words} keeps its continuous backup 9 days, and the points of one are kept 10.*: aws `),
    ]);
  });

  it('does not mind that its service is at work on the resource, and refuses a state that does not pass', async () => {
    await launched(arrangement);
    arrangement.of.makeBusy(region);
    expect(await planned()).toMatchObject({ refusals: [] });
    expect((await planned()).busy).toBeUndefined();
    arrangement.of.breakDown(region);
    expect((await planned()).refusals).toEqual([expect.stringContaining(resource)]);
  });

  it('pins the moment that it is told, and makes nothing, however often it is tried', async () => {
    await launched(arrangement);
    const [member] = (await planned()).members;
    if (member === undefined) throw new Error('nothing was planned');
    const before = region.calls.all().length;
    const first = await providerOf(kind).begin(member, run, false);
    expect(await providerOf(kind).begin(member, run, true)).toEqual(first);
    expect(first).toMatchObject([
      { kind, source: resource, state: 'pending', continuous: true, startedAt: run.momentAt },
    ]);
    expect(first[0]?.cut).toEqual({ lower: run.momentAt, upper: run.momentAt });
    const labels = { verdict: 'application-consistent', expiresAt: run.expiresAt };
    await providerOf(kind).label(first, labels);
    for (const artifact of first) expect(await providerOf(kind).discard(artifact)).toBe(true);
    expect(region.calls.all().length).toBe(before);
    expect([...arrangement.of.snapshots(region).keys()]).toEqual([]);
    const left = {
      ...{ id: run.runId, workload: 'one', scheduledAt: run.scheduledAt, startedAt: run.scheduledAt },
      ...({ trigger: 'schedule', state: 'failed', artifacts: first } as const),
      plan: { members: [member], hooks: [], onQuiesceFailure: 'abort' } as const,
    };
    expect(await region.drive(providerOf(kind).left(left))).toEqual([]);
    expect(await region.drive(providerOf(kind).tagged('one'))).toEqual([]);
  });

  it('is complete when its logs are stored, and gone when it is older than what is kept', async () => {
    await launched(arrangement);
    const artifact = await pinned();
    expect(await progressed(artifact)).toEqual([artifact]);
    await region.time.advance(20 * minuteMs);
    const [done] = await progressed(artifact);
    expect(done).toEqual({ ...artifact, state: 'completed' });
    await region.time.advance(days * dayMs);
    expect(await progressed(artifact)).toMatchObject([
      { state: 'gone', problem: expect.stringContaining('is kept 10 days and reaches back to'), cut: artifact.cut },
    ]);
  });

  it('is gone when the backup is', async () => {
    await launched(arrangement);
    const artifact = await pinned();
    await arrangement.end(region);
    await region.time.advance(20 * minuteMs);
    expect(await progressed(artifact)).toMatchObject([{ state: 'gone', problem: expect.stringContaining('is gone') }]);
  });

  it('asks once for many moments', async () => {
    await launched(arrangement);
    const moments = [await pinned(), await pinned({ ...run, momentAt: '2026-01-15T03:29:00.000Z' })];
    await region.time.advance(20 * minuteMs);
    region.calls.clear();
    const seen = await progressed(...moments);
    expect(seen.map(({ id, state }) => [id, state])).toEqual(moments.map(({ id }) => [id, 'completed']));
    expect(region.calls.of(arrangement.of.service, arrangement.describe)).toHaveLength(1);
  });

  it.each<[string, FaultEffect, string]>([
    ['throttled', throttled(arrangement.of.codes.throttled, 400), 'TransientFault'],
    ['denied', denied(arrangement.of.codes.denied), 'ProviderFault'],
  ])('%s, is a fault when it plans and when it asks', async (_, effect, expected) => {
    await launched(arrangement);
    const artifact = await pinned();
    const faultOf = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: Error) => error.name,
      );
    const times = Number.POSITIVE_INFINITY;
    region.faults.add({ service: arrangement.of.service, operation: arrangement.describe, times, effect });
    expect(await faultOf(planned())).toBe(expected);
    expect(await faultOf(progressed(artifact))).toBe(expected);
  });
});
