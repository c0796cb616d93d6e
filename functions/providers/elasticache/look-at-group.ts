/** A replication group. What it does not tell of itself, each of its clusters tells. */
import { DescribeReplicationGroupsCommand, type ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { ManagedMember } from '#domain/policy.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { automaticOf } from '../automatic-settings.ts';
import type { Source } from '../named-snapshots.ts';
import { promised } from '../promised.ts';
import { clusterNamed, maintenanceOf } from './look-at-cluster.ts';
import { groupSettings } from './node-settings.ts';
import { nextOf } from './node-snapshots.ts';
import { notReady } from './state.ts';
import { tagsOf } from './tags.ts';

export async function lookAtGroup(member: ManagedMember, name: string): Promise<Source | undefined> {
  const group = await groupNamed(name);
  if (group === undefined) return undefined;
  const obstacle = notReady(member.resource, group.Status);
  if (obstacle !== undefined) return obstacle;
  const node = promised(nodeOf(group), `a node of the replication group ${name}`);
  const [cluster, tags, next] = await Promise.all([
    clusterNamed(node),
    tagsOf(group.ARN),
    nextOf(member, group.ClusterEnabled ? { ReplicationGroupId: name } : { CacheClusterId: node }),
  ]);
  return {
    settings: {
      ...groupSettings(group, promised(cluster, `the cluster ${node}`), tags),
      // Out of cluster mode a snapshot is of a node, not of the group.
      ...(group.ClusterEnabled ? {} : { node }),
    },
    automatic: automaticOf(group),
    maintenance: maintenanceOf(cluster, `modify-replication-group --replication-group-id ${name}`),
    ...next,
    // Each shard is copied by itself.
    ...((group.NodeGroups?.length ?? 1) > 1 ? { consistency: 'crash-consistent' } : {}),
  };
}

export async function groupNamed(name: string): Promise<ReplicationGroup | undefined> {
  const found = await elasticache()
    .send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: name }))
    .catch(unlessCalled('ReplicationGroupNotFoundFault'));
  return found?.ReplicationGroups?.[0];
}

/** The one that its owner has chosen for automatic snapshots; else the primary, which has all that was acknowledged. */
function nodeOf({ SnapshottingClusterId, NodeGroups, MemberClusters }: ReplicationGroup): string | undefined {
  const members = NodeGroups?.[0]?.NodeGroupMembers ?? [];
  const primary = members.find(({ CurrentRole }) => CurrentRole === 'primary')?.CacheClusterId;
  return SnapshottingClusterId ?? primary ?? MemberClusters?.[0];
}
