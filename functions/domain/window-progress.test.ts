import { describe, expect, it } from 'vitest';
import { guardMs } from './cut.ts';
import type { Hold, RunPlan } from './run.ts';
import { sampleArtifact, sampleHold, sampleHook, sampleRun, sampleWindow } from './samples-for-tests.ts';
import { heldLongEnoughMs, holdsLearnt, intended, pinnedMs, releaseSent } from './window-progress.ts';

const nowMs = Date.parse('2026-11-21T03:00:02.000Z');
const at = '2026-11-21T03:00:20.000Z';
const { window: _, ...planned } = sampleRun({ state: 'planning' });
const planOf = (...deadlines: readonly number[]): RunPlan => ({
  members: [],
  hooks: deadlines.map((deadlineSeconds) => sampleHook({ deadlineSeconds })),
  onQuiesceFailure: 'abort',
});
const { releasedAt: _at, releaseSentAt: _sent, ...unsent } = sampleWindow({ holds: [] });

describe('a run that enters its window', () => {
  it('is holding, with every hook intended and no tier attempted', () => {
    const plan = planOf(60, 30);
    expect(intended(planned, plan, nowMs)).toEqual({
      ...planned,
      state: 'holding',
      plan,
      window: {
        intendedAt: '2026-11-21T03:00:02.000Z',
        // 30 s of delivery, the shortest deadline (30 s) for quiescing, the longest (60 s) for the last hook to release.
        deadlineAt: '2026-11-21T03:02:02.000Z',
        holds: plan.hooks.map((hook) => ({ hook, state: 'intended' })),
        attemptedTiers: [],
      },
    });
  });

  it('tries no hook on an instance that cannot be asked: it holds nothing, and says why', () => {
    const there = sampleHook({ instanceId: 'i-2' });
    const problem = 'Its SSM agent is offline.';
    const plan: RunPlan = { ...planOf(60), hooks: [sampleHook(), there], unheld: [] };
    const unheld = [{ instanceId: 'i-0a1b2c3d4e5f60718', problem }];
    expect(intended(planned, plan, nowMs).window?.holds.map(({ state }) => state)).toEqual(['intended', 'intended']);
    expect(intended(planned, { ...plan, unheld }, nowMs).window?.holds).toEqual([
      { hook: sampleHook(), state: 'free', releasedBy: 'none', quiesceProblem: problem },
      { hook: there, state: 'intended' },
    ]);
  });

  it('has ten minutes and the delivery when nothing is to be held', () => {
    expect(intended(planned, planOf(), nowMs).window).toMatchObject({
      deadlineAt: '2026-11-21T03:10:32.000Z',
      holds: [],
    });
  });
});

describe('the release', () => {
  it('is noted when it is first sent, and not again', () => {
    const run = sampleRun({ window: unsent });
    const sent = releaseSent(run, at);
    expect(sent).toEqual({ ...run, window: { ...unsent, releaseSentAt: at } });
    expect(releaseSent(sent ?? run, '2026-11-21T03:00:50.000Z')).toBeUndefined();
    expect(releaseSent(planned, at)).toBeUndefined();
  });
});

describe('what is learnt of holds', () => {
  const hold = (instanceId: string, state: Hold['state'], parameters = {}): Hold => ({
    hook: sampleHook({ instanceId, parameters }),
    state,
  });
  const sent = (...holds: readonly Hold[]) => sampleRun({ window: { ...unsent, releaseSentAt: at, holds } });

  it('changes nothing of a run without a window', () => {
    expect(holdsLearnt(planned, [hold('i-1', 'free')], at)).toBeUndefined();
  });

  it('replaces what was known of the same hook on the same instance, and of no other', () => {
    const scripts = { quiesce: '/a', release: '/b' };
    const known = [
      hold('i-1', 'intended'),
      hold('i-2', 'intended'),
      hold('i-1', 'intended', scripts),
      { ...hold('i-1', 'intended'), hook: sampleHook({ kind: 'filesystem', instanceId: 'i-1' }) },
    ];
    const learnt = [hold('i-3', 'held'), hold('i-1', 'held', { release: '/b', quiesce: '/a' })];
    expect(holdsLearnt(sent(...known), learnt, at)?.window?.holds).toEqual([known[0], known[1], learnt[1], known[3]]);
  });

  it('never makes a free hold held again', () => {
    const free = sampleHold();
    expect(holdsLearnt(sent(free), [sampleHold({ state: 'held' })], at)?.window?.holds).toEqual([free]);
  });

  it('releases the workload once all are free, and not before', () => {
    const run = sent(hold('i-1', 'held'), hold('i-2', 'held'));
    const one = holdsLearnt(run, [hold('i-1', 'free')], at);
    expect(one?.window).not.toHaveProperty('releasedAt');
    const both = holdsLearnt(one ?? run, [hold('i-2', 'free')], '2026-11-21T03:00:30.000Z');
    expect(both?.window?.releasedAt).toBe('2026-11-21T03:00:30.000Z');
    expect(holdsLearnt(both ?? run, [], '2026-11-21T03:00:40.000Z')?.window?.releasedAt).toBe(
      '2026-11-21T03:00:30.000Z',
    );
  });

  it('is no release while none was sent: a guest whose hook has not run yet is free, too', () => {
    const run = sampleRun({ window: { ...unsent, holds: [hold('i-1', 'intended')] } });
    expect(holdsLearnt(run, [hold('i-1', 'free')], at)?.window).toEqual({ ...unsent, holds: [hold('i-1', 'free')] });
  });
});

