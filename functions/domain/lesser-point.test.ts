import { describe, expect, it } from 'vitest';
import { lossesOf } from './lesser-point.ts';
import { sampleArtifact, samplePoint } from './samples-for-tests.ts';

const before = '2026-11-20T03:00:00.000Z';
const now = '2026-11-21T03:00:00.000Z';
const parts = (at: string, sources: readonly string[], kind = 'ebs') =>
  sources.map((source) => sampleArtifact(at, { kind, source, id: `${source} of ${at}` }));
const pointWith = (at: string, sources: readonly string[], changes = {}) =>
  samplePoint(at, 'application-consistent', { artifacts: parts(at, sources), ...changes });
const missingOf = (...args: Parameters<typeof lossesOf>) => lossesOf(...args)?.missing.map(({ source }) => source);

describe('what a point has less than the one before', () => {
  it('is nothing of one as good, of a better one, and of the first', () => {
    const crash = samplePoint(before, 'crash-consistent');
    expect(lossesOf(samplePoint(now), [samplePoint(now), samplePoint(before)])).toBeUndefined();
    expect(lossesOf(samplePoint(now), [crash])).toBeUndefined();
    expect(lossesOf(samplePoint(now, 'crash-consistent'), [])).toBeUndefined();
    expect(lossesOf(pointWith(now, ['vol-1', 'vol-2']), [pointWith(before, ['vol-1'])])).toBeUndefined();
  });

  it('is its consistency', () => {
    const point = samplePoint(now, 'filesystem-consistent');
    const other = samplePoint(before);
    expect(lossesOf(point, [other])).toEqual({ before: other, isLessConsistent: true, missing: [] });
    expect(
      lossesOf(samplePoint(now, 'crash-consistent'), [samplePoint(before, 'filesystem-consistent')]),
    ).toBeDefined();
  });

  it('is what there are fewer of, and not what was exchanged', () => {
    const three = pointWith(before, ['vol-1', 'vol-2', 'vol-3']);
    expect(missingOf(pointWith(now, ['vol-1', 'vol-3']), [three])).toEqual(['vol-2']);
    expect(missingOf(pointWith(now, ['vol-1', 'vol-4']), [three])).toEqual(['vol-2', 'vol-3']);
    expect(missingOf(pointWith(now, ['vol-1', 'vol-4', 'vol-5']), [three])).toBeUndefined();
  });

  it('is counted kind by kind, and of instances and their volumes alone', () => {
    const other = {
      artifacts: [...parts(before, ['vol-1']), ...parts(before, ['i-1'], 'ami'), ...parts(before, ['orders'], 'rds')],
    };
    const point = { artifacts: parts(now, ['vol-1', 'vol-2']) };
    expect(missingOf(pointWith(now, [], point), [pointWith(before, [], other)])).toEqual(['i-1']);
  });

  it('is measured by the newest older one that can be recovered and whose times are in order', () => {
    const point = samplePoint(now, 'crash-consistent');
    const good = samplePoint('2026-11-17T03:00:00.000Z');
    const others = [
      samplePoint('2026-11-22T03:00:00.000Z'),
      samplePoint(before, 'application-consistent', { contradictions: ['The times disagree.'] }),
      samplePoint('2026-11-19T03:00:00.000Z', 'application-consistent', { broken: { problem: 'gone', at: now } }),
      samplePoint('2026-11-18T03:00:00.000Z', 'application-consistent', { retire: { reason: 'old', plannedAt: now } }),
      good,
    ];
    expect(lossesOf(point, others)?.before).toBe(good);
    expect(lossesOf(point, [...others, samplePoint('2026-11-17T04:00:00.000Z', 'crash-consistent')])).toBeUndefined();
  });

  it('is not told of a point whose times contradict each other, which is told by itself', () => {
    const point = samplePoint(now, 'crash-consistent', { contradictions: ['The times disagree.'] });
    expect(lossesOf(point, [samplePoint(before)])).toBeUndefined();
  });
});
