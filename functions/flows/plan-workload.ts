/** What a run of a workload would do, and every reason why it could not; reads, and neither writes nor reserves anything. */
import type { Workload } from '#domain/policy.ts';
import type { RunPlan, UnheldInstance } from '#domain/run.ts';
import { type Expected, windowRefusal } from '#domain/window-forecast.ts';
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
  const tooShort = await tooShortFor(
    workload.name,
    plan,
    found.flatMap(({ expected = [] }) => expected),
  );
  const busy = found.find((planned) => planned.busy !== undefined)?.busy;
  return {
    plan,
    refusals: [...found.flatMap(({ refusals }) => refusals), ...hooks.refusals, ...tooShort],
    notes: [...found.flatMap(({ notes = [] }) => notes), ...watched.notes, ...hooks.unheld.map(unheldNote)],
    unreachable: hooks.unreachable,
    reservations: found.flatMap(({ reservation }) => reservation ?? []),
    ...(busy === undefined ? {} : { busy }),
  };
}

const unheldNote = ({ instanceId, problem }: UnheldInstance): string =>
  `${problem} The policy prefers a crash-consistent point to none, so ${instanceId} is backed up without them.`;

/** One that cannot hold all that is taken in it would be held for nothing, and fail at its end. @returns a sentence or none */
async function tooShortFor(name: string, plan: RunPlan, expected: readonly Expected[]): Promise<readonly string[]> {
  if (expected.length === 0) return [];
  const [newest] = await pointsOf(name, 1);
  const last = newest && (await readRun(name, newest.id));
  const sentence = windowRefusal(plan, expected, last);
  return sentence === undefined ? [] : [`${name}: ${sentence}`];
}
