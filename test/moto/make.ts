/** Resources of moto, made by the calls that their owners would make. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateCacheClusterCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { CreateClusterCommand, MemoryDBClient } from '@aws-sdk/client-memorydb';
import { CreateDBClusterCommand, CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';

const master = { MasterUsername: 'owner', MasterUserPassword: 'simulated' };

export const makeInstance = (name: string): Promise<unknown> =>
  new RDSClient({}).send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: name, DBInstanceClass: 'db.r6g.large', Engine: 'postgres', AllocatedStorage: 20 },
      ...{ ...master, Tags: [{ Key: 'team', Value: 'orders' }] },
    }),
  );

export const makeAurora = (name: string): Promise<unknown> =>
  new RDSClient({}).send(
    new CreateDBClusterCommand({ DBClusterIdentifier: name, Engine: 'aurora-postgresql', ...master }),
  );

export const makeTable = (TableName: string): Promise<unknown> =>
  new DynamoDBClient({}).send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );

export const makeCache = (CacheClusterId: string): Promise<unknown> =>
  new ElastiCacheClient({}).send(
    new CreateCacheClusterCommand({
      ...{ CacheClusterId, Engine: 'redis', CacheNodeType: 'cache.t3.micro', NumCacheNodes: 1 },
    }),
  );

export const makeMemory = (ClusterName: string): Promise<unknown> =>
  new MemoryDBClient({}).send(
    new CreateClusterCommand({ ClusterName, NodeType: 'db.t4g.small', ACLName: 'open-access' }),
  );
