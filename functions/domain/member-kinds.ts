/** What is true of each kind of member, whatever provider serves it. */

interface KindFacts {
  /** A restored database must be older than the disk that it refers to, so databases stand in earlier tiers than disks. */
  readonly role: 'database' | 'disk';
  /**
   * Whether the moment that its data is from is fixed as soon as the call returns. Of the others the next tier waits for it, and so
   * does the release.
   */
  readonly fixedAtOnce: boolean;
}

const facts = {
  ebs: { role: 'disk', fixedAtOnce: true },
  aurora: { role: 'database', fixedAtOnce: false },
  rds: { role: 'database', fixedAtOnce: false },
  memorydb: { role: 'database', fixedAtOnce: false },
} as const satisfies Record<string, KindFacts>;

export type MemberKind = keyof typeof facts;

/** Kinds whose members are resources of a managed service, each by its own name. */
export type ManagedKind = Exclude<MemberKind, 'ebs'>;

export const kindFacts = (kind: MemberKind): KindFacts => facts[kind];
