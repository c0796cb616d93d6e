/**
 * The continuous backup of Aurora clusters, kept 1 to 35 days and found by the cluster's resource id also when it was renamed, or deleted with
 * its backups retained. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html
 */
import {
  type DBClusterAutomatedBackup,
  DescribeDBClusterAutomatedBackupsCommand,
  type DescribeDBClusterAutomatedBackupsMessage,
} from '@aws-sdk/client-rds';
import { unlessCalled } from '#platform/aws-errors.ts';
import { rds } from '#platform/clients/rds.ts';
import type { ContinuousService, RestoreWindow } from '../continuous/continuous-service.ts';
import { promised } from '../promised.ts';

export const automatedBackups: ContinuousService = {
  kind: 'aurora',
  look: async (name) => {
    const found = await described({ DBClusterIdentifier: name });
    // Backups of a deleted cluster of the same name are retained beside.
    return windowOf(found.find(({ Status }) => Status !== 'retained'));
  },
  find: async ({ id }) => windowOf((await described({ DbClusterResourceId: id }))[0]),
  lines: {
    keep: (name, days) =>
      `aws rds modify-db-cluster --db-cluster-identifier ${name} --backup-retention-period ${days} --apply-immediately`,
    examine: (name) => `aws rds describe-events --source-type db-cluster --source-identifier ${name} --duration 1440`,
  },
};

async function described(
  whose: DescribeDBClusterAutomatedBackupsMessage,
): Promise<readonly DBClusterAutomatedBackup[]> {
  const found = await rds()
    .send(new DescribeDBClusterAutomatedBackupsCommand(whose))
    .catch(unlessCalled('DBClusterAutomatedBackupNotFoundFault', 'DBClusterNotFoundFault'));
  return found?.DBClusterAutomatedBackups ?? [];
}

function windowOf(backup: DBClusterAutomatedBackup | undefined): RestoreWindow | undefined {
  if (backup === undefined) return undefined;
  const { EarliestTime: earliest, LatestTime: latest } = backup.RestoreWindow ?? {};
  return {
    id: promised(backup.DbClusterResourceId, 'the resource id of an automated backup'),
    days: backup.BackupRetentionPeriod ?? 0,
    ...(earliest === undefined ? {} : { earliestAt: earliest.toISOString() }),
    ...(latest === undefined ? {} : { latestAt: latest.toISOString() }),
  };
}
