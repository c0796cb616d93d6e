import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { Recovery, RecoveryRequest } from '#domain/recovery.ts';

/** The recovery that a dry run's calls would be made for; its id is not known yet. */
export function recoveryDraft(point: Point, request: RecoveryRequest, { name, recovery }: Workload): Recovery {
  return {
    id: '<recovery>',
    workload: name,
    request,
    pointId: point.id,
    startedAt: new Date().toISOString(),
    state: 'planned',
    plan: { targets: [], ...recovery, calls: [], warnings: [] },
    phases: [],
  };
}
