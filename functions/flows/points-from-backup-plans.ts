import type { Point } from '#domain/point.ts';
import { pointsFromBackupPlans as fromPlans } from '#domain/points-from-backup-plans.ts';
import type { Workload } from '#domain/policy.ts';
import { asFault } from '#platform/aws-errors.ts';
import { backupPlanVaults } from '#platform/environment.ts';
import { backupPlanReaders } from '#providers/backup-plan-readers.ts';
import { arnsBesideVaults, copiesOf } from '#providers/backup-plan-vaults.ts';

/**
 * What the plans of the policy have copied of a workload, newest first; none where there are no plans.
 * @param known its points in the ledger, newest first: what they say of what is gone
 */
export async function pointsFromBackupPlans(
  { name, members }: Workload,
  known: readonly Point[],
): Promise<readonly Point[]> {
  if (backupPlanVaults().length === 0) return [];
  try {
    const artifacts = known.flatMap((point) => point.artifacts);
    const reached = await Promise.all(
      backupPlanReaders.map((reader) => reader(members, artifacts, arnsBesideVaults())),
    );
    const copies = await copiesOf(reached.flatMap(({ resources }) => resources));
    const parts = await Promise.all(
      reached.map(({ resources, read }) => read(copies.filter(({ resourceArn }) => resources.includes(resourceArn)))),
    );
    const others = members.flatMap((member) =>
      'resource' in member && member.kind !== 'efs' ? [{ kind: member.kind, place: member.resource }] : [],
    );
    const expected = [...reached.flatMap((each) => each.expected), ...others];
    return fromPlans(name, parts.flat(), expected, new Date().toISOString());
  } catch (error) {
    throw asFault(error, `looking for what plans have copied of ${name}`);
  }
}
