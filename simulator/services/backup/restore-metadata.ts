/** What AWS Backup takes of each type: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html */
import { ApiError } from '../../kernel/service.ts';
import type { Source } from './sources.ts';

interface Keys {
  readonly required: readonly string[];
  readonly others: readonly string[];
}

const cluster: Keys = {
  required: ['dbClusterIdentifier', 'engine'],
  others: [
    ...['availabilityZones', 'backtrackWindow', 'copyTagsToSnapshot', 'databaseName', 'dbClusterParameterGroupName'],
    ...['dbSubnetGroupName', 'enableCloudwatchLogsExports', 'enableIAMDatabaseAuthentication', 'engineMode'],
    ...['engineVersion', 'kmsKeyId', 'optionGroupName', 'port', 'scalingConfiguration', 'vpcSecurityGroupIds'],
  ],
};

const keys: Readonly<Record<string, Keys>> = {
  EFS: {
    required: ['newFileSystem', 'Encrypted', 'PerformanceMode', 'CreationToken'],
    others: ['file-system-id', 'KmsKeyId', 'ItemsToRestore', 'singleAzFilesystem', 'availabilityZoneName'],
  },
  FSx: {
    required: ['SubnetIds'],
    others: [
      ...['AutomaticBackupRetentionDays', 'CopyTagsToBackups', 'DailyAutomaticBackupStartTime', 'DeploymentType'],
      ...['KmsKeyId', 'LustreConfiguration', 'OpenZFSConfiguration', 'SecurityGroupIds', 'StorageCapacity'],
      ...['StorageType', 'ThroughputCapacity', 'VpcId', 'WeeklyMaintenanceStartTime', 'WindowsConfiguration'],
    ],
  },
  'FSx volume': { required: ['Name', 'OntapConfiguration'], others: [] },
  S3: {
    required: ['DestinationBucketName'],
    others: [
      ...['Encrypted', 'EncryptionType', 'ItemsToRestore', 'KMSKey', 'NewBucket', 'RestoreACLs'],
      'RestoreLatestVersionsUpTo',
    ],
  },
  Aurora: cluster,
  DocumentDB: cluster,
  Neptune: cluster,
  EBS: {
    required: ['availabilityZone'],
    others: ['encrypted', 'iops', 'kmsKeyId', 'throughput', 'volumeSize', 'volumeType'],
  },
};

/** @throws ApiError for what is missing, or unknown */
export function checkMetadata(type: string, metadata: Readonly<Record<string, string>>): void {
  const known = keys[type];
  if (known === undefined) throw invalid(`Resource type ${type} cannot be restored so.`);
  const missing = known.required.filter((key) => metadata[key] === undefined);
  const unknown = Object.keys(metadata).filter((key) => ![...known.required, ...known.others].includes(key));
  if (missing.length > 0) throw invalid(`Metadata of ${type} lacks ${missing.join(', ')}.`);
  if (unknown.length > 0) throw invalid(`Metadata of ${type} has no ${unknown.join(', ')}.`);
  if (metadata.KmsKeyId !== undefined && metadata.Encrypted === 'false') throw invalid('KmsKeyId without encryption.');
}

const invalid = (message: string) => new ApiError('InvalidParameterValueException', message);

/** What is said of a resource as it was: more than a restore takes. */
export function toldOf({ arn, type, told: own }: Source): Record<string, string> {
  const name = arn.split(/[:/]/).at(-1) ?? '';
  const told: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    EFS: { 'file-system-id': name, Encrypted: 'true', PerformanceMode: 'generalPurpose', newFileSystem: 'false' },
    FSx: { StorageCapacity: '300', StorageType: 'SSD', SubnetIds: '["subnet-0a"]' },
    S3: { DestinationBucketName: name, NewBucket: 'false', Encrypted: 'true', EncryptionType: 'original' },
    Aurora: { dbClusterIdentifier: name, engine: 'aurora-postgresql', dbSubnetGroupName: 'private' },
    DocumentDB: { dbClusterIdentifier: name, engine: 'docdb', dbSubnetGroupName: 'private' },
    Neptune: { dbClusterIdentifier: name, engine: 'neptune', dbSubnetGroupName: 'private' },
  };
  return { 'aws:backup:request-id': arn, ...(own ?? told[type]) };
}
