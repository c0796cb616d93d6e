/** Asking a service for many artifacts, without asking for all of them at the same time. */
import type { Artifact } from '#domain/artifact.ts';
import type { Snapshot } from './named-snapshots.ts';

/** So many are asked for one by one, at the same time; of more a list is read first, which takes no more calls than it has pages. */
const atOnce = 10;

export interface Look<Asked> {
  /** Undefined: it is gone. */
  one(asked: Asked): Promise<Snapshot | undefined>;
  /** A list, page by page, that has all of these, and others. It may lag behind: what it lacks is asked for one by one. Absent: there is none. */
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
  const found = [...listed];
  for (let from = 0; from < others.length; from += atOnce) {
    const some = await Promise.all(others.slice(from, from + atOnce).map(one));
    found.push(...some.flatMap((snapshot) => snapshot ?? []));
  }
  return found;
}
