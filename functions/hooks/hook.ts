/**
 * What a way of holding a guest still is. One folder a kind: its guest script (`guest.sh`) runs through an SSM document of its own, so
 * the role that sends it can run nothing else, and its parameters are checked by SSM before they reach a shell.
 */

import type { GuestInstance } from '#domain/guest-instance.ts';
import type { Hook } from '#domain/hook.ts';
import type { Workload } from '#domain/policy.ts';
import type { PlannedHook } from '#domain/run.ts';

/** One parameter of the guest document. `allowedPattern` must leave no room for quotes, `$`, backticks or new lines. */
export interface DocumentParameter {
  readonly description: string;
  readonly allowedPattern?: string;
  readonly allowedValues?: readonly string[];
  readonly default?: string;
}

export interface HookKind {
  readonly kind: string;
  /** Actions of its own, beside quiesce, release, check and doctor. */
  readonly furtherActions?: readonly string[];
  /** Parameters beside `action`, `run` and `deadlineSeconds`, which every hook has. */
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  /** Longest deadline that may be asked for, and the least, in seconds. */
  readonly deadlineSeconds: { readonly least: number; readonly most: number };
  /** The hook on each instance that it concerns. */
  plan(hook: Hook, workload: Workload, instances: readonly GuestInstance[]): readonly PlannedHook[];
}

/** The guest's answer: the last line of its standard output that starts with `holdfast `, the rest of which is JSON. */
export type GuestReport =
  | {
      readonly result: 'quiesced';
      readonly armedAt?: number | undefined;
      readonly at: number;
      readonly until: number;
      readonly note?: string | undefined;
    }
  | {
      readonly result: 'released';
      readonly at: number;
      readonly heldSince: number | null;
      readonly by: 'release' | 'timer' | 'none' | 'lost';
      readonly note?: string | undefined;
    }
  | { readonly result: 'held'; readonly since: number; readonly until: number; readonly run: string }
  | { readonly result: 'free' }
  /** Nothing speaks against quiescing. */
  | { readonly result: 'fit' };
