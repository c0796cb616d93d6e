/** What a run of a workload would do, and every reason why it could not; reads, and neither writes nor reserves anything. */
import type { Workload } from '#domain/policy.ts';
import type { Run, RunPlan, UnheldInstance } from '#domain/run.ts';
import { type TooShort, tooShort } from '#domain/window-forecast.ts';
import { planHooks } from '#hooks/plan-hooks.ts';
import { pointsOf } from '#ledger/points.ts';
import { readRun } from '#ledger/runs.ts';
import { withAlarms } from '#providers/alarms/watching.ts';
import { providersFor } from '#providers/index.ts';
import type { Provider, Reservation } from '#providers/provider.ts';

export interface WorkloadPlan {
  readonly plan: RunPlan;
  readonly refusals: readonly string[];
  /** What the owner should know, and what keeps no run from beginning. */
  readonly notes: readonly string[];
  /** Ids of guests whose hooks cannot be asked; `refusals`, or `plan.unheld`, says why. */
  readonly unreachable: readonly string[];
  readonly reservations: readonly Reservation[];
  readonly busy?: string;
}

/** @param lastRuns of a workload those that were sealed last, newest first: as the ledger has them, which who only plans may not have */
export async function planWorkload(
  workload: Workload,
  others: readonly Workload[],
  lastRuns: (workload: string) => Promise<readonly Run[]> = sealedLast,
): Promise<WorkloadPlan> {
  const kinds = providersFor([workload]);
  const found = await Promise.all(kinds.map((provider) => provider.plan(workload.members, workload, others)));
  const [hooks, watched] = await Promise.all([
    planHooks(
      workload,
      found.flatMap(({ instances }) => instances),
    ),
    withAlarms(
      found.flatMap(({ members }) => members),
      kinds,
    ),
  ]);
  const plan: RunPlan = {
    members: watched.members,
    hooks: hooks.hooks,
    onQuiesceFailure: workload.onQuiesceFailure,
    ...(workload.windowMinutes === undefined ? {} : { windowSeconds: workload.windowMinutes * 60 }),
    ...(hooks.unheld.length === 0 ? {} : { unheld: hooks.unheld }),
  };
  const expected = found.flatMap((planned) => planned.expected ?? []);
  const asked = kinds.filter(({ restoreNotes }) => restoreNotes !== undefined);
  const runs = plan.windowSeconds === undefined && asked.length === 0 ? [] : await lastRuns(workload.name);
  const window = plan.windowSeconds === undefined ? fits : tooShort(plan, expected, runs);
  const named = (sentence: string) => `${workload.name}: ${sentence}`;
  const busy = found.find((planned) => planned.busy !== undefined)?.busy;
  return {
    plan,
    refusals: [...found.flatMap(({ refusals }) => refusals), ...hooks.refusals, ...window.refusals.map(named)],
    notes: [
      ...found.flatMap(({ notes = [] }) => notes),
      ...watched.notes,
      ...(await restoreNotes(asked, plan, runs[0])),
      ...hooks.unheld.map(unheldNote),
      ...window.notes.map(named),
    ],
    unreachable: hooks.unreachable,
    reservations: found.flatMap(({ reservation }) => reservation ?? []),
    ...(busy === undefined ? {} : { busy }),
  };
}

/** @param newest sealed last; what another point is of is no news */
async function restoreNotes(
  kinds: readonly Provider[],
  { members }: RunPlan,
  newest: Run | undefined,
): Promise<readonly string[]> {
  const notes = await Promise.all(
    kinds.map((provider) => {
      const last = newest?.artifacts.filter(({ kind }) => kind === provider.kind) ?? [];
      return provider.restoreNotes?.(
        members.filter(({ kind }) => kind === provider.kind),
        last,
      );
    }),
  );
  return notes.flatMap((each) => each ?? []);
}

const unheldNote = ({ instanceId, problem }: UnheldInstance): string =>
  `${problem} The policy prefers a crash-consistent point to none, so ${instanceId} is backed up without them.`;

/** So many tell how long the next will take. */
const runsAsked = 3;
/** A window that lasts as long as its hooks hold. */
const fits: TooShort = { refusals: [], notes: [] };

/** Runs of a workload that were sealed last, newest first. */
export async function sealedLast(workload: string): Promise<readonly Run[]> {
  const points = await pointsOf(workload, runsAsked);
  const runs = await Promise.all(points.map(({ id }) => readRun(workload, id)));
  return runs.flatMap((run): readonly Run[] => (run === undefined ? [] : [run]));
}