describe('a tier whose service promises only what is a minute old', () => {
  const member = (kind: string, tier: number) => ({ kind, resource: 'orders', tier, artifacts: 1, detail: {} });
  const plan = { ...planOf(60), members: [member('rds', 1), member('dynamodb', 2)] };
  const window = sampleWindow({
    holds: [sampleHold({ confirmedAt: at }), sampleHold({ confirmedAt: planned.startedAt })],
  });

  it('begins when the last hold has stood for a minute', () => {
    expect(heldLongEnoughMs({ plan, window, artifacts: [] }, 2)).toBe(Date.parse(at) + 60_000);
  });

  it('begins at once when nothing was held, as others do', () => {
    expect(heldLongEnoughMs({ plan, window: { ...window, holds: [] }, artifacts: [] }, 2)).toBe(0);
    expect(heldLongEnoughMs({ plan, window, artifacts: [] }, 1)).toBe(0);
  });
});

describe('a tier whose moment is chosen', () => {
  const member = { kind: 'rds', resource: 'orders', tier: 2, artifacts: 1, continuous: true, detail: {} } as const;
  const plan = { ...planOf(60), members: [member] };
  const holding = (confirmedAt: string) => sampleWindow({ holds: [sampleHold({ confirmedAt })] });
  const moment = (held: Parameters<typeof pinnedMs>[0]) => new Date(pinnedMs(held, 2)).toISOString();

  it('is of a whole second that is two later than the hold, and two past when the tier begins', () => {
    for (const [confirmedAt, expected] of [
      ['2026-11-21T03:00:20.000Z', '2026-11-21T03:00:22.000Z'],
      ['2026-11-21T03:00:20.001Z', '2026-11-21T03:00:23.000Z'],
      ['2026-11-21T03:00:20.999Z', '2026-11-21T03:00:23.000Z'],
    ] as const) {
      const held = { plan, window: holding(confirmedAt), artifacts: [] };
      expect(moment(held)).toBe(expected);
      expect(heldLongEnoughMs(held, 2)).toBe(Date.parse(confirmedAt) + 5000);
    }
  });

  it('is a guard later than what the tiers before may have, when these were fixed after all were held', () => {
    const upper = '2026-11-21T03:05:00.500Z';
    const earlier = sampleArtifact(upper, { kind: 'memorydb', cut: { lower: at, upper } });
    const held = { plan, window: holding(at), artifacts: [earlier, sampleArtifact(at, { tier: 2 })] };
    expect(Date.parse(moment(held))).toBe(Date.parse('2026-11-21T03:05:03.000Z') + guardMs);
    expect(heldLongEnoughMs(held, 2)).toBe(Date.parse(upper) + guardMs + 5000);
  });

  it('is the same for the next attempt, whatever the one before has begun, and counts no hold that never confirmed', () => {
    const begun = sampleArtifact(at, { tier: 2, cut: { lower: at, upper: '2026-11-21T03:09:00.000Z' } });
    const { confirmedAt: _at, ...unconfirmed } = sampleHold({ state: 'intended' });
    const window = sampleWindow({ holds: [unconfirmed, ...holding(at).holds] });
    const held = { plan, window, artifacts: [begun] };
    expect(moment(held)).toBe('2026-11-21T03:00:22.000Z');
    expect(heldLongEnoughMs(held, 2)).toBe(Date.parse(at) + 5000);
  });

  it('is past, and the same for every attempt, also where nothing is held', () => {
    const window = sampleWindow({ holds: [], beganAt: '2026-11-21T03:00:06.400Z' });
    const held = { plan, window, artifacts: [] };
    expect(moment(held)).toBe('2026-11-21T03:00:04.000Z');
    expect(heldLongEnoughMs(held, 2)).toBe(0);
  });
});

describe('a tier whose service promises only what is a minute old, after another', () => {
  it('begins so late that it has nothing from before the guard', () => {
    const member = { kind: 'dynamodb', resource: 'orders', tier: 2, artifacts: 1, detail: {} };
    const earlier = sampleArtifact(at, { kind: 'rds', cut: { lower: at, upper: at } });
    const held = { plan: { ...planOf(60), members: [member] }, window: sampleWindow(), artifacts: [earlier] };
    expect(heldLongEnoughMs(held, 2)).toBe(Date.parse(at) + guardMs + 60_000);
  });
});
