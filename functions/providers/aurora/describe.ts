import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { unlessCalled } from '#platform/aws-errors.ts';
import { rds } from '#platform/clients/rds.ts';

/** A cluster is its storage; what answers queries are its instances, at most sixteen. */
export interface Cluster {
  readonly cluster: DBCluster;
  /** Writer first, then as they would be promoted. */
  readonly instances: readonly DBInstance[];
}

/** Undefined: there is none of that name. */
export async function clusterOf(name: string): Promise<Cluster | undefined> {
  const found = await rds()
    .send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }))
    .catch(unlessCalled('DBClusterNotFoundFault'));
  const cluster = found?.DBClusters?.[0];
  if (cluster === undefined) return undefined;
  const of = new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [name] }] });
  const { DBInstances = [] } = await rds().send(of);
  return { cluster, instances: DBInstances.toSorted(byRank(cluster)) };
}

const byRank =
  ({ DBClusterMembers = [] }: DBCluster) =>
  (one: DBInstance, other: DBInstance): number => {
    const rank = ({ DBInstanceIdentifier, PromotionTier = 15 }: DBInstance) =>
      DBClusterMembers.some((member) => member.DBInstanceIdentifier === DBInstanceIdentifier && member.IsClusterWriter)
        ? -1
        : PromotionTier;
    const [name = '', otherName = ''] = [one.DBInstanceIdentifier, other.DBInstanceIdentifier];
    return rank(one) - rank(other) || name.localeCompare(otherName);
  };
