import { describe, expect, it } from 'vitest';
import type { Point } from './point.ts';
import {
  copiesOf,
  copyStanding,
  copyWanted,
  isCopying,
  isThere,
  isToCopy,
  isUnderWay,
  type PointCopy,
} from './point-copy.ts';
import type { Workload } from './policy.ts';
import { livePoints } from './retention.ts';
import { samplePoint, sampleWorkload } from './samples-for-tests.ts';

const hourMs = 3_600_000;
const region = 'eu-central-1';
const key = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-1';
const copyTo = { region, key, retention: { days: 2, minimum: 1 }, rpoMinutes: 48 * 60 };
const workload: Workload = { ...sampleWorkload(), copyTo };
const wholeAt = '2026-01-15T04:00:00.000Z';

const aPoint = (changes: Partial<Point> = {}) =>
  samplePoint('2026-01-15T03:00:00.000Z', 'application-consistent', changes);

const withCopy = (copy: Partial<PointCopy>, changes: Partial<Point> = {}): Point => {
  const point = aPoint(changes);
  const parts = point.artifacts.map(({ kind, id }) => ({ kind, of: id, id: `${id}-copy` }));
  return { ...point, copy: { region, key, state: 'whole', parts, begunAt: wholeAt, wholeAt, ...copy } };
};

describe('the copy of a point', () => {
  it('is wanted of every artifact, or, where the policy says nothing of it, of none', () => {
    const { artifacts } = aPoint();
    expect(copyWanted(workload, artifacts)).toEqual({
      ...{ region, key, state: 'waiting' },
      parts: artifacts.map(({ kind, id }) => ({ kind, of: id })),
    });
    expect(copyWanted(sampleWorkload(), artifacts)).toBeUndefined();
  });

  it('is not begun of a point that is broken, or goes', () => {
    expect(isToCopy(withCopy({ state: 'waiting' }))).toBe(true);
    expect(isToCopy(withCopy({ state: 'waiting' }, { broken: { problem: 'gone', at: wholeAt } }))).toBe(false);
    expect(isToCopy(withCopy({ state: 'waiting' }, { retire: { reason: 'old', plannedAt: wholeAt } }))).toBe(false);
    expect(isToCopy(withCopy({ state: 'failed' }))).toBe(false);
  });

  it('is under way until all of it is complete, and each part from when it is asked for', () => {
    expect([withCopy({ state: 'copying' }), withCopy({}), aPoint()].map(isCopying)).toEqual([true, false, false]);
    const part = { kind: 'ebs', of: 'snap-1' };
    expect(isUnderWay(part)).toBe(false);
    expect(isUnderWay({ ...part, askedAt: wholeAt })).toBe(true);
    expect(isUnderWay({ ...part, askedAt: wholeAt, isComplete: true })).toBe(false);
  });

  it('is neither awaited nor there of a point that is not copied', () => {
    expect([isToCopy(aPoint()), isThere(aPoint())]).toEqual([false, false]);
  });

  it('may be there from when it is begun until it is retired', () => {
    expect(isThere(withCopy({ retire: { reason: 'old', plannedAt: wholeAt } }))).toBe(true);
    expect(isThere(withCopy({}))).toBe(true);
    const retire = { reason: 'old', plannedAt: wholeAt };
    expect(isThere(withCopy({ retire }))).toBe(true);
    expect(isThere(withCopy({ retire: { ...retire, doneAt: wholeAt } }))).toBe(false);
    const { begunAt: _, ...waiting } = withCopy({ state: 'waiting' }).copy as PointCopy;
    expect(isThere({ ...aPoint(), copy: waiting })).toBe(false);
  });
});

describe('points as they are in the other Region', () => {
  it('are those that were ever whole there, with the ids of their copies', () => {
    const point = withCopy(
      {},
      { broken: { problem: 'gone', at: wholeAt }, retire: { reason: 'old', plannedAt: wholeAt } },
    );
    const [copied] = copiesOf([point], copyTo);
    expect(copied).toMatchObject({ id: point.id, sealedAt: wholeAt });
    expect(copied?.artifacts.map(({ id }) => id)).toEqual(point.artifacts.map(({ id }) => `${id}-copy`));
    expect([copied?.broken, copied?.retire]).toEqual([undefined, undefined]);
    expect(copiesOf([point], { region: 'eu-north-1' })).toEqual([]);
    const { wholeAt: _, ...never } = withCopy({ state: 'copying' }).copy as PointCopy;
    expect(copiesOf([aPoint(), { ...aPoint(), copy: never }], copyTo)).toEqual([]);
  });

  it('are live unless they have lost a part there, or go there', () => {
    const failure = { problem: 'gone', at: wholeAt };
    expect(livePoints(copiesOf([withCopy({ state: 'failed', failure })], copyTo))).toEqual([]);
    expect(livePoints(copiesOf([withCopy({ retire: { reason: 'old', plannedAt: wholeAt } })], copyTo))).toEqual([]);
    expect(livePoints(copiesOf([withCopy({})], copyTo))).toHaveLength(1);
  });
});

describe('how copies stand', () => {
  const takenMs = Date.parse(aPoint().takenAt);
  const at = (points: readonly Point[], hours: number) => copyStanding(workload, points, takenMs + hours * hourMs);

  it('is by the newest that is whole', () => {
    expect(at([withCopy({})], 48)).toMatchObject({ isBehind: false, newest: { id: aPoint().id } });
    expect(at([withCopy({})], 49)).toMatchObject({ isBehind: true, rpo: { state: 'missed' } });
  });

  it('is behind without any once the first that should be there is too old', () => {
    const { wholeAt: _, ...copy } = withCopy({ state: 'copying' }).copy as PointCopy;
    expect(at([{ ...aPoint(), copy }], 48)).toMatchObject({ isBehind: false, rpo: { state: 'none' } });
    expect(at([{ ...aPoint(), copy }], 49)).toMatchObject({ isBehind: true });
    expect(at([aPoint()], 1000)).toMatchObject({ isBehind: false });
  });

  it('is nothing of a workload that is not copied', () => {
    expect(copyStanding(sampleWorkload(), [withCopy({})], takenMs)).toBeUndefined();
  });
});
