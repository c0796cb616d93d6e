/** What is true of each kind of member, whatever provider serves it. */
import { backedUpType } from './backed-up-type.ts';

interface KindFacts {
  /** A restored database must be older than the disk that it refers to, so databases stand in earlier tiers than disks. */
  readonly role: 'database' | 'disk';
  /**
   * Whether the moment that its data is from is fixed as soon as the call returns. Of the others the next tier waits for it, and so
   * does the release.
   */
  readonly fixedAtOnce: boolean;
  /** How long before the call something was written may still decide whether it is in. Default 0. */
  readonly reachesBackMs?: number;
  /** Most days that the service keeps a continuous backup, any second of which can be brought back. Absent: it keeps none. */
  readonly continuousDays?: number;
  /** Whether AWS Backup copies it, by a job: into a vault, in a role of its own. */
  readonly jobOfAwsBackup?: boolean;
}

const facts = {
  ebs: { role: 'disk', fixedAtOnce: true },
  ami: { role: 'disk', fixedAtOnce: false },
  aurora: { role: 'database', fixedAtOnce: false, continuousDays: 35 },
  dynamodb: { role: 'database', fixedAtOnce: false, reachesBackMs: 60_000, continuousDays: 35 },
  rds: { role: 'database', fixedAtOnce: false, continuousDays: 35 },
  elasticache: { role: 'database', fixedAtOnce: false },
  memorydb: { role: 'database', fixedAtOnce: false },
  opensearch: { role: 'database', fixedAtOnce: false },
  efs: { role: 'disk', fixedAtOnce: false, jobOfAwsBackup: true },
  'aws-backup': { role: 'disk', fixedAtOnce: false, jobOfAwsBackup: true },
} as const satisfies Record<string, KindFacts>;

export type MemberKind = keyof typeof facts;

/** Kinds whose members are resources of a managed service, each by its own name. */
export type ManagedKind = Exclude<MemberKind, 'ebs' | 'ami'>;

export const memberKinds = /* @__PURE__ */ Object.keys(facts) as readonly MemberKind[]; // a literal's own keys

export const kindFacts = (kind: MemberKind): KindFacts => facts[kind];

/** @returns ms; so long must a workload have been held still before an artifact of the kind is begun */
export function reachesBackMs(kind: string): number {
  const known: Readonly<Record<string, KindFacts>> = facts;
  return known[kind]?.reachesBackMs ?? 0;
}

/** @param member as typed or as planned: what AWS Backup is asked to copy may be either, by its type */
export const roleOf = ({
  kind,
  resource,
}: {
  readonly kind: MemberKind;
  readonly resource?: string;
}): KindFacts['role'] =>
  (kind === 'aws-backup' && resource !== undefined && backedUpType(resource)?.role) || kindFacts(kind).role;
