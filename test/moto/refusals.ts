/** What services answer to calls that cannot be, as the SDK names it: the same in our region and in moto, or with a reason. */
import * as Dynamo from '@aws-sdk/client-dynamodb';
import * as Efs from '@aws-sdk/client-efs';
import * as Cache from '@aws-sdk/client-elasticache';
import * as Memory from '@aws-sdk/client-memorydb';
import * as Rds from '@aws-sdk/client-rds';
import * as Ssm from '@aws-sdk/client-ssm';

export interface Refusal {
  readonly what: string;
  /** Name of the error that AWS documents. */
  readonly error: string;
  /** Where moto says something else: README.md. */
  readonly moto?: string;
  ask(): Promise<unknown>;
}

const rds = new Rds.RDSClient({});
const dynamo = new Dynamo.DynamoDBClient({});
const cache = new Cache.ElastiCacheClient({});
const memory = new Memory.MemoryDBClient({});
const efs = new Efs.EFSClient({});
const ssm = new Ssm.SSMClient({});

const no = 'there-is-none';
/** One of each kind there is: a resource, and its snapshot. */
export const made = { resource: 'one', snapshot: 'one-snapshot' } as const;
const { resource, snapshot } = made;
const backupArn = `arn:aws:dynamodb:eu-west-1:123456789012:table/${resource}/backup/01234567890123-abcdef01`;

const ofInstances: readonly Refusal[] = [
  {
    what: 'rds: an instance that there is not',
    error: 'DBInstanceNotFoundFault',
    ask: () => rds.send(new Rds.DescribeDBInstancesCommand({ DBInstanceIdentifier: no })),
  },
  {
    what: 'rds: a snapshot of an instance that there is not',
    error: 'DBInstanceNotFoundFault',
    ask: () => rds.send(new Rds.CreateDBSnapshotCommand({ DBInstanceIdentifier: no, DBSnapshotIdentifier: 'new' })),
  },
  {
    what: 'rds: a snapshot of a name that is taken',
    error: 'DBSnapshotAlreadyExistsFault',
    ask: () =>
      rds.send(new Rds.CreateDBSnapshotCommand({ DBInstanceIdentifier: resource, DBSnapshotIdentifier: snapshot })),
  },
  {
    what: 'rds: a look at a snapshot that there is not',
    error: 'DBSnapshotNotFoundFault',
    ask: () => rds.send(new Rds.DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: no })),
  },
  {
    what: 'rds: the end of a snapshot that there is not',
    error: 'DBSnapshotNotFoundFault',
    ask: () => rds.send(new Rds.DeleteDBSnapshotCommand({ DBSnapshotIdentifier: no })),
  },
  {
    what: 'rds: a restore from a snapshot that there is not',
    error: 'DBSnapshotNotFoundFault',
    ask: () =>
      rds.send(
        new Rds.RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: 'new', DBSnapshotIdentifier: no }),
      ),
  },
  {
    what: 'rds: a restore to a name that is taken',
    error: 'DBInstanceAlreadyExistsFault',
    ask: () =>
      rds.send(
        new Rds.RestoreDBInstanceFromDBSnapshotCommand({
          DBInstanceIdentifier: resource,
          DBSnapshotIdentifier: snapshot,
        }),
      ),
  },
  {
    what: 'rds: a change of an instance that there is not',
    error: 'DBInstanceNotFoundFault',
    ask: () => rds.send(new Rds.ModifyDBInstanceCommand({ DBInstanceIdentifier: no, NewDBInstanceIdentifier: 'new' })),
  },
];

const ofClusters: readonly Refusal[] = [
  {
    what: 'aurora: a cluster that there is not',
    error: 'DBClusterNotFoundFault',
    ask: () => rds.send(new Rds.DescribeDBClustersCommand({ DBClusterIdentifier: no })),
  },
  {
    what: 'aurora: a snapshot of a name that is taken',
    error: 'DBClusterSnapshotAlreadyExistsFault',
    ask: () =>
      rds.send(
        new Rds.CreateDBClusterSnapshotCommand({
          DBClusterIdentifier: resource,
          DBClusterSnapshotIdentifier: snapshot,
        }),
      ),
  },
  {
    what: 'aurora: a restore to a name that is taken',
    error: 'DBClusterAlreadyExistsFault',
    moto: 'DBClusterSnapshotAlreadyExistsFault',
    ask: () =>
      rds.send(
        new Rds.RestoreDBClusterFromSnapshotCommand({
          ...{ DBClusterIdentifier: resource, SnapshotIdentifier: snapshot, Engine: 'aurora-postgresql' },
        }),
      ),
  },
  {
    what: 'aurora: a look at a snapshot that there is not',
    error: 'DBClusterSnapshotNotFoundFault',
    ask: () => rds.send(new Rds.DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: no })),
  },
  {
    what: 'aurora: the end of a snapshot that there is not',
    error: 'DBClusterSnapshotNotFoundFault',
    ask: () => rds.send(new Rds.DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: no })),
  },
];

