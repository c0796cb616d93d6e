import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Recovery, recoveryPhases } from './recovery.ts';
import {
  conclude,
  enter,
  executionHours,
  isForward,
  keepUntil,
  leaseHours,
  leave,
  limitMinutes,
  limitMs,
  stageLimitMinutes,
  withFailure,
  withTargets,
} from './recovery-progress.ts';
import { sampleWorkload } from './samples-for-tests.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 3, minute)).toISOString();
const planned: Recovery = {
  id: 'rec-1',
  workload: 'appliance',
  request: { workload: 'appliance' },
  pointId: 'appliance-1',
  startedAt: at(0),
  state: 'planned',
  plan: {
    targets: [
      { kind: 'ebs', resource: 'i-1', detail: {} },
      { kind: 'ebs', resource: 'i-2', detail: {} },
    ],
    safetySnapshot: true,
    keepReplacedDays: 7,
    calls: [],
    warnings: [],
  },
  phases: [],
};

describe('the phases of a recovery', () => {
  it('are recorded once, each with its beginning and its end', () => {
    const created = leave(enter(planned, 'create', at(1)), 'create', at(2));
    const again = enter(created, 'create', at(3));
    const stopped = enter(again, 'stop', at(4));
    expect(stopped.state).toBe('stop');
    expect(stopped.phases).toEqual([
      { phase: 'create', startedAt: at(1), endedAt: at(2) },
      { phase: 'stop', startedAt: at(4) },
    ]);
  });

  it('leave the record as it is when the stage is under way', () => {
    const entered = enter(planned, 'stop', at(1));
    expect(enter(entered, 'stop', at(5))).toBe(entered);
  });

  it('end when the next one begins, also when a failure cut them short', () => {
    const back = enter(enter(planned, 'attach', at(1)), 'roll-back', at(2));
    expect(back.state).toBe('rolling-back');
    expect(back.phases[0]).toEqual({ phase: 'attach', startedAt: at(1), endedAt: at(2) });
  });

  it('have a limit each, counted from their beginning, and none before it', () => {
    const entered = enter(planned, 'stop', at(1));
    expect(limitMs(entered, 'stop')).toBe(Date.parse(at(1 + stageLimitMinutes.stop)));
    expect(limitMs(entered, 'detach')).toBe(Infinity);
  });

  it('end each for itself', () => {
    const both = enter(enter(planned, 'create', at(1)), 'stop', at(3));
    const open = { ...both, phases: both.phases.map(({ phase, startedAt }) => ({ phase, startedAt })) };
    expect(leave(open, 'stop', at(5)).phases).toEqual([
      { phase: 'create', startedAt: at(1) },
      { phase: 'stop', startedAt: at(3), endedAt: at(5) },
    ]);
  });

  it('begin anew when the state is there and the phase is not', () => {
    expect(enter({ ...planned, state: 'stop' }, 'stop', at(1)).phases).toEqual([{ phase: 'stop', startedAt: at(1) }]);
    const other = { ...planned, state: 'stop' as const, phases: [{ phase: 'create', startedAt: at(0) }] };
    expect(enter(other, 'stop', at(1)).phases).toHaveLength(2);
    const under = enter(other, 'stop', at(1));
    expect(enter(under, 'stop', at(2))).toBe(under);
  });

  it('give a stranded recovery a fresh limit when its roll back is tried again', () => {
    const stranded = conclude(enter(planned, 'roll-back', at(1)), 'stranded', at(50), {
      leftovers: ['vol-1 is nowhere'],
    });
    expect(limitMs(enter(stranded, 'roll-back', at(55)), 'roll-back')).toBe(Date.parse(at(55 + 45)));
  });
});

it('goes forward only until it is over or on its way back', () => {
  expect(isForward(planned)).toBe(true);
  expect(isForward(enter(planned, 'verify', at(1)))).toBe(true);
  expect(isForward(enter(planned, 'roll-back', at(1)))).toBe(false);
  for (const state of ['committed', 'rolled-back', 'stranded', 'refused'] as const) {
    expect(isForward({ ...planned, state })).toBe(false);
  }
});

it('keeps the first failure: what comes later is a consequence', () => {
  const first = { name: 'ProviderFault', message: 'no capacity', phase: 'start' };
  const failed = withFailure(withFailure(planned, first), {
    name: 'TransientFault',
    message: 'x',
    phase: 'rolling-back',
  });
  expect(failed.failure).toEqual(first);
});

it('says what is where only when it is stranded with something to say', () => {
  expect(conclude(planned, 'stranded', at(1), { leftovers: ['vol-1 is nowhere'], application: 'down' })).toMatchObject({
    state: 'stranded',
    endedAt: at(1),
    leftovers: ['vol-1 is nowhere'],
    application: 'down',
  });
  expect(conclude(planned, 'rolled-back', at(1))).not.toHaveProperty('leftovers');
});

it('replaces only the targets that were learnt about', () => {
  const learnt = withTargets(planned, [{ kind: 'ebs', resource: 'i-2', detail: { seen: true } }]);
  expect(learnt.plan.targets.map(({ detail }) => detail)).toEqual([{}, { seen: true }]);
  expect(withTargets(planned, [{ kind: 'rds', resource: 'i-2', detail: { seen: true } }])).toEqual(planned);
});

it('keeps what was replaced for the days that the policy says, from the start of the recovery', () => {
  expect(keepUntil(planned)).toBe('2026-01-08T03:00:00.000Z');
});

it('gives an execution the hours that its definition gives it, which cover a roll back after any phase', () => {
  const definition = readFileSync(new URL('../../state-machines/recover.asl.yaml', import.meta.url), 'utf8');
  expect(definition).toContain(`TimeoutSeconds: ${executionHours * 3600}\n`);
  const minutes = Object.values(stageLimitMinutes).reduce((sum, limit) => sum + limit, 0);
  expect(minutes).toBeLessThan((leaseHours(sampleWorkload()) / 2) * 60);
  const database = { kind: 'rds', resource: 'orders', tier: 1 } as const;
  const managed = { ...planned, plan: { ...planned.plan, targets: [{ kind: 'rds', resource: 'orders', detail: {} }] } };
  const longest = [...recoveryPhases, 'roll-back' as const].reduce(
    (sum, stage) => sum + limitMinutes(managed, stage),
    0,
  );
  expect(longest).toBeLessThan(executionHours * 60);
  expect(leaseHours(sampleWorkload({ members: [database] }))).toBe(2 * executionHours);
});
