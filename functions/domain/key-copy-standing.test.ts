import { describe, expect, it } from 'vitest';
import type { ArtifactExport } from './artifact-export.ts';
import { keyCopyStanding } from './key-copy-standing.ts';
import type { Point } from './point.ts';
import { samplePoint } from './samples-for-tests.ts';

const [monday, tuesday] = ['2026-11-16T03:00:00.000Z', '2026-11-17T03:00:00.000Z'];
const copy = (state: ArtifactExport['state'], id = 'orders'): ArtifactExport => ({
  ...{ kind: 'elasticache', id, key: 'arn:key', state },
});
const file: ArtifactExport = { kind: 'elasticache', id: 'orders', bucket: 'files', state: 'failed' };
const point = (takenAt: string, exports?: readonly ArtifactExport[], more: Partial<Point> = {}): Point => ({
  ...samplePoint(takenAt),
  ...(exports === undefined ? {} : { exports }),
  ...more,
});
const standing = (...points: readonly Point[]) => {
  const { newest, isFailed } = keyCopyStanding(points) ?? {};
  return [newest?.takenAt, isFailed];
};

describe('copies under other keys', () => {
  it('stand by the newest point that has all of its own', () => {
    expect(standing(point(tuesday, [copy('done'), copy('done', 'jobs')]), point(monday, [copy('done')]))).toEqual([
      tuesday,
      false,
    ]);
    expect(standing(point(tuesday, [copy('done'), copy('wanted', 'jobs')]), point(monday, [copy('done')]))).toEqual([
      monday,
      false,
    ]);
  });

  it('have failed when the newest point will not get its own', () => {
    expect(standing(point(tuesday, [copy('done'), copy('failed', 'jobs')]))).toEqual([undefined, true]);
    expect(standing(point(tuesday, [copy('done')]), point(monday, [copy('failed')]))).toEqual([tuesday, false]);
  });

  it('are none of files in S3, nor of points that want none, are broken or go', () => {
    const broken = { problem: 'gone', at: tuesday };
    expect(keyCopyStanding([point(tuesday), point(monday, [file])])).toBeUndefined();
    expect(keyCopyStanding([point(tuesday, [copy('done')], { broken })])).toBeUndefined();
    expect(standing(point(tuesday, [copy('done'), file]))).toEqual([tuesday, false]);
  });
});
