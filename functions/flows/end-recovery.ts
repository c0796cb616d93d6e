/**
 * How a recovery ends: the record first, then the lease and the mail, then it is closed; each can be repeated, and is by every sweep until it is
 * closed.
 */
import { recoveryCommitted, recoveryRolledBack, recoveryStranded } from '#domain/mail/recovery-mails.ts';
import type { Point } from '#domain/point.ts';
import type { Recovery } from '#domain/recovery.ts';
import { conclude, isForward } from '#domain/recovery-progress.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { dropLease, readLease } from '#ledger/lease.ts';
import { oweNotice } from '#ledger/notices.ts';
import { readPoint } from '#ledger/points.ts';
import { changeRecovery, closeRecovery } from '#ledger/recoveries.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';
import type { Leftovers } from '#providers/restorer.ts';
import type { RecoveryKey } from './advance-recovery.ts';
import { refuseRecovery } from './refuse-recovery.ts';

/** The commit point is one write to the ledger; what follows is told to people, and must not undo it. */
export async function endCommitted({ workload, recoveryId }: RecoveryKey): Promise<Recovery | undefined> {
  const recovery = await changeRecovery(workload, recoveryId, (now) =>
    isForward(now) ? conclude(now, 'committed', new Date().toISOString()) : undefined,
  );
  if (recovery?.state !== 'committed') return recovery;
  await dropLease(workload, recoveryId);
  const about = { ...(await aboutWorkload(workloadOrRemoved(workload))), recovery };
  const point = recovery.point ?? (await readPoint(workload, recovery.pointId)) ?? forgotten(recovery);
  await owe(recovery, 'reports', recoveryCommitted({ ...about, point }));
  return recovery;
}

export async function endRolledBack({ workload, recoveryId }: RecoveryKey): Promise<void> {
  const recovery = await changeRecovery(workload, recoveryId, (now) =>
    now.state === 'rolling-back' ? conclude(now, 'rolled-back', new Date().toISOString()) : undefined,
  );
  if (recovery?.state !== 'rolled-back') return;
  await dropLease(workload, recoveryId);
  const about = { ...(await aboutWorkload(workloadOrRemoved(workload))), recovery };
  await owe(recovery, 'failures', recoveryRolledBack(about));
}

/**
 * The lease stays until its end: nothing may back up or recover a workload that is half built. Of an instance that is gone nothing
 * is left to build, and the workload may be recovered into another one at once.
 */
export async function endStranded({ workload, recoveryId }: RecoveryKey, left: Leftovers): Promise<void> {
  const { application, lines } = left;
  const held = application === 'gone' ? [] : await heldUntil(workload, recoveryId);
  const recovery = await changeRecovery(workload, recoveryId, (now) =>
    now.state === 'committed' || now.state === 'rolled-back' || now.state === 'stranded'
      ? undefined
      : conclude(now, 'stranded', new Date().toISOString(), { application, leftovers: [...lines, ...held] }),
  );
  if (recovery?.state !== 'stranded') return;
  if (recovery.application === 'gone') await dropLease(workload, recoveryId);
  const about = { ...(await aboutWorkload(workloadOrRemoved(workload))), recovery };
  await owe(recovery, 'failures', recoveryStranded(about));
}

/** What follows the record of an end, once more: the function that wrote it may have gone no further. Nothing is told twice. */
export async function endAgain(recovery: Recovery): Promise<void> {
  const { workload, id, state, leftovers = [], application = 'unknown' } = recovery;
  const key = { workload, recoveryId: id };
  if (state === 'committed') await endCommitted(key);
  if (state === 'rolled-back') await endRolledBack(key);
  if (state === 'stranded') await endStranded(key, { application, lines: leftovers });
  if (state === 'refused') await endRefused(recovery);
}

/** Its point was being retired: nothing was changed. */
async function endRefused({ workload, id, request, failure }: Recovery): Promise<void> {
  await refuseRecovery(id, request, failure?.message ?? 'Its record does not say why.');
  await closeRecovery(workload, id, new Date().toISOString());
}

async function heldUntil(workload: string, recoveryId: string): Promise<readonly string[]> {
  const lease = await readLease(workload);
  if (lease?.holder !== recoveryId) return [];
  return [
    `Until ${lease.untilAt} no backup and no other recovery of ${workload} is begun, so that nothing captures this state.`,
    'Once the cause is gone, this does the same as those commands; and once they are done, it finds that, and the workload is free at once:',
    `npx holdfast recover ${workload} --undo`,
  ];
}

/** A point that the ledger has lost since. */
const forgotten = ({ pointId, workload }: Recovery): Point => ({
  id: pointId,
  workload,
  takenAt: 'an unknown time',
  sealedAt: '',
  artifacts: [],
  verdict: { consistency: 'crash-consistent', evidence: [] },
});

/** Of an end there is one mail; one that is stranded again is another end. */
async function owe(
  { id, workload, state, endedAt = '' }: Recovery,
  audience: 'failures' | 'reports',
  mail: { readonly subject: string; readonly body: string },
): Promise<void> {
  const createdAt = new Date().toISOString();
  await oweNotice({ id: `recovery/${id}/${state}/${endedAt}`, audience, workloads: [workload], createdAt, ...mail });
  await closeRecovery(workload, id, createdAt);
  await wakeReport();
}
