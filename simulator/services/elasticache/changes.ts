/** Changes of what exists, as far as its automatic snapshots go. They take effect at once (assumed), and leave the cache available. */
import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import { given, refuseAutomatic, refuseRetention } from '../caches/automatic-settings.ts';
import type { NodeCaches } from './node-caches.ts';
import type { createServerless } from './serverless.ts';

const badValue = 'InvalidParameterValue';

export function createChanges(caches: NodeCaches, serverless: ReturnType<typeof createServerless>) {
  const refuseUnless = (isAvailable: boolean, code: string, name = ''): void => {
    if (!isAvailable) throw new ApiError(code, `${name} is not in available state.`);
  };

  return {
    ModifyReplicationGroup: (input: ElastiCache.ModifyReplicationGroupMessage) => {
      const group = caches.groupNamed(input.ReplicationGroupId);
      const { Status } = caches.shownGroup(group);
      refuseUnless(Status === 'available', 'InvalidReplicationGroupState', group.name);
      const { SnapshotRetentionLimit, SnapshotWindow, PreferredMaintenanceWindow } = input;
      const nodes = [...caches.nodes.values()].filter((node) => node.group === group);
      const ofNodes = given({ PreferredMaintenanceWindow });
      const next = { ...group.settings, ...given({ SnapshotRetentionLimit, SnapshotWindow }) };
      const maintenance = PreferredMaintenanceWindow ?? nodes[0]?.nodeSettings.PreferredMaintenanceWindow;
      refuseAutomatic(next, maintenance, badValue);
      group.settings = next;
      for (const node of nodes) node.nodeSettings = { ...node.nodeSettings, ...ofNodes };
      return { ReplicationGroup: caches.shownGroup(group) };
    },
    ModifyCacheCluster: (input: ElastiCache.ModifyCacheClusterMessage) => {
      const node = caches.nodeNamed(input.CacheClusterId);
      refuseUnless(node.status === 'available', 'InvalidCacheClusterState', node.name);
      const { SnapshotRetentionLimit, SnapshotWindow, PreferredMaintenanceWindow } = input;
      const asked = given({ SnapshotRetentionLimit, SnapshotWindow, PreferredMaintenanceWindow });
      const next = { ...node.nodeSettings, ...asked };
      refuseAutomatic(next, next.PreferredMaintenanceWindow, badValue);
      node.nodeSettings = next;
      return { CacheCluster: caches.shownNode(node) };
    },
    ModifyServerlessCache: (input: ElastiCache.ModifyServerlessCacheRequest) => {
      const cache = serverless.cacheNamed(input.ServerlessCacheName);
      refuseUnless(cache.status === 'available', 'InvalidServerlessCacheStateFault', cache.name);
      const { SnapshotRetentionLimit, DailySnapshotTime } = input;
      refuseRetention(SnapshotRetentionLimit, badValue);
      if (DailySnapshotTime !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(DailySnapshotTime)) {
        throw new ApiError(badValue, `Invalid daily snapshot time: ${DailySnapshotTime}.`);
      }
      cache.settings = { ...cache.settings, ...given({ SnapshotRetentionLimit, DailySnapshotTime }) };
      return { ServerlessCache: serverless.shown(cache) };
    },
  };
}
