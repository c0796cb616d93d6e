/**
 * What a serverless cache must be given that is made from a snapshot.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html
 */
import type { CreateServerlessCacheRequest, ServerlessCache } from '@aws-sdk/client-elasticache';
import { automaticOf } from '../automatic-settings.ts';
import type { CacheSettings } from '../cache-settings.ts';
import type { Tags } from '../tag-list.ts';

export const serverlessSettings = (
  cache: ServerlessCache,
  tags: Tags,
): CacheSettings<CreateServerlessCacheRequest> => ({
  recreate: {
    Description: cache.Description,
    Engine: cache.Engine,
    MajorEngineVersion: cache.MajorEngineVersion,
    CacheUsageLimits: cache.CacheUsageLimits,
    KmsKeyId: cache.KmsKeyId,
    SecurityGroupIds: cache.SecurityGroupIds,
    SubnetIds: cache.SubnetIds,
    UserGroupId: cache.UserGroupId,
    SnapshotRetentionLimit: cache.SnapshotRetentionLimit,
    DailySnapshotTime: cache.DailySnapshotTime,
    NetworkType: cache.NetworkType,
  },
  tags,
  differences: [],
});

export const automaticOfServerless = ({ SnapshotRetentionLimit, DailySnapshotTime }: ServerlessCache) =>
  automaticOf({ SnapshotRetentionLimit, SnapshotWindow: DailySnapshotTime });
