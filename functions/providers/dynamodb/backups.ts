/**
 * On-demand backups of tables, found by their names, which DynamoDB lets anybody give twice; their ids are ARNs. They cannot be tagged, cancelled
 * or labelled. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
 */

import { reachesBackMs } from '#domain/member-kinds.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { type Backup, type BackupsOf, dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import { lookAtMany } from '../look-at-many.ts';
import type { Snapshot, SnapshotService, Source } from '../named-snapshots.ts';
import { promised } from '../promised.ts';
import { waitForRoom } from './room.ts';
import { settingsOf } from './settings.ts';
import { tableOf } from './table.ts';

export const backups: SnapshotService = {
  kind: 'dynamodb',
  // Items that were written together may be apart in it: it is not causally consistent.
  consistency: 'crash-consistent',
  mostNameCharacters: 255,
  look: async ({ resource }) => {
    const table = await tableOf(resource);
    return table && sourceOf(table);
  },
  // DynamoDB gives a name twice, so that asking twice makes two.
  create: async (name, { resource }) => {
    const earlier = first(await recent(), name);
    if (earlier !== undefined) return seen(earlier);
    const { BackupDetails } = await dynamodbTables()
      .createBackup({ TableName: resource, BackupName: name })
      .catch((error: unknown) => waitForRoom(error, `dynamodb ${resource}: `));
    return seen(promised(BackupDetails, `the backup ${name}`));
  },
  isPassing: async ({ resource }) => ['ACTIVE', 'UPDATING'].includes((await tableOf(resource))?.TableStatus ?? ''),
  named: async (name, { resource }) => {
    const found = await named(name, resource);
    return found && seen(found);
  },
  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html: ten a second, and five of the lists. */
  describe: (artifacts) =>
    lookAtMany(artifacts, {
      one: ({ id }) => backupOf(id),
      list: async (some) => {
        const found: Snapshot[] = [];
        for (const table of new Set(some.map(({ source }) => source))) found.push(...(await allOf(table)).map(seen));
        return found;
      },
    }),
  tag: async () => undefined,
  /** All of the name: a call that was delivered twice has made two. */
  remove: async ({ source, detail: { backupName } }) => {
    if (typeof backupName !== 'string') return;
    for (const { BackupArn = '' } of withName(await allOf(source), backupName))
      await dynamodbTables().deleteBackup({ BackupArn }).catch(unlessCalled('BackupNotFoundException'));
  },
  tagged: async () => [],
};

async function sourceOf(table: Table): Promise<Source> {
  const { TableName: name, TableStatus: status = 'unknown' } = table;
  const settings = await settingsOf(table);
  if (status === 'ACTIVE') return { settings, refusals: [] };
  if (status === 'UPDATING') return { settings, refusals: [], busy: `dynamodb ${name} is ${status}.` };
  return { settings, refusals: [`dynamodb ${name} is ${status}, and DynamoDB backs up active tables only.`] };
}

const named = async (name: string, table: string): Promise<Backup | undefined> => first(await allOf(table), name);

/** The first that was made; undefined: there is none. */
const first = (backups: readonly Backup[], name: string): Backup | undefined =>
  withName(backups, name).toSorted((one, other) => timeOf(one) - timeOf(other))[0];

const withName = (backups: readonly Backup[], name: string): readonly Backup[] =>
  backups.filter(({ BackupName }) => BackupName === name);

const allOf = (TableName: string): Promise<readonly Backup[]> => listed({ TableName });

let reading: Promise<readonly Backup[]> | undefined;
/** Longer than a function runs that may have died after it had begun one. */
const recentSeconds = 3600;

/** Of all tables, newly made. Those of a tier are begun together, and one list serves them all: DynamoDB has five a second for an account. */
function recent(): Promise<readonly Backup[]> {
  reading ??= listed({ TimeRangeLowerBound: Math.floor(Date.now() / 1000) - recentSeconds }).finally(() => {
    reading = undefined;
  });
  return reading;
}

async function listed(which: BackupsOf): Promise<readonly Backup[]> {
  const found: Backup[] = [];
  let from: { readonly ExclusiveStartBackupArn?: string } | undefined = {};
  while (from !== undefined) {
    const page = await dynamodbTables().listBackups({ ...which, BackupType: 'USER', ...from });
    found.push(...page.BackupSummaries.filter(isThere));
    const last: string | undefined = page.LastEvaluatedBackupArn;
    from = last === undefined ? undefined : { ExclusiveStartBackupArn: last };
  }
  return found;
}

export async function backupOf(arn: string): Promise<Snapshot | undefined> {
  const found = await dynamodbTables()
    .describeBackup({ BackupArn: arn })
    .catch(unlessCalled('BackupNotFoundException'));
  const backup = found?.BackupDescription?.BackupDetails;
  return backup && isThere(backup) ? seen(backup) : undefined;
}

const isThere = ({ BackupStatus }: Backup): boolean => BackupStatus !== 'DELETED';
const timeOf = ({ BackupCreationDateTime: at }: Backup): number => at?.getTime() ?? 0;

/**
 * All that was committed a minute before the request is in it, and nothing that was a minute after.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CreateBackup_HowItWorks.html
 */
function seen(backup: Backup): Snapshot {
  const { BackupArn, BackupName, BackupStatus } = backup;
  const requestedMs = promised(backup.BackupCreationDateTime, `the time of the backup ${BackupName}`).getTime();
  const exactMs = reachesBackMs('dynamodb');
  return {
    id: promised(BackupArn, `the ARN of the backup ${BackupName}`),
    state: BackupStatus === 'AVAILABLE' ? 'completed' : 'pending',
    startedAt: new Date(requestedMs).toISOString(),
    cut: {
      lower: new Date(requestedMs - exactMs).toISOString(),
      upper: new Date(requestedMs + exactMs).toISOString(),
    },
    detail: { backupName: BackupName ?? '' },
  };
}
