/** Begins the artifacts of a run, tier by tier, inside the window: nothing here waits for a throttle. */
import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import { allFixedMs, nextTierMs } from '#domain/cut.ts';
import { Fault, quiesceFault, tierUnderWay } from '#domain/faults.ts';
import { type HoldingRun, holding } from '#domain/holding-run.ts';
import type { PlannedMember, Run } from '#domain/run.ts';
import { heldLongEnoughMs, holdsLearnt } from '#domain/window-progress.ts';
import { artifactsOf, beginMember } from '#flows/begin-member.ts';
import { artifactWords, followArtifacts } from '#flows/follow-artifacts.ts';
import { stopUnderWay } from '#flows/stop-under-way.ts';
import { changeRun, readRun } from '#ledger/runs.ts';
import { step } from '#platform/step.ts';
import type { Begun } from '#providers/provider.ts';

export const input = z.object({ workload: z.string(), runId: z.string(), tiers: z.array(z.number()) });
type Input = z.infer<typeof input>;

export interface Output {
  /** Begun by this attempt, or by an earlier one and found again. */
  readonly artifacts: readonly string[];
}

/** @throws TierUnderWay while the moment of a tier is not fixed: the next tier waits for it, and so does the release */
export async function beginTiers(input: Input): Promise<Output> {
  try {
    return await begin(input);
  } catch (error) {
    const run = goesOn(error) ? undefined : await readRun(input.workload, input.runId);
    if (run !== undefined) await stopUnderWay(run);
    throw error;
  }
}

/** The machine calls again; after anything else the run is over. */
const goesOn = (error: unknown): boolean =>
  error instanceof Fault && (error.name === 'TierUnderWay' || error.name === 'TransientFault');

async function begin({ workload, runId, tiers }: Input): Promise<Output> {
  const artifacts: Artifact[] = [];
  for (const tier of tiers) {
    waitFor(nextTierMs(artifacts), artifacts);
    const { run, begun } = await beginTier(workload, runId, tier);
    artifacts.push(...(await followArtifacts(run, begun)));
  }
  waitFor(allFixedMs(artifacts), artifacts);
  return { artifacts: artifacts.map(({ id }) => id) };
}

interface BegunTier {
  readonly run: HoldingRun;
  readonly begun: readonly Artifact[];
}

/** Members of one tier are begun at the same time, unless all are already. What was begun is in the ledger before anything is thrown. */
async function beginTier(workload: string, runId: string, tier: number): Promise<BegunTier> {
  const { run, again } = await claim(workload, runId, tier);
  const members = run.plan.members.filter((member) => member.tier === tier);
  const known = run.artifacts.filter((artifact) => artifact.tier === tier);
  if (known.length >= artifactsOf(members)) return { run, begun: known };
  const others = members.filter((member) => !isBegun(member, known));
  const results = await Promise.allSettled(others.map((member) => beginMember(member, run, again)));
  const begun = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await changeRun(workload, runId, (now) => withBegun(now, begun));
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  // What ends the run is not hidden by what only has to wait.
  if (refusals.length > 0) throw refusals.find((refusal) => !goesOn(refusal)) ?? refusals[0];
  const all = [...known, ...begun.flatMap(({ artifacts }) => artifacts)];
  return { run, begun: [...new Map(all.map((artifact) => [artifact.id, artifact])).values()] };
}

/** Whether the ledger has all of a member: then it is not looked for again, which some services answer a few times a second only. */
const isBegun = ({ kind, resource, artifacts }: PlannedMember, known: readonly Artifact[]): boolean =>
  known.filter((artifact) => artifact.kind === kind && artifact.source === resource).length >= artifacts;

/** @param untilMs epoch ms; not awaited here, since a step that waits is paid for */
function waitFor(untilMs: number, artifacts: readonly Artifact[]): void {
  if (Date.now() >= untilMs) return;
  const open = artifacts.filter((artifact) => allFixedMs([artifact]) > Date.now()).map(artifactWords);
  throw tierUnderWay(open.length > 0 ? `Not fixed yet: ${open.join(', ')}.` : 'The next tier begins a guard later.');
}

/** A guest whose deadline has passed has released by itself; what is taken now would not be what the policy asks for. */
function refuseIfOverdue({ plan, window }: HoldingRun): void {
  const overdue = window.holds.find(
    ({ state, confirmedAt, hook }) =>
      state === 'held' &&
      confirmedAt !== undefined &&
      Date.now() > Date.parse(confirmedAt) + hook.deadlineSeconds * 1000,
  );
  if (overdue === undefined || plan.onQuiesceFailure === 'crash-consistent') return;
  throw quiesceFault(
    `The ${overdue.hook.kind} hook on ${overdue.hook.instanceId} reached its deadline of ${overdue.hook.deadlineSeconds} s before this tier began.`,
  );
}

function waitForHolds(run: HoldingRun, tier: number): void {
  const fromMs = heldLongEnoughMs(run, tier);
  if (Date.now() < fromMs) {
    throw tierUnderWay(
      `Tier ${tier} begins when all has been held still for long enough, at ${new Date(fromMs).toISOString()}.`,
    );
  }
}

/** Of several attempts, also at the same time, the first asks for the artifacts; the others look for what it began. */
async function claim(workload: string, runId: string, tier: number): Promise<{ run: HoldingRun; again: boolean }> {
  let again = false;
  const claimed = await changeRun(workload, runId, (now) => {
    const run = holding(now, runId);
    refuseIfOverdue(run);
    waitForHolds(run, tier);
    again = run.window.attemptedTiers.includes(tier);
    return attempted(run, tier);
  });
  return { run: holding(claimed, runId), again };
}

function attempted(run: HoldingRun, tier: number): Run | undefined {
  const { window } = run;
  if (window.attemptedTiers.includes(tier)) return undefined;
  const beganAt = window.beganAt ?? new Date().toISOString();
  return { ...run, window: { ...window, beganAt, attemptedTiers: [...window.attemptedTiers, tier] } };
}

function withBegun(run: Run, begun: readonly Begun[]): Run | undefined {
  const holds = begun.flatMap(({ hold }) => hold ?? []);
  const known = holds.length === 0 ? run : (holdsLearnt(run, holds, new Date().toISOString()) ?? run);
  return withArtifacts(
    known,
    begun.flatMap(({ artifacts }) => artifacts),
  );
}

function withArtifacts(run: Run, artifacts: readonly Artifact[]): Run | undefined {
  const fresh = artifacts.filter(({ id }) => !run.artifacts.some((known) => known.id === id));
  if (run.window === undefined || fresh.length === 0) return undefined;
  return {
    ...run,
    artifacts: [...run.artifacts, ...fresh],
    window: { ...run.window, begunAt: new Date().toISOString() },
  };
}

export const handler = step('begin-tiers', input, beginTiers);
