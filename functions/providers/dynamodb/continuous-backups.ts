/**
 * Point-in-time recovery of tables, any second of the last 1 to 35 days. It ends with the table; one of the same name made since is another.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
 */
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import type { ContinuousService, RestoreWindow } from '../continuous/continuous-service.ts';
import { promised } from '../promised.ts';
import { tableOf } from './table.ts';

export const continuousBackups: ContinuousService = {
  kind: 'dynamodb',
  look: async (name) => {
    const table = await tableOf(name);
    return table && (await windowOf(table));
  },
  find: async ({ id, name }) => {
    const table = await tableOf(name);
    return table?.TableId === id ? await windowOf(table) : undefined;
  },
  lines: {
    keep: (name, days) =>
      `aws dynamodb update-continuous-backups --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=${days}`,
    examine: (name) => `aws dynamodb describe-continuous-backups --table-name ${name}`,
  },
};

async function windowOf({ TableName = '', TableId }: Table): Promise<RestoreWindow | undefined> {
  const { ContinuousBackupsDescription: found } = await dynamodbTables().describeContinuousBackups({ TableName });
  const recovery = found?.PointInTimeRecoveryDescription;
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED') return undefined;
  const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } = recovery;
  return {
    id: promised(TableId, `the id of the dynamodb table ${TableName}`),
    days: recovery.RecoveryPeriodInDays ?? 35,
    ...(earliest === undefined ? {} : { earliestAt: earliest.toISOString() }),
    ...(latest === undefined ? {} : { latestAt: latest.toISOString() }),
  };
}
