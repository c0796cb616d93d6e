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

/** What moves in an application. */
interface Writer {
  readonly spec: ApplicationSpec;
  readonly locate: Locate;
  readonly periodMs: number;
  readonly stepMs: number;
  status: ApplicationStatus;
  transaction: number;
  stepIndex: number;
  dueMs: number;
}

export function createApplication(spec: ApplicationSpec, locate: Locate): Application {
  const periodMs = 1000 / (spec.transactionsPerSecond ?? 4);
  const stepMs = periodMs / spec.files.length;
  const writer: Writer = { spec, locate, periodMs, stepMs, status: 'stopped', transaction: 1, stepIndex: 0, dueMs: 0 };
  return {
    spec,
    status: () => writer.status,
    nextAtMs: () => (writer.status === 'running' && !isBlocked(writer) ? writer.dueMs : undefined),
    step: () => step(writer),
    skipTo: (timeMs) => skipTo(writer, timeMs),
    start: (nowMs) => start(writer, nowMs),
    stop: () => {
      writer.status = 'stopped';
    },
    hold: () => hold(writer),
    resume: (nowMs) => {
      if (writer.status === 'held') {
        writer.status = 'running';
        writer.dueMs = nowMs + stepMs;
      }
    },
    wake: (nowMs) => {
      writer.dueMs = Math.max(writer.dueMs, nowMs);
    },
  };
}

function placesOf({ spec, locate }: Writer): readonly (Place | undefined)[] {
  return spec.files.map((path) => locate(path));
}

/** The next write goes to a frozen file system. */
function isBlocked({ spec, locate, stepIndex }: Writer): boolean {
  return locate(spec.files[stepIndex] ?? '')?.fileSystem.isFrozen() ?? false;
}

function isAnyFrozen(writer: Writer): boolean {
  return placesOf(writer).some((place) => place?.fileSystem.isFrozen() ?? true);
}

function put(writer: Writer, index: number, content: string): void {
  const place = writer.locate(writer.spec.files[index] ?? '');
  if (!place) {
    writer.status = 'failed';
    return;
  }
  place.fileSystem.write(place.path, content);
}

function putAll(writer: Writer, content: string): void {
  writer.spec.files.forEach((_, index) => {
    put(writer, index, content);
  });
}

function step(writer: Writer): void {
  put(writer, writer.stepIndex, writeTransaction(writer.transaction));
  writer.stepIndex += 1;
  writer.dueMs += writer.stepMs;
  if (writer.stepIndex === writer.spec.files.length) {
    writer.stepIndex = 0;
    writer.transaction += 1;
  }
}

function finishTransaction(writer: Writer): void {
  while (writer.stepIndex !== 0) {
    step(writer);
  }
}

function skipTo(writer: Writer, timeMs: number): void {
  const isNear = timeMs - writer.dueMs < 2 * writer.periodMs;
  if (writer.status !== 'running' || isNear || isAnyFrozen(writer)) {
    return;
  }
  finishTransaction(writer);
  const whole = Math.floor((timeMs - writer.dueMs) / writer.periodMs);
  writer.transaction += whole;
  writer.dueMs += whole * writer.periodMs;
  putAll(writer, writeTransaction(writer.transaction - 1));
}

function start(writer: Writer, nowMs: number): void {
  const found = placesOf(writer).map((place) => place && readTransaction(place.fileSystem.read(place.path)));
  const numbers = found.flatMap((each) => (each ? [each.transaction] : []));
  writer.status = numbers.length === writer.spec.files.length ? 'running' : 'failed';
  writer.transaction = Math.max(0, ...numbers) + 1;
  writer.stepIndex = 0;
  writer.dueMs = nowMs + writer.periodMs;
}

function hold(writer: Writer): boolean {
  if (writer.status !== 'running' || isAnyFrozen(writer)) {
    return writer.status === 'held';
  }
  finishTransaction(writer);
  putAll(writer, writeTransaction(writer.transaction - 1, true));
  for (const place of placesOf(writer)) {
    place?.fileSystem.flush();
  }
  writer.status = 'held';
  return true;
}
