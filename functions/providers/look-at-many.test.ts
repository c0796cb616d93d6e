import { expect, it } from 'vitest';
import type { Artifact } from '#domain/artifact.ts';
import { lookAtMany } from './look-at-many.ts';
import type { Snapshot } from './named-snapshots.ts';

const at = '2026-11-21T03:00:00.000Z';
const artifacts = (count: number): readonly Artifact[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ kind: 'rds', id: `s-${index}`, source: 'orders', tier: 1, state: 'completed', startedAt: at, detail: {} },
  }));
const snapshot = (id: string): Snapshot => ({ id, state: 'completed', cut: { lower: at } });

/** A service that has all but some, and counts how it is asked. */
function service(lacks: readonly string[] = [], unlisted: readonly string[] = []) {
  const asked = { singles: 0, lists: 0, most: 0 };
  let now = 0;
  return {
    asked,
    one: async ({ id }: Artifact) => {
      asked.singles += 1;
      now += 1;
      asked.most = Math.max(asked.most, now);
      await Promise.resolve();
      now -= 1;
      return lacks.includes(id) ? undefined : snapshot(id);
    },
    list: async (some: readonly Artifact[]) => {
      asked.lists += 1;
      return some.flatMap(({ id }) => ([...lacks, ...unlisted].includes(id) ? [] : [snapshot(id)]));
    },
  };
}

it('few are asked for one by one', async () => {
  const { asked, ...look } = service(['s-3']);
  expect(await lookAtMany(artifacts(10), look)).toHaveLength(9);
  expect(asked).toMatchObject({ singles: 10, lists: 0 });
});

it('many are read from the list, and only what that lacks is asked for by itself', async () => {
  const { asked, ...look } = service(['s-3'], ['s-4']);
  const found = await lookAtMany(artifacts(365), look);
  expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(['s-0', 's-4', 's-364']));
  expect(found).toHaveLength(364);
  expect(asked).toMatchObject({ singles: 2, lists: 1 });
});

it('where there is no list, a few are asked for at a time', async () => {
  const { asked, one } = service();
  expect(await lookAtMany(artifacts(365), { one })).toHaveLength(365);
  expect(asked).toEqual({ singles: 365, lists: 0, most: 10 });
});
