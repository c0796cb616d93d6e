/**
 * What a restore from a snapshot does not bring back of a DB instance, or sets to a default, unless it is told.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
 */
import type { DBInstance } from '@aws-sdk/client-rds';
import { invalidRequest } from '#domain/faults.ts';
import { tagsIn } from '../tag-list.ts';

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
  /** MiB/s, of gp3. */
  readonly storageThroughput?: number;
  readonly maxAllocatedStorageGib?: number;
  readonly backupRetentionDays: number;
  readonly backupWindow?: string;
  readonly maintenanceWindow?: string;
  readonly performanceInsights: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** What no call gives back: one sentence each, for a person. */
  readonly differences: readonly string[];
}

/** Settings as an artifact has kept them. @throws InvalidRequest when they are not there: the artifact is known by its tags alone */
export function rdsSettings(kept: Readonly<Record<string, unknown>>): RdsSettings {
  if (typeof kept.instanceClass === 'string' && Array.isArray(kept.securityGroupIds)) return kept as RdsSettings;
  throw invalidRequest(
    `What the instance was like is not known any more: it went with the ledger. Make a new one by hand from ${kept.snapshotArn}.`,
  );
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
    ...set('storageThroughput', instance.StorageThroughput),
    ...set('maxAllocatedStorageGib', instance.MaxAllocatedStorage),
    backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
    ...set('backupWindow', instance.PreferredBackupWindow),
    ...set('maintenanceWindow', instance.PreferredMaintenanceWindow),
    performanceInsights: instance.PerformanceInsightsEnabled ?? false,
    tags: tagsIn(instance.TagList),
    differences: differencesOf(instance),
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html */
function differencesOf(instance: DBInstance): readonly string[] {
  const roles = (instance.AssociatedRoles ?? []).map(({ FeatureName, RoleArn }) => `${RoleArn} for ${FeatureName}`);
  const replicas = instance.ReadReplicaDBInstanceIdentifiers ?? [];
  return [
    ...(roles.length === 0 ? [] : [`the roles of its features are not given back: ${roles.join(', ')}.`]),
    ...(replicas.length === 0 ? [] : [`its read replicas stay with the replaced instance: ${replicas.join(', ')}.`]),
    // Switching it on takes the right to pass its role, whichever that is.
    ...(instance.MonitoringRoleArn === undefined
      ? []
      : [
          `enhanced monitoring every ${instance.MonitoringInterval} s by ${instance.MonitoringRoleArn} is not given back.`,
        ]),
    ...(instance.MasterUserSecret === undefined
      ? []
      : ['its master password is managed in Secrets Manager, which a restore switches off: turn it on again.']),
  ];
}
