/** The calls that make caches from snapshots; fine when one of the name is there already. */
import {
  CreateCacheClusterCommand,
  type CreateCacheClusterMessage,
  CreateReplicationGroupCommand,
  type CreateReplicationGroupMessage,
  CreateServerlessCacheCommand,
  type CreateServerlessCacheRequest,
} from '@aws-sdk/client-elasticache';
import { unlessCalled } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { cacheSettings } from '../cache-settings.ts';
import { arnOf } from '../cache-snapshot.ts';
import type { Order } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import { askedVersion } from './engine-versions.ts';
import { withoutLogs } from './log-deliveries.ts';
import { filesOf } from './seed.ts';

/** Files, where there are some, or the snapshot. */
function sourceOf(snapshotId: string, settings: Order['settings']) {
  const files = filesOf(settings);
  return files === undefined ? { SnapshotName: snapshotId } : { SnapshotArns: files };
}

export async function restoreGroup(name: string, { snapshotId, settings, tags }: Order): Promise<void> {
  const known = cacheSettings<CreateReplicationGroupMessage>(settings);
  const command = new CreateReplicationGroupCommand({
    ...withoutLogs(known.recreate),
    EngineVersion: askedVersion(known.recreate.Engine, known.recreate.EngineVersion),
    ReplicationGroupId: name,
    // It must be there, and may be empty only where none was asked for.
    ReplicationGroupDescription: known.recreate.ReplicationGroupDescription || name,
    ...sourceOf(snapshotId, settings),
    Tags: tagList({ ...known.tags, ...tags }),
  });
  await elasticache().send(command).catch(unlessCalled('ReplicationGroupAlreadyExistsFault'));
}

export async function restoreCluster(name: string, { snapshotId, settings, tags }: Order): Promise<void> {
  const known = cacheSettings<CreateCacheClusterMessage>(settings);
  const command = new CreateCacheClusterCommand({
    ...withoutLogs(known.recreate),
    EngineVersion: askedVersion(known.recreate.Engine, known.recreate.EngineVersion),
    ...{ CacheClusterId: name, ...sourceOf(snapshotId, settings) },
    Tags: tagList({ ...known.tags, ...tags }),
  });
  await elasticache().send(command).catch(unlessCalled('CacheClusterAlreadyExistsFault'));
}

export async function restoreServerless(name: string, { settings, tags }: Order): Promise<void> {
  const known = cacheSettings<CreateServerlessCacheRequest>(settings);
  const command = new CreateServerlessCacheCommand({
    ...known.recreate,
    ...{ ServerlessCacheName: name, Engine: known.recreate.Engine },
    SnapshotArnsToRestore: [arnOf(settings)],
    Tags: tagList({ ...known.tags, ...tags }),
  });
  await elasticache().send(command).catch(unlessCalled('ServerlessCacheAlreadyExistsFault'));
}
