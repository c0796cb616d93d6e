/** DynamoDB, as far as tables are members of workloads: what they are like, their backups, and what a restore does not bring back. */
import type {
  CreateBackupInput,
  ListBackupsInput,
  PutResourcePolicyInput,
  RestoreTableFromBackupInput,
  RestoreTableToPointInTimeInput,
  TagResourceInput,
  UntagResourceInput,
  UpdateContinuousBackupsInput,
  UpdateTableInput,
  UpdateTimeToLiveInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { epochSeconds, jsonCaller } from '../aws/json-caller.ts';
import { paced } from '../aws/paced.ts';
import { lazy } from '../lazy.ts';
import { dynamodbService } from './dynamodb.ts';

const text = z.optional(z.string());
const flag = z.optional(z.boolean());

const warm = lazy(() =>
  z.object({ ReadUnitsPerSecond: z.optional(z.number()), WriteUnitsPerSecond: z.optional(z.number()) }),
);
const tableSchema = lazy(() =>
  z.object({
    TableName: text,
    TableStatus: text,
    TableArn: text,
    TableId: text,
    StreamSpecification: z.optional(z.object({ StreamEnabled: flag, StreamViewType: text })),
    DeletionProtectionEnabled: flag,
    TableClassSummary: z.optional(z.object({ TableClass: text })),
    SSEDescription: z.optional(z.object({ SSEType: text, KMSMasterKeyArn: text })),
    BillingModeSummary: z.optional(z.object({ BillingMode: text })),
    WarmThroughput: z.optional(warm()),
    GlobalSecondaryIndexes: z.optional(
      z.array(z.object({ IndexName: z.string(), WarmThroughput: z.optional(warm()) })),
    ),
    Replicas: z.optional(z.array(z.object({ RegionName: text }))),
    RestoreSummary: z.optional(z.object({ RestoreInProgress: flag })),
  }),
);
export type Table = z.infer<ReturnType<typeof tableSchema>>;

const backupSchema = lazy(() =>
  z.object({
    BackupArn: text,
    BackupName: text,
    BackupStatus: text,
    BackupCreationDateTime: z.optional(epochSeconds),
  }),
);
export type Backup = z.infer<ReturnType<typeof backupSchema>>;

const described = lazy(() => z.object({ Table: z.optional(tableSchema()) }));
const expiry = lazy(() =>
  z.object({
    TimeToLiveDescription: z.optional(z.object({ TimeToLiveStatus: text, AttributeName: text })),
  }),
);
const continuous = lazy(() =>
  z.object({
    ContinuousBackupsDescription: z.optional(
      z.object({
        PointInTimeRecoveryDescription: z.optional(
          z.object({
            PointInTimeRecoveryStatus: text,
            RecoveryPeriodInDays: z.optional(z.number()),
            EarliestRestorableDateTime: z.optional(epochSeconds),
            LatestRestorableDateTime: z.optional(epochSeconds),
          }),
        ),
      }),
    ),
  }),
);
const tagPage = lazy(() =>
  z.object({
    Tags: z._default(z.array(z.object({ Key: text, Value: text })), []),
    NextToken: text,
  }),
);
const insightsPage = lazy(() =>
  z.object({
    ContributorInsightsSummaries: z._default(
      z.array(z.object({ IndexName: text, ContributorInsightsStatus: text, ContributorInsightsMode: text })),
      [],
    ),
    NextToken: text,
  }),
);
const policy = z.object({ Policy: text });
const destinations = lazy(() =>
  z.object({
    KinesisDataStreamDestinations: z._default(z.array(z.object({ StreamArn: text, DestinationStatus: text })), []),
  }),
);
const created = lazy(() => z.object({ BackupDetails: z.optional(backupSchema()) }));
const backup = lazy(() => z.object({ BackupDescription: z.optional(created()) }));
const backupPage = lazy(() =>
  z.object({ BackupSummaries: z._default(z.array(backupSchema()), []), LastEvaluatedBackupArn: text }),
);
const nothing = z.unknown();

/** Where others ask, too. */
const slow = { firstPauseMs: 100, maxAttempts: 8 };

/**
 * Answers a second that an account has, whoever asks; a workload may have fifty tables.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html, API_TagResource.html, API_DescribeContinuousBackups.html
 */
const usualPace = 10;
const paces: Readonly<Record<string, number>> = { ListBackups: 5, TagResource: 5, UntagResource: 5 };

/** Of one table, or of all since then, in epoch seconds as the wire has times. */
export type BackupsOf = { readonly TableName: string } | { readonly TimeRangeLowerBound: number };

export const dynamodbTables = lazy(() => dynamodbTablesOver());

export function dynamodbTablesOver(settings?: CallerSettings) {
  const unpaced = jsonCaller({ ...dynamodbService, ...slow }, settings);
  const turns = new Map<string, () => Promise<void>>();
  const call: typeof unpaced = async (operation, input, schema) => {
    const turn = turns.get(operation) ?? paced(paces[operation] ?? usualPace);
    turns.set(operation, turn);
    await turn();
    return unpaced(operation, input, schema);
  };
  // A backup has no client token, and its name may be given twice: a repeat after a lost reply is another backup.
  const once = jsonCaller(dynamodbService, { ...settings, maxAttempts: 1 });
  type Named = { readonly TableName: string };
  return {
    describeTable: (input: Named) => unpaced('DescribeTable', input, described()),
    describeTimeToLive: (input: Named) => call('DescribeTimeToLive', input, expiry()),
    describeContinuousBackups: (input: Named) => call('DescribeContinuousBackups', input, continuous()),
    describeKinesisStreamingDestination: (input: Named) =>
      call('DescribeKinesisStreamingDestination', input, destinations()),
    listTagsOfResource: (input: { readonly ResourceArn: string; readonly NextToken?: string }) =>
      call('ListTagsOfResource', input, tagPage()),
    getResourcePolicy: (input: { readonly ResourceArn: string }) => call('GetResourcePolicy', input, policy),
    putResourcePolicy: (input: PutResourcePolicyInput) => call('PutResourcePolicy', input, nothing),
    /** One page. */
    listContributorInsights: (input: Named & { readonly NextToken?: string }) =>
      call('ListContributorInsights', input, insightsPage()),
    updateContributorInsights: (
      input: Named & {
        readonly IndexName?: string;
        readonly ContributorInsightsAction: 'ENABLE';
        readonly ContributorInsightsMode?: string;
      },
    ) => call('UpdateContributorInsights', input, nothing),
    createBackup: (input: CreateBackupInput) => once('CreateBackup', input, created()),
    describeBackup: (input: { readonly BackupArn: string }) => call('DescribeBackup', input, backup()),
    /** One page. */
    listBackups: (input: BackupsOf & Pick<ListBackupsInput, 'BackupType' | 'ExclusiveStartBackupArn'>) =>
      call('ListBackups', input, backupPage()),
    deleteBackup: (input: { readonly BackupArn: string }) => call('DeleteBackup', input, nothing),
    restoreTableFromBackup: (input: RestoreTableFromBackupInput) => call('RestoreTableFromBackup', input, nothing),
    /** @param input with epoch seconds, as the wire has times */
    restoreTableToPointInTime: (
      input: Omit<RestoreTableToPointInTimeInput, 'RestoreDateTime'> & { readonly RestoreDateTime: number },
    ) => call('RestoreTableToPointInTime', input, nothing),
    updateTable: (input: UpdateTableInput) => call('UpdateTable', input, nothing),
    updateTimeToLive: (input: UpdateTimeToLiveInput) => call('UpdateTimeToLive', input, nothing),
    updateContinuousBackups: (input: UpdateContinuousBackupsInput) => call('UpdateContinuousBackups', input, nothing),
    tagResource: (input: TagResourceInput) => call('TagResource', input, nothing),
    untagResource: (input: UntagResourceInput) => call('UntagResource', input, nothing),
  };
}
