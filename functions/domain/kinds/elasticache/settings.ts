/** What a member of this kind says that no other does. */
export {};

declare module '../../policy.ts' {
  interface ManagedMember {
    /** Bucket in S3 that files of the cache's snapshots are written to. Absent: none are. */
    readonly export?: { readonly bucket: string };
    /** Bucket in S3 from whose files a recovery may make a new cache. Absent: from none. */
    readonly seed?: { readonly bucket: string };
  }
}
