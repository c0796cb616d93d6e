import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Recovery } from '#domain/recovery.ts';
import { limitMinutes } from '#domain/recovery-progress.ts';
import { drive } from './drive.ts';

const startMs = Date.UTC(2026, 0, 15);

beforeEach(() => void vi.useFakeTimers({ now: startMs }));
afterEach(() => void vi.useRealTimers());

const recovery: Recovery = {
  ...{ id: 'recovery-1', workload: 'orders', request: { workload: 'orders' }, pointId: 'orders-1', state: 'create' },
  startedAt: new Date(startMs - 1_800_000).toISOString(),
  phases: [{ phase: 'create', startedAt: new Date(startMs - 1_800_000).toISOString() }],
  plan: {
    targets: [{ kind: 'rds', resource: 'orders', detail: {} }],
    safetySnapshot: false,
    keepReplacedDays: 7,
    calls: [],
    warnings: [],
  },
};

/** Drives a phase of half an hour that has so many changes to make, one after another, each of which shows at once. */
async function lasted(changes: number): Promise<{ readonly done: boolean; readonly ms: number }> {
  let made = 0;
  const driving = drive<number, string>({
    ...{ target: { kind: 'rds', resource: 'orders', detail: {} }, recovery, stage: 'create' },
    look: async () => made,
    decide: (seen) => (seen < changes ? { actions: [`change ${seen}`], waitingFor: 'changes' } : { actions: [] }),
    perform: async () => {
      made += 1;
      return undefined;
    },
  }).then(({ done }) => ({ done, ms: Date.now() - startMs }));
  await vi.runAllTimersAsync();
  return driving;
}

it('looks soon at what was changed just now, however long the phase has taken up to there', async () => {
  expect(await lasted(4)).toEqual({ done: true, ms: 2000 });
});

/** Drives a phase whose limit is over in a moment; what it asks for then is accepted, and shows a minute later. */
async function lateIn(stage: 'create' | 'roll-back'): Promise<unknown> {
  const startedAt = new Date(startMs - limitMinutes(recovery, stage) * 60_000 + 1).toISOString();
  let shownMs = Infinity;
  const driving = drive<boolean, string>({
    ...{ target: { kind: 'rds', resource: 'orders', detail: {} }, stage },
    recovery: { ...recovery, phases: [{ phase: stage, startedAt }] },
    look: async () => Date.now() >= shownMs,
    decide: (isThere) => (isThere ? { actions: [] } : { actions: ['start'], waitingFor: 'orders to start' }),
    perform: async () => {
      shownMs = Date.now() + 30_000;
      return undefined;
    },
  }).catch(({ name, message }: Error) => `${name}: ${message}`);
  await vi.runAllTimersAsync();
  return driving;
}

it('waits a little longer for what a roll back has been promised, so that nobody is called for what comes by itself', async () => {
  expect(await lateIn('roll-back')).toMatchObject({ done: true });
  expect(await lateIn('create')).toMatch(/^ProviderFault: orders: waited \d+ minutes for orders to start\.$/);
});
