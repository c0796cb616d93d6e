/**
 * What a restore from a cluster snapshot does not bring back, or sets to a default, unless it is told. It makes no instance at all.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html
 */
import type { DBInstance, ServerlessV2ScalingConfiguration } from '@aws-sdk/client-rds';
import { ifKnown } from '../if-known.ts';
import { type Tags, tagsIn } from '../tag-list.ts';
import type { Cluster } from './describe.ts';
import { differencesOf } from './differences.ts';

export interface AuroraSettings extends Record<string, unknown> {
  readonly engine: string;
  readonly engineVersion: string;
  readonly subnetGroup?: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup?: string;
  readonly port?: number;
  /** Host that spreads connections over its readers. */
  readonly readerEndpoint?: string;
  readonly deletionProtection: boolean;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly copyTagsToSnapshot: boolean;
  readonly storageType?: string;
  readonly networkType?: string;
  /** Whether it is in Extended Support, which costs more. */
  readonly engineLifecycleSupport?: string;
  /** Of Aurora MySQL. */
  readonly backtrackSeconds?: number;
  readonly serverlessCapacity?: ServerlessV2ScalingConfiguration;
  readonly backupRetentionDays: number;
  readonly backupWindow?: string;
  readonly maintenanceWindow?: string;
  readonly tags: Tags;
  /** Writer first. */
  readonly instances: readonly AuroraInstance[];
  /** What no call gives back: one sentence each, for a person. */
  readonly differences: readonly string[];
}

/** One of the cluster's instances. */
export interface AuroraInstance {
  /** Absent of an artifact from before it was kept. */
  readonly identifier?: string;
  readonly instanceClass: string;
  readonly availabilityZone?: string;
  readonly parameterGroup?: string;
  readonly promotionTier?: number;
  readonly publiclyAccessible: boolean;
  readonly performanceInsights: boolean;
  readonly performanceInsightsKey?: string;
  readonly performanceInsightsRetentionDays?: number;
  /** Of the certificate of its server. */
  readonly certificateAuthority?: string;
  readonly autoMinorVersionUpgrade: boolean;
  readonly maintenanceWindow?: string;
  readonly tags: Tags;
}

export function settingsOf(found: Cluster): AuroraSettings {
  const { cluster, instances } = found;
  const { ServerlessV2ScalingConfiguration: capacity } = cluster;
  return {
    engine: cluster.Engine ?? '',
    engineVersion: cluster.EngineVersion ?? '',
    ...ifKnown('subnetGroup', cluster.DBSubnetGroup),
    securityGroupIds: (cluster.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    ...ifKnown('parameterGroup', cluster.DBClusterParameterGroup),
    ...ifKnown('port', cluster.Port),
    ...ifKnown('readerEndpoint', cluster.ReaderEndpoint),
    deletionProtection: cluster.DeletionProtection ?? false,
    iamAuthentication: cluster.IAMDatabaseAuthenticationEnabled ?? false,
    logExports: cluster.EnabledCloudwatchLogsExports ?? [],
    copyTagsToSnapshot: cluster.CopyTagsToSnapshot ?? false,
    ...ifKnown('storageType', cluster.StorageType),
    ...ifKnown('networkType', cluster.NetworkType),
    ...ifKnown('engineLifecycleSupport', cluster.EngineLifecycleSupport),
    ...ifKnown('backtrackSeconds', cluster.BacktrackWindow),
    ...ifKnown('serverlessCapacity', capacity && { ...capacity }),
    backupRetentionDays: cluster.BackupRetentionPeriod ?? 1,
    ...ifKnown('backupWindow', cluster.PreferredBackupWindow),
    ...ifKnown('maintenanceWindow', cluster.PreferredMaintenanceWindow),
    tags: tagsIn(cluster.TagList),
    instances: instances.map(instanceSettings),
    differences: differencesOf(found),
  };
}

/** Their identifiers. @param detail of a planned member */
export const instancesIn = ({ instances }: Readonly<Record<string, unknown>>): readonly unknown[] =>
  Array.isArray(instances) ? instances.map((instance) => Object(instance).identifier) : [];

const instanceSettings = (instance: DBInstance): AuroraInstance => ({
  ...ifKnown('identifier', instance.DBInstanceIdentifier),
  instanceClass: instance.DBInstanceClass ?? '',
  ...ifKnown('availabilityZone', instance.AvailabilityZone),
  ...ifKnown('parameterGroup', instance.DBParameterGroups?.[0]?.DBParameterGroupName),
  ...ifKnown('promotionTier', instance.PromotionTier),
  publiclyAccessible: instance.PubliclyAccessible ?? false,
  performanceInsights: instance.PerformanceInsightsEnabled ?? false,
  ...ifKnown('performanceInsightsKey', instance.PerformanceInsightsKMSKeyId),
  ...ifKnown('performanceInsightsRetentionDays', instance.PerformanceInsightsRetentionPeriod),
  ...ifKnown('certificateAuthority', instance.CACertificateIdentifier),
  autoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade ?? false,
  ...ifKnown('maintenanceWindow', instance.PreferredMaintenanceWindow),
  tags: tagsIn(instance.TagList),
});
