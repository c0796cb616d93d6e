/**
 * What a restore from a backup does not bring back of a table. Indexes, throughput and billing it does.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CreateBackup_HowItWorks.html
 */
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import { type Extras, extrasOf } from './extras.ts';
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

export interface TableSettings extends Record<string, unknown>, ShownSettings, Features, Extras {
  /** What no call gives back: one sentence each, for a person. */
  readonly differences: readonly string[];
}

export async function settingsOf(table: Table): Promise<TableSettings> {
  const [features, { otherScaling, ...extras }, unseen] = await Promise.all([
    featuresOf(table),
    extrasOf(table),
    kinesisDifferences(table),
  ]);
  const differences = [...shownDifferences(table), ...scalingDifferences(otherScaling), ...unseen];
  return { ...shownSettings(table), ...features, ...extras, differences };
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

function shownDifferences({ StreamSpecification, Replicas = [] }: Table): readonly string[] {
  const regions = Replicas.map(({ RegionName }) => RegionName).join(', ');
  return [
    ...(StreamSpecification?.StreamEnabled
      ? ['its stream has another ARN: lead its readers (event source mappings) there.']
      : []),
    ...(regions === '' ? [] : [`its replicas stay with the replaced table: ${regions}.`]),
    'IAM policies that name the table name the replaced one.',
  ];
}

const scalingDifferences = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `of its autoscaling, policies by metrics of your own and scheduled actions are not given back: ${names.join(', ')}.`,
      ];

/** A stream's owner is another service. */
async function kinesisDifferences({ TableName = '' }: Table): Promise<readonly string[]> {
  const { KinesisDataStreamDestinations } = await dynamodbTables().describeKinesisStreamingDestination({ TableName });
  const streams = KinesisDataStreamDestinations.flatMap(({ StreamArn, DestinationStatus }) =>
    DestinationStatus === 'ACTIVE' ? (StreamArn ?? []) : [],
  );
  return streams.length === 0 ? [] : [`its changes do not go to Kinesis any more: ${streams.join(', ')}.`];
}
