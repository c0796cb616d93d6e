import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Kernel } from '../../kernel/service.ts';
import type { Durations } from './durations.ts';
import type { AddressRecord, ImageRecord, InstanceRecord, SnapshotRecord, VolumeRecord } from './records.ts';

/** What EC2 needs to know of KMS. A key it was not told about is `missing`. */
export interface KeyStates {
  /** ARN of `alias/aws/ebs`. */
  managedKeyArn?(): string;
  keyState(keyIdOrArn: string): 'Enabled' | 'Disabled' | 'PendingDeletion' | 'missing';
}

/** Quotas and rates (EBS User Guide, "Quotas"; EC2 API, "Error codes"); all can be overridden. */
export const DEFAULT_LIMITS = {
  secondsBetweenSnapshotsOfVolume: 15,
  pendingSnapshotsPerVolume: 5,
  pendingSnapshotsPerColdVolume: 1,
  pendingSnapshotsPerRegion: 100,
  snapshotsPerRegion: 100_000,
  copiesInProgress: 20,
  excludedDataVolumes: 40,
  tagsPerResource: 50,
} as const;
export type Limits = { readonly [Name in keyof typeof DEFAULT_LIMITS]: number };

/** Misfortunes that were arranged and have not happened yet. */
export interface Arranged {
  readonly failingSnapshots: Set<string>;
  readonly endlessSnapshots: Set<string>;
  readonly hangingDetaches: Set<string>;
  readonly hangingAttaches: Set<string>;
  readonly hangingStops: Set<string>;
  /** Instance id -> how many more starts find no capacity. */
  readonly starvedStarts: Map<string, number>;
  readonly zonesDown: Set<string>;
  vanishingVolumes: number;
  endlessVolumes: number;
}

/** Everything the operations of EC2 share. */
export interface Ec2Context {
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly random: Random;
  readonly durations: Durations;
  /** How long what was changed is shown as it was, taken from `visibility`; a stream of chance of its own. */
  readonly lags: Durations;
  /** When the last change of tags so far is there for everybody. */
  tagsSpreadUntilMs: number;
  /** Decides where filtered pages are cut short. */
  readonly pageChance: Random;
  /** Share of filtered searches that end their first page early. */
  readonly shortPages: number;
  readonly keys: KeyStates;
  /** EC2 of a Region, this one among them; undefined where there is no such Region. */
  readonly elsewhere: (regionName: string) => Ec2Context | undefined;
  readonly limits: Limits;
  /** Files of the NFS server at an address, as instances see them. */
  readonly nfs: ((address: string) => Map<string, string> | undefined) | undefined;
  readonly arranged: Arranged;
  readonly zones: readonly string[];
  /** Does CreateSnapshots also send one event per member? Not known of AWS; default false. */
  readonly memberSnapshotEvents: boolean;
  /** Share of a volume that changes in a day: what an incremental snapshot takes long for. */
  readonly changedSharePerDay: number;
  readonly instances: Map<string, InstanceRecord>;
  readonly volumes: Map<string, VolumeRecord>;
  readonly snapshots: Map<string, SnapshotRecord>;
  readonly images: Map<string, ImageRecord>;
  /** Allocation id -> Elastic IP address. */
  readonly addresses: Map<string, AddressRecord>;
  /** Launch templates whose newest or default version launches an image. */
  readonly launchTemplates: { readonly name: string; readonly imageId: string }[];
  /** Client token -> what it was first used for. */
  readonly clientTokens: Map<string, { readonly request: string; readonly id: string }>;
  /** Called after every change of an instance's state. */
  readonly onInstanceState: ((instance: InstanceRecord) => void)[];
}
