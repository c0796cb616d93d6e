/** Settings of DB instances: of one that is there from the beginning, and what calls make of what they say. */
import type * as Rds from '@aws-sdk/client-rds';
import { known } from './context.ts';

/** Of one that a scenario launches, where it says nothing else. */
export const launchedDefaults: Partial<Rds.DBInstance> = {
  DBInstanceClass: 'db.r6g.large',
  Engine: 'postgres',
  EngineVersion: '16.4',
  AllocatedStorage: 100,
  StorageType: 'gp3',
  ...{ StorageEncrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/orders' },
  MultiAZ: true,
  DeletionProtection: true,
  BackupRetentionPeriod: 7,
  PreferredBackupWindow: '01:00-01:30',
  PreferredMaintenanceWindow: 'sun:05:00-sun:06:00',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0db', Status: 'active' }],
  DBSubnetGroup: { DBSubnetGroupName: 'databases' },
  DBParameterGroups: [{ DBParameterGroupName: 'postgres16-tuned', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-16', Status: 'in-sync' }],
  CopyTagsToSnapshot: true,
  AutoMinorVersionUpgrade: true,
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['postgresql'],
  PerformanceInsightsEnabled: true,
  PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/insights',
  PerformanceInsightsRetentionPeriod: 465,
  DatabaseInsightsMode: 'advanced',
  NetworkType: 'DUAL',
  CACertificateIdentifier: 'rds-ca-rsa4096-g1',
  EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
};

/** What a restore sets where it is told nothing. RDS user guide, "Restoring from a DB snapshot". */
export const restoredDefaults: Partial<Rds.DBInstance> = {
  StorageType: 'gp3',
  MultiAZ: false,
  DeletionProtection: false,
  BackupRetentionPeriod: 1,
  PreferredBackupWindow: '23:00-23:30',
  PreferredMaintenanceWindow: 'mon:02:00-mon:03:00',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-default', Status: 'active' }],
  DBSubnetGroup: { DBSubnetGroupName: 'default' },
  DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-16', Status: 'in-sync' }],
  CopyTagsToSnapshot: false,
  AutoMinorVersionUpgrade: true,
  IAMDatabaseAuthenticationEnabled: false,
  EnabledCloudwatchLogsExports: [],
  PerformanceInsightsEnabled: false,
  DatabaseInsightsMode: 'standard',
  NetworkType: 'IPV4',
  DedicatedLogVolume: false,
  CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  EngineLifecycleSupport: 'open-source-rds-extended-support',
};

type Restoring = Rds.RestoreDBInstanceFromDBSnapshotMessage | Rds.RestoreDBInstanceToPointInTimeMessage;

/** What the source's storage has, and what the call says, as a description has it. */
export const restoredSettings = (source: Partial<Rds.DBInstance>, input: Restoring): Partial<Rds.DBInstance> =>
  known({
    ...{ Engine: source.Engine, EngineVersion: source.EngineVersion, AllocatedStorage: source.AllocatedStorage },
    ...{ StorageEncrypted: source.StorageEncrypted, KmsKeyId: source.KmsKeyId },
    DBInstanceClass: input.DBInstanceClass,
    MultiAZ: input.MultiAZ,
    PubliclyAccessible: input.PubliclyAccessible,
    DeletionProtection: input.DeletionProtection,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
    ...{ NetworkType: input.NetworkType, CACertificateIdentifier: input.CACertificateIdentifier },
    ...{ DedicatedLogVolume: input.DedicatedLogVolume, ProcessorFeatures: input.ProcessorFeatures },
    EngineLifecycleSupport: input.EngineLifecycleSupport,
    ...{ StorageType: input.StorageType, Iops: input.Iops, StorageThroughput: input.StorageThroughput },
    VpcSecurityGroups: input.VpcSecurityGroupIds?.map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    DBSubnetGroup: input.DBSubnetGroupName === undefined ? undefined : { DBSubnetGroupName: input.DBSubnetGroupName },
    DBParameterGroups:
      input.DBParameterGroupName === undefined
        ? undefined
        : [{ DBParameterGroupName: input.DBParameterGroupName, ParameterApplyStatus: 'in-sync' }],
    OptionGroupMemberships:
      input.OptionGroupName === undefined ? undefined : [{ OptionGroupName: input.OptionGroupName, Status: 'in-sync' }],
  });

/** What a call that adds an instance to a cluster says, as a description has it. */
export const joinedSettings = (input: Rds.CreateDBInstanceMessage): Partial<Rds.DBInstance> => ({
  ...{ DBClusterIdentifier: input.DBClusterIdentifier, DBInstanceClass: input.DBInstanceClass },
  ...{ Engine: input.Engine, PromotionTier: input.PromotionTier, PubliclyAccessible: input.PubliclyAccessible },
  ...(input.DBParameterGroupName === undefined
    ? {}
    : { DBParameterGroups: [{ DBParameterGroupName: input.DBParameterGroupName }] }),
  PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
  PerformanceInsightsEnabled: input.EnablePerformanceInsights,
  PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId,
  PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
  CACertificateIdentifier: input.CACertificateIdentifier ?? 'rds-ca-rsa2048-g1',
  AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
});

/** What a change says, as a description has it, which has some of it under another name. */
export const modifiedSettings = (input: Rds.ModifyDBInstanceMessage): Partial<Rds.DBInstance> =>
  known({
    BackupRetentionPeriod: input.BackupRetentionPeriod,
    PreferredBackupWindow: input.PreferredBackupWindow,
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
    DeletionProtection: input.DeletionProtection,
    MaxAllocatedStorage: input.MaxAllocatedStorage,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights,
    PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
    DatabaseInsightsMode: input.DatabaseInsightsMode,
  });
