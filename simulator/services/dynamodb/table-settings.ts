/** What belongs to a table and dynalite does not know: expiry attribute, point-in-time recovery, tags, stream, class … Kept, not acted on. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Service } from '../../kernel/service.ts';

export interface TableSettings {
  expiryAttribute?: string;
  /** Of point-in-time recovery; absent: it is off. */
  recoveryDays?: number;
  /** When it was switched on. */
  recoverySinceMs?: number;
  policy?: string;
  /** Modes of Contributor Insights, by index; the table's under ''. */
  readonly insights: Map<string, DynamoDb.ContributorInsightsMode>;
  /** Of indexes, where it is not as it begins. */
  readonly indexWarmth: Map<string, DynamoDb.WarmThroughput>;
  readonly tags: Map<string, string>;
  /** As a description shows them. */
  features: Pick<
    DynamoDb.TableDescription,
    'StreamSpecification' | 'DeletionProtectionEnabled' | 'TableClassSummary' | 'SSEDescription' | 'WarmThroughput'
  >;
  /** Shown instead of the engine's own while it is set. */
  status?: DynamoDb.TableStatus;
  /** The backup that it is being restored from, or was. */
  restored?: DynamoDb.RestoreSummary;
}

/** Tables are told apart by name, in whichever form. */
export type SettingsOf = (table: string | undefined) => TableSettings;

export function tableSettings() {
  const all = new Map<string, TableSettings>();
  const of: SettingsOf = (table) => {
    const name = table?.split('/').at(-1) ?? '';
    const settings = all.get(name) ?? {
      ...{ tags: new Map(), insights: new Map(), indexWarmth: new Map(), features: {} },
    };
    all.set(name, settings);
    return settings;
  };
  return { all, of };
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

function insightsOperations(of: SettingsOf): Service['operations'] {
  return {
    UpdateContributorInsights: (input: DynamoDb.UpdateContributorInsightsInput) => {
      const { TableName, IndexName, ContributorInsightsMode: mode = 'ACCESSED_AND_THROTTLED_KEYS' } = input;
      if (input.ContributorInsightsAction === 'ENABLE') of(TableName).insights.set(IndexName ?? '', mode);
      else of(TableName).insights.delete(IndexName ?? '');
      return { TableName, IndexName, ContributorInsightsStatus: 'ENABLING', ContributorInsightsMode: mode };
    },
    ListContributorInsights: ({ TableName }: DynamoDb.ListContributorInsightsInput) => ({
      ContributorInsightsSummaries: [...of(TableName).insights].map(([index, ContributorInsightsMode]) => ({
        ...{ TableName, ContributorInsightsStatus: 'ENABLED', ContributorInsightsMode },
        ...(index === '' ? {} : { IndexName: index }),
      })),
    }),
  };
}

/** The operations on these settings. */
export const settingsOperations = (of: SettingsOf): Service['operations'] => ({
  ...expiryOperations(of),
  ...tagOperations(of),
  ...policyOperations(of),
  ...insightsOperations(of),
});
