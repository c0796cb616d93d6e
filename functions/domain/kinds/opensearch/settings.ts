/** What a member of this kind says that no other does. */

/** Of one VPC; ids, at least one of each. */
export interface Network {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

declare module '../../policy.ts' {
  interface ManagedMember {
    /** The name by which the domain knows the S3 bucket that its snapshots are in. */
    readonly repository?: string;
    /** Of a domain inside a VPC: where the function stands that carries requests to it. Absent: it is asked at its public endpoint. */
    readonly network?: Network;
  }
}
