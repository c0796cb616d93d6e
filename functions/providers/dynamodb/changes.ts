/** What a restored table still needs. */

import type { StreamViewType, TableClass, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import type { Change } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import { type ExtraChange, extrasDue, giveExtra } from './extras.ts';
import { waitForRoom } from './room.ts';
import { type ShownSettings, shownSettings, type TableSettings } from './settings.ts';
import { expiryOf, type Features, recoveryOf, tagsOf } from './table.ts';

/** One of these, beside its words. */
export type TableChange = Change &
  Partial<Features> & { readonly update?: Partial<UpdateTableInput>; readonly extra?: ExtraChange };

/**
 * The next one; none when the table is as it should be. DynamoDB takes one at a time, and refuses while it is at work on the last.
 * Of what a table must have expiry comes last: from then on DynamoDB deletes what has expired since.
 * @param refused what AWS will not give it
 */
export async function changesOf(
  table: Table,
  wanted: TableSettings,
  refused: readonly string[],
): Promise<readonly TableChange[]> {
  const [update] = updatesDue(shownSettings(table), wanted);
  const next = update ?? (await featureDue(table, wanted));
  if (next !== undefined) return [next];
  const extras = await extrasDue(table, wanted);
  const due = extras.find(({ what }) => !refused.includes(what));
  if (due === undefined) return [];
  const { what, ...extra } = due;
  return [{ what, extra, mayLack: true }];
}

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

/** Each is asked for once those before it are as they should be, and only where it is wanted: DynamoDB gives few answers a second. */
async function featureDue(
  table: Table,
  { tags, recoveryDays, expiryAttribute }: Features,
): Promise<TableChange | undefined> {
  const present = await tagsOf(table);
  if (Object.entries(tags).some(([key, value]) => present[key] !== value)) return { what: 'tags', tags };
  if (recoveryDays !== undefined && (await recoveryOf(table)).recoveryDays !== recoveryDays)
    return { what: 'point-in-time recovery', recoveryDays };
  if (expiryAttribute !== undefined && (await expiryOf(table)).expiryAttribute !== expiryAttribute)
    return { what: 'expiry', expiryAttribute };
  return undefined;
}

export async function makeChange(table: Table, change: TableChange): Promise<void> {
  const { TableName, TableArn } = table;
  const { update, tags, recoveryDays, expiryAttribute, extra } = change;
  if (update !== undefined)
    await dynamodbTables()
      .updateTable({ TableName, ...update })
      .catch(waitForRoom);
  if (tags !== undefined) await dynamodbTables().tagResource({ ResourceArn: TableArn, Tags: tagList(tags) });
  if (recoveryDays !== undefined) {
    const specification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recoveryDays };
    await dynamodbTables()
      .updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: specification })
      .catch(waitForRoom);
  }
  if (expiryAttribute !== undefined) {
    const specification = { Enabled: true, AttributeName: expiryAttribute };
    await dynamodbTables().updateTimeToLive({ TableName, TimeToLiveSpecification: specification }).catch(waitForRoom);
  }
  if (extra !== undefined) await giveExtra(table, extra);
}
