import { describe, expect, it } from 'vitest';
import { copiesUnderKeys, copyName, exportsWanted, isExporting } from './artifact-export.ts';
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

  it('may be a copy under another key, too', () => {
    const members = [cache('orders', { export: { bucket: 'exports' }, copy: { kmsKey: 'arn:key' } })];
    const { bucket: _, ...copy } = { ...wanted, key: 'arn:key' };
    expect(exportsWanted({ members }, [artifact('elasticache', 'orders')])).toEqual([wanted, copy]);
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

describe('a copy under another key', () => {
  it.each([
    ['holdfast-orders-20260115t030000z-42a59e6ca1', 'holdfast-k-20260115t030000z-42a59e6ca1'],
    ['holdfast-a-42a59e6ca1', 'holdfast-k-holdfast-a-42a59e6ca1'],
    ['holdfast-orders-7-60115t030000z-42a59e6ca1', 'holdfast-k-7-60115t030000z-42a59e6ca1'],
  ])('of %s is named %s, which its service takes', (id, name) => {
    expect(copyName(id)).toBe(name);
    expect(name).toMatch(/^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/);
  });

  it('is of its artifact, once it was asked for', () => {
    const artifacts = [sampleArtifact(at, { kind: 'memorydb', id: 'holdfast-a', source: 'orders' })];
    const copy = { kind: 'memorydb', id: 'holdfast-a', key: 'arn:key', state: 'wanted' } as const;
    expect(copiesUnderKeys({ artifacts, exports: [copy] })).toEqual([]);
    const asked = [
      { ...copy, askedAt: at },
      { ...wanted, askedAt: at },
    ];
    expect(copiesUnderKeys({ artifacts, exports: asked })).toMatchObject([
      { kind: 'memorydb', id: 'holdfast-k-holdfast-a', source: 'orders' },
    ]);
  });
});
