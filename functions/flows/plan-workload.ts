/** What a run of a workload would do, and every reason why it could not; reads, and neither writes nor reserves anything. */
import type { Workload } from '#domain/policy.ts';
import type { Run, RunPlan, UnheldInstance } from '#domain/run.ts';
import { type Expected, type TooShort, tooShort } from '#domain/window-forecast.ts';
import { planHooks } from '#hooks/plan-hooks.ts';
import { pointsOf } from '#ledger/points.ts';
import { readRun } from '#ledger/runs.ts';
import { withAlarms } from '#providers/alarms/watching.ts';
import { providersFor } from '#providers/index.ts';
import type { Reservation } from '#providers/provider.ts';

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

export async function planWorkload(workload: Workload, others: readonly Workload[]): Promise<WorkloadPlan> {
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
  const window = plan.windowSeconds === undefined ? fits : await windowOf(workload.name, plan, expected);
  const busy = found.find((planned) => planned.busy !== undefined)?.busy;
  return {
    plan,
    refusals: [...found.flatMap(({ refusals }) => refusals), ...hooks.refusals, ...window.refusals],
    notes: [
      ...found.flatMap(({ notes = [] }) => notes),
      ...watched.notes,
      ...hooks.unheld.map(unheldNote),
      ...window.notes,
    ],
    unreachable: hooks.unreachable,
    reservations: found.flatMap(({ reservation }) => reservation ?? []),
    ...(busy === undefined ? {} : { busy }),
  };
}

const unheldNote = ({ instanceId, problem }: UnheldInstance): string =>
  `${problem} The policy prefers a crash-consistent point to none, so ${instanceId} is backed up without them.`;

/** Runs that were sealed last, by which it is told how long the next will take. */
const runsAsked = 3;
const fits: TooShort = { refusals: [], notes: [] };

/** One that cannot hold all that is taken in it would be held for nothing, and fail at its end. */
async function windowOf(name: string, plan: RunPlan, expected: readonly Expected[]): Promise<TooShort> {
  const points = await pointsOf(name, runsAsked);
  const runs = await Promise.all(points.map(({ id }) => readRun(name, id)));
  const told = tooShort(
    plan,
    expected,
    runs.flatMap((run): readonly Run[] => (run === undefined ? [] : [run])),
  );
  const named = (sentence: string) => `${name}: ${sentence}`;
  return { refusals: told.refusals.map(named), notes: told.notes.map(named) };
}
