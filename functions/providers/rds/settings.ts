/**
 * What a restore from a snapshot does not bring back of a DB instance, or sets to a default, unless it is told.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
 */
import type { DBInstance } from '@aws-sdk/client-rds';

export interface RdsSettings extends Record<string, unknown> {
  readonly instanceClass: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly subnetGroup?: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
  readonly port?: number;
  readonly multiAz: boolean;
  readonly publiclyAccessible: boolean;
  readonly deletionProtection: boolean;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly copyTagsToSnapshot: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly storageType?: string;
  readonly iops?: number;
  readonly maxAllocatedStorageGib?: number;
  readonly backupRetentionDays: number;
  readonly backupWindow?: string;
  readonly maintenanceWindow?: string;
  readonly monitoringIntervalSeconds: number;
  readonly monitoringRoleArn?: string;
  readonly performanceInsights: boolean;
  readonly tags: Readonly<Record<string, string>>;
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
    ...set('iops', instance.Iops),
    ...set('maxAllocatedStorageGib', instance.MaxAllocatedStorage),
    backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
    ...set('backupWindow', instance.PreferredBackupWindow),
    ...set('maintenanceWindow', instance.PreferredMaintenanceWindow),
    monitoringIntervalSeconds: instance.MonitoringInterval ?? 0,
    ...set('monitoringRoleArn', instance.MonitoringRoleArn),
    performanceInsights: instance.PerformanceInsightsEnabled ?? false,
    tags: Object.fromEntries(
      (instance.TagList ?? []).flatMap(({ Key = '', Value = '' }) => (Key.startsWith('aws:') ? [] : [[Key, Value]])),
    ),
  };
}
