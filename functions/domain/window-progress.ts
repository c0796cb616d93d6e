/** How a window moves on: pure changes to a run, applied by compare-and-swap. */
import { clockToleranceMs, nextTierMs } from './cut.ts';
import { hookKey } from './hook-key.ts';
import { reachesBackMs } from './member-kinds.ts';
import { quiesceSeconds } from './quiesce-seconds.ts';
import type { Hold, PlannedHook, PlannedMember, Run, RunPlan } from './run.ts';

/** The longest that a window may last, from the intent on. */
export function longestSeconds(plan: RunPlan): number {
  const longest = Math.max(0, ...plan.hooks.map(({ deadlineSeconds }) => deadlineSeconds));
  return plan.windowSeconds ?? quiesceSeconds(plan) + longest;
}

/** A planned run enters its window: what is about to be held still, and until when at the latest. */
export function intended(run: Run, plan: RunPlan, nowMs: number): Run {
  return {
    ...run,
    state: 'holding',
    plan,
    window: {
      intendedAt: new Date(nowMs).toISOString(),
      deadlineAt: new Date(nowMs + longestSeconds(plan) * 1000).toISOString(),
      holds: plan.hooks.map((hook) => intendedHold(hook, plan)),
      attemptedTiers: [],
    },
  };
}

/** What cannot be asked is not tried: it holds nothing, and the verdict says why. */
function intendedHold(hook: PlannedHook, { unheld = [] }: RunPlan): Hold {
  const found = unheld.find(({ instanceId }) => instanceId === hook.instanceId);
  return found === undefined
    ? { hook, state: 'intended' }
    : { hook, state: 'free', releasedBy: 'none', quiesceProblem: found.problem };
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
    hookKey(one.hook) === hookKey(other.hook);

/** A run whose window is open, as far as its tiers are concerned. */
type Held = Required<Pick<Run, 'plan' | 'window' | 'artifacts'>>;

const secondMs = 1000;
/** From all being still until a whole second is past that is a clock's tolerance away from either end. */
const pinMs = 2 * clockToleranceMs + secondMs;

/** Since when, epoch ms, all has been held still and the tiers before have been a guard old; 0: nothing is held, and this is the first. */
const stillSinceMs = ({ window, artifacts }: Held, tier: number): number =>
  Math.max(
    nextTierMs(artifacts.filter((artifact) => artifact.tier < tier)),
    ...window.holds.flatMap(({ confirmedAt = '' }) => Date.parse(confirmedAt) || []),
  );

/**
 * Epoch ms from when on a tier may begin: an artifact that may lack what was written shortly before the call, or is of a moment that is
 * chosen, is begun when everything has been still for that long. 0: at once.
 */
export function heldLongEnoughMs(held: Held, tier: number): number {
  const longestMs = Math.max(0, ...held.plan.members.filter((member) => member.tier === tier).map(needsMs));
  const sinceMs = stillSinceMs(held, tier);
  return longestMs === 0 || sinceMs === 0 ? 0 : sinceMs + longestMs;
}

const needsMs = ({ kind, continuous }: PlannedMember): number => (continuous ? pinMs : reachesBackMs(kind));

/**
 * The moment, epoch ms, that a tier's continuous backups are pinned to: the first whole second (services take no finer times) that is
 * later than the hold's beginning, and than the tiers before and their guard, by whatever clock. It is past, by as much, when the tier
 * may begin. The same for every attempt, so that no two can pin different ones.
 */
export function pinnedMs(held: Held, tier: number): number {
  const { beganAt = held.window.intendedAt } = held.window;
  const sinceMs = stillSinceMs(held, tier) || Date.parse(beganAt) - pinMs;
  return Math.ceil((sinceMs + clockToleranceMs) / secondMs) * secondMs;
}
