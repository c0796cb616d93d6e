import { describe, expect, it } from 'vitest';
import type { Artifact } from './artifact.ts';
import type { PlannedMember, Run, RunPlan } from './run.ts';
import { sampleHook } from './samples-for-tests.ts';
import { type Expected, tooShort, windowRefusal } from './window-forecast.ts';

const minuteMs = 60_000;
const fromMs = Date.UTC(2026, 10, 20, 3);
const at = (minutes: number) => new Date(fromMs + minutes * minuteMs).toISOString();

const member = (kind: string, resource: string, tier: number): PlannedMember => ({
  ...{ kind, resource, tier, artifacts: 1, detail: {} },
});
const orders = member('rds', 'orders', 1);
const files = member('efs', 'fs-1', 2);
const disks = member('ebs', 'i-1', 3);

const plan = (changes: Partial<RunPlan> = {}): RunPlan => ({
  ...{ members: [files, orders], hooks: [], onQuiesceFailure: 'abort', windowSeconds: 3600 },
  ...changes,
});
const copied = (minutes: number): readonly Expected[] => [
  { kind: 'efs', resource: 'fs-1', tier: 2, ms: minutes * minuteMs, because: 'its last backup took' },
];

const artifact = (kind: string, source: string, tier: number, minutes: number): Artifact => ({
  ...{ kind, source, tier, id: `${kind}-1`, state: 'completed', startedAt: at(minutes), detail: {} },
  ...(kind === 'ebs' ? {} : { cut: { lower: at(minutes), upper: at(minutes) } }),
});

/** Held still for 2 minutes, then the database for 20, a guard, and the files. */
const last = (changes: Partial<Run> = {}): Run => ({
  ...{ id: 'orders-1', workload: 'orders', scheduledAt: at(0), trigger: 'schedule', startedAt: at(0), state: 'sealed' },
  plan: plan(),
  window: {
    ...{ intendedAt: at(0), deadlineAt: at(60), holds: [], attemptedTiers: [1, 2] },
    ...{ beganAt: at(2), releaseSentAt: at(50) },
  },
  artifacts: [artifact('rds', 'orders', 1, 2), artifact('efs', 'fs-1', 2, 23)],
  ...changes,
});

