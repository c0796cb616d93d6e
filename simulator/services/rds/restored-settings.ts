import type * as Rds from '@aws-sdk/client-rds';

type Restoring = Rds.RestoreDBInstanceFromDBSnapshotMessage | Rds.RestoreDBInstanceToPointInTimeMessage;

/** What the source's storage has, and what the call says, as a description has it. */
export function restoredSettings(source: Partial<Rds.DBInstance>, input: Restoring): Partial<Rds.DBInstance> {
  const given: Partial<Rds.DBInstance> = {
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
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
