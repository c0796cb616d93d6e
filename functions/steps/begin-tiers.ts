/** Begins the artifacts of a run, tier by tier, inside the window: nothing here waits for a throttle. */
import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import { allFixedMs, nextTierMs } from '#domain/cut.ts';
import { Fault, invariantBroken, providerFault, quiesceFault, tierUnderWay } from '#domain/faults.ts';
import { takesArtifacts } from '#domain/hook-proof.ts';
import type { PlannedMember, Run, RunPlan, Window } from '#domain/run.ts';
import { heldLongEnoughMs, holdsLearnt, pinnedMs } from '#domain/window-progress.ts';
import { stopUnderWay } from '#flows/stop-under-way.ts';
import { changeRun, readRun } from '#ledger/runs.ts';
import { deployedWorkload } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { step } from '#platform/step.ts';
import { providerOf } from '#providers/index.ts';
import type { Begun, RunTags } from '#providers/provider.ts';

export const input = z.object({ workload: z.string(), runId: z.string(), tiers: z.array(z.number()) });
type Input = z.infer<typeof input>;

export interface Output {
  /** Begun by this attempt, or by an earlier one and found again. */
  readonly artifacts: readonly string[];
}

interface Holding extends Run {
  readonly plan: RunPlan;
  readonly window: Window;
}

const dayMs = 86_400_000;

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
    artifacts.push(...(await followed(run, begun)));
  }
  waitFor(allFixedMs(artifacts), artifacts);
  return { artifacts: artifacts.map(({ id }) => id) };
}

interface BegunTier {
  readonly run: Holding;
  readonly begun: readonly Artifact[];
}

/** Members of one tier are begun at the same time, unless all are already. What was begun is in the ledger before anything is thrown. */
async function beginTier(workload: string, runId: string, tier: number): Promise<BegunTier> {
  const { run, again } = await claim(workload, runId, tier);
  const members = run.plan.members.filter((member) => member.tier === tier);
  const known = run.artifacts.filter((artifact) => artifact.tier === tier);
  if (known.length >= artifactsOf(members)) return { run, begun: known };
  const results = await Promise.allSettled(members.map((member) => beginMember(member, run, again)));
  const begun = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await changeRun(workload, runId, (now) => withBegun(now, begun));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return { run, begun: begun.flatMap(({ artifacts }) => artifacts) };
}

const artifactsOf = (members: readonly PlannedMember[]): number =>
  members.reduce((sum, member) => sum + member.artifacts, 0);

/** As their services have them now, in the ledger too; those whose moment is fixed are not asked for again. */
async function followed(run: Holding, artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const open = artifacts.filter(({ cut }) => cut !== undefined && cut.upper === undefined);
  if (open.length === 0) return artifacts;
  const kinds = Map.groupBy(open, ({ kind }) => kind);
  const looks = [...kinds].map(([kind, some]) => providerOf(kind).progress(some));
  const asked = await Promise.all(looks).catch((error: unknown) => unanswered(run, error));
  const seen = new Map(asked.flat().map((artifact) => [artifact.id, artifact]));
  const hasMoved = open.some(
    ({ id, state }) => seen.get(id)?.state !== state || seen.get(id)?.cut?.upper !== undefined,
  );
  if (hasMoved) await changeRun(run.workload, run.id, (now) => withSeen(now, seen));
  refuseIfBroken([...seen.values()]);
  refuseIfClosing(run, [...seen.values()]);
  return artifacts.map((artifact) => seen.get(artifact.id) ?? artifact);
}

/** What has begun goes on whether or not its service tells of it: while the window lasts, one that is throttled is asked again. */
function unanswered({ window }: Holding, error: unknown): never {
  const isPassing = error instanceof Fault && error.name === 'TransientFault';
  if (isPassing && Date.now() <= Date.parse(window.deadlineAt)) throw tierUnderWay(`Not known: ${error.message}`);
  throw error;
}

const withSeen = (run: Run, seen: ReadonlyMap<string, Artifact>): Run => ({
  ...run,
  artifacts: run.artifacts.map((artifact) => seen.get(artifact.id) ?? artifact),
});

