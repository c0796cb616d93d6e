/** Mails about the plans of AWS Backup, which hold nothing still: what came to no good end, and what was not begun at all. */
import { type BackupPlanJob, type MissedCopies, troubleOf } from '../backup-plan-coverage.ts';
import { atWords, command, compose, indented, type Mail, type Paragraph, quoted } from './layout.ts';

/** What one mail lists; the rest is counted. */
const mostListed = 20;

const untouched = 'APPLICATION: not touched. A plan of AWS Backup holds nothing still.';

/** @param jobs which came to no good end, at least one */
export function copiesFailed(plan: string, jobs: readonly BackupPlanJob[]): Mail {
  const what = [...Map.groupBy(jobs, (job) => troubleOf(job) ?? job.state)]
    .map(([trouble, some]) => `${some.length} ${trouble}`)
    .join(', ');
  return compose(`plan ${plan}: copies ended badly: ${what}`, [
    [untouched],
    [`Jobs of AWS Backup that the plan ${plan} of the policy began, and that came to no good end:`],
    ...jobs.slice(0, mostListed).map(jobLines),
    [moreThan(jobs.length)],
    [
      'Older copies are in the vault as before; the next is tried when the rule is due again. How each resource stands:',
      command('status'),
    ],
  ]);
}

const jobLines = (job: BackupPlanJob): Paragraph => [
  `${troubleOf(job)}, begun ${atWords(job.createdAt)}:`,
  indented(job.resource),
  job.message === undefined ? undefined : quoted(job.message),
  indented(`aws backup describe-backup-job --backup-job-id ${job.id}`),
];

const moreThan = (count: number): string | undefined =>
  count > mostListed ? `And ${count - mostListed} more.` : undefined;

export function copiesMissed(plan: string, { dueAt, resources }: MissedCopies): Mail {
  if (resources.length === 0) return nothingSelected(plan, dueAt);
  const count = resources.length;
  return compose(`plan ${plan}: copies MISSED, of ${count} ${count === 1 ? 'resource' : 'resources'}`, [
    [untouched],
    [`The plan ${plan} of the policy was due at ${atWords(dueAt)}, and its start window is over. No job was begun of:`],
    [...resources.slice(0, mostListed).map(indented), moreThan(count)],
    [
      'They carry the tags of the plan. The usual causes: AWS Backup is told to leave their type alone in this Region (`npx holdfast doctor` says so), or the plan was changed or',
      'deleted in AWS Backup itself.',
    ],
    ['How each resource stands:', command('status'), command('doctor')],
  ]);
}

function nothingSelected(plan: string, dueAt: string): Mail {
  return compose(`plan ${plan}: NOTHING was copied, since nothing carries its tags`, [
    [untouched],
    [
      `The plan ${plan} of the policy was due at ${atWords(dueAt)}. Nothing of its types carries all of its tags, so it copied nothing.`,
      'Tag what it is to copy, or take the plan out of the policy. What carries some of its tags, with the command that adds the others:',
      command('doctor'),
    ],
  ]);
}
