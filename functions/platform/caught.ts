/**
 * What a Catch of Step Functions hands on: the error's name, and a cause that is JSON text when a Lambda failed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import * as z from 'zod/mini';
import type { Failure } from '#domain/run.ts';

export const caughtSchema = z.object({ Error: z.string(), Cause: z._default(z.string(), '') });
type Caught = z.infer<typeof caughtSchema>;

/** @param phase where it happened, in words */
export const caughtFailure = ({ Error: name, Cause }: Caught, phase: string): Failure => ({
  name,
  message: lambdaMessage(Cause) ?? Cause,
  phase,
});

function lambdaMessage(cause: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(cause);
    const isError = typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed;
    return isError ? String(parsed.errorMessage) : undefined;
  } catch {
    return undefined; // not JSON: States.Timeout and its like carry plain text, or none
  }
}
