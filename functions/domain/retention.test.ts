import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from './point.ts';
import { livePoints, newestOf, planRetire } from './retention.ts';
import { samplePoint } from './samples-for-tests.ts';

fc.configureGlobal({ seed: 20261121 });

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 21);
const none: ReadonlySet<string> = new Set();
const daysOld = (days: number, ...rest: [] | [Point['verdict']['consistency']]) =>
  samplePoint(new Date(nowMs - days * dayMs).toISOString(), ...rest);
const ids = (judged: readonly { point: Point }[]) => judged.map(({ point }) => point.id);

const ages = fc.uniqueArray(fc.integer({ min: 0, max: 4000 }), { maxLength: 40 });
const consistency = fc.constantFrom(
  'application-consistent' as const,
  'filesystem-consistent' as const,
  'crash-consistent' as const,
);
const pointsets = fc
  .tuple(ages, fc.array(fc.tuple(consistency, fc.boolean(), fc.boolean()), { minLength: 40, maxLength: 40 }))
  .map(([hours, traits]) =>
    hours.map((age, index): Point => {
      const [level = 'crash-consistent' as const, retired, unsealed] = traits[index] ?? [];
      const point = samplePoint(new Date(nowMs - age * 3_600_000).toISOString(), level);
      if (retired && index % 3 === 0) return { ...point, retire: { reason: 'old', plannedAt: point.takenAt } };
      return unsealed && index % 5 === 0 ? { ...point, sealedAt: '' } : point;
    }),
  );
const settings = fc.record({ days: fc.integer({ min: 1, max: 90 }), minimum: fc.integer({ min: 1, max: 20 }) });

