/**
 * What AWS Backup is told of a new resource that stands beside the old one: of its own words for the old one no more than its type takes, with another
 * name. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html
 */
type Metadata = Readonly<Record<string, string>>;

/** Pure. */
export interface Beside {
  readonly metadata: Metadata;
  /** What only a person can give it, or must know: a sentence each. */
  readonly notes: readonly string[];
}

type Rule = (told: Metadata, mark: string) => Beside;

/** @param accepted keys that the type takes; whatever else is told (`aws:backup:request-id` …) makes a job fail */
const only = (told: Metadata, accepted: readonly string[]): Metadata =>
  Object.fromEntries(Object.entries(told).filter(([key]) => accepted.includes(key)));

const fileSystem: Rule = (told) => {
  const metadata = only(told, [
    ...['StorageCapacity', 'StorageType', 'VpcId', 'KmsKeyId', 'SecurityGroupIds', 'SubnetIds', 'DeploymentType'],
    ...[
      'WeeklyMaintenanceStartTime',
      'DailyAutomaticBackupStartTime',
      'AutomaticBackupRetentionDays',
      'CopyTagsToBackups',
    ],
    ...['WindowsConfiguration', 'LustreConfiguration', 'OntapConfiguration', 'OpenZFSConfiguration'],
    ...['ThroughputCapacity', 'PreferredSubnetId', 'ActiveDirectoryId'],
  ]);
  return {
    metadata,
    notes: [
      ...(metadata.SubnetIds === undefined ? ['Add SubnetIds: AWS Backup does not know its subnets.'] : []),
      'The new file system has another id and DNS name; aliases and links to data repositories are yours to make.',
    ],
  };
};

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-s3.html */
const bucket: Rule = (told, mark) => ({
  metadata: {
    ...only(told, ['EncryptionType', 'KMSKey']),
    DestinationBucketName: `${(told.DestinationBucketName ?? '').slice(0, 52)}-new-${mark}`,
    NewBucket: 'true',
  },
  notes: [
    'It goes to a new bucket: into one that exists, nothing is overwritten. Policy, lifecycle, notifications and public access settings of the bucket are yours to give it.',
  ],
});

const cluster: Rule = (told, mark) => ({
  metadata: {
    ...only(told, [
      ...['engine', 'engineMode', 'engineVersion', 'availabilityZones', 'databaseName', 'dbClusterParameterGroupName'],
      ...[
        'dbSubnetGroupName',
        'enableCloudwatchLogsExports',
        'enableIAMDatabaseAuthentication',
        'kmsKeyId',
        'optionGroupName',
      ],
      ...['port', 'scalingConfiguration', 'vpcSecurityGroupIds', 'backtrackWindow', 'copyTagsToSnapshot'],
    ]),
    dbClusterIdentifier: `${(told.dbClusterIdentifier ?? '').slice(0, 52)}-new-${mark}`,
  },
  notes: [
    'The new cluster has no instances: make them when it is available, with create-db-instance --db-cluster-identifier.',
  ],
});

const rules: Readonly<Record<string, Rule>> = {
  FSx: fileSystem,
  S3: bucket,
  Aurora: cluster,
  DocumentDB: cluster,
  Neptune: cluster,
};

/**
 * @param type as AWS Backup names it
 * @param told what GetRecoveryPointRestoreMetadata answers
 * @param mark makes the new name one of its own
 * @returns undefined for types that only a person can fill in
 */
export const besideOf = (type: string, told: Metadata, mark: string): Beside | undefined => rules[type]?.(told, mark);
