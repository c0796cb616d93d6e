import { problemOf } from './aws-problems.ts';
import { exitCodes } from './exit-codes.ts';
import { Problem } from './problem.ts';

/**
 * An error of watching is none of what is watched: that goes on, and neither its end nor "nothing was changed" may be claimed.
 * @param goesOn what goes on, and how it ends: sentences
 * @param next the command that shows it
 * @returns a Problem with exit code 130; a Problem that was thrown already, which knows better, as it was
 */
export function lostSight(error: unknown, goesOn: string, next: string): Problem {
  if (error instanceof Problem) return error;
  const found = problemOf(error, goesOn);
  const { message, remedy } =
    found instanceof Problem
      ? { message: found.message, remedy: found.next }
      : { message: String(error), remedy: undefined };
  return new Problem({
    exitCode: exitCodes.notWatching,
    what: `No longer watching. ${message}`,
    safe: remedy === undefined ? goesOn : `${goesOn} ${remedy} Then:`,
    next,
    cause: error,
  });
}
