/** What holds of every kind that keeps snapshots by name, over its simulated service and the SDK's own client. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '#domain/artifact.ts';
import type { Workload } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import type { PlannedMember } from '#domain/run.ts';
import { providerOf } from '#providers/index.ts';
import type { RunTags } from '#providers/provider.ts';
import { denied, type FaultRule, throttled } from '#simulator/kernel/faults.ts';
import { createRegion, type Region } from '#simulator/region.ts';
import type { Arrangement } from './arrangement.ts';
import { arrangements } from './arrangements.ts';
import { closeCleanly } from './close-cleanly.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 15, 3);
/** As long as a name can be: what does not fit into a snapshot's name shows here. */
const name = 'a-workload-with-a-very-long-name';
const run: RunTags = {
  ...{ stack: 'Holdfast', workload: name, runId: `${name}-20260115T030000Z`, count: 1 },
  ...{ scheduledAt: '2026-01-15T03:00:00.000Z', expiresAt: '2026-02-14T03:00:00.000Z' },
  momentAt: '2026-01-15T02:59:57.000Z',
};

let region: Region;

beforeEach(async () => {
  region = await createRegion({ startMs });
  Object.assign(process.env, {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAOPERATOR', AWS_SECRET_ACCESS_KEY: 'simulated' },
    HOLDFAST_STACK: 'Holdfast',
  });
});

afterEach(() => closeCleanly(region));

