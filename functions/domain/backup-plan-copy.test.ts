import { describe, expect, it } from 'vitest';
import { backupPlanPointId, backupPlanRunOf, isBackupPlanPoint } from './backup-plan-copy.ts';
import { runIdFor } from './run-id.ts';

const daily = { rule: '1-day', expression: 'cron(0 5 ? * * *)' };
const idAt = (createdAt: string, by = {}) => backupPlanPointId('homes', { ...daily, ...by }, Date.parse(createdAt));

describe('the id of a point of a plan', () => {
  it('is of the time that was due, whenever in its hours each job was made', () => {
    expect(idAt('2026-01-15T05:00:00Z')).toBe('homes.1-day.20260115T050000Z');
    expect(idAt('2026-01-15T05:42:10Z')).toBe('homes.1-day.20260115T050000Z');
    expect(idAt('2026-01-15T04:59:59Z')).toBe('homes.1-day.20260114T050000Z');
  });

  it('is of the time in the rule’s own zone', () => {
    expect(idAt('2026-07-15T04:30:00Z', { timeZone: 'Europe/London' })).toBe('homes.1-day.20260715T040000Z');
  });

  it.each([{ expression: undefined }, { expression: 'cron(never)' }, { timeZone: 'Nowhere/City' }])(
    'is of the job’s own time where the rule’s cannot be read: %j',
    (by) => expect(idAt('2026-01-15T05:42:10Z', by)).toBe('homes.1-day.20260115T054210Z'),
  );

  it('of what no rule has asked for says so', () => {
    const id = backupPlanPointId('homes', {}, Date.parse('2026-01-15T05:42:10Z'));
    expect(id).toBe('homes.by-hand.20260115T054210Z');
    expect(backupPlanRunOf(id)).toEqual({ plan: 'homes', rule: 'by-hand' });
  });

  it('is never that of a run', () => {
    expect(isBackupPlanPoint(idAt('2026-01-15T05:00:00Z'))).toBe(true);
    expect(isBackupPlanPoint(runIdFor('homes', '2026-01-15T05:00:00Z'))).toBe(false);
    expect(isBackupPlanPoint('latest')).toBe(false);
    expect(isBackupPlanPoint(undefined)).toBe(false);
  });

  it('is nothing with more in front or behind', () => {
    const id = idAt('2026-01-15T05:00:00Z');
    expect([`${id}x`, `9${id}`, `-${id}`, id.replace('.1-day', '')].map(isBackupPlanPoint)).toEqual([
      ...[false, false, false, false],
    ]);
  });

  it('tells plan and rule, also of a rule with dots', () => {
    expect(backupPlanRunOf(idAt('2026-01-15T05:00:00Z', { rule: 'a.b.c' }))).toEqual({ plan: 'homes', rule: 'a.b.c' });
  });
});
