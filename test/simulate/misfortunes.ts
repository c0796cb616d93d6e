/** What the services of members do wrong later, after a call was accepted. */
import { databaseName } from '../scenario/policy.ts';
import type { Misfortune, Misfortunes } from './scenario.ts';

/** Of a DB instance that is kept as a snapshot. */
export const databaseMisfortunes: Misfortunes = {
  protect: [
    { name: 'database-snapshot-fails', arrange: ({ services: { rds } }) => rds.arrange.nextSnapshotFails() },
    { name: 'database-snapshot-never-ends', arrange: ({ services: { rds } }) => rds.arrange.nextSnapshotNeverEnds() },
  ],
  recover: [{ name: 'database-restore-fails', arrange: ({ services: { rds } }) => rds.arrange.nextRestoreFails() }],
};

/** Of a DB instance that is kept as a moment. */
export const momentMisfortunes: Misfortune = {
  ...{ name: 'logs-stand-still', state: 'Release' },
  arrange: ({ services: { rds } }) => rds.arrange.logsStandStill(databaseName),
};

const backupEnds = ['FAILED', 'PARTIAL', 'issues', 'EXPIRED', 'never'] as const;
const restoreEnds = ['FAILED', 'ABORTED', 'never'] as const;

/** Of files that AWS Backup copies. */
export const copyMisfortunes: Misfortunes = {
  protect: backupEnds.map((end) => ({
    name: `backup-job:${end}`,
    arrange: ({ services: { backup } }) => backup.arrange.nextJob(end),
  })),
  recover: restoreEnds.map((end) => ({
    name: `restore-job:${end}`,
    arrange: ({ services: { backup } }) => backup.arrange.nextRestore(end),
  })),
};

/** Of a cluster of MemoryDB. */
export const clusterMisfortunes: Misfortunes = {
  protect: [
    { name: 'cluster-snapshot-fails', arrange: ({ services: { memorydb } }) => memorydb.arrange.nextSnapshotFails() },
    {
      name: 'cluster-snapshot-never-ends',
      arrange: ({ services: { memorydb } }) => memorydb.arrange.nextSnapshotNeverEnds(),
    },
  ],
  recover: [
    { name: 'cluster-restore-fails', arrange: ({ services: { memorydb } }) => memorydb.arrange.nextRestoreFails() },
  ],
};
