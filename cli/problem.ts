import type { ExitCode } from './exit-codes.ts';

export interface ProblemParts {
  readonly exitCode: ExitCode;
  /** What happened, to which resource: one sentence. */
  readonly what: string;
  /** Whether the workload is safe, in a sentence or two. */
  readonly safe?: string;
  /** What to type next, without the leading `holdfast`, or a sentence. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** An error for the person at the keyboard, and the exit code that goes with it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly exitCode: ExitCode;
  readonly safe: string | undefined;
  readonly next: string | undefined;
  constructor({ what, exitCode, safe, next, cause }: ProblemParts) {
    super(what, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.safe = safe;
    this.next = next;
  }
}

/** Nothing had been asked of AWS yet, or only reads. */
export const untouched = 'Nothing was changed.';
