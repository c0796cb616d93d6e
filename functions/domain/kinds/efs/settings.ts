/** What a member of this kind says that no other does. */
import type { CleanUp } from '../../clean-up.ts';

declare module '../../policy.ts' {
  interface ManagedMember {
    /** A recovery puts files into a folder of the present file system. Absent: into a new one. */
    readonly restoreInto?: 'present';
    /** The instance that moves restored files to their place. Absent: one of the workload's own, if it has any. */
    readonly promoteOn?: InstanceSelector;
    /** Temporary files that are taken away from the new file system, by paths in it, before anybody is led there. Absent: none. */
    readonly cleanUp?: CleanUp;
  }
}
