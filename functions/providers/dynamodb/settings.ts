/**
 * What a restore from a backup does not bring back of a table. Indexes, throughput and billing it does.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CreateBackup_HowItWorks.html
 */

import { invalidRequest } from '#domain/faults.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import { type Features, featuresOf } from './table.ts';

/** Those that the table's own description shows. */
export interface ShownSettings {
  /** What the stream shows of a change; absent: there is no stream. */
  readonly streamView?: string;
  readonly deletionProtection: boolean;
  /** Absent: the standard one. */
  readonly tableClass?: string;
  /** Absent: the key is DynamoDB's own. */
  readonly keyArn?: string;
}

export interface TableSettings extends Record<string, unknown>, ShownSettings, Features {
  /** What no call gives back: one sentence each, for a person. */
  readonly differences: readonly string[];
}

/** Settings as an artifact has kept them. @throws InvalidRequest when they are not there: the artifact is known by its tags alone */
export function tableSettings(kept: Readonly<Record<string, unknown>>): TableSettings {
  if (typeof kept.deletionProtection === 'boolean' && typeof kept.tags === 'object') return kept as TableSettings;
  throw invalidRequest(
    'What the table was like is not known any more: it went with the ledger. Make a new one by hand from its backup.',
  );
}

export async function settingsOf(table: Table): Promise<TableSettings> {
  const [features, unseen] = await Promise.all([featuresOf(table), unseenDifferences(table)]);
  return { ...shownSettings(table), ...features, differences: [...shownDifferences(table), ...unseen] };
}

export function shownSettings(table: Table): ShownSettings {
  const { StreamSpecification: stream, TableClassSummary, SSEDescription: encryption } = table;
  return {
    ...(stream?.StreamEnabled && stream.StreamViewType !== undefined ? { streamView: stream.StreamViewType } : {}),
    deletionProtection: table.DeletionProtectionEnabled ?? false,
    ...(TableClassSummary?.TableClass === undefined ? {} : { tableClass: TableClassSummary.TableClass }),
    ...(encryption?.KMSMasterKeyArn === undefined ? {} : { keyArn: encryption.KMSMasterKeyArn }),
  };
}

function shownDifferences({ StreamSpecification, BillingModeSummary, Replicas = [] }: Table): readonly string[] {
  const regions = Replicas.map(({ RegionName }) => RegionName).join(', ');
  return [
    ...(StreamSpecification?.StreamEnabled
      ? ['its stream has another ARN: lead its readers (event source mappings) there.']
      : []),
    ...(BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST'
      ? []
      : ['its autoscaling, if it has any, is not given back: register the new table and its indexes.']),
    ...(regions === '' ? [] : [`its replicas stay with the replaced table: ${regions}.`]),
    'alarms and IAM policies that name the table name the replaced one.',
  ];
}

/** A resource policy names the table's own ARN, and a stream's owner is another service: neither is written by a machine. */
async function unseenDifferences({ TableName = '', TableArn = '' }: Table): Promise<readonly string[]> {
  const [policy, { KinesisDataStreamDestinations }] = await Promise.all([
    dynamodbTables().getResourcePolicy({ ResourceArn: TableArn }).catch(unlessCalled('PolicyNotFoundException')),
    dynamodbTables().describeKinesisStreamingDestination({ TableName }),
  ]);
  const streams = KinesisDataStreamDestinations.flatMap(({ StreamArn, DestinationStatus }) =>
    DestinationStatus === 'ACTIVE' ? (StreamArn ?? []) : [],
  );
  return [
    ...(policy?.Policy === undefined ? [] : ['its resource policy is not given back.']),
    ...(streams.length === 0 ? [] : [`its changes do not go to Kinesis any more: ${streams.join(', ')}.`]),
  ];
}
