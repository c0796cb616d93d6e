/** What goes on while a fault happens: a night of one workload, or its recovery. Everything is left to the deployed stack. */
import type { RecoveryRequest } from '#domain/recovery.ts';
import type { Stage } from '../scenario/stage.ts';
import type { Content } from './content.ts';

/** What a service does wrong later, after a call was accepted. */
export interface Misfortune {
  readonly name: string;
  /** Once the execution is in this state. Default: from the beginning. */
  readonly state?: string;
  arrange(stage: Stage): void;
}

export type Misfortunes = Readonly<Record<'protect' | 'recover', readonly Misfortune[]>>;

export interface Scenario {
  readonly name: string;
  readonly workload: string;
  readonly instanceId: string;
  /** Those of the instance that are backed up. */
  readonly devices: readonly string[];
  readonly machine: 'protect' | 'recover';
  /** Scenarios whose places this one does not repeat. */
  readonly after?: readonly Scenario[];
  /** So long may the application be held, where it is not the usual deadline. */
  readonly heldMs?: number;
  /** Whether its application is held, where that is on no instance. */
  readonly isHeld?: (stage: Stage) => boolean;
  /** What it writes, where its rows refer to files on EFS. */
  readonly content?: Content;
  /** Its database is kept as a moment of a continuous backup. */
  readonly hasMoment?: boolean;
  /** The bucket that files of its points are written to. */
  readonly exportsTo?: string;
  /** The key that snapshots of its MemoryDB cluster are copied under. */
  readonly copiesUnder?: string;
  /** The Region that its points are copied to, too. */
  readonly copiesTo?: string;
  /** What its members' services do wrong: in a night, and in a recovery. */
  readonly misfortunes?: Misfortunes;
  /** How many of the oldest points its policy lets go. */
  readonly expires?: number;
  /** The program on its instance that says whether what was recovered is good. */
  readonly verify?: string;
  /** What its recovery is asked for beside the workload. */
  readonly request?: Pick<RecoveryRequest, 'replace'>;
  /** A plan of AWS Backup is due in it. */
  readonly hasBackupPlan?: boolean;
  /** A digest is due in it. */
  readonly hasDigest?: boolean;
  /** Callers and operations that the scenario itself denies: `RollBack AttachVolume`. */
  readonly denies?: readonly string[];
  /** Files on the guest when it was backed up that a recovery takes away. */
  readonly temporary?: readonly string[];
  open(seed: number): Promise<Stage>;
  /** The night is over when it begins. */
  readonly isAfterwards?: true;
  /** How many nights have been before it. */
  readonly nights?: number;
  /** Up to the moment from which faults may happen. */
  prepare(stage: Stage): Promise<void>;
  /** From there until whatever happens has happened, and mails about it have been sent. */
  live(stage: Stage): Promise<void>;
}

/** Name of the recovery's execution, and so its id. */
export const recoveryName = 'recovery-1';
