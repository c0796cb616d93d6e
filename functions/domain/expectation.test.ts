import { describe, expect, it } from 'vitest';
import { missing, rpoState } from './expectation.ts';
import { sampleHold, samplePoint, sampleRun, sampleWindow, sampleWorkload } from './samples-for-tests.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const since = at('2026-11-18T12:00');
const nightly = sampleWorkload();
const every12h = sampleWorkload({ schedule: { expression: 'rate(12 hours)', timeZone: 'UTC' } });
const runAt = (scheduledAt: string, changes = {}) => sampleRun({ scheduledAt: `${scheduledAt}:00.000Z`, ...changes });

describe('what is missing', () => {
  it('is each due time without a run, once the grace is over', () => {
    const runs = [runAt('2026-11-19T03:00')];
    const dueAt = (nowMs: number) =>
      missing(nightly, runs, nowMs, since).map((one) => one.kind === 'missed' && one.dueAt);
    expect(dueAt(at('2026-11-20T03:09'))).toEqual([]);
    expect(dueAt(at('2026-11-20T03:10'))).toEqual(['2026-11-20T03:00:00.000Z']);
    expect(dueAt(at('2026-11-21T04:00'))).toEqual(['2026-11-20T03:00:00.000Z', '2026-11-21T03:00:00.000Z']);
  });

  it.each(['failed', 'refused', 'sealed'] as const)('is not a run that is %s: that has a mail of its own', (state) => {
    expect(missing(nightly, [runAt('2026-11-19T03:00', { state })], at('2026-11-20T01:00'), since)).toEqual([]);
  });

  it("is made good by an operator's run of that very second: the schedule's own finds it, and is the same run", () => {
    const runs = [runAt('2026-11-19T03:00', { trigger: 'operator' })];
    expect(missing(nightly, runs, at('2026-11-20T01:00'), since)).toEqual([]);
  });

  it("of a rate is not made good by an operator's run", () => {
    const runs = [runAt('2026-11-18T17:23'), runAt('2026-11-19T05:23', { trigger: 'operator' })];
    expect(missing(every12h, runs, at('2026-11-19T11:34'), since)).toHaveLength(1);
  });

  it('of a rate follows the phase that its runs show', () => {
    const runs = [runAt('2026-11-18T17:23'), runAt('2026-11-19T05:23')];
    expect(missing(every12h, runs, at('2026-11-19T17:30'), since)).toEqual([]);
    expect(missing(every12h, runs, at('2026-11-19T17:34'), since)).toEqual([
      { kind: 'missed', dueAt: '2026-11-19T17:23:00.000Z' },
    ]);
  });

  it('of a rate is also a gap between runs, and the first one that never came', () => {
    const gap = [runAt('2026-11-18T17:23'), runAt('2026-11-19T17:23')];
    expect(missing(every12h, gap, at('2026-11-19T18:00'), since)).toEqual([
      { kind: 'missed', dueAt: '2026-11-19T05:23:00.000Z' },
    ]);
    expect(missing(every12h, [], at('2026-11-19T00:09'), since)).toEqual([]);
    expect(missing(every12h, [], at('2026-11-19T00:10'), since)).toHaveLength(1);
  });

  it('of a rate is told by none of the runs of before there was the schedule', () => {
    const runs = [runAt('2026-11-18T03:00')];
    const due = (nowMs: number, fromMs?: number) =>
      missing(every12h, runs, nowMs, since, fromMs === undefined ? {} : { fromMs });
    expect(due(at('2026-11-18T15:10'))).toEqual([{ kind: 'missed', dueAt: '2026-11-18T15:00:00.000Z' }]);
    expect(due(at('2026-11-19T00:09'), since)).toEqual([]);
    expect(due(at('2026-11-19T00:10'), since)).toEqual([{ kind: 'missed', dueAt: '2026-11-19T00:00:00.000Z' }]);
    expect(due(at('2026-11-18T15:10'), at('2026-11-18T03:00'))).toHaveLength(1);
  });

  it('is a run that is not sealed within the RPO', () => {
    const run = runAt('2026-11-19T03:00', { state: 'settling' });
    const late = (nowMs: number) => missing(nightly, [run, runAt('2026-11-20T03:00')], nowMs, since);
    expect(late(at('2026-11-20T05:00'))).toEqual([]);
    expect(late(at('2026-11-20T05:01'))).toEqual([
      { kind: 'late', run, reason: 'rpo', sinceAt: '2026-11-20T05:00:00.000Z' },
    ]);
  });

  it('is a window that should have ended', () => {
    const holds = [sampleHold({ state: 'held' })];
    const window = sampleWindow({ deadlineAt: '2026-11-19T03:01:30.000Z', holds });
    const run = runAt('2026-11-19T03:00', { state: 'holding', window });
    expect(missing(nightly, [run], at('2026-11-19T03:11'), since)).toEqual([]);
    expect(missing(nightly, [run], at('2026-11-19T03:12'), since)).toMatchObject([{ kind: 'late', reason: 'window' }]);
    const nothingHeld = { ...run, window: { ...window, holds: [] } };
    expect(missing(nightly, [nothingHeld], at('2026-11-19T03:12'), since)).toEqual([]);
  });
});

