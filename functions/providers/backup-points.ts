/**
 * Recovery points of AWS Backup: their tags, and their end. Only types that AWS Backup manages fully have points with ARNs, and so tags, of its
 * own; those of the others are snapshots of their services.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_TagResource.html
 */
import {
  type BackupJob,
  DeleteRecoveryPointCommand,
  DescribeRecoveryPointCommand,
  ListTagsCommand,
  paginateListRecoveryPointsByBackupVault,
  TagResourceCommand,
} from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import { providerFault } from '#domain/faults.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { environment } from '#platform/environment.ts';
import { isUnderWay, jobOf, stopJob, textOf } from './backup-jobs.ts';
import type { Snapshot } from './named-snapshots.ts';
import type { Tags } from './tag-list.ts';

const isTaggable = (pointArn: string): boolean => pointArn.split(':')[2] === 'backup';

export async function tagPoint({ detail }: Artifact, tags: Tags): Promise<void> {
  const pointArn = textOf(detail.recoveryPointArn);
  if (isTaggable(pointArn)) await backup().send(new TagResourceCommand({ ResourceArn: pointArn, Tags: { ...tags } }));
}

/**
 * Asks for the end of a point, or of the job that would make it, and looks whether it has come: AWS Backup answers that it will
 * delete before it does, and when it could not the point is EXPIRED.
 * @returns true when nothing is left
 * @throws ProviderFault when AWS Backup has tried and could not
 */
export async function endPoint(artifact: Artifact): Promise<boolean> {
  const job = artifact.state === 'pending' ? await jobOf(artifact.id) : undefined;
  if (job !== undefined && isUnderWay(job)) {
    await stopJob(artifact.id);
    return false;
  }
  const point = pointOf(artifact, job);
  if (point === undefined) return true;
  const status = await statusOf(point);
  if (status === undefined) return true;
  if (status !== 'DELETING') await backup().send(new DeleteRecoveryPointCommand(point));
  if (status !== 'EXPIRED') return false;
  throw providerFault(
    `AWS Backup could not delete the recovery point ${point.RecoveryPointArn} in the vault ${point.BackupVaultName}, and keeps it as EXPIRED: look whether a legal hold or a lock is on it.`,
  );
}

interface PointName {
  readonly BackupVaultName: string;
  readonly RecoveryPointArn: string;
}

/** Undefined: the job ended before there was any. */
function pointOf({ detail }: Pick<Artifact, 'detail'>, job: BackupJob | undefined): PointName | undefined {
  const RecoveryPointArn = textOf(detail.recoveryPointArn ?? job?.RecoveryPointArn);
  return RecoveryPointArn === '' ? undefined : { BackupVaultName: textOf(detail.vault), RecoveryPointArn };
}

async function statusOf(point: PointName): Promise<string | undefined> {
  const found = await backup()
    .send(new DescribeRecoveryPointCommand(point))
    .catch(unlessCalled('ResourceNotFoundException'));
  return found?.Status;
}

/** One sentence: why a point cannot be restored, by what an artifact has kept of it. */
export async function pointRefusals(detail: Artifact['detail']): Promise<readonly string[]> {
  const point = pointOf({ detail }, undefined);
  const status = point && (await statusOf(point));
  if (isUsable(status)) return [];
  return [`The recovery point ${point?.RecoveryPointArn ?? ''} is ${status ?? 'gone'}, and cannot be restored.`];
}

/** One that is complete, as it is now: its job is forgotten after a while. Undefined: it is gone. */
export async function pointSeen(artifact: Artifact): Promise<Snapshot | undefined> {
  const { id, startedAt, cut = { lower: startedAt } } = artifact;
  const point = pointOf(artifact, undefined);
  const status = point && (await statusOf(point));
  if (status === undefined) return undefined;
  const problem = `AWS Backup has the recovery point as ${status}`;
  return { id, startedAt, cut, ...(isUsable(status) ? { state: 'completed' } : { state: 'error', problem }) };
}

const isUsable = (status: string | undefined): boolean => status === 'COMPLETED' || status === 'AVAILABLE';

/** Of the vault, with the ARN of what each is a copy of; the job that made it is not told. */
export async function taggedPoints(): Promise<readonly (Snapshot & { readonly resourceArn: string })[]> {
  const vault = environment.vault();
  const found = [];
  for await (const page of paginateListRecoveryPointsByBackupVault({ client: backup() }, { BackupVaultName: vault })) {
    for (const {
      RecoveryPointArn: id = '',
      ResourceArn: resourceArn = '',
      Status,
      CreationDate,
    } of page.RecoveryPoints ?? []) {
      if (!isTaggable(id)) continue;
      const { Tags: tags = {} } = await backup().send(new ListTagsCommand({ ResourceArn: id }));
      const lower = CreationDate?.toISOString() ?? '';
      const state: Artifact['state'] = isUsable(Status) ? 'completed' : 'error';
      found.push({ id, state, cut: { lower }, tags, resourceArn, detail: { vault, recoveryPointArn: id } });
    }
  }
  return found;
}
