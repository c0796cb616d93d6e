/** A file system as it is now, and whether AWS Backup can copy it at an hour of our choice. */
import {
  DescribeBackupPolicyCommand,
  DescribeFileSystemsCommand,
  DescribeReplicationConfigurationsCommand,
  type FileSystemDescription,
} from '@aws-sdk/client-efs';
import { unlessCalled } from '#platform/aws-errors.ts';
import { efs } from '#platform/clients/efs.ts';
import type { Source } from '../named-snapshots.ts';
import { settingsOf } from './settings.ts';

/** Undefined: there is none of that id. */
export async function systemOf(id: string): Promise<FileSystemDescription | undefined> {
  const found = await efs()
    .send(new DescribeFileSystemsCommand({ FileSystemId: id }))
    .catch(unlessCalled('FileSystemNotFound'));
  return found?.FileSystems?.[0];
}

/** By the token that whoever made it gave. */
export const systemMadeBy = async (token: string): Promise<FileSystemDescription | undefined> =>
  (await efs().send(new DescribeFileSystemsCommand({ CreationToken: token }))).FileSystems?.[0];

export async function fileSystem(id: string): Promise<Source | undefined> {
  const system = await systemOf(id);
  if (system === undefined) return undefined;
  const [settings, policy, replicas] = await Promise.all([settingsOf(system), backupPolicy(id), replicasOf(id)]);
  return {
    settings: { ...settings, replicas },
    ...standing(system),
    refusals: [...broken(system), ...automatic(id, policy)],
    notes: replicas.map(
      (replica) =>
        `efs ${id} is replicated to ${replica}, which is no backup: what is deleted here is deleted there, too.`,
    ),
  };
}

/** It is `updating` while its throughput changes. */
const standing = ({ FileSystemId: id, LifeCycleState: state }: FileSystemDescription) =>
  state === 'updating' ? { busy: `efs ${id} is ${state}.` } : {};

const broken = ({ FileSystemId: id, LifeCycleState: state = 'error' }: FileSystemDescription): readonly string[] =>
  state === 'available' || state === 'updating'
    ? []
    : [`efs ${id} is ${state}, and only what is available is backed up.`];

/** The file system's own daily backup runs at its own hour, when nothing is held still, and keeps ours from beginning. */
const automatic = (id: string, policy: string): readonly string[] =>
  policy === 'ENABLED' || policy === 'ENABLING'
    ? [
        `efs ${id} is also backed up automatically, while nothing is held still, and AWS Backup does one job at a time. Switch that off: aws efs put-backup-policy --file-system-id ${id} --backup-policy Status=DISABLED`,
      ]
    : [];

/** `DISABLED` also where it was never set. */
export async function backupPolicy(id: string): Promise<string> {
  const found = await efs()
    .send(new DescribeBackupPolicyCommand({ FileSystemId: id }))
    .catch(unlessCalled('PolicyNotFound'));
  return found?.BackupPolicy?.Status ?? 'DISABLED';
}

/** Where it is copied to as it changes: `fs-… in eu-central-1`. */
async function replicasOf(id: string): Promise<readonly string[]> {
  const found = await efs()
    .send(new DescribeReplicationConfigurationsCommand({ FileSystemId: id }))
    .catch(unlessCalled('ReplicationNotFound'));
  return (found?.Replications ?? [])
    .filter(({ SourceFileSystemId }) => SourceFileSystemId === id)
    .flatMap(({ Destinations = [] }) => Destinations)
    .map(({ FileSystemId, Region }) => `${FileSystemId} in ${Region}`);
}