describe('late runs', () => {
  it('are told the one that is late for longest first, after the missed times', () => {
    const settling = (scheduledAt: string) => runAt(scheduledAt, { state: 'settling' });
    const runs = [settling('2026-11-19T03:00'), settling('2026-11-18T15:00'), settling('2026-11-19T02:00')];
    const found = missing(nightly, runs, at('2026-11-21T12:00'), since);
    expect(found.map((one) => (one.kind === 'late' ? one.run.scheduledAt : one.dueAt))).toEqual([
      '2026-11-20T03:00:00.000Z',
      '2026-11-21T03:00:00.000Z',
      '2026-11-18T15:00:00.000Z',
      '2026-11-19T02:00:00.000Z',
      '2026-11-19T03:00:00.000Z',
    ]);
  });

  it('are not those whose guests are all free, nor those past their window, until the RPO is over', () => {
    const window = sampleWindow({ deadlineAt: '2026-11-19T03:01:30.000Z' });
    const held = { ...window, holds: [sampleHold({ state: 'held' })] };
    const { window: _, ...planning } = runAt('2026-11-19T03:00', { state: 'holding' });
    const runs = [
      runAt('2026-11-19T03:00', { state: 'holding', window }),
      runAt('2026-11-19T03:00', { state: 'settling', window: held }),
      planning,
    ];
    for (const run of runs) expect(missing(nightly, [run], at('2026-11-19T04:00'), since)).toEqual([]);
  });

  it('of a rate are found whatever the order of the runs', () => {
    const runs = [runAt('2026-11-19T05:23'), runAt('2026-11-18T17:23')];
    expect(missing(every12h, runs, at('2026-11-19T17:30'), since)).toEqual([]);
  });
});

it('a schedule that nobody has checked is our own bug', () => {
  const unchecked = sampleWorkload({ schedule: { expression: 'daily', timeZone: 'UTC' } });
  expect(() => missing(unchecked, [], since, since)).toThrow(
    expect.objectContaining({
      name: 'InvariantBroken',
      message: expect.stringMatching(/^A schedule was used unchecked\. ./),
    }),
  );
});

describe('the RPO', () => {
  const point = samplePoint('2026-11-19T03:00:00.000Z');
  it('is met up to the minute and missed after it', () => {
    expect(rpoState(nightly, point, at('2026-11-20T05:00'))).toMatchObject({ state: 'met', remainingMs: 0 });
    expect(rpoState(nightly, point, at('2026-11-20T05:01'))).toMatchObject({ state: 'missed', overdueMs: 60_000 });
  });

  it('is missed when there is no point', () => {
    expect(rpoState(nightly, undefined, since)).toEqual({ state: 'none', rpoMs: 26 * 3_600_000 });
  });
});
