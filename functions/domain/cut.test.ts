import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artifact } from './artifact.ts';
import { allFixedMs, guardMs, nextTierMs, orderProblems } from './cut.ts';
import { sampleArtifact } from './samples-for-tests.ts';

fc.configureGlobal({ seed: 20261121 });

const startMs = Date.parse('2026-11-21T03:00:00.000Z');
const iso = (ms: number) => new Date(startMs + ms).toISOString();
const database = (tier: number, lowerMs: number, upperMs?: number): Artifact =>
  sampleArtifact(iso(lowerMs), {
    ...{ kind: 'rds', id: `holdfast-${tier}-${lowerMs}`, source: 'orders', tier },
    cut: { lower: iso(lowerMs), ...(upperMs === undefined ? {} : { upper: iso(upperMs) }) },
  });
const disk = (tier: number, ms: number): Artifact => sampleArtifact(iso(ms), { tier });

describe('the next tier', () => {
  it('begins at once after snapshots of EBS, whose moment is that of the call', () => {
    expect(nextTierMs([disk(1, 0)])).toBe(startMs);
  });

  it('begins a guard after a database is fixed, and never while that is not known', () => {
    expect(nextTierMs([disk(1, 9000), database(1, 0, 5000)])).toBe(startMs + 9000 + guardMs);
    expect(nextTierMs([database(1, 0)])).toBe(Number.POSITIVE_INFINITY);
    expect(allFixedMs([])).toBe(0);
  });
});

describe('a set may be brought back together', () => {
  it('when the database is a guard older than the disk, and not otherwise', () => {
    expect(orderProblems([database(1, 0, 5000), disk(2, 5000 + guardMs)])).toEqual([]);
    expect(orderProblems([database(1, 0, 5000), disk(2, 4999 + guardMs)])).toEqual([
      `rds orders (holdfast-1-0, tier 1) may have data from up to ${iso(5000)}, and ebs vol-0a1b2c3d4e5f60718 (snap-0a1b2c3d4e5f60718, tier 2) from ${iso(4999 + guardMs)} on: it is not proven to be 60 s older.`,
    ]);
  });

  it('not when nobody knows when the database was fixed, or its time cannot be read', () => {
    expect(orderProblems([database(1, 0), disk(2, 1e9)])).toHaveLength(1);
    const broken = { ...database(1, 0, 1), cut: { lower: 'soon', upper: 'later' } };
    expect(orderProblems([broken, disk(2, 1e9)])).toHaveLength(1);
    expect(orderProblems([database(1, 0, 1), { ...disk(2, 1e9), startedAt: 'never' }])).toHaveLength(1);
  });

  it('whatever two tiers of EBS snapshots say, and within one tier', () => {
    expect(orderProblems([disk(1, 5000), disk(2, 0)])).toEqual([]);
    expect(orderProblems([database(1, 0, 5000), disk(1, 0)])).toEqual([]);
  });

  it('exactly when no row can refer to a file that the disk has not', () => {
    const times = fc.integer({ min: 0, max: 10 * guardMs });
    const databases = fc.array(fc.tuple(fc.constantFrom(1, 2), times, times), { maxLength: 4 });
    fc.assert(
      fc.property(databases, fc.array(times, { minLength: 1, maxLength: 4 }), (cuts, diskTimes) => {
        const artifacts = cuts.map(([tier, lower, length]) => database(tier, lower, lower + length));
        const disks = diskTimes.map((ms) => disk(3, ms));
        const isRight = disks.every((each) =>
          artifacts.every(({ cut }) => Date.parse(cut?.upper ?? '') + guardMs <= Date.parse(each.startedAt)),
        );
        const ownOrder = orderProblems(artifacts).length === 0;
        expect(orderProblems([...artifacts, ...disks]).length === 0).toBe(isRight && ownOrder);
      }),
    );
  });
});
