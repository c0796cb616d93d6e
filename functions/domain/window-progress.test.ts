import { describe, expect, it } from 'vitest';
import type { Hold, RunPlan } from './run.ts';
import { sampleHold, sampleHook, sampleRun, sampleWindow } from './samples.ts';
import { heldLongEnoughMs, holdsLearnt, intended, releaseSent } from './window-progress.ts';

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
