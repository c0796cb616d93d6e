/**
 * Where the workload has no instance of its own, the one that moves restored files to their place runs the owner's verify script, too: once applications are
 * led to all that is new, and before the recovery commits.
 */
import { isOfInstances } from '#domain/member-kinds.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { guestTasks } from '../ebs/restore/guest-task.ts';
import { taskCall } from '../ebs/restore/planned-calls.ts';
import { checkInGuest } from '../replacement/check-in-guest.ts';
import { replacementDetail } from '../replacement/replacement-detail.ts';
import type { PhaseResult } from '../restorer.ts';
import { promotionOf } from './promotion-of.ts';

/** @throws ProviderFault when the script says no, or does not end in time */
export async function verifyOnPromoter(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const { plan } = recovery;
  const instanceId = promoterOfTarget(target);
  const isAsked = plan.verify !== undefined && !plan.targets.some(({ kind }) => isOfInstances(kind));
  const [first] = plan.targets.filter((each) => each.kind === 'efs' && promoterOfTarget(each) === instanceId);
  if (!isAsked || instanceId === undefined || first?.resource !== target.resource) return { done: true, target };
  // Folders to clean up are those of members' own guests.
  return checkInGuest(target, { ...recovery, plan: { ...plan, cleanUp: [] } }, instanceId);
}

/** As an operator would type them. */
export function verifyCalls(
  targets: readonly RecoveryTarget[],
  { artifacts }: Point,
  { recovery: { verify } }: Workload,
): readonly string[] {
  if (verify === undefined || artifacts.some(({ kind }) => isOfInstances(kind))) return [];
  const instances = new Set(targets.flatMap((target) => promoterOfTarget(target) ?? []));
  return [...instances].flatMap((id) => guestTasks({ verify }).map((task) => taskCall(id, task)));
}

const promoterOfTarget = (target: RecoveryTarget): string | undefined =>
  promotionOf(replacementDetail(target).settings).promoteOn;
