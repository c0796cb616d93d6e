import type { ImageState, InstanceStateName, SnapshotState, VolumeState, VolumeType } from '@aws-sdk/client-ec2';
import type { Disk } from '../../guest/disk.ts';
import type { Guest } from '../../guest/guest.ts';
import type { LaunchSpec } from './launch-spec.ts';

export type Tags = Map<string, string>;

/** An attachment as the volume tells it, which is also the truth. */
export interface AttachmentRecord {
  readonly instanceId: string;
  readonly device: string;
  readonly attachTimeMs: number;
  state: 'attaching' | 'attached' | 'detaching' | 'busy';
}

export interface VolumeRecord {
  readonly id: string;
  readonly availabilityZone: string;
  readonly sizeGib: number;
  readonly type: VolumeType;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly snapshotId: string | undefined;
  readonly tags: Tags;
  readonly createTimeMs: number;
  readonly visibleAtMs: number;
  readonly disk: Disk;
  state: VolumeState;
  attachment: AttachmentRecord | undefined;
  lastSnapshotMs: number | undefined;
}

/** An attachment as the instance's block device mapping tells it: a little earlier or later than the volume does. */
export interface MappingRecord {
  readonly volumeId: string;
  readonly attachTimeMs: number;
  status: 'attaching' | 'attached' | 'detaching';
  deleteOnTermination: boolean;
}

export interface InstanceRecord {
  readonly id: string;
  readonly spec: LaunchSpec;
  readonly availabilityZone: string;
  readonly tags: Tags;
  readonly rootDevice: string;
  readonly imageId: string;
  /** Of the RunInstances that made it. */
  readonly clientToken: string | undefined;
  readonly guest: Guest;
  /** Device name -> mapping. */
  readonly mappings: Map<string, MappingRecord>;
  /** Mappings that are gone but still shown by DescribeInstances. */
  readonly ghostMappings: Set<MappingRecord & { readonly device: string }>;
  state: InstanceStateName;
  /** What Describe calls still show until `stateShownAtMs`. */
  formerState: InstanceStateName;
  stateShownAtMs: number;
  stateReason: { readonly code: string; readonly message: string } | undefined;
  launchTimeMs: number;
  statusOkAtMs: number;
  statusImpaired: boolean;
  disableApiStop: boolean;
  hasRun: boolean;
  /** `dead`: comes back with the next start; `offline`: does not. */
  agent: 'online' | 'offline' | 'dead' | 'none';
}

/** An Elastic IP address. */
export interface AddressRecord {
  /** Of its allocation. */
  readonly id: string;
  readonly publicIp: string;
  /** Account. */
  readonly owner: string;
  readonly tags: Tags;
  /** Where it leads. */
  association: { readonly id: string; readonly instanceId: string } | undefined;
  /** What Describe calls still show until `shownAtMs`. */
  formerAssociation: AddressRecord['association'];
  shownAtMs: number;
}

export interface SnapshotRecord {
  readonly id: string;
  readonly volumeId: string;
  /** Shared by the members of one CreateSnapshots call; AWS does not tell it. */
  readonly setId: string | undefined;
  readonly startTimeMs: number;
  readonly completesAtMs: number;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly description: string;
  readonly tags: Tags;
  readonly visibleAtMs: number;
  /** What was on the volume when the call was accepted. */
  readonly disk: Disk;
  /** Where the volume was attached then. */
  readonly origin: { readonly instanceId: string; readonly device: string } | undefined;
  state: SnapshotState;
  completionTimeMs: number | undefined;
  deleteRequested: boolean;
  /** Until then still shown, though gone. */
  goneAtMs: number | undefined;
  usedByImage: string | undefined;
  /** Of a copy: what of. */
  readonly copiedFrom?: { readonly snapshotId: string; readonly volumeId: string };
  /** Why a copy is in error. */
  stateMessage?: string;
}

export interface ImageRecord {
  readonly id: string;
  readonly name: string;
  readonly instanceId: string;
  readonly description: string;
  readonly rootDevice: string;
  /** Of all volumes that it will have snapshots of. */
  readonly devices: readonly string[];
  readonly tags: Tags;
  /** What each of its snapshots is tagged with. */
  readonly snapshotTags: Tags;
  readonly creationTimeMs: number;
  readonly visibleAtMs: number;
  /** Until then still shown, though deregistered. */
  goneAtMs: number | undefined;
  /** Device name -> snapshot. */
  readonly snapshotIds: Map<string, string>;
  state: ImageState;
  problem: string | undefined;
  /** Accounts that may launch it too. */
  sharedWith: readonly string[];
  /** Deregistration protection. */
  isProtected: boolean;
}
