/** What belongs to a table and dynalite does not know: expiry attribute, point-in-time recovery, tags. Kept, not acted on. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import type { Kernel, Service } from '../../kernel/service.ts';

interface Settings {
  expiryAttribute?: string;
  isRecoverable: boolean;
  readonly tags: Map<string, string>;
}

function describeBackups(kernel: Kernel, { isRecoverable }: Settings): DynamoDb.ContinuousBackupsDescription {
  const now = new Date(kernel.clock.nowMs());
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: isRecoverable
      ? { PointInTimeRecoveryStatus: 'ENABLED', LatestRestorableDateTime: now }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}

function expiryOperations(of: (table: string | undefined) => Settings): Service['operations'] {
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

function backupOperations(kernel: Kernel, of: (table: string | undefined) => Settings): Service['operations'] {
  return {
    UpdateContinuousBackups: (input: DynamoDb.UpdateContinuousBackupsInput) => {
      const settings = of(input.TableName);
      settings.isRecoverable = input.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false;
      return { ContinuousBackupsDescription: describeBackups(kernel, settings) };
    },
    DescribeContinuousBackups: (input: DynamoDb.DescribeContinuousBackupsInput) => ({
      ContinuousBackupsDescription: describeBackups(kernel, of(input.TableName)),
    }),
  };
}

function tagOperations(of: (table: string | undefined) => Settings): Service['operations'] {
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

/** The operations on these settings; tables are told apart by name, in whichever form. */
export function tableSettings(kernel: Kernel): Service['operations'] {
  const tables = new Map<string, Settings>();
  const of = (table: string | undefined): Settings => {
    const name = table?.split('/').at(-1) ?? '';
    const settings = tables.get(name) ?? { isRecoverable: false, tags: new Map() };
    tables.set(name, settings);
    return settings;
  };
  return { ...expiryOperations(of), ...backupOperations(kernel, of), ...tagOperations(of) };
}
