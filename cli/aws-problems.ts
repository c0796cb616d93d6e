/** From what the SDK throws to what a person can act on. */
import { Fault } from '#domain/faults.ts';
import { codeOf, isDenied } from '#platform/aws-errors.ts';
import { exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';

const unreachable = /^(E[A-Z]+|TimeoutError|CredentialsProviderError|TokenProviderError)$/;
const badKeys = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'ExpiredToken',
  'ExpiredTokenException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
]);

/** A Problem for what is foreseen; anything else comes back as it was. */
export function problemOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const root = error instanceof Fault && error.cause !== undefined ? error.cause : error;
  const code = codeOf(root);
  const words = root instanceof Error ? root.message || code : String(root);
  const reached = { exitCode: exitCodes.unreachable, safe: untouched, cause: error };
  if (/^Region is missing/.test(words)) {
    return new Problem({ ...reached, what: 'No AWS Region is set.', next: 'Give --region, or set AWS_REGION.' });
  }
  if (badKeys.has(code) || code === 'CredentialsProviderError') {
    return new Problem({
      ...reached,
      what: `AWS does not know who you are: ${words}`,
      next: 'Log in again, or give --profile.',
    });
  }
  if (isDenied(root)) {
    return new Problem({
      ...reached,
      what: `AWS denies it: ${words}`,
      next: 'docs/cli.md lists what an operator must be allowed.',
    });
  }
  if (!unreachable.test(code)) return fromFault(error);
  return new Problem({
    ...reached,
    what: `AWS cannot be reached: ${words}`,
    next: 'Check the network, --region and AWS_ENDPOINT_URL.',
  });
}

function fromFault(error: unknown): unknown {
  if (!(error instanceof Fault) || error.name === 'InvariantBroken') return error;
  const exitCode = error.name === 'InvalidRequest' || error.name === 'BusyFault' ? exitCodes.refused : exitCodes.failed;
  return new Problem({ exitCode, what: error.message, cause: error });
}
