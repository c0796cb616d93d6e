import type { MountedFileSystem } from './file-system.ts';

/** A writer of numbered transactions: transaction n is written to each file in turn, spread over its period. */
export interface ApplicationSpec {
  readonly name: string;
  /** Absolute paths, on one volume or several; at least one. */
  readonly files: readonly string[];
  /** Default 4. */
  readonly transactionsPerSecond?: number;
}

/** Where an absolute path lives: a mounted file system and the path inside it. */
export interface Place {
  readonly fileSystem: MountedFileSystem;
  readonly path: string;
}
export type Locate = (path: string) => Place | undefined;

export type ApplicationStatus = 'running' | 'held' | 'failed' | 'stopped';

/** A running writer. It has no timers of its own: `step` is called for each moment that has passed. */
export interface Application {
  readonly spec: ApplicationSpec;
  status(): ApplicationStatus;
  /** Time of the next write, or undefined when it will write nothing (held, failed, or blocked on a frozen file system). */
  nextAtMs(): number | undefined;
  /** Does the write that is due. */
  step(): void;
  /** Leaps over whole transactions so that the next write is not before this time; only their last content shows. */
  skipTo(timeMs: number): void;
  /** Starts writing after what the files hold; fails when one is missing or unreadable (the data is gone). */
  start(nowMs: number): void;
  stop(): void;
  /** Finishes the transaction under way, marks the files closed and syncs them: what a database's backup mode does. */
  hold(): boolean;
  resume(nowMs: number): void;
  /** A frozen file system let go: blocked writes happen now. */
  wake(nowMs: number): void;
}

/** One file's content: `transaction 17`, and `transaction 17 closed` when the application closed it properly. */
export function writeTransaction(transaction: number, closed = false): string {
  return `transaction ${transaction}${closed ? ' closed' : ''}`;
}

/** Reads back what `writeTransaction` wrote; undefined when it is something else (missing, scrambled). */
export function readTransaction(content: string | undefined): { transaction: number; closed: boolean } | undefined {
  const match = /^transaction (\d+)( closed)?$/.exec(content ?? '');
  return match ? { transaction: Number(match[1]), closed: match[2] !== undefined } : undefined;
}

export function createApplication(spec: ApplicationSpec, locate: Locate): Application {
  const periodMs = 1000 / (spec.transactionsPerSecond ?? 4);
  const stepMs = periodMs / spec.files.length;
  let status: ApplicationStatus = 'stopped';
  let transaction = 1;
  let stepIndex = 0;
  let dueMs = 0;

  const placeOf = (index: number) => locate(spec.files[index] ?? '');
  const places = () => spec.files.map((_, index) => placeOf(index));
  const isBlocked = () => placeOf(stepIndex)?.fileSystem.isFrozen() ?? false;
  const put = (index: number, content: string) => {
    const place = placeOf(index);
    if (!place) {
      status = 'failed';
      return;
    }
    place.fileSystem.write(place.path, content);
  };
  const step = () => {
    put(stepIndex, writeTransaction(transaction));
    stepIndex += 1;
    dueMs += stepMs;
    if (stepIndex === spec.files.length) {
      stepIndex = 0;
      transaction += 1;
    }
  };

  return {
    spec,
    status: () => status,
    nextAtMs: () => (status === 'running' && !isBlocked() ? dueMs : undefined),
    step,
    skipTo: (timeMs) => {
      if (status !== 'running' || isBlocked() || timeMs - dueMs < 2 * periodMs) {
        return;
      }
      while (stepIndex !== 0) {
        step();
      }
      const whole = Math.floor((timeMs - dueMs) / periodMs);
      if (whole < 1 || places().some((place) => place?.fileSystem.isFrozen() ?? true)) {
        return;
      }
      transaction += whole;
      dueMs += whole * periodMs;
      spec.files.forEach((_, index) => {
        put(index, writeTransaction(transaction - 1));
      });
    },
    start: (nowMs) => {
      const found = places().map((place) => place && readTransaction(place.fileSystem.read(place.path)));
      const numbers = found.flatMap((each) => (each ? [each.transaction] : []));
      status = numbers.length === spec.files.length ? 'running' : 'failed';
      transaction = Math.max(0, ...numbers) + 1;
      stepIndex = 0;
      dueMs = nowMs + periodMs;
    },
    stop: () => {
      status = 'stopped';
    },
    hold: () => {
      if (status !== 'running' || places().some((place) => place?.fileSystem.isFrozen() ?? true)) {
        return status === 'held';
      }
      while (stepIndex !== 0) {
        step();
      }
      spec.files.forEach((_, index) => {
        put(index, writeTransaction(transaction - 1, true));
      });
      for (const place of places()) {
        place?.fileSystem.flush();
      }
      status = 'held';
      return true;
    },
    resume: (nowMs) => {
      if (status === 'held') {
        status = 'running';
        dueMs = nowMs + stepMs;
      }
    },
    wake: (nowMs) => {
      dueMs = Math.max(dueMs, nowMs);
    },
  };
}