const ofTables: readonly Refusal[] = [
  {
    what: 'dynamodb: a table that there is not',
    error: 'ResourceNotFoundException',
    ask: () => dynamo.send(new Dynamo.DescribeTableCommand({ TableName: no })),
  },
  {
    what: 'dynamodb: a backup of a table that there is not',
    error: 'TableNotFoundException',
    ask: () => dynamo.send(new Dynamo.CreateBackupCommand({ TableName: no, BackupName: 'new' })),
  },
  {
    what: 'dynamodb: a look at a backup that there is not',
    error: 'BackupNotFoundException',
    ask: () => dynamo.send(new Dynamo.DescribeBackupCommand({ BackupArn: backupArn })),
  },
  {
    what: 'dynamodb: the end of a backup that there is not',
    error: 'BackupNotFoundException',
    ask: () => dynamo.send(new Dynamo.DeleteBackupCommand({ BackupArn: backupArn })),
  },
  {
    what: 'dynamodb: a restore from a backup that there is not',
    error: 'BackupNotFoundException',
    ask: () =>
      dynamo.send(new Dynamo.RestoreTableFromBackupCommand({ BackupArn: backupArn, TargetTableName: 'new-table' })),
  },
];

const ofCaches: readonly Refusal[] = [
  {
    what: 'elasticache: a cluster that there is not',
    error: 'CacheClusterNotFoundFault',
    ask: () => cache.send(new Cache.DescribeCacheClustersCommand({ CacheClusterId: no })),
  },
  {
    what: 'elasticache: a group that there is not',
    error: 'ReplicationGroupNotFoundFault',
    ask: () => cache.send(new Cache.DescribeReplicationGroupsCommand({ ReplicationGroupId: no })),
  },
  {
    what: 'elasticache: a snapshot of a cluster that there is not',
    error: 'CacheClusterNotFoundFault',
    ask: () => cache.send(new Cache.CreateSnapshotCommand({ CacheClusterId: no, SnapshotName: 'new' })),
  },
  {
    what: 'elasticache: a snapshot of a name that is taken',
    error: 'SnapshotAlreadyExistsFault',
    ask: () => cache.send(new Cache.CreateSnapshotCommand({ CacheClusterId: resource, SnapshotName: snapshot })),
  },
  {
    what: 'elasticache: a look at a snapshot that there is not',
    error: 'SnapshotNotFoundFault',
    ask: () => cache.send(new Cache.DescribeSnapshotsCommand({ SnapshotName: no })),
  },
  {
    what: 'elasticache: the end of a snapshot that there is not',
    error: 'SnapshotNotFoundFault',
    ask: () => cache.send(new Cache.DeleteSnapshotCommand({ SnapshotName: no })),
  },
];

const ofMemory: readonly Refusal[] = [
  {
    what: 'memorydb: a cluster that there is not',
    error: 'ClusterNotFoundFault',
    ask: () => memory.send(new Memory.DescribeClustersCommand({ ClusterName: no })),
  },
  {
    what: 'memorydb: a snapshot of a cluster that there is not',
    error: 'ClusterNotFoundFault',
    ask: () => memory.send(new Memory.CreateSnapshotCommand({ ClusterName: no, SnapshotName: 'new' })),
  },
  {
    what: 'memorydb: a snapshot of a name that is taken',
    error: 'SnapshotAlreadyExistsFault',
    ask: () => memory.send(new Memory.CreateSnapshotCommand({ ClusterName: resource, SnapshotName: snapshot })),
  },
  {
    what: 'memorydb: a look at a snapshot that there is not',
    error: 'SnapshotNotFoundFault',
    ask: () => memory.send(new Memory.DescribeSnapshotsCommand({ SnapshotName: no })),
  },
  {
    what: 'memorydb: the end of a snapshot that there is not',
    error: 'SnapshotNotFoundFault',
    ask: () => memory.send(new Memory.DeleteSnapshotCommand({ SnapshotName: no })),
  },
  {
    what: 'memorydb: a cluster of a name that is taken',
    error: 'ClusterAlreadyExistsFault',
    ask: () =>
      memory.send(
        new Memory.CreateClusterCommand({
          ...{ ClusterName: resource, NodeType: 'db.t4g.small', ACLName: 'open-access', SnapshotName: snapshot },
        }),
      ),
  },
];

const parameter = { Name: '/one', Value: 'a value' };

const ofFiles: readonly Refusal[] = [
  {
    what: 'efs: a file system that there is not',
    error: 'FileSystemNotFound',
    ask: () => efs.send(new Efs.DescribeFileSystemsCommand({ FileSystemId: 'fs-0123456789abcdef0' })),
  },
];

const ofParameters: readonly Refusal[] = [
  {
    what: 'ssm: a parameter that there is not',
    error: 'ParameterNotFound',
    ask: () => ssm.send(new Ssm.GetParameterCommand({ Name: '/none' })),
  },
  {
    what: 'ssm: a parameter that there is, without the word that it may be overwritten',
    error: 'ParameterAlreadyExists',
    ask: async () => {
      await ssm.send(new Ssm.PutParameterCommand({ ...parameter, Type: 'String', Overwrite: true }));
      await ssm.send(new Ssm.PutParameterCommand({ ...parameter, Type: 'String' }));
    },
  },
];

export const refusals: readonly Refusal[] = [
  ...[...ofInstances, ...ofClusters, ...ofTables, ...ofCaches, ...ofMemory, ...ofFiles, ...ofParameters],
];

/** Gives the one resource of each kind its snapshot. DynamoDB's need no names of their own. */
export async function makeSnapshots(): Promise<void> {
  await rds.send(new Rds.CreateDBSnapshotCommand({ DBInstanceIdentifier: resource, DBSnapshotIdentifier: snapshot }));
  await rds.send(
    new Rds.CreateDBClusterSnapshotCommand({ DBClusterIdentifier: resource, DBClusterSnapshotIdentifier: snapshot }),
  );
  await cache.send(new Cache.CreateSnapshotCommand({ CacheClusterId: resource, SnapshotName: snapshot }));
  await memory.send(new Memory.CreateSnapshotCommand({ ClusterName: resource, SnapshotName: snapshot }));
}
