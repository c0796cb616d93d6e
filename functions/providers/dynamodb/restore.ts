/**
 * A new table from a backup, or from a moment of the present one, beside the present one, and what a restore forgets. Tables cannot be renamed: an SSM parameter says which one
 * applications use. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
 */
import { unlessCalled } from '#platform/aws-errors.ts';
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import { promised } from '../promised.ts';
import { replacement } from '../replacement/replacement.ts';
import type { ReplacementService, Resource, Settings } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import { backupOf } from './backups.ts';
import { changesOf, makeChange, type TableChange } from './changes.ts';
import { continuousBackups } from './continuous-backups.ts';
import { restoresAtATime, waitForRoom } from './room.ts';
import { tableSettings } from './settings-record.ts';
import { tableOf } from './table.ts';

const service: ReplacementService<TableChange> = {
  kind: 'dynamodb',
  mostNameCharacters: 255,
  atATime: restoresAtATime,
  look: async (name) => {
    const table = await tableOf(name);
    return table && resourceOf(table);
  },
  missing: async (name, settings, { tags: marks, refused = [] }) => {
    const table = await tableOf(name);
    if (table === undefined) return [];
    const known = tableSettings(settings);
    // The marks of recoveries of the past say nothing of this one.
    const own = Object.entries(known.tags).filter(([key]) => !key.startsWith('holdfast:'));
    return changesOf(table, { ...known, tags: { ...Object.fromEntries(own), ...marks } }, refused);
  },
  change: async (name, change) => {
    const table = await tableOf(name);
    if (table !== undefined) await makeChange(table, change);
  },
  differences: (settings) => tableSettings(settings).differences,
  refusals: async (id) => {
    const backup = await backupOf(id);
    if (backup?.state === 'completed') return [];
    return [`The dynamodb backup ${id} is ${backup?.state ?? 'gone'}, and cannot be restored.`];
  },
  // The call takes no tags: they come with the changes.
  restore: async ({ name, snapshotId, settings }) => {
    await dynamodbTables()
      .restoreTableFromBackup({ TargetTableName: name, BackupArn: snapshotId, ...encryptionOf(settings) })
      .catch(unlessCalled('TableAlreadyExistsException'))
      .catch(waitForRoom);
  },
  continuous: {
    service: continuousBackups,
    restore: async ({ name: source, at }, { name, settings }) => {
      const whatAndWhen = { SourceTableName: source, RestoreDateTime: Date.parse(at) / 1000 };
      await dynamodbTables()
        .restoreTableToPointInTime({ TargetTableName: name, ...whatAndWhen, ...encryptionOf(settings) })
        .catch(unlessCalled('TableAlreadyExistsException'))
        .catch(waitForRoom);
    },
    line: ({ name: source, at }, name) =>
      `aws dynamodb restore-table-to-point-in-time --source-table-name ${source} --target-table-name ${name} --restore-date-time ${at}`,
    ends: 'Points until now are in its point-in-time recovery, and go with it.',
  },
  mark: async (name, tags) => {
    await dynamodbTables().tagResource({ ResourceArn: await arnOf(name), Tags: tagList(tags) });
  },
  unmark: async (name, keys) => {
    await dynamodbTables().untagResource({ ResourceArn: await arnOf(name), TagKeys: [...keys] });
  },
  lines: {
    restore: ({ name, snapshotId }) =>
      `aws dynamodb restore-table-from-backup --target-table-name ${name} --backup-arn ${snapshotId}`,
  },
};

export const dynamodbRestore = replacement(service);

function encryptionOf(settings: Settings) {
  const { keyArn } = tableSettings(settings);
  const encryption = { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn } as const;
  return keyArn === undefined ? {} : { SSESpecificationOverride: encryption };
}

const arnOf = async (name: string): Promise<string> =>
  promised((await tableOf(name))?.TableArn, `the dynamodb table ${name}`);

const broken = [
  'ARCHIVED',
  'ARCHIVING',
  'DELETING',
  'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
  'REPLICATION_NOT_AUTHORIZED',
];

function resourceOf({ TableId: id = '', TableName, TableStatus: words = 'unknown', RestoreSummary }: Table): Resource {
  const isReady = words === 'ACTIVE' && RestoreSummary?.RestoreInProgress !== true;
  return {
    ...{ id, words },
    state: isReady ? 'ready' : broken.includes(words) ? 'broken' : 'passing',
    ...(TableName === undefined ? {} : { endpoint: TableName }),
  };
}
