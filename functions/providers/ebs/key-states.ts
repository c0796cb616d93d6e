/** Whether the KMS keys that volumes and snapshots are encrypted with can be used. */
import type { Artifact } from '#domain/artifact.ts';
import { asFault, codeOf, isDenied } from '#platform/aws-errors.ts';
import { kms } from '#platform/clients/kms.ts';
import type { UnusableKey } from '../provider.ts';

/** KMS's word for the key's state; `missing`, or `unknown` when this account may not ask. */
export type KeyStates = ReadonlyMap<string, string>;

export const isUnusable = (state: string): boolean => state !== 'Enabled' && state !== 'unknown';

export async function keyStates(keyIds: ReadonlySet<string>): Promise<KeyStates> {
  return new Map(await Promise.all([...keyIds].map(async (id) => [id, await stateOf(id)] as const)));
}

async function stateOf(keyId: string): Promise<string> {
  try {
    const { KeyMetadata } = await kms().describeKey({ KeyId: keyId });
    return KeyMetadata?.KeyState ?? 'unknown';
  } catch (error) {
    if (codeOf(error) === 'NotFoundException') return 'missing';
    if (isDenied(error)) return 'unknown';
    throw asFault(error, `asking for the state of the key ${keyId}`);
  }
}

/** @param keysOf keys without which an artifact cannot be restored */
export const unusableKeysBy =
  (keysOf: (artifact: Artifact) => readonly (string | undefined)[]) =>
  async (artifacts: readonly Artifact[]): Promise<readonly UnusableKey[]> => {
    const needs = artifacts.flatMap((artifact) => keysOf(artifact).map((key) => ({ key, id: artifact.id })));
    const needed = Map.groupBy(needs, ({ key }) => key);
    const states = await keyStates(new Set([...needed.keys()].filter((key) => key !== undefined)));
    return [...states]
      .filter(([, state]) => isUnusable(state))
      .map(([key, state]) => ({ key, state, artifacts: new Set(needed.get(key)?.map(({ id }) => id)) }));
  };
