/** Why copies to another Region would fail, whatever their kind: for the doctor. */
import type { CopyPlace } from '#domain/point-copy.ts';
import { asFault } from '#platform/aws-errors.ts';
import { kmsOver } from '#platform/clients/kms.ts';
import { environment } from '#platform/environment.ts';

/**
 * One sentence each, and what to do.
 * @param look for any copy there, by the service that would make them
 */
export const placeProblems = async (place: CopyPlace, look: () => Promise<unknown>): Promise<readonly string[]> =>
  (await Promise.all([regionProblem(place, look), keyProblem(place)])).flat();

/** A Region that the account has not enabled knows no credentials of it. */
async function regionProblem({ region }: CopyPlace, look: () => Promise<unknown>): Promise<readonly string[]> {
  if (region === environment.region()) {
    return [`Copies would be in ${region}, where the points are. Name another Region in copyTo.region.`];
  }
  try {
    await look();
    return [];
  } catch (error) {
    const { message } = asFault(error, `looking for copies in ${region}`);
    return [`${message}. Is ${region} enabled for this account (aws account get-region-opt-status)?`];
  }
}

/** Why nothing could be encrypted with a key. */
export async function keyProblem({ region, key }: CopyPlace): Promise<readonly string[]> {
  try {
    const { KeyMetadata } = await kmsOver({ region }).describeKey({ KeyId: key });
    const { KeyState } = KeyMetadata ?? {};
    if (KeyState === 'Enabled') return [];
    return [`The key ${key} is ${KeyState ?? 'in no known state'}, so every copy would fail. Enable it in ${region}.`];
  } catch (error) {
    return [`${asFault(error, `looking at the key ${key}`).message}. Every copy would fail.`];
  }
}
