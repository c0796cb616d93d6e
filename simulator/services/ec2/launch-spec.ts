import type { _InstanceType, VolumeType } from '@aws-sdk/client-ec2';
import type { ApplicationSpec } from '../../guest/application.ts';

export interface LaunchVolume {
  /** As the API names it: `/dev/sdf`. */
  readonly device: string;
  readonly sizeGib: number;
  /** Default gp3. */
  readonly type?: VolumeType;
  readonly iops?: number;
  readonly throughput?: number;
  /** Default false; true without a key: the AWS managed key. */
  readonly encrypted?: boolean;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Default true for the root, false for data volumes (as the console does). */
  readonly deleteOnTermination?: boolean;
  /** Where fstab mounts it. Default `/` for the root and `/mnt/<last part of the device name>` for others; null: never mounted. */
  readonly mountPoint?: string | null;
  /** Default xfs. */
  readonly fileSystem?: 'xfs' | 'ext4' | 'none';
}

/** One machine of the fleet, running since before the story begins. */
export interface LaunchSpec {
  /** Default: a random id. */
  readonly id?: string;
  readonly name: string;
  /** Default m5.large. */
  readonly type?: _InstanceType;
  /** Default: the Region's first zone. */
  readonly availabilityZone?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Default: /dev/xvda, 8 GiB. */
  readonly rootDevice?: LaunchVolume;
  readonly volumes?: readonly LaunchVolume[];
  readonly spot?: 'one-time' | 'persistent';
  /** Default ebs. */
  readonly rootDeviceType?: 'ebs' | 'instance-store';
  readonly hibernation?: boolean;
  /** Name of its group, which comes to exist with it. */
  readonly autoScalingGroup?: string;
  /** State of the SSM agent. Default online; `none` never registered. */
  readonly agent?: 'online' | 'offline' | 'none';
  /** What the agent says of it; either way the guest is the same. Default Linux. */
  readonly platform?: 'Linux' | 'Windows';
  /** ARN of the role that programs in the guest act in. Default: none. */
  readonly roleArn?: string;
  /** Whether AwsVssComponents are installed in a Windows guest. Default false. */
  readonly vssComponents?: boolean;
  /** Name of its key pair. Default: none. */
  readonly keyName?: string;
  /** As text. Default: none. */
  readonly userData?: string;
  /** Its Elastic IP address. Default: none. */
  readonly elasticIp?: string;
  /** Account that the address is of. Default: the region's own. */
  readonly elasticIpOwner?: string;
  readonly disableApiStop?: boolean;
  /** By how much its clock is ahead. Default 0. */
  readonly clockSkewMs?: number;
  /** What writes on its volumes. */
  readonly applications?: readonly ApplicationSpec[];
  /** Default running. */
  readonly state?: 'running' | 'stopped';
}

export const DEFAULT_INSTANCE_TYPE: _InstanceType = 'm5.large';

export const DEFAULT_ROOT_DEVICE: LaunchVolume = { device: '/dev/xvda', sizeGib: 8 };

/** All volumes of a machine with defaults filled in, root first. */
export function volumesOf(spec: LaunchSpec): readonly (LaunchVolume & { readonly isRoot: boolean })[] {
  const root = { ...(spec.rootDevice ?? DEFAULT_ROOT_DEVICE), isRoot: true };
  const data = (spec.volumes ?? []).map((volume) => ({ ...volume, isRoot: false }));
  return spec.rootDeviceType === 'instance-store' ? data : [root, ...data];
}

/** fstab of a machine: device -> mount point. */
export function mountsOf(spec: LaunchSpec): Readonly<Record<string, string>> {
  const lines = volumesOf(spec).map((volume) => [volume.device, mountPointOf(volume)] as const);
  const instanceStore = spec.rootDeviceType === 'instance-store' ? [[INSTANCE_STORE_ROOT, '/'] as const] : [];
  return Object.fromEntries([
    ...instanceStore,
    ...lines.flatMap(([device, at]) => (at === null ? [] : [[device, at] as const])),
  ]);
}

/** The name under which a guest sees its root when that is not an EBS volume. */
export const INSTANCE_STORE_ROOT = '/dev/sda1';

function mountPointOf(volume: LaunchVolume & { readonly isRoot: boolean }): string | null {
  if (volume.mountPoint !== undefined) {
    return volume.mountPoint;
  }
  return volume.isRoot ? '/' : `/mnt/${volume.device.split('/').at(-1)}`;
}
