/** Copies under other keys in a recovery: one is brought back in its snapshot's place where that is gone, or encrypted with a key that cannot be used. */
import type { Artifact } from '#domain/artifact.ts';
import { copiesUnderKeys, copyKey, copyName, isMadeCopy } from '#domain/artifact-export.ts';
import type { Point } from '#domain/point.ts';
import { asFault } from '#platform/aws-errors.ts';
import { kms } from '#platform/clients/kms.ts';
import { logger } from '#platform/logger.ts';
import { progressOf } from '#providers/index.ts';

export interface StoodIn {
  /** With the copies as its artifacts that stand in for others. */
  readonly point: Point;
  /** One sentence each, for a person. */
  readonly notes: readonly string[];
}

export async function withStandIns(point: Point): Promise<StoodIn> {
  const copies = copiesUnderKeys(point, isMadeCopy);
  if (copies.length === 0) return { point, notes: [] };
  const seen = await progressOf([...point.artifacts, ...copies]);
  const looked = await Promise.all(point.artifacts.map((artifact) => lookAt(artifact, point, seen)));
  return {
    point: { ...point, artifacts: looked.map(({ artifact }) => artifact) },
    notes: looked.flatMap(({ note }) => note ?? []),
  };
}

async function lookAt(artifact: Artifact, point: Point, seen: readonly Artifact[]) {
  const { kind, id, source, detail } = artifact;
  const now = (of: string) => seen.find((each) => each.kind === kind && each.id === of);
  const copy = now(copyName(id));
  const key = copyKey(point, artifact);
  if (key === undefined || copy?.state !== 'completed') return { artifact };
  const { recreate } = detail;
  const { KmsKeyId } = Object(recreate);
  const keyState = typeof KmsKeyId === 'string' ? await stateOfKey(KmsKeyId) : undefined;
  const isGone = now(id)?.state !== 'completed';
  if (!isGone && keyState === undefined) return { artifact };
  const why = keyState === undefined ? `its snapshot ${id} is gone` : `the key ${KmsKeyId} of its snapshot ${keyState}`;
  // What is made must be encrypted with one that can be used, too.
  const settings = keyState === undefined ? recreate : { ...Object(recreate), KmsKeyId: key };
  return {
    artifact: { ...artifact, id: copy.id, detail: { ...detail, ...copy.detail, recreate: settings } },
    note: `${kind} ${source}: ${why}, so it is brought back from the copy ${copy.id}, which is encrypted with ${key}${keyState === undefined ? '' : ', and so is the new one'}.`,
  };
}

/** @returns undefined while it can be used, or nobody tells: then AWS will */
async function stateOfKey(key: string): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await kms().describeKey({ KeyId: key });
    const { KeyState = 'Enabled' } = KeyMetadata ?? {};
    return KeyState === 'Enabled' ? undefined : `is ${KeyState}`;
  } catch (error) {
    const { message, name } = asFault(error, `looking at the key ${key}`);
    if (name === 'ProviderFault' && message.includes('NotFound')) return 'does not exist any more';
    logger.warn(message);
    return undefined;
  }
}
