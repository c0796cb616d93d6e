/** Ways to hold a workload still, as the policy has them, complete. A new kind is an interface and a word in `Hook`. */

/** `kind` names the folder in `hooks/`. */
export type Hook = CommandHook | FilesystemHook;

interface Deadline {
  /** Seconds from quiescing until the guest lets go by itself. Bounds and default are the kind's own (`hook-shape.ts`). */
  readonly deadlineSeconds: number;
}

export interface CommandHook extends Deadline {
  readonly kind: 'command';
  /** Absolute paths of scripts on the guest. */
  readonly quiesce: string;
  readonly release: string;
}

export interface FilesystemHook extends Deadline {
  readonly kind: 'filesystem';
  /** Mount points to freeze; `auto`: every mounted data file system on an EBS volume, never the root's. */
  readonly mounts: 'auto' | readonly string[];
}
