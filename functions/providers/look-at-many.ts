/** Asking a service for many artifacts, without asking for all of them at the same time. */
import type { Artifact } from '#domain/artifact.ts';
import { atOnce, inTurns } from './in-turns.ts';
import type { Snapshot } from './named-snapshots.ts';

export interface Look<Asked> {
  /** Undefined: it is gone. */
  one(asked: Asked): Promise<Snapshot | undefined>;
  /** Read first of more than are asked for at once: a list, page by page, with all of these, and others. It may lag behind: what it lacks is asked for one by one. Absent: there is none. */
  list?(asked: readonly Asked[]): Promise<readonly Snapshot[]>;
}

/** @returns at least all of these that exist; errors are thrown as they come */
export async function lookAtMany<Asked extends Pick<Artifact, 'id'>>(
  asked: readonly Asked[],
  { one, list }: Look<Asked>,
): Promise<readonly Snapshot[]> {
  const listed = list === undefined || asked.length <= atOnce ? [] : await list(asked);
  const known = new Set(listed.map(({ id }) => id));
  const others = asked.filter(({ id }) => !known.has(id));
  const found = await inTurns(others, one);
  return [...listed, ...found.flatMap((snapshot) => snapshot ?? [])];
}
