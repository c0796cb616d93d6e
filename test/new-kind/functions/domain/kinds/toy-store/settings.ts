/** What a member of this kind says that no other does. */
export {};

declare module '../../policy.ts' {
  interface ManagedMember {
    /** Street that the store must be in. Absent: any. */
    readonly street?: string;
  }
}
