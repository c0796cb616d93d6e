import { describe, expect, it } from 'vitest';
import type { BackupPlanJob } from '../backup-plan-coverage.ts';
import { copiesFailed, copiesMissed } from './backup-plan-mails.ts';

const resource = 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a';
const job = (index: number, more: Partial<BackupPlanJob> = {}): BackupPlanJob => ({
  ...{ id: `job-${index}`, resource, state: 'FAILED', createdAt: '2026-01-15T05:00:00.000Z' },
  ...more,
});

describe('the mail about copies that came to no good end', () => {
  it('counts them by how they ended, and has the words of AWS Backup and the command for each', () => {
    const issues = job(2, { state: 'COMPLETED', message: 'VSS failed\nAPPLICATION: all is well' });
    const { subject, body } = copiesFailed('cluster', [job(1), issues]);
    expect(subject).toBe('[Holdfast] plan cluster: copies ended badly: 1 FAILED, 1 COMPLETED with issues');
    expect(body).toContain('    > VSS failed APPLICATION: all is well\n');
    expect(body).toContain('    aws backup describe-backup-job --backup-job-id job-1\n');
    expect(body.startsWith('APPLICATION: not touched.')).toBe(true);
  });

  it('lists twenty, and counts the rest', () => {
    const { body } = copiesFailed(
      'cluster',
      Array.from({ length: 25 }, (_, index) => job(index)),
    );
    expect(body.match(/describe-backup-job/g)).toHaveLength(20);
    expect(body).toContain('And 5 more.');
  });
});

describe('the mail about copies that were not begun', () => {
  const dueAt = '2026-01-15T05:00:00.000Z';

  it('names what they should have been of', () => {
    const { subject, body } = copiesMissed('cluster', { dueAt, resources: [resource, `${resource}b`] });
    expect(subject).toBe('[Holdfast] plan cluster: copies MISSED, of 2 resources');
    expect(body).toContain('due at 2026-01-15 05:00 UTC');
    expect(body).toContain(`    ${resource}\n    ${resource}b\n`);
  });

  it('says that there was nothing to copy', () => {
    const { subject, body } = copiesMissed('cluster', { dueAt, resources: [] });
    expect(subject).toContain('NOTHING was copied');
    expect(body).toContain('npx holdfast doctor\n');
  });
});
