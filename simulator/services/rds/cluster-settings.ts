/** Settings of Aurora clusters: of one that is there from the beginning, and what calls make of what they say. */
import type * as Rds from '@aws-sdk/client-rds';
import { known } from './context.ts';

/** Of one that a scenario launches, where it says nothing else. */
export const launchedDefaults: Partial<Rds.DBCluster> = {
  Engine: 'aurora-postgresql',
  EngineVersion: '15.8',
  EngineMode: 'provisioned',
  Port: 5432,
  DBSubnetGroup: 'databases',
  DBClusterParameterGroup: 'aurora-postgresql15-tuned',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0db', Status: 'active' }],
  DeletionProtection: true,
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['postgresql'],
  CopyTagsToSnapshot: true,
  BackupRetentionPeriod: 14,
  PreferredBackupWindow: '01:00-01:30',
  PreferredMaintenanceWindow: 'sun:05:00-sun:06:00',
  StorageType: 'aurora-iopt1',
  EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  ...{ StorageEncrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/orders' },
  ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
};

/** RDS API, RestoreDBClusterFromSnapshot: what it sets where it is told nothing. */
export const restoredDefaults: Partial<Rds.DBCluster> = {
  EngineVersion: '16.6',
  EngineMode: 'provisioned',
  Port: 5432,
  DBSubnetGroup: 'default',
  DBClusterParameterGroup: 'default.aurora-postgresql16',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-default', Status: 'active' }],
  DeletionProtection: false,
  IAMDatabaseAuthenticationEnabled: false,
  EnabledCloudwatchLogsExports: [],
  CopyTagsToSnapshot: false,
  BackupRetentionPeriod: 1,
  PreferredBackupWindow: '23:00-23:30',
  PreferredMaintenanceWindow: 'mon:02:00-mon:03:00',
  EngineLifecycleSupport: 'open-source-rds-extended-support',
};

/** A restore to a point in time takes neither engine nor version. */
export type Restoring = Partial<Rds.RestoreDBClusterFromSnapshotMessage> &
  Partial<Rds.RestoreDBClusterToPointInTimeMessage>;

/** What the call says, as a description has it. */
export const restoredSettings = (input: Restoring): Partial<Rds.DBCluster> =>
  known({
    Engine: input.Engine,
    EngineVersion: input.EngineVersion,
    Port: input.Port,
    DBSubnetGroup: input.DBSubnetGroupName,
    DBClusterParameterGroup: input.DBClusterParameterGroupName,
    VpcSecurityGroups: input.VpcSecurityGroupIds?.map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    DeletionProtection: input.DeletionProtection,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot,
    BackupRetentionPeriod: input.BackupRetentionPeriod,
    PreferredBackupWindow: input.PreferredBackupWindow,
    StorageType: input.StorageType,
    EngineLifecycleSupport: input.EngineLifecycleSupport,
    ServerlessV2ScalingConfiguration: input.ServerlessV2ScalingConfiguration,
  });
