/** A cluster of one node that belongs to no replication group. */
import { type CacheCluster, DescribeCacheClustersCommand } from '@aws-sdk/client-elasticache';
import type { ManagedMember } from '#domain/policy.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { automaticOf } from '../automatic-settings.ts';
import type { Maintenance } from '../maintenance.ts';
import type { Source } from '../named-snapshots.ts';
import { clusterSettings } from './node-settings.ts';
import { nextOf } from './node-snapshots.ts';
import { notReady, refused } from './state.ts';
import { tagsOf } from './tags.ts';

export async function lookAtCluster(member: ManagedMember, name: string): Promise<Source | undefined> {
  const cluster = await clusterNamed(name);
  if (cluster === undefined) return undefined;
  const { CacheClusterStatus, Engine, ReplicationGroupId } = cluster;
  const words = `elasticache ${member.resource}`;
  if (Engine === 'memcached') {
    return refused(
      `${words} is a Memcached cluster, which ElastiCache takes no snapshots of: only serverless Memcached.`,
    );
  }
  if (ReplicationGroupId !== undefined) {
    return refused(`${words} belongs to a replication group: back up replicationgroup:${ReplicationGroupId}.`);
  }
  const obstacle = notReady(member.resource, CacheClusterStatus);
  if (obstacle !== undefined) return obstacle;
  const [tags, next] = await Promise.all([tagsOf(cluster.ARN), nextOf(member, { CacheClusterId: name })]);
  return {
    settings: clusterSettings(cluster, tags),
    automatic: automaticOf(cluster),
    maintenance: maintenanceOf(cluster, `modify-cache-cluster --cache-cluster-id ${name}`),
    ...next,
  };
}

/**
 * Changes that were not asked for at once wait for the window. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheCluster.html
 * @param command of what the window belongs to
 */
export function maintenanceOf(cluster: CacheCluster | undefined, command: string): Maintenance {
  const { EngineVersion, CacheNodeType, NumCacheNodes } = cluster?.PendingModifiedValues ?? {};
  const changes = Object.entries({ EngineVersion, CacheNodeType, NumCacheNodes });
  return {
    window: cluster?.PreferredMaintenanceWindow,
    pending: changes.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])),
    isUnannounced: true,
    move: `aws elasticache ${command} --preferred-maintenance-window ddd:hh:mm-ddd:hh:mm`,
  };
}

export async function clusterNamed(name: string): Promise<CacheCluster | undefined> {
  const found = await elasticache()
    .send(new DescribeCacheClustersCommand({ CacheClusterId: name, ShowCacheNodeInfo: true }))
    .catch(unlessCalled('CacheClusterNotFoundFault'));
  return found?.CacheClusters?.[0];
}
