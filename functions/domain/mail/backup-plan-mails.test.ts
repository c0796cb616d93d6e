import { describe, expect, it } from 'vitest';
import type { BackupPlanJob } from '../backup-plan-coverage.ts';
import { copiesFailed, copiesMissed } from './backup-plan-mails.ts';
import type { Mail } from './layout.ts';

const resource = 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a';
const job = (index: number, more: Partial<BackupPlanJob> = {}): BackupPlanJob => ({
  ...{ id: `job-${index}`, resource, state: 'FAILED', createdAt: '2026-01-15T05:00:00.000Z' },
  ...more,
});

const letter = ({ subject, body }: Mail) => `${subject}\n\n${body}`;

describe('the mail about copies that came to no good end', () => {
  it('counts them by how they ended, and has the words of AWS Backup and the command for each', () => {
    const issues = job(2, { state: 'COMPLETED', message: 'VSS failed\nAPPLICATION: all is well' });
    expect(letter(copiesFailed('cluster', [job(1), issues]))).toMatchInlineSnapshot(`
      "[Holdfast] plan cluster: copies ended badly: 1 FAILED, 1 COMPLETED with issues

      APPLICATION: not touched. A plan of AWS Backup holds nothing still.

      Jobs of AWS Backup that the plan cluster of the policy began, and that came to no good end:

      FAILED, begun 2026-01-15 05:00 UTC:
          arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a
          aws backup describe-backup-job --backup-job-id job-1

      COMPLETED with issues, begun 2026-01-15 05:00 UTC:
          arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a
          > VSS failed APPLICATION: all is well
          aws backup describe-backup-job --backup-job-id job-2

      Older copies are in the vault as before; the next is tried when the rule is due again. How each resource stands:
          npx holdfast status
      "
    `);
  });

  it('lists twenty, and counts the rest', () => {
    const { body } = copiesFailed(
      'cluster',
      Array.from({ length: 25 }, (_, index) => job(index)),
    );
    expect(body.match(/describe-backup-job/g)).toHaveLength(20);
    expect(body).toContain('\n\nAnd 5 more.\n\n');
    expect(
      copiesFailed(
        'cluster',
        Array.from({ length: 20 }, (_, index) => job(index)),
      ).body,
    ).not.toContain('more');
  });
});

describe('the mail about copies that were not begun', () => {
  const dueAt = '2026-01-15T05:00:00.000Z';

  it('names what they should have been of', () => {
    expect(letter(copiesMissed('cluster', { dueAt, resources: [resource, `${resource}b`] }))).toMatchInlineSnapshot(`
      "[Holdfast] plan cluster: copies MISSED, of 2 resources

      APPLICATION: not touched. A plan of AWS Backup holds nothing still.

      The plan cluster of the policy was due at 2026-01-15 05:00 UTC, and its start window is over. No job was begun of:

          arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a
          arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0ab

      They carry the tags of the plan. The usual causes: AWS Backup is told to leave their type alone in this Region (\`npx holdfast doctor\` says so), or the plan was changed or
      deleted in AWS Backup itself.

      How each resource stands:
          npx holdfast status
          npx holdfast doctor
      "
    `);
    expect(copiesMissed('cluster', { dueAt, resources: [resource] }).subject).toMatch(/MISSED, of 1 resource$/);
    const { body } = copiesMissed('cluster', { dueAt, resources: Array.from({ length: 21 }, () => resource) });
    expect(body).toContain(`    ${resource}\nAnd 1 more.\n\n`);
  });

  it('says that there was nothing to copy', () => {
    expect(letter(copiesMissed('cluster', { dueAt, resources: [] }))).toMatchInlineSnapshot(`
      "[Holdfast] plan cluster: NOTHING was copied, since nothing carries its tags

      APPLICATION: not touched. A plan of AWS Backup holds nothing still.

      The plan cluster of the policy was due at 2026-01-15 05:00 UTC. Nothing of its types carries all of its tags, so it copied nothing.
      Tag what it is to copy, or take the plan out of the policy. What carries some of its tags, with the command that adds the others:
          npx holdfast doctor
      "
    `);
  });
});
