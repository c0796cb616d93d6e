/** What a recovery would do: the point that it uses and every provider's plan for it, or every reason why not. Changes nothing. */
import { orderProblems } from '#domain/cut.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryPlan, RecoveryRequest } from '#domain/recovery.ts';
import { selectPoint } from '#domain/select-point.ts';
import { pointsOf } from '#ledger/points.ts';
import { providersFor } from '#providers/index.ts';
import { restorerOf } from '#providers/restorers.ts';
import { draftSeed } from './draft-seed.ts';
import { pointsFromTags } from './points-from-tags.ts';

export interface RecoveryDraft {
  readonly point: Point;
  readonly plan: RecoveryPlan;
  /** The point is known by its artifacts' tags only: the ledger has lost it. */
  readonly isFromTags: boolean;
}

/** @throws InvalidRequest with all refusals, one a line */
export async function draftRecovery(workload: Workload, request: RecoveryRequest): Promise<RecoveryDraft> {
  if (request.rdb !== undefined) {
    const { point, refusals } = await draftSeed(workload, request, request.rdb);
    return { point, plan: await planFor(point, workload, request, refusals), isFromTags: false };
  }
  const known = await pointsOf(workload.name);
  const isFromTags = known.length === 0;
  const selected = selectPoint(
    isFromTags ? await pointsFromTags(workload.name, providersFor([workload])) : known,
    request,
  );
  if ('refusal' in selected) throw invalidRequest(selected.refusal);
  return { point: selected.point, plan: await planFor(selected.point, workload, request), isFromTags };
}

/** @param found what speaks against it already */
async function planFor(
  point: Point,
  workload: Workload,
  request: RecoveryRequest,
  found: readonly string[] = [],
): Promise<RecoveryPlan> {
  const unproven = orderProblems(point.artifacts);
  if (unproven.length > 0) throw invalidRequest(unproven.join('\n'));
  const kinds = [...new Set(point.artifacts.map(({ kind }) => kind))];
  if (request.replace === true) refuseUnlessWhole(request, kinds);
  const plans = await Promise.all(kinds.map((kind) => restorerOf(kind).plan(point, request, workload)));
  const refusals = [...found, ...plans.flatMap((plan) => plan.refusals)];
  if (refusals.length > 0) throw invalidRequest(refusals.join('\n'));
  return {
    targets: plans.flatMap((plan) => plan.targets),
    ...workload.recovery,
    calls: plans.flatMap((plan) => plan.calls),
    warnings: plans.flatMap((plan) => plan.warnings),
  };
}

/** What is not launched anew takes no place, or always does. */
function refuseUnlessWhole({ volumes, toInstance }: RecoveryRequest, kinds: readonly string[]): void {
  if (!kinds.includes('ami')) {
    throw invalidRequest('--replace is for members of kind ami, and the point has none. Recover without it.');
  }
  if (volumes === undefined && toInstance === undefined) return;
  throw invalidRequest('--replace is for whole instances: recover without --volume and --to-instance, or without it.');
}
