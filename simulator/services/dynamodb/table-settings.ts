/** What belongs to a table and dynalite does not know: expiry attribute, point-in-time recovery, tags, stream, class … Kept, not acted on. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';

export interface TableSettings {
  expiryAttribute?: string;
  /** Of point-in-time recovery; absent: it is off. */
  recoveryDays?: number;
  policy?: string;
  readonly tags: Map<string, string>;
  /** As a description shows them. */
  features: Pick<
    DynamoDb.TableDescription,
    'StreamSpecification' | 'DeletionProtectionEnabled' | 'TableClassSummary' | 'SSEDescription'
  >;
  /** Shown instead of the engine's own while it is set. */
  status?: DynamoDb.TableStatus;
  /** The backup that it is being restored from, or was. */
  restored?: DynamoDb.RestoreSummary;
}

/** Tables are told apart by name, in whichever form. */
export type SettingsOf = (table: string | undefined) => TableSettings;

export function tableSettings(): SettingsOf {
  const tables = new Map<string, TableSettings>();
  return (table) => {
    const name = table?.split('/').at(-1) ?? '';
    const settings = tables.get(name) ?? { tags: new Map(), features: {} };
    tables.set(name, settings);
    return settings;
  };
}

function describeBackups(kernel: Kernel, { recoveryDays }: TableSettings): DynamoDb.ContinuousBackupsDescription {
  const now = new Date(kernel.clock.nowMs());
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription:
      recoveryDays === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: recoveryDays,
            LatestRestorableDateTime: now,
          },
  };
}

function expiryOperations(of: SettingsOf): Service['operations'] {
  return {
    UpdateTimeToLive: (input: DynamoDb.UpdateTimeToLiveInput): DynamoDb.UpdateTimeToLiveOutput => {
      const { TimeToLiveSpecification: specification } = input;
      const settings = of(input.TableName);
      if (specification?.Enabled && specification.AttributeName) settings.expiryAttribute = specification.AttributeName;
      else delete settings.expiryAttribute;
      return { TimeToLiveSpecification: specification };
    },
    DescribeTimeToLive: (input: DynamoDb.DescribeTimeToLiveInput): DynamoDb.DescribeTimeToLiveOutput => {
      const { expiryAttribute } = of(input.TableName);
      return {
        TimeToLiveDescription: expiryAttribute
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: expiryAttribute }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
  };
}

function recoveryOperations(kernel: Kernel, of: SettingsOf): Service['operations'] {
  return {
    UpdateContinuousBackups: (input: DynamoDb.UpdateContinuousBackupsInput) => {
      const settings = of(input.TableName);
      const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } = input.PointInTimeRecoverySpecification ?? {};
      if (PointInTimeRecoveryEnabled) settings.recoveryDays = RecoveryPeriodInDays;
      else delete settings.recoveryDays;
      return { ContinuousBackupsDescription: describeBackups(kernel, settings) };
    },
    DescribeContinuousBackups: (input: DynamoDb.DescribeContinuousBackupsInput) => ({
      ContinuousBackupsDescription: describeBackups(kernel, of(input.TableName)),
    }),
  };
}

function tagOperations(of: SettingsOf): Service['operations'] {
  return {
    TagResource: (input: DynamoDb.TagResourceInput) => {
      for (const { Key: key = '', Value: value = '' } of input.Tags ?? []) of(input.ResourceArn).tags.set(key, value);
    },
    UntagResource: (input: DynamoDb.UntagResourceInput) => {
      for (const key of input.TagKeys ?? []) of(input.ResourceArn).tags.delete(key);
    },
    ListTagsOfResource: (input: DynamoDb.ListTagsOfResourceInput) => ({
      Tags: [...of(input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}

function policyOperations(of: SettingsOf): Service['operations'] {
  return {
    PutResourcePolicy: ({ ResourceArn, Policy = '' }: DynamoDb.PutResourcePolicyInput) => {
      of(ResourceArn).policy = Policy;
    },
    GetResourcePolicy: ({ ResourceArn }: DynamoDb.GetResourcePolicyInput) => {
      const { policy } = of(ResourceArn);
      if (policy === undefined)
        throw new ApiError('PolicyNotFoundException', 'Resource-based policy not found for the provided ResourceArn.');
      return { Policy: policy };
    },
    DescribeKinesisStreamingDestination: ({ TableName }: DynamoDb.DescribeKinesisStreamingDestinationInput) => ({
      TableName,
      KinesisDataStreamDestinations: [],
    }),
  };
}

/** The operations on these settings. */
export const settingsOperations = (kernel: Kernel, of: SettingsOf): Service['operations'] => ({
  ...expiryOperations(of),
  ...recoveryOperations(kernel, of),
  ...tagOperations(of),
  ...policyOperations(of),
});
