/** What is true of a kind of member, whatever provider serves it. Each kind's is in its `facts.ts`. */

export interface KindFacts {
  /** A restored database must be older than the disk that it refers to, so databases stand in earlier tiers than disks. */
  readonly role: 'database' | 'disk';
  /** Where that depends on the resource, as typed or as planned. Undefined, or absent: `role`. */
  readonly roleOf?: (resource: string) => KindFacts['role'] | undefined;
  /**
   * Whether the moment that its data is from is fixed as soon as the call returns. Of the others the next tier waits for it, and so
   * does the release.
   */
  readonly fixedAtOnce: boolean;
  /** Its members choose instances, and are planned one an instance. Absent: a member is one resource of a managed service, by its own name. */
  readonly ofInstances?: true;
  /** How long before the call something was written may still decide whether it is in. Default 0. */
  readonly reachesBackMs?: number;
  /** Most days that the service keeps a continuous backup, any second of which can be brought back. Absent: it keeps none. */
  readonly continuousDays?: number;
  /** Whether AWS Backup copies it, by a job: into a vault, in a role of its own. */
  readonly jobOfAwsBackup?: boolean;
  /** Whether its artifacts can be copied to another Region. */
  readonly copiedElsewhere?: true;
  /** Snapshots of one resource that its service makes at most in any 24 hours, and that no quota request raises. Absent: as many as there is room for. */
  readonly snapshotsPerDay?: (resource: string) => number;
  /** Whether the service takes no window for the snapshots that it makes by itself, but the time at which it begins. Absent: a window. */
  readonly takesTimeOfDay?: (resource: string) => boolean;
}
