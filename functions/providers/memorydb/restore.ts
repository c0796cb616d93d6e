/**
 * A cluster from a snapshot, beside the present one. MemoryDB cannot rename, so a parameter leads applications to the new one.
 * https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots-restoring.html
 */
import {
  CreateClusterCommand,
  type CreateClusterRequest,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-memorydb';
import { invariantBroken } from '#domain/faults.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { memorydb } from '#platform/clients/memorydb.ts';
import { cacheSettings } from '../cache-settings.ts';
import { stateOf } from '../cache-snapshot.ts';
import { cacheState } from '../cache-state.ts';
import { endpointOf } from '../endpoint.ts';
import { replacement } from '../replacement/replacement.ts';
import type { ReplacementService } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import { clusterOf } from './cluster.ts';
import { snapshotNamed } from './listing.ts';

const service: ReplacementService = {
  kind: 'memorydb',
  mostNameCharacters: 40,
  look: async (name) => {
    const cluster = await clusterOf(name);
    return (
      cluster && { id: cluster.ARN ?? name, ...cacheState(cluster.Status), ...endpointOf(cluster.ClusterEndpoint) }
    );
  },
  // The creating call takes all of it.
  missing: async () => [],
  change: async (name) => {
    throw invariantBroken(`Nothing of the cluster ${name} is changed after it is made.`);
  },
  differences: (settings) => cacheSettings(settings).differences,
  refusals: async (id) => {
    const status = (await snapshotNamed(id))?.Status ?? 'gone';
    return stateOf(status) === 'completed' ? [] : [`The memorydb snapshot ${id} is ${status}, and cannot be restored.`];
  },
  restore: async ({ name, snapshotId, settings, tags }) => {
    const known = cacheSettings<CreateClusterRequest>(settings);
    const { NodeType, ACLName } = known.recreate;
    const names = { ClusterName: name, SnapshotName: snapshotId };
    const Tags = tagList({ ...known.tags, ...tags });
    await memorydb()
      .send(new CreateClusterCommand({ ...known.recreate, NodeType, ACLName, ...names, Tags }))
      .catch(unlessCalled('ClusterAlreadyExistsFault'));
  },
  mark: async (name, tags) => {
    const ResourceArn = (await clusterOf(name))?.ARN;
    if (ResourceArn !== undefined) await memorydb().send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) }));
  },
  unmark: async (name, keys) => {
    const ResourceArn = (await clusterOf(name))?.ARN;
    if (ResourceArn !== undefined) await memorydb().send(new UntagResourceCommand({ ResourceArn, TagKeys: [...keys] }));
  },
  lines: {
    restore: ({ name, snapshotId }) =>
      `aws memorydb create-cluster --cluster-name ${name} --snapshot-name ${snapshotId} --node-type … --acl-name …`,
    remove: (name, final) => `aws memorydb delete-cluster --cluster-name ${name} --final-snapshot-name ${final}`,
  },
};

export const memorydbRestore = replacement(service);
