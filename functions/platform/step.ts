/**
 * The frame of every Lambda: parses what comes in, gives the logger its context, and turns whatever is thrown into one of the
 * closed list of faults. A step itself is one plain function.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { invalidRequest } from '#domain/faults.ts';
import { forgetTurns } from './aws/paced.ts';
import { asFault } from './aws-errors.ts';
import { logger } from './logger.ts';

/**
 * @param name the step's own, `begin-run`
 * @param schema what the function accepts; anything else is InvalidRequest before the step is entered
 */
export function step<Input, Output>(
  name: string,
  schema: z.ZodMiniType<Input>,
  run: (input: Input) => Promise<Output>,
) {
  return middy<unknown, Output, Error, Context>()
    .use({
      before: (request) => {
        logger.addContext(request.context);
        forgetTurns();
      },
      onError: (request) => {
        // Assigned, not thrown: a throw here would skip the middlewares outside of this one.
        request.error = asFault(request.error, `running ${name}`);
        if (request.error.name === 'TierUnderWay') logger.info(request.error.message);
        else logger.error(request.error.message, request.error);
      },
    })
    .handler(async (event: unknown) => run(parse(name, schema, event)));
}

function parse<Input>(name: string, schema: z.ZodMiniType<Input>, event: unknown): Input {
  const parsed = z.safeParse(schema, event);
  if (parsed.success) return parsed.data;
  throw invalidRequest(`${name} does not accept this input. ${z.prettifyError(parsed.error)}`);
}
