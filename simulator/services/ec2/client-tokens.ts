import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';

interface TokenInput {
  readonly ClientToken?: string | undefined;
}

/**
 * The id that an earlier call with this token made; undefined for a new token or none. The same token with other parameters is
 * refused (EC2 API, "Ensuring idempotency").
 */
export function clientTokenSeen(context: Ec2Context, input: TokenInput): string | undefined {
  const token = input.ClientToken;
  if (token === undefined) {
    return undefined;
  }
  if (token.length > 64) {
    throw new ApiError('InvalidClientToken', 'The client token is longer than 64 ASCII characters.');
  }
  const first = context.clientTokens.get(token);
  if (first && first.request !== fingerprint(input)) {
    throw new ApiError(
      'IdempotentParameterMismatch',
      'The client token was used before with other parameters. Use another token for another request.',
    );
  }
  return first?.id;
}

export function rememberClientToken(context: Ec2Context, input: TokenInput, id: string): void {
  if (input.ClientToken !== undefined) {
    context.clientTokens.set(input.ClientToken, { request: fingerprint(input), id });
  }
}

function fingerprint(input: object): string {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
