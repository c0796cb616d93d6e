/**
 * What AWS Backup is told of a new resource that stands beside the old one: of its own words for the old one no more than its type takes, what the
 * policy says, and another name. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html
 */
import type { RestoreChoice } from '#domain/kinds/aws-backup/settings.ts';
import type { RestoreMetadata } from '../restore-jobs.ts';
import { lacking, nested, only, set } from './metadata-keys.ts';

/** What is known of the old one. */
export interface Known {
  readonly resourceArn: string;
  /** As AWS Backup names it. */
  readonly type: string;
  /** What GetRecoveryPointRestoreMetadata answers. */
  readonly told: RestoreMetadata;
  /** Of the policy's member. */
  readonly restore: RestoreChoice;
}

/** Pure. */
export interface Beside {
  readonly metadata: RestoreMetadata;
  /** Keys that the member's `restore` must have before it can be. */
  readonly lacks: readonly string[];
  /** As which it is restored, where that is another type. */
  readonly asType?: string;
}

type Rule = (known: Known, name: string) => Beside;

const fileSystemKeys = [
  ...['StorageCapacity', 'StorageType', 'VpcId', 'KmsKeyId', 'SecurityGroupIds', 'SubnetIds', 'DeploymentType'],
  ...['WeeklyMaintenanceStartTime', 'DailyAutomaticBackupStartTime', 'AutomaticBackupRetentionDays'],
  ...['CopyTagsToBackups', 'WindowsConfiguration', 'LustreConfiguration', 'OpenZFSConfiguration'],
  'ThroughputCapacity',
];
const windowsKeys = [
  ...['ActiveDirectoryId', 'AutomaticBackupRetentionDays', 'CopyTagsToBackups', 'DailyAutomaticBackupStartTime'],
  ...['DeploymentType', 'PreferredSubnetId', 'ThroughputCapacity', 'WeeklyMaintenanceStartTime'],
];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-fsx.html */
const fileSystem: Rule = ({ told, restore: { subnets, securityGroups, activeDirectory } }) => {
  const known = { ...only(told, fileSystemKeys), ...set({ SubnetIds: subnets, SecurityGroupIds: securityGroups }) };
  const lacks = lacking({ subnets: known.SubnetIds });
  if (known.WindowsConfiguration === undefined) return { metadata: known, lacks };
  const { PreferredSubnetId, ...was } = only(nested(known.WindowsConfiguration), windowsKeys);
  const preferred = subnets === undefined ? PreferredSubnetId : subnets[1] && subnets[0];
  const WindowsConfiguration = {
    ...was,
    ...(preferred === undefined ? {} : { PreferredSubnetId: preferred }),
    ...(activeDirectory === undefined ? {} : { ActiveDirectoryId: activeDirectory }),
  };
  const joins = activeDirectory ?? was.ActiveDirectoryId;
  return {
    metadata: { ...known, ...set({ WindowsConfiguration }) },
    lacks: [...lacks, ...lacking({ activeDirectory: joins })],
  };
};

const ontapKeys = [
  ...['JunctionPath', 'OntapVolumeType', 'SecurityStyle', 'SizeInMegabytes', 'SnapshotPolicy'],
  ...['StorageEfficiencyEnabled', 'StorageVirtualMachineId', 'TieringPolicy'],
];

/** Of NetApp ONTAP, the only one whose volumes have backups of their own. Beside the old one it has another junction, too. */
const volume: Rule = ({ told, restore: { storageVirtualMachine, sizeMegabytes } }, name) => {
  const was = only(nested(only(told, ['OntapConfiguration']).OntapConfiguration), ontapKeys);
  const Name = name.replaceAll(/\W/g, '_');
  const machine = storageVirtualMachine ?? was.StorageVirtualMachineId;
  const size = sizeMegabytes ?? was.SizeInMegabytes;
  const OntapConfiguration = {
    ...{ ...was, JunctionPath: `/${Name}` },
    ...{ StorageVirtualMachineId: machine, SizeInMegabytes: size },
  };
  return {
    metadata: set({ Name, OntapConfiguration }),
    lacks: lacking({ storageVirtualMachine: machine, sizeMegabytes: size }),
  };
};

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-s3.html */
const bucket: Rule = ({ told, restore }, name) => ({
  metadata: {
    ...{ Encrypted: 'true', EncryptionType: 'original', ...only(told, ['EncryptionType', 'KMSKey']) },
    DestinationBucketName: restore.bucket ?? name,
    NewBucket: String(restore.bucket === undefined),
  },
  lacks: [],
});

const clusterKeys = [
  ...['engine', 'engineMode', 'engineVersion', 'availabilityZones', 'databaseName', 'dbClusterParameterGroupName'],
  ...['dbSubnetGroupName', 'enableCloudwatchLogsExports', 'enableIAMDatabaseAuthentication', 'kmsKeyId'],
  ...['optionGroupName', 'port', 'scalingConfiguration', 'vpcSecurityGroupIds', 'backtrackWindow'],
  'copyTagsToSnapshot',
];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html */
const cluster: Rule = ({ told, type, restore }, name) => {
  const metadata: RestoreMetadata = {
    ...set({ engine: engines[type] }),
    ...only(told, clusterKeys),
    ...set({ engine: restore.engine, dbSubnetGroupName: restore.subnetGroup }),
    ...set({ vpcSecurityGroupIds: restore.securityGroups, dbClusterParameterGroupName: restore.parameterGroup }),
    dbClusterIdentifier: name,
  };
  return { metadata, lacks: lacking({ engine: metadata.engine }) };
};

/** Where AWS Backup does not say it; Aurora has several. */
const engines: Readonly<Record<string, string>> = { DocumentDB: 'docdb', Neptune: 'neptune' };

/** As a volume of EBS, of which a gateway can make one of its own: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-ebs.html */
const gatewayVolume: Rule = ({ told, restore: { zone } }) => ({
  metadata: { ...only(told, ['encrypted', 'kmsKeyId']), ...set({ availabilityZone: zone }) },
  lacks: lacking({ zone }),
  asType: 'EBS',
});

const rules: Readonly<Record<string, Rule>> = {
  FSx: (known, name) => (known.resourceArn.includes(':volume/') ? volume : fileSystem)(known, name),
  S3: bucket,
  Aurora: cluster,
  DocumentDB: cluster,
  Neptune: cluster,
  'Storage Gateway': gatewayVolume,
};

/** @param name of the new one, where its type has names. @returns undefined for a type that is not known here */
export const besideOf = (known: Known, name: string): Beside | undefined => rules[known.type]?.(known, name);