function refuseIfBroken(artifacts: readonly Artifact[]): void {
  const broken = artifacts.filter(({ state }) => state === 'error' || state === 'gone');
  if (broken.length === 0) return;
  throw providerFault(broken.map((each) => `${wordsOf(each)}: ${each.problem ?? 'no reason given'}`).join('\n'));
}

/** What is fixed after the window's end is not what was held still for it. */
function refuseIfClosing({ window }: Holding, artifacts: readonly Artifact[]): void {
  if (Date.now() <= Date.parse(window.deadlineAt)) return;
  const open = artifacts.filter(({ cut }) => cut?.upper === undefined).map(wordsOf);
  if (open.length > 0)
    throw providerFault(`The window was over at ${window.deadlineAt}, and not done: ${open.join(', ')}.`);
}

/** @param untilMs epoch ms; not awaited here, since a step that waits is paid for */
function waitFor(untilMs: number, artifacts: readonly Artifact[]): void {
  if (Date.now() >= untilMs) return;
  const open = artifacts.filter((artifact) => allFixedMs([artifact]) > Date.now()).map(wordsOf);
  throw tierUnderWay(open.length > 0 ? `Not fixed yet: ${open.join(', ')}.` : 'The next tier begins a guard later.');
}

const wordsOf = ({ kind, source, id, state, progress }: Artifact): string =>
  `${kind} ${source} (${id}) is ${state}${progress === undefined ? '' : ` at ${progress}`}`;

/** By the member's own hook where that takes the artifacts itself. When it fails, the policy may want the artifacts without it. */
async function beginMember(member: PlannedMember, run: Holding, again: boolean): Promise<Begun> {
  const { plan, window } = run;
  const provider = providerOf(member.kind);
  const tags = tagsFor(run, member.tier);
  const hook = plan.hooks.find(({ kind, instanceId }) => takesArtifacts(kind) && instanceId === member.resource);
  const { beginBy } = provider;
  if (hook === undefined || beginBy === undefined) return { artifacts: await provider.begin(member, tags, again) };
  try {
    return await beginBy(hook, member, tags, { again, windowEndsAtMs: Date.parse(window.deadlineAt) });
  } catch (error) {
    const isHooks = error instanceof Fault && error.name === 'QuiesceFault';
    if (!isHooks || plan.onQuiesceFailure === 'abort') throw error;
    const hold = { hook, state: 'free', releasedBy: 'itself', quiesceProblem: error.message } as const;
    return { artifacts: await provider.begin(member, tags, true), hold };
  }
}

function holding(run: Run | undefined, runId: string): Holding {
  if (run?.state === 'holding' && run.plan !== undefined && run.window !== undefined) {
    return { ...run, plan: run.plan, window: run.window };
  }
  throw invariantBroken(
    `The run ${runId} is ${run?.state ?? 'not in the ledger'}, so no artifact may be begun for it.`,
  );
}

/** A guest whose deadline has passed has released by itself; what is taken now would not be what the policy asks for. */
function refuseIfOverdue({ plan, window }: Holding): void {
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

function waitForHolds(run: Holding, tier: number): void {
  const fromMs = heldLongEnoughMs(run, tier);
  if (Date.now() < fromMs) {
    throw tierUnderWay(
      `Tier ${tier} begins when all has been held still for long enough, at ${new Date(fromMs).toISOString()}.`,
    );
  }
}

/** Of several attempts, also at the same time, the first asks for the artifacts; the others look for what it began. */
async function claim(workload: string, runId: string, tier: number): Promise<{ run: Holding; again: boolean }> {
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

function attempted(run: Holding, tier: number): Run | undefined {
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

function tagsFor(run: Holding, tier: number): RunTags {
  const { retention } = deployedWorkload(run.workload);
  return {
    stack: environment.stack(),
    workload: run.workload,
    runId: run.id,
    scheduledAt: run.scheduledAt,
    expiresAt: new Date(Date.parse(run.scheduledAt) + retention.days * dayMs).toISOString(),
    count: artifactsOf(run.plan.members),
    momentAt: new Date(pinnedMs(run, tier)).toISOString(),
  };
}

export const handler = step('begin-tiers', input, beginTiers);
