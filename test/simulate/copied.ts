/** A plan of AWS Backup beside a workload: it copies a file system by itself, and nothing of Holdfast's begins it. */
import { dayMs, hourMs, type Stage } from '../scenario/stage.ts';
import type { Misfortune, Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { appliance1 } from './subjects.ts';

const tags = { cluster: 'hpc-1' };
const vault = /^holdfast-plan-cluster-/;

const ends = ['FAILED', 'PARTIAL', 'issues', 'EXPIRED', 'never'] as const;

const misfortunes: readonly Misfortune[] = [
  ...ends.map(
    (end): Misfortune => ({
      name: `copy:${end}`,
      arrange: ({ services: { backup } }) => backup.arrange.nextJob(end),
    }),
  ),
  { name: 'copies-not-begun', arrange: ({ services: { backup } }) => backup.arrange.optOut('EFS') },
  {
    name: 'nothing-to-copy',
    arrange: ({ services: { efs } }) => {
      for (const each of efs.world.fileSystems()) for (const key of Object.keys(tags)) each.tags.delete(key);
    },
  },
];

export const copied: Subject = {
  ...appliance1,
  launch: ({ services: { efs } }) => void efs.world.create({ id: 'fs-0a1b2c3d', tags }),
  plans: { cluster: { select: { tags } } },
  misfortunes: { protect: misfortunes, recover: [] },
};

/** Mails that what its plan has come to is worth: one of jobs that ended badly, one of what had no job, one where nothing carries its tags. */
export function backupPlanTroubles({ services: { backup, efs }, clock }: Stage, { hasBackupPlan }: Scenario): number {
  if (!hasBackupPlan) return 0;
  const dueMs = Math.floor((clock.nowMs() - 5 * hourMs) / dayMs) * dayMs + 5 * hourMs;
  const jobs = [...backup.world.jobs.values()].filter((job) => vault.test(job.vault) && job.createdMs >= dueMs);
  const isBad = jobs.some(({ state, message }) => /^(FAILED|PARTIAL|EXPIRED|ABORTED)$/.test(state) || message);
  const reached = efs.world.fileSystems().filter((each) => each.tags.get('cluster') === tags.cluster);
  return (isBad ? 1 : 0) + (reached.length > jobs.length || reached.length === 0 ? 1 : 0);
}