describe('retirement', () => {
  it('takes what is past its days and beyond the minimum, oldest last, with the reason', () => {
    const plan = planRetire([daysOld(40), daysOld(1), daysOld(31), daysOld(35)], { days: 30, minimum: 2 }, nowMs, none);
    expect(plan.keep.map(({ reason }) => reason)).toEqual(['the newest point', 'one of the newest 2']);
    expect(plan.retire).toEqual([
      { point: daysOld(35), reason: 'older than 30 days' },
      { point: daysOld(40), reason: 'older than 30 days' },
    ]);
  });

  it('never counts a point that is broken as good, keeps what is left of it for its days, and lets it go then', () => {
    const broken = (days: number) => ({ ...daysOld(days), broken: { problem: 'snap-1 is gone', at: '' } });
    const points = [broken(1), daysOld(40), broken(35)];
    expect(livePoints(points)).toEqual([daysOld(40)]);
    const plan = planRetire(points, { days: 30, minimum: 1 }, nowMs, none);
    expect(plan.keep).toEqual([
      { point: broken(1), reason: 'broken: what is left of it is kept for a person to look at' },
      { point: daysOld(40), reason: 'the newest point' },
    ]);
    expect(plan.retire).toEqual([{ point: broken(35), reason: 'broken, and older than 30 days' }]);
    expect(planRetire(points, { days: 30, minimum: 1 }, nowMs, new Set([broken(35).id])).retire).toEqual([]);
    expect(ids(planRetire([broken(30)], { days: 30, minimum: 1 }, nowMs, none).retire)).toEqual([broken(30).id]);
    const retired = { ...broken(35), retire: { reason: 'broken', plannedAt: '' } };
    expect(planRetire([retired], { days: 30, minimum: 1 }, nowMs, none)).toEqual({ retire: [], keep: [] });
  });

  it('keeps the newest point that was held still when only worse ones came after it', () => {
    const held = daysOld(60);
    const worse = [1, 2, 40, 50].map((age) => daysOld(age, 'crash-consistent'));
    const plan = planRetire([held, ...worse], { days: 30, minimum: 1 }, nowMs, none);
    expect(ids(plan.retire)).toEqual([daysOld(40).id, daysOld(50).id]);
  });

  it('keeps a point that a recovery uses, and one whose time cannot be read', () => {
    const broken = samplePoint('2026-01-01T00:00:00.000Z', 'crash-consistent', { id: 'broken', takenAt: '?' });
    const plan = planRetire(
      [daysOld(0), daysOld(99), broken],
      { days: 1, minimum: 1 },
      nowMs,
      new Set([daysOld(99).id]),
    );
    expect(plan.retire).toEqual([]);
  });

  it('does not let a point that was never sealed stand in for the newest good one', () => {
    const unsealed = { ...daysOld(1), sealedAt: '' };
    const plan = planRetire([unsealed, daysOld(99)], { days: 1, minimum: 1 }, nowMs, none);
    expect(ids(plan.keep)).toEqual([unsealed.id, daysOld(99).id]);
  });

  it('says why each point stays', () => {
    const used = daysOld(50);
    const unsealed = { ...daysOld(60), sealedAt: '' };
    const retired = { ...daysOld(70), sealedAt: '', retire: { reason: 'old', plannedAt: '2026-11-20T00:00:00.000Z' } };
    const points = [
      daysOld(1, 'crash-consistent'),
      daysOld(29, 'crash-consistent'),
      used,
      daysOld(40),
      unsealed,
      retired,
    ];
    const plan = planRetire(points, { days: 30, minimum: 1 }, nowMs, new Set([used.id]));
    expect(plan.keep.map(({ point, reason }) => [point.id, reason])).toEqual([
      [unsealed.id, 'not sealed, so not for this plan to judge'],
      [daysOld(1).id, 'the newest point'],
      [daysOld(29).id, 'younger than 30 days'],
      [daysOld(40).id, 'the newest application-consistent point'],
      [used.id, 'a recovery or a copy is using it'],
    ]);
    expect(plan.retire).toEqual([]);
  });

  it('takes a point the moment it has its days', () => {
    const plan = (days: number) => planRetire([daysOld(0), daysOld(days)], { days: 30, minimum: 1 }, nowMs, none);
    expect(ids(plan(30).retire)).toEqual([daysOld(30).id]);
    expect(plan(30 - 1 / dayMs).retire).toEqual([]);
  });

  it('keeps the newest whose times are in order, behind any number whose times contradict each other', () => {
    const crashed = (days: number) => daysOld(days, 'crash-consistent');
    const doubtful = { ...crashed(1), contradictions: ['The times disagree.'] };
    const trusted = crashed(60);
    const { retire, keep } = planRetire([doubtful, trusted, crashed(90)], { days: 30, minimum: 1 }, nowMs, none);
    expect(ids(keep)).toEqual([doubtful.id, trusted.id]);
    expect(ids(retire)).toEqual([crashed(90).id]);
  });

  it('measures by the newest whose times are in order, and names what is newer', () => {
    const doubt = (days: number): Point => ({ ...daysOld(days), contradictions: ['The times disagree.'] });
    const broken = { ...daysOld(2), broken: { problem: 'snap-1 is gone', at: '' } };
    expect(newestOf([daysOld(5), doubt(1), broken, doubt(3), daysOld(4), doubt(9)])).toEqual({
      newestPoint: daysOld(4),
      doubtful: [doubt(1), doubt(3)],
    });
    expect(newestOf([doubt(1)])).toEqual({ doubtful: [doubt(1)] });
    expect(newestOf([])).toEqual({ doubtful: [] });
  });

  it('never loses the newest point, nor the newest of the best: neither may be deleted whatever asks for it', () => {
    const points = [daysOld(9), daysOld(2, 'crash-consistent'), daysOld(8), daysOld(1, 'crash-consistent')];
    const plan = planRetire(points, { days: 1, minimum: 1 }, nowMs, none);
    expect(ids(plan.keep)).toEqual([points[3]?.id, points[2]?.id]);
    expect(planRetire([], { days: 1, minimum: 1 }, nowMs, none)).toEqual({ retire: [], keep: [] });
  });

  it('tells points of one moment apart by their ids, in any order', () => {
    const one = samplePoint('2026-11-20T00:00:00.000Z', 'crash-consistent', { id: 'a' });
    const other = { ...one, id: 'b' };
    expect(livePoints([one, other]).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(livePoints([other, one]).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('refuses points of several workloads', () => {
    const other = { ...daysOld(1), workload: 'other' };
    expect(() => planRetire([daysOld(0), other], { days: 1, minimum: 1 }, nowMs, none)).toThrow(
      expect.objectContaining({
        name: 'InvariantBroken',
        message: 'Points of several workloads were given to one retirement plan.',
      }),
    );
  });

  it('never goes below what it promises, whatever the points', () => {
    fc.assert(
      fc.property(pointsets, settings, fc.array(fc.nat(39)), (points, retention, used) => {
        const inUse = new Set(used.flatMap((index) => points[index]?.id ?? []));
        const plan = planRetire(points, retention, nowMs, inUse);
        const live = points.filter((point) => point.retire === undefined && point.sealedAt !== '');
        const newest = live.toSorted((one, other) => (one.takenAt < other.takenAt ? 1 : -1))[0];
        const ranks = ['application-consistent', 'filesystem-consistent', 'crash-consistent'];
        const rankOf = ({ verdict }: Point) => ranks.indexOf(verdict.consistency);
        const best = Math.min(...live.map(rankOf));
        const newestOfBest = live
          .filter((point) => rankOf(point) === best)
          .toSorted((one, other) => (one.takenAt < other.takenAt ? 1 : -1))[0];
        const kept = new Set(ids(plan.keep));
        const keptLive = live.filter((point) => kept.has(point.id));

        expect([...ids(plan.keep), ...ids(plan.retire)].sort()).toEqual(
          points
            .filter((point) => point.retire === undefined)
            .map((point) => point.id)
            .sort(),
        );
        if (newest !== undefined) expect(kept.has(newest.id)).toBe(true);
        expect(keptLive.length).toBeGreaterThanOrEqual(Math.min(retention.minimum, live.length));
        for (const { point } of plan.retire) {
          expect(nowMs - Date.parse(point.takenAt)).toBeGreaterThanOrEqual(retention.days * dayMs);
          expect(inUse.has(point.id)).toBe(false);
          expect(point.id).not.toBe(newestOfBest?.id);
        }
      }),
    );
  });

  it('has nothing left to do once it is done', () => {
    fc.assert(
      fc.property(pointsets, settings, (points, retention) => {
        const gone = new Set(ids(planRetire(points, retention, nowMs, none).retire));
        const deleted = points.filter((point) => !gone.has(point.id));
        const marked = points.map((point) =>
          gone.has(point.id) ? { ...point, retire: { reason: 'old', plannedAt: point.takenAt } } : point,
        );
        expect(planRetire(deleted, retention, nowMs, none).retire).toEqual([]);
        expect(planRetire(marked, retention, nowMs, none).retire).toEqual([]);
      }),
    );
  });

  it('only ever takes more as time goes on', () => {
    fc.assert(
      fc.property(pointsets, settings, fc.nat(400), (points, retention, days) => {
        const early = ids(planRetire(points, retention, nowMs, none).retire);
        const late = ids(planRetire(points, retention, nowMs + days * dayMs, none).retire);
        expect(late).toEqual(expect.arrayContaining(early));
      }),
    );
  });
});
