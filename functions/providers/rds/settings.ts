/**
 * What a restore from a snapshot does not bring back of a DB instance, or sets to a default, unless it is told.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
 */
import type { DBInstance, ProcessorFeature } from '@aws-sdk/client-rds';
import { ifKnown } from '../if-known.ts';
import { tagsIn } from '../tag-list.ts';
import { differencesOf } from './differences.ts';

export interface RdsSettings extends Record<string, unknown> {
  readonly instanceClass: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly subnetGroup?: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
  /** Of its option group: those that cannot be taken off it any more. */
  readonly lastingOptions?: readonly string[];
  readonly port?: number;
  readonly multiAz: boolean;
  readonly publiclyAccessible: boolean;
  readonly deletionProtection: boolean;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly copyTagsToSnapshot: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly storageType?: string;
  readonly allocatedStorageGib?: number;
  readonly iops?: number;
  /** MiB/s, of gp3. */
  readonly storageThroughput?: number;
  readonly maxAllocatedStorageGib?: number;
  readonly backupRetentionDays: number;
  readonly backupWindow?: string;
  readonly maintenanceWindow?: string;
  readonly networkType?: string;
  readonly dedicatedLogVolume?: boolean;
  /** Of the certificate of its server. */
  readonly certificateAuthority?: string;
  /** Cores and threads, where they are not those of the class. */
  readonly processorFeatures?: readonly ProcessorFeature[];
  /** Of MySQL and PostgreSQL: whether it is in Extended Support, which costs more. */
  readonly engineLifecycleSupport?: string;
  readonly performanceInsights: boolean;
  readonly performanceInsightsKey?: string;
  readonly performanceInsightsRetentionDays?: number;
  readonly databaseInsightsMode?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What no call gives back: one sentence each, for a person. */
  readonly differences: readonly string[];
}

export function settingsOf(instance: DBInstance): RdsSettings {
  return {
    instanceClass: instance.DBInstanceClass ?? '',
    engine: instance.Engine ?? '',
    engineVersion: instance.EngineVersion ?? '',
    ...ifKnown('subnetGroup', instance.DBSubnetGroup?.DBSubnetGroupName),
    securityGroupIds: (instance.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    ...ifKnown('parameterGroup', instance.DBParameterGroups?.[0]?.DBParameterGroupName),
    ...ifKnown('optionGroup', instance.OptionGroupMemberships?.[0]?.OptionGroupName),
    ...ifKnown('port', instance.Endpoint?.Port),
    multiAz: instance.MultiAZ ?? false,
    publiclyAccessible: instance.PubliclyAccessible ?? false,
    deletionProtection: instance.DeletionProtection ?? false,
    iamAuthentication: instance.IAMDatabaseAuthenticationEnabled ?? false,
    logExports: instance.EnabledCloudwatchLogsExports ?? [],
    copyTagsToSnapshot: instance.CopyTagsToSnapshot ?? false,
    autoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade ?? false,
    ...ifKnown('storageType', instance.StorageType),
    ...ifKnown('allocatedStorageGib', instance.AllocatedStorage),
    ...ifKnown('iops', instance.Iops),
    ...ifKnown('storageThroughput', instance.StorageThroughput),
    ...ifKnown('maxAllocatedStorageGib', instance.MaxAllocatedStorage),
    backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
    ...ifKnown('backupWindow', instance.PreferredBackupWindow),
    ...ifKnown('maintenanceWindow', instance.PreferredMaintenanceWindow),
    ...ifKnown('networkType', instance.NetworkType),
    ...ifKnown('dedicatedLogVolume', instance.DedicatedLogVolume || undefined),
    ...ifKnown('certificateAuthority', instance.CACertificateIdentifier),
    // The query protocol writes an empty list as an empty value, which is none.
    ...ifKnown('processorFeatures', instance.ProcessorFeatures?.length ? instance.ProcessorFeatures : undefined),
    ...ifKnown('engineLifecycleSupport', instance.EngineLifecycleSupport),
    performanceInsights: instance.PerformanceInsightsEnabled ?? false,
    ...ifKnown('performanceInsightsKey', instance.PerformanceInsightsKMSKeyId),
    ...ifKnown('performanceInsightsRetentionDays', instance.PerformanceInsightsRetentionPeriod),
    ...ifKnown('databaseInsightsMode', instance.DatabaseInsightsMode),
    tags: tagsIn(instance.TagList),
    differences: differencesOf(instance),
  };
}
