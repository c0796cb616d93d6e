/**
 * What a restore from a snapshot does not bring back of a DB instance, or sets to a default, unless it is told.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
 */
import type { DBInstance, ProcessorFeature } from '@aws-sdk/client-rds';
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
  const set = <Key extends string, Value>(key: Key, value: Value | undefined) =>
    value === undefined ? {} : { [key]: value };
  return {
    instanceClass: instance.DBInstanceClass ?? '',
    engine: instance.Engine ?? '',
    engineVersion: instance.EngineVersion ?? '',
    ...set('subnetGroup', instance.DBSubnetGroup?.DBSubnetGroupName),
    securityGroupIds: (instance.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    ...set('parameterGroup', instance.DBParameterGroups?.[0]?.DBParameterGroupName),
    ...set('optionGroup', instance.OptionGroupMemberships?.[0]?.OptionGroupName),
    ...set('port', instance.Endpoint?.Port),
    multiAz: instance.MultiAZ ?? false,
    publiclyAccessible: instance.PubliclyAccessible ?? false,
    deletionProtection: instance.DeletionProtection ?? false,
    iamAuthentication: instance.IAMDatabaseAuthenticationEnabled ?? false,
    logExports: instance.EnabledCloudwatchLogsExports ?? [],
    copyTagsToSnapshot: instance.CopyTagsToSnapshot ?? false,
    autoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade ?? false,
    ...set('storageType', instance.StorageType),
    ...set('allocatedStorageGib', instance.AllocatedStorage),
    ...set('iops', instance.Iops),
    ...set('storageThroughput', instance.StorageThroughput),
    ...set('maxAllocatedStorageGib', instance.MaxAllocatedStorage),
    backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
    ...set('backupWindow', instance.PreferredBackupWindow),
    ...set('maintenanceWindow', instance.PreferredMaintenanceWindow),
    ...set('networkType', instance.NetworkType),
    ...set('dedicatedLogVolume', instance.DedicatedLogVolume || undefined),
    ...set('certificateAuthority', instance.CACertificateIdentifier),
    // The query protocol writes an empty list as an empty value, which is none.
    ...set('processorFeatures', instance.ProcessorFeatures?.length ? instance.ProcessorFeatures : undefined),
    ...set('engineLifecycleSupport', instance.EngineLifecycleSupport),
    performanceInsights: instance.PerformanceInsightsEnabled ?? false,
    ...set('performanceInsightsKey', instance.PerformanceInsightsKMSKeyId),
    ...set('performanceInsightsRetentionDays', instance.PerformanceInsightsRetentionPeriod),
    ...set('databaseInsightsMode', instance.DatabaseInsightsMode),
    tags: tagsIn(instance.TagList),
    differences: differencesOf(instance),
  };
}
