/** What a member of this kind says that no other does. */

/** Each of some types of resources only; `restore-choice-shape.ts` says which. */
export interface RestoreChoice {
  /** Of a file system, the preferred one first. */
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
  /** Id of a directory of AWS. */
  readonly activeDirectory?: string | undefined;
  /** Id. */
  readonly storageVirtualMachine?: string | undefined;
  readonly sizeMegabytes?: number | undefined;
  /** Of a cluster of Aurora: `aurora-mysql` or `aurora-postgresql`. */
  readonly engine?: string | undefined;
  readonly subnetGroup?: string | undefined;
  readonly parameterGroup?: string | undefined;
  /** One that exists. */
  readonly bucket?: string | undefined;
  /** Availability zone of the EBS volume that a gateway's is restored as. */
  readonly zone?: string | undefined;
}

declare module '../../policy.ts' {
  interface ManagedMember {
    /** What AWS Backup must be told for a restore beside what it knows. Absent: nothing. */
    readonly restore?: RestoreChoice;
  }
}
