import type * as Rds from '@aws-sdk/client-rds';

type Restoring = Rds.RestoreDBInstanceFromDBSnapshotMessage | Rds.RestoreDBInstanceToPointInTimeMessage;

/** What the call says, as a description has it. */
export function restoredSettings(input: Restoring): Partial<Rds.DBInstance> {
  const given: Partial<Rds.DBInstance> = {
    DBInstanceClass: input.DBInstanceClass,
    MultiAZ: input.MultiAZ,
    PubliclyAccessible: input.PubliclyAccessible,
    DeletionProtection: input.DeletionProtection,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
    StorageType: input.StorageType,
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
