import { describe, expect, it } from 'vitest';
import type { BackupPlan, BackupRule } from './backup-plan.ts';
import { type BackupPlanJob, jobsReachMs, missedCopies, troubleOf } from './backup-plan-coverage.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
const homes = arn('elasticfilesystem', 'file-system/fs-0a');
const scratch = arn('elasticfilesystem', 'file-system/fs-0b');
const queue = arn('rds', 'db:queue');

const daily: BackupRule = {
  ...{ name: '1-day', expression: 'cron(0 5 ? * * *)', timeZone: 'UTC', startMinutes: 60 },
  ...{ keepDays: 30, continuous: false },
};
const plan = (...rules: BackupRule[]): BackupPlan => ({ name: 'cluster', tags: { cluster: 'hpc-1' }, rules });
const long = '2026-01-01T00:00:00.000Z';
const due = '2026-01-15T05:00:00.000Z';
const at = (time: string) => Date.parse(`2026-01-15T${time}:00Z`);
const job = (resource: string, createdAt = due, more: Partial<BackupPlanJob> = {}): BackupPlanJob => ({
  ...{ id: `job-${resource}`, resource, state: 'RUNNING', createdAt, ...more },
});
const known = { jobs: [], seen: { [homes]: long, [scratch]: long }, nowMs: at('06:10') };

describe('what a plan has missed', () => {
  it('is what no job was begun of when the start window is over, and ten minutes more', () => {
    expect(missedCopies(plan(daily), known)).toEqual([{ dueAt: due, resources: [homes, scratch] }]);
    expect(missedCopies(plan(daily), { ...known, jobs: [job(scratch)] })).toEqual([{ dueAt: due, resources: [homes] }]);
    const early = missedCopies(plan(daily), { ...known, nowMs: at('06:09') });
    expect(early.map(({ dueAt }) => dueAt)).not.toContain(due);
  });

  it('is not what was begun, however it ended', () => {
    const jobs = [job(homes, due, { state: 'FAILED' }), job(scratch, due, { state: 'EXPIRED' })];
    expect(missedCopies(plan(daily), { ...known, jobs })).toEqual([]);
  });

  it('is not what was begun the day before', () => {
    const jobs = [job(homes, '2026-01-14T05:00:00.000Z'), job(scratch)];
    expect(missedCopies(plan(daily), { ...known, jobs })).toEqual([{ dueAt: due, resources: [homes] }]);
  });

  it('is not what was seen only since the rule was due', () => {
    expect(missedCopies(plan(daily), { ...known, seen: { [homes]: due } })).toEqual([]);
    expect(missedCopies(plan(daily), { ...known, seen: { [homes]: '2026-01-15T04:59:59.999Z' } })).toHaveLength(1);
  });

  it('is nothing where another rule, whose start window overlaps, has begun it', () => {
    const monthly: BackupRule = { ...daily, expression: 'cron(30 4 15 * ? *)', keepDays: 365 };
    const jobs = [homes, scratch].map((each) => job(each, '2026-01-15T04:30:00.000Z'));
    expect(missedCopies(plan(daily, monthly), { ...known, jobs })).toEqual([]);
  });

  it('is told for a day, and no longer', () => {
    const day = 86_400_000;
    const yearly = { ...daily, expression: 'cron(0 5 15 1 ? *)' };
    expect(missedCopies(plan(yearly), { ...known, nowMs: known.nowMs + day - 1 })).toHaveLength(1);
    expect(missedCopies(plan(yearly), { ...known, nowMs: known.nowMs + day })).toEqual([]);
    expect(jobsReachMs(plan(yearly))).toBeGreaterThanOrEqual(day + 2 * 3_600_000);
  });

  it('is no DB instance of which there was never a job, since those of a cluster are copied with it', () => {
    const seen = { [queue]: long };
    expect(missedCopies(plan(daily), { ...known, seen })).toEqual([]);
    const jobs = [job(queue, '2026-01-14T05:00:00.000Z')];
    expect(missedCopies(plan(daily), { ...known, seen, jobs })).toEqual([{ dueAt: due, resources: [queue] }]);
  });

  it('is everything where the plan has reached nothing since before it was due', () => {
    const empty = { ...known, seen: {} };
    expect(missedCopies(plan(daily), { ...empty, emptySince: long })).toEqual([{ dueAt: due, resources: [] }]);
    expect(missedCopies(plan(daily), { ...empty, emptySince: due })).toEqual([]);
  });
});

describe('the end of a job', () => {
  it.each(['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'])('is no good one when it is %s', (state) => {
    expect(troubleOf(job(homes, due, { state, message: 'why' }))).toBe(state);
  });

  it('has issues when it is complete with a message', () => {
    expect(troubleOf(job(homes, due, { state: 'COMPLETED', message: 'why' }))).toBe('COMPLETED with issues');
    expect(troubleOf(job(homes, due, { state: 'COMPLETED', message: '' }))).toBeUndefined();
    expect(troubleOf(job(homes, due, { state: 'COMPLETED' }))).toBeUndefined();
    expect(troubleOf(job(homes, due, { state: 'RUNNING', message: 'why' }))).toBeUndefined();
  });
});
