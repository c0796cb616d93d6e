import { ApiError } from '../../kernel/service.ts';
import type { KeyState } from '../kms/kms.ts';

export interface TopicKeys {
  /** Of a key by its id, ARN or alias. Default: every key can be used. */
  readonly keyState?: (reference: string) => KeyState | 'missing';
}

const refusals: Readonly<Record<Exclude<KeyState, 'Enabled'> | 'missing', string>> = {
  Disabled: 'KMSDisabled',
  PendingDeletion: 'KMSInvalidState',
  missing: 'KMSNotFound',
};

/**
 * SNS has KMS make a key for the data of each message: whoever publishes is refused where it cannot.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @param reference of the topic; undefined: it is not encrypted
 */
export function requireKey({ keyState = () => 'Enabled' }: TopicKeys, reference: string | undefined): void {
  const state = reference === undefined ? 'Enabled' : keyState(reference);
  if (state !== 'Enabled') throw new ApiError(refusals[state], `The key ${reference} cannot be used: it is ${state}.`);
}
