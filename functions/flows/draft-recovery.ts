/** What a recovery would do: the point that it uses and every provider's plan for it, or every reason why not. Changes nothing. */
import { invalidRequest } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryPlan, RecoveryRequest } from '#domain/recovery.ts';
import { selectPoint } from '#domain/select-point.ts';
import { pointsOf } from '#ledger/points.ts';
import { providers } from '#providers/index.ts';
import { restorerOf } from '#providers/restorers.ts';

export interface RecoveryDraft {
  readonly point: Point;
  readonly plan: RecoveryPlan;
  /** The point is known by its artifacts' tags only: the ledger has lost it. */
  readonly isFromTags: boolean;
}

/** @throws InvalidRequest with all refusals, one a line */
export async function draftRecovery(workload: Workload, request: RecoveryRequest): Promise<RecoveryDraft> {
  const known = await pointsOf(workload.name);
  const isFromTags = known.length === 0;
  const selected = selectPoint(isFromTags ? await pointsFromTags(workload.name) : known, request);
  if ('refusal' in selected) throw invalidRequest(selected.refusal);
  return { point: selected.point, plan: await planFor(selected.point, workload, request), isFromTags };
}

/** A point of several kinds is in several providers' tags. */
async function pointsFromTags(workload: string): Promise<readonly Point[]> {
  const points = new Map<string, Point>();
  for (const point of (await Promise.all(providers.map((each) => each.pointsFromTags(workload)))).flat()) {
    const same = points.get(point.id);
    points.set(point.id, same ? { ...same, artifacts: [...same.artifacts, ...point.artifacts] } : point);
  }
  return [...points.values()];
}

async function planFor(point: Point, workload: Workload, request: RecoveryRequest): Promise<RecoveryPlan> {
  const kinds = [...new Set(point.artifacts.map(({ kind }) => kind))];
  const plans = await Promise.all(kinds.map((kind) => restorerOf(kind).plan(point, request, workload)));
  const refusals = plans.flatMap((plan) => plan.refusals);
  if (refusals.length > 0) throw invalidRequest(refusals.join('\n'));
  return {
    targets: plans.flatMap((plan) => plan.targets),
    ...workload.recovery,
    calls: plans.flatMap((plan) => plan.calls),
    warnings: plans.flatMap((plan) => plan.warnings),
  };
}
