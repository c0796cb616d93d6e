/** From what the SDK throws to what a person can act on. */
import { Fault } from '#domain/faults.ts';
import { asFault, codeOf, isDenied } from '#platform/aws-errors.ts';
import { exitCodes } from './exit-codes.ts';
import { policyRemedy } from './needed-policy.ts';
import { Problem } from './problem.ts';

const unreachable = /^(E[A-Z_]+|TimeoutError|AggregateError)$/;
const unknownCaller = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'ExpiredToken',
  'ExpiredTokenException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
]);

/** Whether asking again may be answered: AWS could not be reached, failed on its own side, or had too much to do. */
export const passesByItself = (error: unknown): boolean => asFault(rootOf(error), 'asking').name === 'TransientFault';

/** What AWS, or the network, says. */
export function wordsOf(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? root.message || codeOf(root) : String(root);
}

const rootOf = (error: unknown): unknown =>
  (error instanceof Fault || error instanceof Problem) && error.cause !== undefined ? rootOf(error.cause) : error;

/**
 * A Problem for what is foreseen; anything else comes back as it was.
 * @param safe whether the workload is safe, in a sentence: only the caller knows what had been asked for
 */
export function problemOf(error: unknown, safe: string): unknown {
  if (error instanceof Problem) return error;
  const root = rootOf(error);
  const found = reached(root, wordsOf(error)) ?? fromFault(error);
  return found === undefined ? error : new Problem({ ...found, safe, cause: error });
}

/** @returns undefined when AWS has answered, with something else than that it does not let us */
function reached(root: unknown, words: string) {
  const exitCode = exitCodes.unreachable;
  const code = codeOf(root);
  if (/^Region is missing/.test(words)) {
    return { exitCode, what: 'No AWS Region is set.', next: 'Give --region, or set AWS_REGION.' };
  }
  if (/^Region not accepted/.test(words)) {
    return {
      exitCode,
      what: `What is set as the AWS Region is none. ${words}`,
      next: 'Give --region, or mend AWS_REGION.',
    };
  }
  if (unknownCaller.has(code)) {
    return { exitCode, what: `AWS does not know who you are: ${words}`, next: 'Log in again, or give --profile.' };
  }
  if (isDenied(root)) return { exitCode, what: `AWS denies it: ${words}`, next: policyRemedy(words) };
  if (unreachable.test(code)) {
    return {
      exitCode,
      what: `AWS cannot be reached: ${words}`,
      next: 'Check the network, --region and AWS_ENDPOINT_URL.',
    };
  }
  if (!passesByItself(root)) return undefined;
  return { exitCode, what: `AWS does not answer now: ${words}`, next: 'Ask again in a minute.' };
}

function fromFault(error: unknown) {
  if (!(error instanceof Fault) || error.name === 'InvariantBroken') return undefined;
  const isRefused = error.name === 'InvalidRequest' || error.name === 'BusyFault';
  return { exitCode: isRefused ? exitCodes.refused : exitCodes.unreachable, what: error.message };
}
