/** What a plan of AWS Backup reaches, and what has been asked of AWS Backup for it. */
import { type BackupJob, paginateListBackupJobs } from '@aws-sdk/client-backup';
import type { BackupPlan } from '#domain/backup-plan.ts';
import type { BackupPlanJob } from '#domain/backup-plan-coverage.ts';
import { backupPlanTypeOf, backupPlanTypes, typesOf } from '#domain/backup-plan-types.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { tagging } from '#platform/clients/tagging.ts';
import { deployedVaults } from '#providers/backup-plan-vaults.ts';

/** ARNs of what carries all its tags and is of its types, in their order. Of types that AWS Backup may copy and Holdfast does not know: nothing. */
export async function reachedBy(plan: BackupPlan): Promise<readonly string[]> {
  const types = typesOf(plan);
  const found = await tagging()
    .resourcesWith(
      plan.tags,
      types.map((type) => backupPlanTypes[type].inArns),
    )
    .catch(faultWhile(`looking for what carries the tags of the plan ${plan.name}`));
  return found
    .map(({ arn }) => arn)
    .filter((arn) => types.some((type) => type === backupPlanTypeOf(arn)))
    .toSorted();
}

/** Name of its vault; undefined: the plan is not in the deployed policy. */
export const vaultOf = ({ name }: BackupPlan): string | undefined =>
  deployedVaults().find(({ plan }) => plan === name)?.name;

/** Jobs into its vault that were created after a time, at most 30 days ago; oldest first. */
export async function jobsFor(plan: BackupPlan, vault: string, after: Date): Promise<readonly BackupPlanJob[]> {
  const jobs = await listed(vault, after).catch(faultWhile(`listing the jobs of AWS Backup for the plan ${plan.name}`));
  return jobs.toSorted((one, other) => compared(one.createdAt, other.createdAt) || compared(one.id, other.id));
}

async function listed(ByBackupVaultName: string, ByCreatedAfter: Date): Promise<readonly BackupPlanJob[]> {
  const jobs: BackupPlanJob[] = [];
  const asked = { ByBackupVaultName, ByCreatedAfter, MaxResults: 1000 };
  for await (const page of paginateListBackupJobs({ client: backup() }, asked)) {
    jobs.push(...(page.BackupJobs ?? []).flatMap((job) => backupPlanJob(job) ?? []));
  }
  return jobs;
}

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function backupPlanJob(job: BackupJob): BackupPlanJob | undefined {
  const { BackupJobId: id, ResourceArn: resource, State: state, StatusMessage: message, CreationDate: created } = job;
  if (id === undefined || resource === undefined || state === undefined || created === undefined) return undefined;
  return { id, resource, state, createdAt: created.toISOString(), ...(message === undefined ? {} : { message }) };
}
