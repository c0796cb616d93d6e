import { askPatiently } from './ask-patiently.ts';
import { problemOf, wordsOf } from './aws-problems.ts';
import { exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';
import type { Terminal } from './terminal.ts';

/** A person waits, and nothing is known to be under way. */
const limitMs = 60_000;

export interface Beginning {
  /** `the recovery orders-db-recover-20261121T030000Z`. */
  readonly what: string;
  /** The command that tells whether it has begun. */
  readonly next: string;
  /** Ends asking. */
  readonly signal: AbortSignal;
}

/**
 * Begins what goes on by itself. A reply that was lost may have been to a call that had its effect: so the call is made again.
 * @param call has its effect once, however often it is made
 * @throws Problem that says whether nothing was changed, or that this is not known
 */
export async function beginOnce<Answer>(
  terminal: Terminal,
  { what, next, signal }: Beginning,
  call: () => Promise<Answer>,
): Promise<Answer> {
  let trouble = '';
  const tell = (words: string) => {
    trouble = words;
    terminal.line(words);
    terminal.event({ event: 'progress', detail: words });
  };
  const unsure = (words: string, cause?: unknown) =>
    new Problem({
      exitCode: signal.aborted ? exitCodes.notWatching : exitCodes.unreachable,
      what: `It is not known whether ${what} has begun: ${words}`,
      safe: 'If it has, it goes on without anybody watching.',
      next,
      cause,
    });
  try {
    const answer = await askPatiently(call, { limitMs, tell, signal });
    if (answer !== undefined) return answer;
  } catch (error) {
    throw trouble === '' || error instanceof Problem ? problemOf(error, untouched) : unsure(wordsOf(error), error);
  }
  throw unsure(trouble);
}
