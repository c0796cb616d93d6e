/** Tells of a plan of AWS Backup what came to no good end and what was not begun, each once. */
import { createHash } from 'node:crypto';
import type { BackupPlan } from '#domain/backup-plan.ts';
import { type BackupPlanJob, jobsReachMs, missedCopies, troubleOf } from '#domain/backup-plan-coverage.ts';
import { invariantBroken } from '#domain/faults.ts';
import { copiesFailed, copiesMissed } from '#domain/mail/backup-plan-mails.ts';
import { readBackupPlanLook, writeBackupPlanLook } from '#ledger/backup-plan-looks.ts';
import { jobsFor, reachedBy, vaultOf } from './look-at-backup-plan.ts';
import { tellEverybody } from './tell-everybody.ts';

/** @throws InvariantBroken when the stack has no vault of it */
export async function watchBackupPlan(plan: BackupPlan): Promise<void> {
  const nowMs = Date.now();
  const now = new Date(nowMs).toISOString();
  const vault = vaultOf(plan);
  if (vault === undefined) throw invariantBroken(`The plan ${plan.name} has no vault in the stack: deploy it again.`);
  const before = await readBackupPlanLook(plan.name);
  const after = new Date(nowMs - jobsReachMs(plan));
  const [reached, jobs] = await Promise.all([reachedBy(plan), jobsFor(plan, vault, after)]);
  const seen = reached.map((arn) => ({ arn, minute: before?.seen[markOf(arn)] ?? Math.floor(nowMs / minuteMs) }));
  const emptySince = reached.length === 0 ? (before?.emptySince ?? now) : undefined;
  const ended = jobs.filter((job) => troubleOf(job) !== undefined);
  await tellFailed(
    plan,
    ended.filter(({ id }) => before?.told.includes(id) !== true),
    now,
  );
  await tellMissed(plan, { jobs, seen: Object.fromEntries(seen.map(sinceOf)), emptySince, nowMs });
  // Last: what is not remembered is told once more, under the same id if nothing was added to it.
  await writeBackupPlanLook(plan.name, {
    seen: Object.fromEntries(seen.map(({ arn, minute }) => [markOf(arn), minute])),
    ...(emptySince === undefined ? {} : { emptySince }),
    told: ended.map(({ id }) => id),
  });
}

const minuteMs = 60_000;
const sinceOf = ({ arn, minute }: { readonly arn: string; readonly minute: number }) =>
  [arn, new Date(minute * minuteMs).toISOString()] as const;

/** Of two ARNs with the same mark the later one might be missed a day too soon. */
const markOf = (arn: string): string => createHash('sha256').update(arn).digest('base64url').slice(0, 8);

async function tellMissed(plan: BackupPlan, known: Parameters<typeof missedCopies>[1]): Promise<void> {
  for (const missed of missedCopies(plan, known)) {
    const what = missed.resources.length === 0 ? `empty/${known.emptySince}` : `missed/${missed.dueAt}`;
    await tellEverybody(
      `plan/${plan.name}/${what}`,
      new Date(known.nowMs).toISOString(),
      copiesMissed(plan.name, missed),
    );
  }
}

/** One mail for all since the last look. How many in its id: a look that died on the way is followed by one that may know more. */
async function tellFailed(plan: BackupPlan, jobs: readonly BackupPlanJob[], now: string): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  await tellEverybody(`plan/${plan.name}/jobs/${first.id}/${jobs.length}`, now, copiesFailed(plan.name, jobs));
}
