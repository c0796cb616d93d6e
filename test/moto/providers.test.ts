/** The providers, driven against an emulator that we have not written: a mistake that we made twice, here and in our own, shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '#domain/artifact.ts';
import type { ManagedMember } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import type { PlannedMember } from '#domain/run.ts';
import { rds } from '#platform/clients/rds.ts';
import { providerOf } from '#providers/index.ts';
import type { RunTags } from '#providers/provider.ts';
import { makeAurora, makeCache, makeInstance, makeMemory, makeTable } from './make.ts';
import { type Moto, startMoto } from './moto-process.ts';

let moto: Moto;

/** Calls of RDS that it does not know; answered as by one that has nothing to tell. */
const unknown = [
  'DescribeAccountAttributesCommand',
  'DescribeDBEngineVersionsCommand',
  'DescribePendingMaintenanceActionsCommand',
];

beforeAll(async () => {
  moto = await startMoto();
  const untold = { output: { $metadata: {} }, response: undefined };
  rds().middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) =>
        unknown.includes(commandName) ? Promise.resolve(untold) : next(call),
    { step: 'initialize' },
  );
});

afterAll(() => moto?.end());

interface Case {
  readonly member: ManagedMember;
  make(name: string): Promise<unknown>;
  /** What moto cannot, and why. */
  readonly lacks?: 'plan' | 'tagged';
}

const cases: readonly Case[] = [
  { member: { kind: 'rds', resource: 'orders', tier: 1 }, make: makeInstance },
  { member: { kind: 'aurora', resource: 'cases', tier: 1 }, make: makeAurora },
  // It does not know DescribeKinesisStreamingDestination; its backups carry no tags here either.
  { member: { kind: 'dynamodb', resource: 'carts', tier: 1 }, make: makeTable, lacks: 'plan' },
  // It does not know DescribeServerlessCacheSnapshots.
  { member: { kind: 'elasticache', resource: 'cluster:queue', tier: 1 }, make: makeCache, lacks: 'tagged' },
  // It compares the filter `Source: user` with its snapshots' `manual`.
  { member: { kind: 'memorydb', resource: 'aggregation', tier: 1 }, make: makeMemory, lacks: 'tagged' },
];

const workload = 'night';
const run: RunTags = {
  ...{ stack: 'Holdfast', workload, runId: `${workload}-20260115T030000Z`, count: 1 },
  ...{ scheduledAt: '2026-01-15T03:00:00.000Z', expiresAt: '2026-02-14T03:00:00.000Z' },
  momentAt: '2026-01-15T03:00:00.000Z',
};

async function planned(member: ManagedMember) {
  const workloads = { [workload]: { schedule: { rate: '1 day' }, members: [member] } };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
  const [complete] = 'policy' in parsed ? parsed.policy.workloads : [];
  if (complete === undefined) throw new Error(JSON.stringify(parsed));
  return providerOf(member.kind).plan([member], complete, []);
}

describe.each(cases)('$member.kind', ({ member, make, lacks }) => {
  const provider = providerOf(member.kind);
  const bare: PlannedMember = { ...member, artifacts: 1, detail: {}, consistency: 'crash-consistent' };
  let plan = bare;
  let artifact: Artifact;

  it('does not exist, then is planned with its settings', async () => {
    expect((await planned(member)).refusals).toEqual([expect.stringContaining(`${member.resource} does not exist`)]);
    await make(member.resource.replace('cluster:', ''));
    if (lacks === 'plan') return;
    const { members, refusals } = await planned(member);
    expect(refusals).toEqual([]);
    plan = members[0] ?? bare;
    expect(Object.keys(plan.detail).length).toBeGreaterThan(2);
  });

  it('makes one snapshot, however often it is begun', async () => {
    const [first] = await provider.begin(plan, run, false);
    const again = await provider.begin(plan, run, true);
    const anew = await provider.begin(plan, run, false);
    expect([...again, ...anew].map(({ id }) => id)).toEqual([first?.id, first?.id]);
    artifact = first as Artifact; // begun, or the line before had failed
  });

  it('is complete, and fixed between two times in order', async () => {
    const [seen] = await provider.progress([artifact]);
    expect(seen).toMatchObject({ id: artifact.id, source: member.resource, state: 'completed' });
    const { lower = '', upper = '' } = seen?.cut ?? {};
    expect(Date.parse(lower)).toBeLessThanOrEqual(Date.parse(upper));
    artifact = seen ?? artifact;
  });

  it('is labelled, and told from its tags', async () => {
    await provider.label([artifact], { verdict: 'application-consistent', expiresAt: run.expiresAt });
    if (lacks !== undefined) return;
    const [found, ...more] = await provider.tagged(workload);
    expect(more).toEqual([]);
    expect(found?.artifact).toMatchObject({ id: artifact.id, cut: artifact.cut });
    expect(found?.tags).toMatchObject({ 'holdfast:run': run.runId, 'holdfast:verdict': 'application-consistent' });
  });

  it('is deleted, and gone', async () => {
    expect(await provider.discard(artifact)).toBe(true);
    expect(await provider.progress([artifact])).toMatchObject([{ state: 'gone' }]);
    expect(await provider.discard(artifact)).toBe(true);
  });
});
