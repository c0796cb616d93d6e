import { exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';

/** What was typed cannot be meant so. @param command whose help says more; none for the program's own */
export const usageProblem = (what: string, command?: string): Problem =>
  new Problem({
    exitCode: exitCodes.usage,
    what,
    safe: untouched,
    next: `npx holdfast ${command === undefined ? '' : `${command} `}--help`,
  });
