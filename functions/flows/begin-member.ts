/** Begins what one member of a run leaves behind, by its provider or by the hook that takes it. */
import { expiryOf } from '#domain/expiry.ts';
import { Fault, providerFault, tierUnderWay } from '#domain/faults.ts';
import type { HoldingRun } from '#domain/holding-run.ts';
import { takesArtifacts } from '#domain/hook-proof.ts';
import type { PlannedMember } from '#domain/run.ts';
import { pinnedMs } from '#domain/window-progress.ts';
import { deployedWorkload } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { providerOf } from '#providers/index.ts';
import type { Begun, RunTags } from '#providers/provider.ts';

/**
 * By the member's own hook where that takes the artifacts itself. When it fails, the policy may want the artifacts without it.
 * @param again whether an earlier attempt may have begun it
 */
export async function beginMember(member: PlannedMember, run: HoldingRun, again: boolean): Promise<Begun> {
  const { plan, window } = run;
  const provider = providerOf(member.kind);
  const tags = tagsFor(run, member.tier);
  const isUnheld = plan.unheld?.some(({ instanceId }) => instanceId === member.resource);
  const hook = isUnheld
    ? undefined
    : plan.hooks.find(({ kind, instanceId }) => takesArtifacts(kind) && instanceId === member.resource);
  const { beginBy } = provider;
  if (hook === undefined || beginBy === undefined) {
    return { artifacts: await provider.begin(member, tags, again).catch(inWindow(run)) };
  }
  try {
    return await beginBy(hook, member, tags, { again, windowEndsAtMs: Date.parse(window.deadlineAt) });
  } catch (error) {
    const isHooks = error instanceof Fault && error.name === 'QuiesceFault';
    if (!isHooks || plan.onQuiesceFailure === 'abort') throw error;
    const hold = { hook, state: 'free', releasedBy: 'itself', quiesceProblem: error.message } as const;
    return { artifacts: await provider.begin(member, tags, true), hold };
  }
}

/**
 * A service that has to end another copy first is asked again while the window lasts: what begins after it was not held still for it. In a window of
 * minutes or hours so is one that is throttled, at the pace of what is under way: of what passes by itself the machine tries only once more
 * at once, lest a window of seconds grow, and pauses for half a minute then.
 */
const inWindow =
  ({ plan, window }: HoldingRun) =>
  (error: unknown): never => {
    const name = error instanceof Fault ? error.name : undefined;
    const isPassing = name === 'TransientFault' && plan.windowSeconds !== undefined;
    if (!(error instanceof Fault) || !(isPassing || name === 'TierUnderWay')) throw error;
    if (Date.now() <= Date.parse(window.deadlineAt)) throw tierUnderWay(error.message);
    throw providerFault(`The window was over at ${window.deadlineAt}, and not begun: ${error.message}`);
  };

/** How many these leave behind. */
export const artifactsOf = (members: readonly PlannedMember[]): number =>
  members.reduce((sum, member) => sum + member.artifacts, 0);

function tagsFor(run: HoldingRun, tier: number): RunTags {
  return {
    stack: environment.stack(),
    workload: run.workload,
    runId: run.id,
    scheduledAt: run.scheduledAt,
    expiresAt: expiryOf(deployedWorkload(run.workload), run.scheduledAt),
    count: artifactsOf(run.plan.members),
    momentAt: new Date(pinnedMs(run, tier)).toISOString(),
  };
}
