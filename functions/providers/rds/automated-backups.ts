/**
 * The automated backups of DB instances: a snapshot a day and the logs since, kept up to 35 days, and found by the instance's resource id also
 * when it was renamed, or deleted with its backups retained. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
 */
import {
  type DBInstanceAutomatedBackup,
  DescribeDBInstanceAutomatedBackupsCommand,
  type DescribeDBInstanceAutomatedBackupsMessage,
} from '@aws-sdk/client-rds';
import { unlessCalled } from '#platform/aws-errors.ts';
import { rds } from '#platform/clients/rds.ts';
import type { ContinuousService, RestoreWindow } from '../continuous/continuous-service.ts';
import { promised } from '../promised.ts';

export const automatedBackups: ContinuousService = {
  kind: 'rds',
  // Backups of a deleted instance of the same name are retained beside.
  look: async (name) => windowOf(await described({ DBInstanceIdentifier: name }, ['active', 'creating'])),
  find: async ({ id }) => windowOf(await described({ DbiResourceId: id }, ['active', 'creating', 'retained'])),
  lines: {
    keep: (name, days) =>
      `aws rds modify-db-instance --db-instance-identifier ${name} --backup-retention-period ${days} --apply-immediately`,
    examine: (name) => `aws rds describe-events --source-type db-instance --source-identifier ${name} --duration 1440`,
  },
};

async function described(
  whose: DescribeDBInstanceAutomatedBackupsMessage,
  states: readonly string[],
): Promise<DBInstanceAutomatedBackup | undefined> {
  const found = await rds()
    .send(new DescribeDBInstanceAutomatedBackupsCommand(whose))
    .catch(unlessCalled('DBInstanceAutomatedBackupNotFoundFault', 'DBInstanceNotFoundFault'));
  return found?.DBInstanceAutomatedBackups?.find(({ Status = '' }) => states.includes(Status));
}

function windowOf(backup: DBInstanceAutomatedBackup | undefined): RestoreWindow | undefined {
  if (backup === undefined || backup.BackupRetentionPeriod === 0) return undefined;
  const { EarliestTime: earliest, LatestTime: latest } = backup.RestoreWindow ?? {};
  return {
    id: promised(backup.DbiResourceId, 'the resource id of an automated backup'),
    days: backup.BackupRetentionPeriod ?? 0,
    ...(earliest === undefined ? {} : { earliestAt: earliest.toISOString() }),
    ...(latest === undefined ? {} : { latestAt: latest.toISOString() }),
  };
}
