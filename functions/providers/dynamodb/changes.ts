/** What a restored table still needs. */

import type { StreamViewType, TableClass, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import type { Change } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import { type ShownSettings, shownSettings, type TableSettings } from './settings.ts';
import type { Features } from './table.ts';

/** One of these, beside its words. */
export type TableChange = Change & Partial<Features> & { readonly update?: Partial<UpdateTableInput> };

/**
 * The next one; none when the table is as it should be. DynamoDB takes one at a time, and refuses while it is at work on the last.
 * Expiry comes last: from then on DynamoDB deletes what has expired since.
 */
export const changesOf = (table: Table, now: Features, wanted: TableSettings): readonly TableChange[] =>
  [...updatesDue(shownSettings(table), wanted), ...featuresDue(now, wanted)].slice(0, 1);

function updatesDue(now: ShownSettings, wanted: ShownSettings): readonly TableChange[] {
  const { streamView, tableClass = 'STANDARD', deletionProtection } = wanted;
  // Words of AWS's own, as its description had them.
  const stream = { StreamEnabled: true, StreamViewType: streamView as StreamViewType };
  const update = { TableClass: tableClass as TableClass };
  return [
    ...(streamView !== undefined && now.streamView === undefined
      ? [{ what: 'stream', update: { StreamSpecification: stream } }]
      : []),
    ...(tableClass === (now.tableClass ?? 'STANDARD') ? [] : [{ what: 'table class', update }]),
    ...(deletionProtection && !now.deletionProtection
      ? [{ what: 'deletion protection', update: { DeletionProtectionEnabled: true } }]
      : []),
  ];
}

function featuresDue(now: Features, { tags, recoveryDays, expiryAttribute }: Features): readonly TableChange[] {
  const isTagged = Object.entries(tags).every(([key, value]) => now.tags[key] === value);
  return [
    ...(isTagged ? [] : [{ what: 'tags', tags }]),
    ...(recoveryDays === undefined || recoveryDays === now.recoveryDays
      ? []
      : [{ what: 'point-in-time recovery', recoveryDays }]),
    ...(expiryAttribute === undefined || expiryAttribute === now.expiryAttribute
      ? []
      : [{ what: 'expiry', expiryAttribute }]),
  ];
}

export async function makeChange({ TableName, TableArn }: Table, change: TableChange): Promise<void> {
  const { update, tags, recoveryDays, expiryAttribute } = change;
  if (update !== undefined) await dynamodbTables().updateTable({ TableName, ...update });
  if (tags !== undefined) await dynamodbTables().tagResource({ ResourceArn: TableArn, Tags: tagList(tags) });
  if (recoveryDays !== undefined) {
    const specification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recoveryDays };
    await dynamodbTables().updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: specification });
  }
  if (expiryAttribute !== undefined) {
    const specification = { Enabled: true, AttributeName: expiryAttribute };
    await dynamodbTables().updateTimeToLive({ TableName, TimeToLiveSpecification: specification });
  }
}
