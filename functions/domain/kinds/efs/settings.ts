/** What a member of this kind says that no other does. */
export {};

declare module '../../policy.ts' {
  interface ManagedMember {
    /** The instance that moves restored files to their place. Absent: one of the workload's own, if it has any. */
    readonly promoteOn?: InstanceSelector;
  }
}
