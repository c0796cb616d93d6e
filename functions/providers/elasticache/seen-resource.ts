/** Caches as a recovery looks at them. */

import { cacheState } from '../cache-state.ts';
import { endpointOf } from '../endpoint.ts';
import type { Resource } from '../replacement/replacement-service.ts';
import { clusterNamed } from './look-at-cluster.ts';
import { groupNamed } from './look-at-group.ts';
import { cacheNamed } from './serverless.ts';

/** By its configuration endpoint in cluster mode, else by its primary's. */
export async function seenGroup(name: string): Promise<Resource | undefined> {
  const group = await groupNamed(name);
  if (group === undefined) return undefined;
  const { ARN, Status, ConfigurationEndpoint, NodeGroups } = group;
  const endpoint = ConfigurationEndpoint ?? NodeGroups?.[0]?.PrimaryEndpoint;
  return { id: ARN ?? name, ...cacheState(Status), ...endpointOf(endpoint) };
}

export async function seenCluster(name: string): Promise<Resource | undefined> {
  const cluster = await clusterNamed(name);
  if (cluster === undefined) return undefined;
  const { ARN, CacheClusterStatus, CacheNodes } = cluster;
  return { id: ARN ?? name, ...cacheState(CacheClusterStatus), ...endpointOf(CacheNodes?.[0]?.Endpoint) };
}

export async function seenServerless(name: string): Promise<Resource | undefined> {
  const cache = await cacheNamed(name);
  return cache && { id: cache.ARN ?? name, ...cacheState(cache.Status), ...endpointOf(cache.Endpoint) };
}
