/**
 * The policy as the functions see it: validated, defaults filled in, every name known. `policy-schema.ts` is the only way in
 * (from YAML or from the CDK construct); handlers read the result from `policy.json` beside their bundle.
 */

import type { BackupPlan } from './backup-plan.ts';
import type { CleanUp } from './clean-up.ts';
import type { Hook } from './hook.ts';
import type { ManagedKind, MemberKind } from './member-kinds.ts';

/** What `holdfast.yaml` says, complete. */
export interface Policy {
  readonly version: 1;
  readonly workloads: readonly Workload[];
  /** What AWS Backup does by itself, without holding anything still. Absent: nothing. */
  readonly plans?: readonly BackupPlan[];
  /** Kinds without members, whose old points are still retired. Absent: none. */
  readonly formerKinds?: readonly MemberKind[];
}

/** What must come back together. */
export interface Workload {
  /** Lower case letters, digits and hyphens, at most 32 characters: it becomes part of names, tags and ARNs. */
  readonly name: string;
  readonly description: string;
  readonly schedule: Schedule;
  /** So long after its time a scheduled run may begin; absent: however late. */
  readonly startWithinMinutes?: number;
  readonly members: readonly Member[];
  /** In order of quiescing; released in the reverse order. Empty: never held still, points are crash-consistent. */
  readonly hooks: readonly Hook[];
  /** What to do when quiescing fails: stop the run, or take a crash-consistent point after all. */
  readonly onQuiesceFailure: 'abort' | 'crash-consistent';
  /** How long the window may last, where some member's moment is not fixed at once; absent: as long as the hooks hold. */
  readonly windowMinutes?: number;
  readonly retention: Retention;
  /** Where a copy of every point is wanted, too. Absent: nowhere. */
  readonly copyTo?: CopyTo;
  readonly objectives: Objectives;
  readonly mail: { readonly failures: readonly string[]; readonly reports: readonly string[] };
  readonly recovery: RecoverySettings;
}

export interface Schedule {
  /** EventBridge Scheduler's own words: `cron(0 3 * * ? *)` or `rate(12 hours)`. */
  readonly expression: string;
  /** IANA name; `UTC` unless told. */
  readonly timeZone: string;
}

/** One resource selection; its `kind` names the provider. */
export type Member = EbsMember | AmiMember | ManagedMember;

/** A resource of a managed service. What members of one kind alone say beside is in that kind's `settings.ts`. */
export interface ManagedMember {
  readonly kind: ManagedKind;
  readonly tier: number;
  /** As the service's own API names it: a DB instance's identifier. */
  readonly resource: string;
  /** The artifact is a moment of the continuous backup that the service keeps by itself; no copy is made. Absent: a copy is. */
  readonly continuous?: true;
  /**
   * SSM parameter by which applications find it, for kinds whose resources cannot be renamed: a recovery puts the new one's endpoint (or
   * name) there.
   */
  readonly parameter?: string;
  /** A record by which they find it, instead; of a database: instead of its name. */
  readonly cname?: Cname;
  /** ARN of the KMS key under which its service keeps a copy of each snapshot. Absent: there is none. */
  readonly copy?: { readonly kmsKey: string };
  /** What its service does by itself every day; `retentionDays` 0 to 35, 0: nothing. Absent: it is left alone. */
  readonly automatic?: { readonly retentionDays: number };
}

/** A CNAME record of Route 53: a recovery leads it to the new one's host. */
export interface Cname {
  /** Id of the hosted zone. */
  readonly zone: string;
  /** In full, in lower case, without a dot at the end. */
  readonly name: string;
  readonly ttlSeconds: number;
}

export interface EbsMember {
  readonly kind: 'ebs';
  /** Members of one tier are taken at the same time; tiers run in ascending order. Default 1. */
  readonly tier: number;
  readonly instance: InstanceSelector;
  readonly volumes: VolumeSelector;
}

/** Whole instances, each as an image. */
export interface AmiMember {
  readonly kind: 'ami';
  readonly tier: number;
  readonly instance: InstanceSelector;
  /** Whether EC2 shuts the instance down for its image and starts it again. Default false. */
  readonly reboot: boolean;
  /** IAM role of its instance profile, which a recovery may hand to what it launches. Absent: none, and it is launched without a profile. */
  readonly role?: string;
}

export type InstanceSelector = { readonly id: string } | { readonly tags: Readonly<Record<string, string>> };

/** `all`, or `data` (all but the root volume), or those attached under the named devices, or those with all the tags. */
export type VolumeSelector =
  | 'all'
  | 'data'
  | { readonly devices: readonly string[] }
  | { readonly tags: Readonly<Record<string, string>> };

export interface Retention {
  /** A sealed point is kept at least so long. */
  readonly days: number;
  /** So many of the newest sealed points stay, however old. At least 1. */
  readonly minimum: number;
}

/** Another Region of the account. */
export interface CopyTo {
  readonly region: string;
  /** ARN of the KMS key there that copies are encrypted with. */
  readonly key: string;
  /** Of the copies, which expire together. */
  readonly retention: Retention;
  /** How old the newest whole copy may get. */
  readonly rpoMinutes: number;
}

export interface Objectives {
  readonly rpoMinutes: number;
  readonly rtoMinutes: number;
}

export interface RecoverySettings {
  /** Snapshot the present volumes before they are detached. Default true. */
  readonly safetySnapshot: boolean;
  /** Days that replaced volumes (and safety snapshots) are kept. Default 7. */
  readonly keepReplacedDays: number;
  /** Temporary files that are taken away before `verify`, in order; absent: none. */
  readonly cleanUp?: readonly CleanUp[];
  /** Absolute path of a guest script that says (exit code 0) that the application works; run before a recovery commits. */
  readonly verify?: string;
}
