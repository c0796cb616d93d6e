/** How a window moves on: pure changes to a run, applied by compare-and-swap. */
import { reachesBackMs } from './member-kinds.ts';
import { quiesceSeconds } from './quiesce-seconds.ts';
import type { Hold, Run, RunPlan } from './run.ts';

/** A planned run enters its window: what is about to be held still, and until when at the latest. */
export function intended(run: Run, plan: RunPlan, nowMs: number): Run {
  const longest = Math.max(0, ...plan.hooks.map(({ deadlineSeconds }) => deadlineSeconds));
  const seconds = plan.windowSeconds ?? quiesceSeconds(plan) + longest;
  return {
    ...run,
    state: 'holding',
    plan,
    window: {
      intendedAt: new Date(nowMs).toISOString(),
      deadlineAt: new Date(nowMs + seconds * 1000).toISOString(),
      holds: plan.hooks.map((hook) => ({ hook, state: 'intended' })),
      attemptedTiers: [],
    },
  };
}

/** Notes when release was first sent to the guests. */
export function releaseSent(run: Run, at: string): Run | undefined {
  if (run.window === undefined || run.window.releaseSentAt !== undefined) return undefined;
  return { ...run, window: { ...run.window, releaseSentAt: at } };
}

/**
 * Takes up what was learnt of holds. A hold that is free stays free, whoever reports later; once release was sent and all are
 * free, the workload is released.
 */
export function holdsLearnt(run: Run, learnt: readonly Hold[], at: string): Run | undefined {
  if (run.window === undefined) return undefined;
  const holds = run.window.holds.map((known) =>
    known.state === 'free' ? known : (learnt.find(isSame(known)) ?? known),
  );
  const isReleased = run.window.releaseSentAt !== undefined && holds.every(({ state }) => state === 'free');
  const releasedAt = run.window.releasedAt ?? (isReleased ? at : undefined);
  return { ...run, window: { ...run.window, holds, ...(releasedAt === undefined ? {} : { releasedAt }) } };
}

const isSame =
  (one: Hold) =>
  (other: Hold): boolean =>
    keyOf(one) === keyOf(other);

/** An instance may have several hooks of one kind; their parameters tell them apart. */
const keyOf = ({ hook }: Hold) =>
  JSON.stringify([hook.kind, hook.instanceId, Object.entries(hook.parameters).toSorted()]);

/**
 * Epoch ms from when on a tier may begin: an artifact that may lack what was written shortly before the call is taken when everything
 * has been held still for that long. 0: at once.
 */
export function heldLongEnoughMs({ plan, window }: Required<Pick<Run, 'plan' | 'window'>>, tier: number): number {
  const backMs = plan.members.filter((member) => member.tier === tier).map(({ kind }) => reachesBackMs(kind));
  const heldSinceMs = window.holds.flatMap(({ confirmedAt = '' }) => Date.parse(confirmedAt) || []);
  const longestMs = Math.max(0, ...backMs);
  return longestMs === 0 || heldSinceMs.length === 0 ? 0 : Math.max(...heldSinceMs) + longestMs;
}
