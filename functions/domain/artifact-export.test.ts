import { describe, expect, it } from 'vitest';
import { exportsWanted, isExporting } from './artifact-export.ts';
import { sampleArtifact, samplePoint, sampleWorkload } from './samples-for-tests.ts';

const at = '2026-11-21T03:00:00.000Z';
const wanted = { kind: 'elasticache', id: 'orders-1', bucket: 'exports', state: 'wanted' } as const;

describe('the files that are wanted of a point', () => {
  const cache = (resource: string, more = {}) => ({ kind: 'elasticache', resource, tier: 1, ...more }) as const;
  const { members: disks } = sampleWorkload();
  const artifact = (kind: string, source: string) => sampleArtifact(at, { kind, source, id: `${source}-1` });

  it('are of the members whose policy says so, by kind and name', () => {
    const members = [...disks, cache('orders', { export: { bucket: 'exports' } }), cache('other')];
    const artifacts = [
      artifact('elasticache', 'orders'),
      artifact('elasticache', 'other'),
      artifact('memorydb', 'orders'),
      artifact('ebs', 'vol-1'),
    ];
    expect(exportsWanted({ members }, artifacts)).toEqual([wanted]);
    expect(exportsWanted({ members: disks }, artifacts)).toEqual([]);
  });
});

describe('a point is exported', () => {
  const done = { ...wanted, state: 'done' } as const;
  const failed = { ...wanted, state: 'failed' } as const;
  it.each([
    ['as long as one export is wanted', { exports: [done, wanted] }, true],
    ['not once all are done or failed', { exports: [done, failed] }, false],
    ['not where none is wanted', {}, false],
    ['not when it is broken', { exports: [wanted], broken: { problem: 'gone', at } }, false],
    ['not when it goes', { exports: [wanted], retire: { reason: 'old', plannedAt: at } }, false],
  ] as const)('%s', (_, changes, expected) =>
    expect(isExporting(samplePoint(at, 'crash-consistent', changes))).toBe(expected),
  );
});
