/**
 * All of a file system that AWS Backup does not bring back: it restores files, and of a new file system no more than encryption, mode and tags.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
 */
import {
  type AccessPointDescription,
  DescribeFileSystemPolicyCommand,
  DescribeLifecycleConfigurationCommand,
  DescribeMountTargetSecurityGroupsCommand,
  type FileSystemDescription,
  type LifecyclePolicy,
  paginateDescribeAccessPoints,
  paginateDescribeMountTargets,
} from '@aws-sdk/client-efs';
import { unlessCalled } from '#platform/aws-errors.ts';
import { efs } from '#platform/clients/efs.ts';
import { ifKnown } from '../if-known.ts';
import { type Tags, tagsIn } from '../tag-list.ts';

export interface EfsSettings extends Record<string, unknown> {
  readonly resourceArn: string;
  /** Metered; hours behind. */
  readonly sizeBytes: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly performanceMode?: string;
  readonly throughputMode?: string;
  readonly provisionedMibps?: number;
  /** Of a One Zone file system. */
  readonly availabilityZone?: string;
  readonly lifecycle: readonly LifecyclePolicy[];
  /** JSON text. */
  readonly policy?: string;
  readonly mountTargets: readonly MountTarget[];
  readonly accessPoints: readonly AccessPoint[];
  readonly tags: Tags;
  /** Where it is copied to as it changes. */
  readonly replicas?: readonly string[];
}

/** Whether an artifact has kept them: one that is known by its tags alone has not. */
export const areEfsSettings = (kept: Readonly<Record<string, unknown>>): kept is EfsSettings =>
  Array.isArray(kept.mountTargets) && Array.isArray(kept.accessPoints) && typeof kept.tags === 'object';

export interface SeenMountTarget {
  readonly subnetId: string;
  /** EFS's word for its state, when it was looked at. */
  readonly state?: string;
  readonly ipAddress?: string;
}

export interface MountTarget extends SeenMountTarget {
  readonly securityGroupIds: readonly string[];
}

/** What calls of their own tell of it. */
export type Features = Pick<EfsSettings, 'lifecycle' | 'policy' | 'accessPoints'>;

/** A new one has another id: whatever mounts by the id must be told. */
export interface AccessPoint extends Pick<AccessPointDescription, 'PosixUser' | 'RootDirectory'> {
  readonly id: string;
  readonly tags: Tags;
}

export async function settingsOf(system: FileSystemDescription): Promise<EfsSettings> {
  const id = system.FileSystemId ?? '';
  const [features, mountTargets] = await Promise.all([featuresOf(id), mountTargetsOf(id)]);
  return {
    resourceArn: system.FileSystemArn ?? '',
    sizeBytes: system.SizeInBytes?.Value ?? 0,
    encrypted: system.Encrypted ?? false,
    ...ifKnown('kmsKeyId', system.KmsKeyId),
    ...ifKnown('performanceMode', system.PerformanceMode),
    ...throughputOf(system),
    ...ifKnown('availabilityZone', system.AvailabilityZoneName),
    ...{ ...features, mountTargets },
    tags: tagsIn(system.Tags),
  };
}

export const throughputOf = ({ ThroughputMode, ProvisionedThroughputInMibps }: FileSystemDescription) => ({
  ...ifKnown('throughputMode', ThroughputMode),
  ...ifKnown('provisionedMibps', ProvisionedThroughputInMibps),
});

export async function featuresOf(id: string): Promise<Features> {
  const [lifecycle, policy, accessPoints] = await Promise.all([lifecycleOf(id), policyOf(id), accessPointsOf(id)]);
  return { lifecycle, accessPoints, ...ifKnown('policy', policy) };
}

async function lifecycleOf(id: string): Promise<readonly LifecyclePolicy[]> {
  const { LifecyclePolicies } = await efs().send(new DescribeLifecycleConfigurationCommand({ FileSystemId: id }));
  return LifecyclePolicies ?? [];
}

async function policyOf(id: string): Promise<string | undefined> {
  const found = await efs()
    .send(new DescribeFileSystemPolicyCommand({ FileSystemId: id }))
    .catch(unlessCalled('PolicyNotFound'));
  return found?.Policy;
}

/** Without what each is reached through, which is a call for each. */
export async function mountTargetsSeen(id: string): Promise<readonly (SeenMountTarget & { readonly id: string })[]> {
  const targets = [];
  for await (const page of paginateDescribeMountTargets({ client: efs() }, { FileSystemId: id })) {
    for (const { MountTargetId = '', SubnetId: subnetId = '', IpAddress, LifeCycleState } of page.MountTargets ?? [])
      targets.push({
        id: MountTargetId,
        subnetId,
        ...ifKnown('ipAddress', IpAddress),
        ...ifKnown('state', LifeCycleState),
      });
  }
  return targets;
}

async function mountTargetsOf(fileSystemId: string): Promise<readonly MountTarget[]> {
  const targets: MountTarget[] = [];
  for (const { id: MountTargetId, ...target } of await mountTargetsSeen(fileSystemId)) {
    const { SecurityGroups } = await efs().send(new DescribeMountTargetSecurityGroupsCommand({ MountTargetId }));
    targets.push({ ...target, securityGroupIds: SecurityGroups ?? [] });
  }
  return targets;
}

async function accessPointsOf(id: string): Promise<readonly AccessPoint[]> {
  const points: AccessPoint[] = [];
  for await (const page of paginateDescribeAccessPoints({ client: efs() }, { FileSystemId: id })) {
    for (const { AccessPointId = '', PosixUser, RootDirectory, Tags } of page.AccessPoints ?? []) {
      points.push({
        id: AccessPointId,
        ...ifKnown('PosixUser', PosixUser),
        ...ifKnown('RootDirectory', RootDirectory),
        tags: tagsIn(Tags),
      });
    }
  }
  return points;
}
