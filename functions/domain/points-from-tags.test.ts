import { describe, expect, it } from 'vitest';
import { pointsFromTags, type Tagged } from './points-from-tags.ts';
import { sampleArtifact } from './samples-for-tests.ts';
import { tagKeys } from './tags.ts';

const at = (minute: number) => `2026-11-21T03:0${minute}:00.000Z`;
const found = (run: string, minute: number, count: number, tags = {}, artifact = {}): Tagged => ({
  artifact: sampleArtifact(at(minute), { id: `${run}-${minute}`, ...artifact }),
  tags: { [tagKeys.run]: run, [tagKeys.count]: `${count}`, [tagKeys.verdict]: 'crash-consistent', ...tags },
});
const points = (...all: readonly Tagged[]) => pointsFromTags('orders', all);

describe('points of a lost ledger', () => {
  it('are of the artifacts of one run each, as of the earliest of them, newest first', () => {
    const [one, later, earlier, newer] = [found('a', 1, 1), found('b', 4, 2), found('b', 3, 2), found('c', 5, 1)];
    expect(points(one, later, newer, earlier)).toEqual(
      [
        { id: 'c', takenAt: at(5), sealedAt: at(5), artifacts: [newer.artifact] },
        { id: 'b', takenAt: at(3), sealedAt: at(3), artifacts: [later.artifact, earlier.artifact] },
        { id: 'a', takenAt: at(1), sealedAt: at(1), artifacts: [one.artifact] },
      ].map((point) => ({
        ...{ ...point, workload: 'orders', knownBy: 'tags' },
        verdict: { consistency: 'crash-consistent', evidence: ['read from the tags of the artifacts'] },
      })),
    );
  });

  it.each(['application-consistent', 'filesystem-consistent', 'crash-consistent'])('are %s by their tags', (words) =>
    expect(points(found('a', 1, 1, { [tagKeys.verdict]: words }))[0]?.verdict.consistency).toBe(words),
  );

  it('are none where something is missing, not complete, or not sealed', () => {
    expect(points()).toEqual([]);
    expect(points(found('a', 1, 2))).toEqual([]);
    expect(points(found('a', 1, 2), found('a', 2, 2, {}, { state: 'pending' }))).toEqual([]);
    expect(points(found('a', 1, 2), found('a', 2, 3))).toEqual([]);
    expect(points(found('a', 1, 1, { [tagKeys.verdict]: '' }))).toEqual([]);
    expect(points(found('a', 1, 2), found('a', 2, 2, { [tagKeys.verdict]: 'application-consistent' }))).toEqual([]);
  });
});