it('is asked of every kind that keeps snapshots by name', () => {
  const folder = new URL('../../functions/providers/', import.meta.url);
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const indexes = folders
    .map(({ name: kind }) => ({ kind, file: new URL(`${kind}/index.ts`, folder) }))
    .filter(({ file }) => existsSync(file));
  const byName = indexes
    .filter(({ file }) => /namedSnapshots\(/.test(readFileSync(file, 'utf8')))
    .map(({ kind }) => kind);
  const arranged = Object.values(arrangements).map(({ member }) => member.kind);
  expect([...new Set(arranged)].sort()).toEqual(byName.sort());
});

it('gives resources of one name, of different kinds, snapshots of different names', async () => {
  const ids = [];
  for (const arrangement of Object.values(arrangements)) {
    await arrangement.launch(region);
    const tags = { ...run, runId: 'db-20260115T030000Z' }; // so short that every name has room for it
    const [artifact] = await region.drive(provider(arrangement).begin(await memberOf(arrangement), tags, false));
    ids.push(artifact?.id);
  }
  expect(new Set(ids).size).toBe(ids.length);
});

function workloadOf({ member }: Arrangement, words = name): Workload {
  const workloads = { [words]: { schedule: { rate: '1 day' }, members: [member] } };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
  const [workload] = 'policy' in parsed ? parsed.policy.workloads : [];
  if (workload === undefined) throw new Error(JSON.stringify(parsed));
  return workload;
}

/** An id of the same form, which nothing has. */
const goneLike = (id: string): string => `${id.slice(0, -4)}0000`;

const provider = ({ member }: Arrangement) => providerOf(member.kind);
const planned = (arrangement: Arrangement, others: readonly Workload[] = []) =>
  region.drive(provider(arrangement).plan([arrangement.member], workloadOf(arrangement), others));

async function memberOf(arrangement: Arrangement): Promise<PlannedMember> {
  const [member] = (await planned(arrangement)).members;
  if (member === undefined) throw new Error('nothing was planned');
  return member;
}

async function begun(arrangement: Arrangement, member?: PlannedMember, again = false): Promise<Artifact> {
  const known = member ?? (await memberOf(arrangement));
  const artifacts = await region.drive(provider(arrangement).begin(known, run, again));
  expect(artifacts).toHaveLength(1);
  return artifacts[0] as Artifact; // its length was just looked at
}

async function progressed(arrangement: Arrangement, artifact: Artifact): Promise<Artifact> {
  const seen = await region.drive(provider(arrangement).progress([artifact]));
  expect(seen).toHaveLength(1);
  return seen[0] as Artifact; // its length was just looked at
}

describe.each(Object.entries(arrangements))('%s', (_, arrangement) => {
  const { member, service, operations } = arrangement;
  const fault = (operation: string, rule: Pick<FaultRule, 'times' | 'effect'>) =>
    region.faults.add({ service, operation, ...rule });
  const snapshots = () => [...arrangement.snapshots(region).keys()];

  it('plans one artifact, with the settings that a snapshot does not bring back', async () => {
    await arrangement.launch(region);
    const plan = await planned(arrangement);
    expect(plan.refusals).toEqual([]);
    expect(plan.busy).toBeUndefined();
    const { kind, resource, tier } = member;
    expect(plan.members).toMatchObject([{ kind, resource, tier, artifacts: 1, consistency: expect.any(String) }]);
    expect(Object.keys(plan.members[0]?.detail ?? {}).length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(plan.members))).toEqual(plan.members);
  });

  it('refuses what does not exist, and what belongs to another workload', async () => {
    const words = `${member.kind} ${member.resource}`;
    expect((await planned(arrangement)).refusals).toEqual([expect.stringContaining(`${words} does not exist`)]);
    await arrangement.launch(region);
    expect((await planned(arrangement, [workloadOf(arrangement, 'other')])).refusals).toEqual([
      `${words} is also claimed by the workload other.`,
    ]);
  });

  it('is busy while its service is at work on the resource', async () => {
    await arrangement.launch(region);
    arrangement.makeBusy(region);
    const plan = await planned(arrangement);
    expect(plan.busy).toContain(member.resource);
    expect(plan.refusals).toEqual([]);
  });

  it('is refused in a state that does not pass', async () => {
    await arrangement.launch(region);
    arrangement.breakDown(region);
    const plan = await planned(arrangement);
    expect(plan.busy).toBeUndefined();
    expect(plan.refusals).toEqual([expect.stringContaining(member.resource)]);
  });

  it('makes one snapshot, however often it is begun', async () => {
    await arrangement.launch(region);
    const planned = await memberOf(arrangement);
    const first = await begun(arrangement, planned);
    expect(await begun(arrangement, planned, true)).toMatchObject({ id: first.id, state: 'pending' });
    // The attempt that began it left no trace.
    expect(await begun(arrangement, planned)).toMatchObject({ id: first.id, state: 'pending' });
    expect(snapshots()).toEqual([first.id]);
  });

  it.each([1, 3])('adopts the snapshot whose reply was lost %i times', async (times) => {
    await arrangement.launch(region);
    const planned = await memberOf(arrangement);
    fault(operations.create, { times, effect: { kind: 'lose-reply' } });
    const artifact = await begun(arrangement, planned);
    expect(snapshots()).toEqual([artifact.id]);
    expect(artifact).toMatchObject({ source: member.resource, tier: member.tier, detail: planned.detail });
  });

  if (arrangement.isFixedByCall === undefined)
    it('fixes its moment once, when the service is done with it', async () => {
      await arrangement.launch(region);
      const beganMs = Date.now();
      const artifact = await begun(arrangement);
      expect(artifact).toMatchObject({ kind: member.kind, state: 'pending' });
      expect(artifact.cut?.upper).toBeUndefined();
      await region.time.advance(2 * minuteMs);
      const halfway = await progressed(arrangement, artifact);
      expect(halfway).toMatchObject({ id: artifact.id, state: 'pending' });
      expect(halfway.cut?.upper).toBeUndefined();
      await region.time.advance(20 * minuteMs);
      const done = await progressed(arrangement, halfway);
      expect(done.state).toBe('completed');
      const { lower = '', upper = '' } = done.cut ?? {};
      expect(Date.parse(lower)).toBeGreaterThanOrEqual(beganMs);
      expect(Date.parse(upper)).toBeGreaterThanOrEqual(Date.parse(lower));
      expect(Date.parse(upper)).toBeLessThanOrEqual(Date.now());
      await region.time.advance(minuteMs);
      expect(await progressed(arrangement, done)).toMatchObject({ cut: done.cut, detail: artifact.detail });
    });

  if (arrangement.isFixedByCall)
    it('fixes its moment at once, as far apart as the service says', async () => {
      await arrangement.launch(region);
      const beganMs = Date.now();
      const artifact = await begun(arrangement);
      const { lower = '', upper = '' } = artifact.cut ?? {};
      expect(artifact.state).toBe('pending');
      expect(Date.parse(lower)).toBeLessThan(beganMs);
      expect(Date.parse(upper)).toBeGreaterThan(Date.now());
      await region.time.advance(20 * minuteMs);
      const { cut, detail } = artifact;
      expect(await progressed(arrangement, artifact)).toMatchObject({ state: 'completed', cut, detail });
    });

  if (arrangement.nextSnapshotFails)
    it('tells that a snapshot failed', async () => {
      await arrangement.launch(region);
      arrangement.nextSnapshotFails?.(region);
      const artifact = await begun(arrangement);
      await region.time.advance(20 * minuteMs);
      expect(await progressed(arrangement, artifact)).toMatchObject({ state: 'error', problem: expect.any(String) });
    });

  if (arrangement.isUnlisted === undefined)
    it('asks for many in pages, and still finds that one is gone', async () => {
      await arrangement.launch(region);
      const artifact = await begun(arrangement);
      await region.time.advance(20 * minuteMs);
      const asked = () => region.calls.of(service, operations.describe).length;
      const before = asked();
      const [gone, ...others] = await region.drive(
        provider(arrangement).progress([{ ...artifact, id: goneLike(artifact.id) }, ...Array(365).fill(artifact)]),
      );
      expect(gone?.state).toBe('gone');
      expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['completed']));
      expect(asked() - before).toBeLessThan(10);
    });

  it('deletes a snapshot, and does not mind that it is gone or on its way', async () => {
    await arrangement.launch(region);
    const artifact = await begun(arrangement);
    await region.time.advance(20 * minuteMs);
    const discarded = () => region.drive(provider(arrangement).discard(artifact));
    fault(operations.remove, { effect: { kind: 'lose-reply' } });
    expect(await discarded()).toBe(true);
    expect(await discarded()).toBe(true);
    await region.time.advance(20 * minuteMs);
    expect(await progressed(arrangement, artifact)).toMatchObject({ state: 'gone', problem: expect.any(String) });
    expect(await discarded()).toBe(true);
    expect(snapshots()).toEqual([]);
  });

  it('is not deleted while it is made, which passes', async () => {
    await arrangement.launch(region);
    const artifact = await begun(arrangement);
    expect(await region.drive(provider(arrangement).discard(artifact))).toBe(false);
    expect(snapshots()).toEqual([artifact.id]);
  });

  if (arrangement.isUntagged)
    it('is not told from its tags, and minds no label', async () => {
      await arrangement.launch(region);
      const artifact = await begun(arrangement);
      await region.drive(provider(arrangement).label([artifact], { verdict: 'failed', expiresAt: run.expiresAt }));
      expect(await region.drive(provider(arrangement).tagged(name))).toEqual([]);
    });

  if (arrangement.isUntagged === undefined)
    it('is told from its tags when nothing else is left', async () => {
      await arrangement.launch(region);
      const artifact = await begun(arrangement);
      await region.time.advance(20 * minuteMs);
      const done = await progressed(arrangement, artifact);
      const labels = { verdict: 'application-consistent', expiresAt: '2026-03-01T00:00:00.000Z' };
      await region.drive(provider(arrangement).label([done], labels));
      const [found, ...more] = await region.drive(provider(arrangement).tagged(name));
      expect(more).toEqual([]);
      expect(found?.artifact).toMatchObject({
        ...{ kind: member.kind, id: done.id, source: member.resource, tier: member.tier, state: 'completed' },
        cut: done.cut,
      });
      expect(found?.tags).toMatchObject({
        'holdfast:run': run.runId,
        'holdfast:count': '1',
        'holdfast:verdict': labels.verdict,
        'holdfast:expires': labels.expiresAt,
      });
      expect(await region.drive(provider(arrangement).tagged('another'))).toEqual([]);
    });

  it('finds what a run has left that the ledger never learnt of', async () => {
    await arrangement.launch(region);
    const planned = await memberOf(arrangement);
    const left = () =>
      region.drive(
        provider(arrangement).left({
          ...{ id: run.runId, workload: name, scheduledAt: run.scheduledAt, startedAt: run.scheduledAt },
          ...{ trigger: 'schedule', state: 'failed', artifacts: [] },
          plan: { members: [planned], hooks: [], onQuiesceFailure: 'abort' },
        }),
      );
    expect(await left()).toEqual([]);
    const { id } = await begun(arrangement, planned);
    expect((await left()).map((artifact) => artifact.id)).toEqual([id]);
  });

  describe.each([
    ['throttled', throttled(arrangement.codes.throttled, 400), 'TransientFault'],
    ['denied', denied(arrangement.codes.denied), 'ProviderFault'],
  ] as const)('%s', (_, effect, expected) => {
    const times = Number.POSITIVE_INFINITY;
    const faultOf = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: Error) => error.name,
      );

    it(`is ${expected} when it plans`, async () => {
      fault(operations.look, { times, effect });
      expect(await faultOf(planned(arrangement))).toBe(expected);
    });

    it(`is ${expected} when it begins, and leaves nothing`, async () => {
      await arrangement.launch(region);
      const member = await memberOf(arrangement);
      fault(operations.create, { times, effect });
      expect(await faultOf(begun(arrangement, member))).toBe(expected);
      expect(snapshots()).toEqual([]);
    });

    it(`is ${expected} when it asks`, async () => {
      await arrangement.launch(region);
      const artifact = await begun(arrangement);
      fault(operations.describe, { times, effect });
      expect(await faultOf(progressed(arrangement, artifact))).toBe(expected);
    });
  });
});
