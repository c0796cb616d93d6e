/** What is known of one execution. */

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One line of an execution's story, in order; `timeMs` is virtual. */
export interface ExecutionEvent {
  readonly timeMs: number;
  /** The engine's names: StateEntered, StateExited, StateFailed, StateRetried, StateCaught, ExecutionSucceeded … */
  readonly type: string;
  readonly state?: string;
  readonly stateType?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  /** As it was given: JSON text. */
  readonly input: string;
  readonly startMs: number;
  readonly events: readonly ExecutionEvent[];
  readonly status: ExecutionStatus;
  readonly stopMs?: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** How an execution ends. */
export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; readonly error?: string; readonly cause?: string };

/** Largest input or output of a task, state or execution, UTF-8 (Step Functions Developer Guide, "Service quotas"). */
export const MAXIMUM_PAYLOAD_BYTES = 262_144;
/** Entries in an execution's history, after which it fails (same page). */
export const MAXIMUM_HISTORY_EVENTS = 25_000;

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null));
}

/** What Step Functions bills: one for every state entered, and one for every retry. */
export function transitions(execution: Execution): number {
  return execution.events.filter(({ type }) => type === 'StateEntered' || type === 'StateRetried').length;
}

/**
 * How many history entries Step Functions would have written for this line: a task attempt is scheduled, started and
 * succeeded or failed, between the state's entering and exiting.
 */
export function historyEntries(event: ExecutionEvent): number {
  if (event.type === 'StateCaught') return 0;
  if (event.stateType !== 'Task') return 1;
  const attempts: Readonly<Record<string, number>> = {
    StateEntered: 1,
    StateExited: 4,
    StateFailed: 3,
    StateRetried: 0,
  };
  return attempts[event.type] ?? 1;
}
