/** Ways to hold a workload still, as the policy has them, complete. A new kind is an interface and a word in `Hook`. */

import type { CleanUp } from './clean-up.ts';

/** `kind` names the folder in `hooks/`. */
export type Hook =
  | CleanUpHook
  | CommandHook
  | EcsServiceHook
  | FilesystemHook
  | LambdaHook
  | MysqlHook
  | PostgresqlHook
  | RedisHook
  | ServicesHook
  | WindowsVssHook;

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
  /** Mount points to freeze; `auto`: every mounted data file system on the member's volumes, never the root's. */
  readonly mounts: 'auto' | readonly string[];
}

/** An ECS service without tasks: its desired count is 0 until the release puts it back. Nothing there does so at the deadline. */
export interface EcsServiceHook extends Deadline {
  readonly kind: 'ecs-service';
  /** Names, of this account and Region. */
  readonly cluster: string;
  readonly service: string;
}

/** A function of the owner's that suspends the application, wherever it runs. Nothing in a guest undoes it at the deadline: the function must. */
export interface LambdaHook extends Deadline {
  readonly kind: 'lambda';
  /** Its name, and an alias after a colon. */
  readonly function: string;
}

export interface PostgresqlHook extends Deadline {
  readonly kind: 'postgresql';
  readonly port: number;
  /** Folder of the server's socket on the guest; absent: psql's own. */
  readonly socket?: string | undefined;
  /** `auto`: freeze where all that the server needs can be frozen, else backup mode. */
  readonly mode: 'auto' | 'freeze' | 'backup-mode';
}

export interface MysqlHook extends Deadline {
  readonly kind: 'mysql';
  /** The server's socket on the guest; absent: the client's own. */
  readonly socket?: string | undefined;
  /** So long statements under way are waited for; none is killed. */
  readonly patienceSeconds: number;
}

export interface RedisHook extends Deadline {
  readonly kind: 'redis';
  /** Of the server, on the guest itself; of these at most one. Neither: port 6379. */
  readonly port?: number | undefined;
  readonly socket?: string | undefined;
  /** A file on the guest that root alone can read, with the password as its first line. */
  readonly passwordFile?: string | undefined;
}

export interface ServicesHook extends Deadline {
  readonly kind: 'services';
  /** systemd units in the order of stopping; started again in the reverse order. */
  readonly units: readonly string[];
}

/** Takes temporary files away. It holds nothing still. */
export interface CleanUpHook extends Deadline, CleanUp {
  readonly kind: 'clean-up';
}

/** Windows's own service holds still, the snapshots are taken by the guest itself, and VSS lets go by itself: all in one command. */
export interface WindowsVssHook extends Deadline {
  readonly kind: 'windows-vss';
  /** Leave native backup chains (SQL Server's) as they are. */
  readonly copyOnly: boolean;
  /** Leave applications' writers out: the point is crash-consistent then. */
  readonly noWriters: boolean;
}
