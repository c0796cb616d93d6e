/** The snapshots that MemoryDB makes by itself. https://docs.aws.amazon.com/memorydb/latest/APIReference/API_UpdateCluster.html */
import { UpdateClusterCommand } from '@aws-sdk/client-memorydb';
import { memorydb } from '#platform/clients/memorydb.ts';
import { automaticOf, automaticSettings } from '../automatic-settings.ts';
import type { AutomaticCalls } from '../provider.ts';
import { clusterOf } from './cluster.ts';

export const automatic: AutomaticCalls = {
  read: async (resource) => {
    const cluster = await clusterOf(resource);
    return cluster && automaticOf(cluster);
  },
  set: async (resource, wanted) => {
    await memorydb().send(new UpdateClusterCommand({ ClusterName: resource, ...automaticSettings(wanted) }));
  },
};