describe('a window', () => {
  it('has room for a job that takes no longer, where nothing is known of the rest', () => {
    expect(windowRefusal(plan(), copied(59))).toBeUndefined();
    expect(windowRefusal(plan(), copied(60))).toContain('takes 1 h 1 min at least');
  });

  it('has no room for a job that the tiers before it do not leave enough of', () => {
    expect(windowRefusal(plan(), copied(39), last())).toBeUndefined();
    expect(windowRefusal(plan(), copied(50), last())).toBe(
      'The window is over after 1 h, and all that is done in it takes 1 h 11 min at least: tier 1 took 20 min in the last run; tier 2 begins 1 min later; efs fs-1: its last backup took 50 min. Give the workload a longer window: 2h.',
    );
  });

  it('counts the time until all is held still, by the same hooks', () => {
    const hooks = [sampleHook()];
    const held = last({ plan: plan({ hooks }) });
    expect(windowRefusal(plan({ hooks }), copied(38), held)).toContain('to hold it still took 2 min in the last run; ');
    expect(windowRefusal(plan({ hooks }), copied(37), held)).toBeUndefined();
    expect(windowRefusal(plan({ hooks }), copied(39), last())).toBeUndefined();
  });

  it('counts what comes after the job, and no guard between the calls of EBS', () => {
    const members = [orders, files, disks, member('ebs', 'i-2', 4)];
    const artifacts = [...last().artifacts, artifact('ebs', 'vol-1', 3, 48), artifact('ebs', 'vol-2', 4, 49)];
    expect(windowRefusal(plan({ members }), copied(36), last({ artifacts }))).toBeUndefined();
    expect(windowRefusal(plan({ members }), copied(37), last({ artifacts }))).toMatch(
      /tier 3 begins 1 min later; tier 3/,
    );
  });

  it('goes by no time of what is not in the tier any more', () => {
    const members = [member('rds', 'other', 1), files];
    expect(windowRefusal(plan({ members }), copied(59), last())).toBeUndefined();
  });

  it('goes by the longest of several jobs', () => {
    const least = {
      kind: 'efs',
      resource: 'fs-2',
      tier: 2,
      ms: 61 * minuteMs,
      because: 'a first backup of it takes at least',
    };
    expect(windowRefusal(plan(), [...copied(50), least])).toContain(
      'efs fs-2: a first backup of it takes at least 1 h 1 min',
    );
  });

  it('goes by the time of a tier only where all of it was in the last run, by kind and name', () => {
    const both = [artifact('rds', 'orders', 1, 2), artifact('rds', 'gone', 1, 2), artifact('efs', 'fs-1', 2, 23)];
    expect(windowRefusal(plan(), copied(59), last({ artifacts: both }))).toBeUndefined();
    const renamed = [member('aurora', 'orders', 1), files];
    expect(windowRefusal(plan({ members: renamed }), copied(59), last())).toBeUndefined();
    const more = [orders, member('rds', 'new', 1), files];
    expect(windowRefusal(plan({ members: more }), copied(40), last())).toContain('tier 1 took 20 min');
  });

  it('counts the guard once, of a tier that a managed service is in, and how far back a kind reaches', () => {
    const mixed = [orders, member('ebs', 'i-9', 1), files];
    const artifacts = [artifact('rds', 'orders', 1, 2), artifact('ebs', 'vol-9', 1, 2), artifact('efs', 'fs-1', 2, 23)];
    const refusal = windowRefusal(plan({ members: mixed }), copied(40), last({ artifacts }));
    expect(refusal).toContain('tier 1 took 20 min in the last run; tier 2 begins 1 min later');
  });

  it('is as long as what is done in it at the last, and says only what takes a second', () => {
    expect(windowRefusal(plan({ members: [files] }), copied(60))).toBeUndefined();
    expect(windowRefusal(plan({ members: [files] }), copied(61))).toBe(
      'The window is over after 1 h, and all that is done in it takes 1 h 1 min at least: efs fs-1: its last backup took 1 h 1 min. Give the workload a longer window: 2h.',
    );
    expect(windowRefusal(plan({ members: [files] }), copied(384))).toContain('Give the workload a longer window: 8h.');
    expect(windowRefusal(plan({ members: [files] }), copied(385))).toContain('No window may be longer than 8h');
  });

  it('tells nothing of the last run where that tells no times', () => {
    const hooks = [sampleHook()];
    const { window: _, ...windowless } = last({ plan: plan({ hooks }) });
    expect(windowRefusal(plan({ hooks }), copied(39), windowless)).toBeUndefined();
    const { plan: __, ...planless } = last();
    expect(windowRefusal(plan({ hooks }), copied(39), planless)).toBeUndefined();
  });

  it('is refused where none of the last runs would have fitted, and noted where a single one would not', () => {
    const short = plan({ members: [orders], windowSeconds: 900 });
    const alone = (minutes: number) =>
      last({
        plan: plan({ members: [orders] }),
        artifacts: [artifact('rds', 'orders', 1, 2)],
        window: {
          ...{ intendedAt: at(0), deadlineAt: at(60), holds: [], attemptedTiers: [1] },
          ...{ beganAt: at(2), releaseSentAt: at(2 + minutes) },
        },
      });
    const sentence =
      'The window is over after 15 min, and all that is done in it takes 20 min at least: tier 1 took 20 min in the last run. Give the workload a longer window: 1h.';
    expect(tooShort(short, [], [alone(20), alone(16)])).toEqual({ refusals: [sentence], notes: [] });
    expect(tooShort(short, [], [alone(20), alone(16), alone(15)])).toEqual({ refusals: [], notes: [sentence] });
    expect(tooShort(short, [], [alone(20)])).toEqual({ refusals: [], notes: [sentence] });
    expect(tooShort(short, [], [alone(15), alone(20), alone(20)])).toEqual({ refusals: [], notes: [] });
    expect(tooShort(short, [], [])).toEqual({ refusals: [], notes: [] });
    expect(tooShort(plan(), copied(60), [last()]).refusals).toHaveLength(1);
  });

  it('that no policy could make long enough is told so', () => {
    expect(windowRefusal(plan(), copied(7 * 60))).toContain('No window may be longer than 8h');
  });
});
