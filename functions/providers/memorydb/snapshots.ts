/** Manual snapshots of clusters. https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateSnapshot.html */
import { CreateSnapshotCommand, DeleteSnapshotCommand, TagResourceCommand } from '@aws-sdk/client-memorydb';
import { unlessCalled } from '#platform/aws-errors.ts';
import { memorydb } from '#platform/clients/memorydb.ts';
import { arnOf } from '../cache-snapshot.ts';
import { lookAtMany } from '../look-at-many.ts';
import type { Snapshot, SnapshotService } from '../named-snapshots.ts';
import { promised } from '../promised.ts';
import { tagList } from '../tag-list.ts';
import { automatic } from './automatic.ts';
import { clusterOf, isAtWork, look } from './cluster.ts';
import { allSnapshots, seen, snapshotNamed, tagsOf } from './listing.ts';

export const snapshots: SnapshotService = {
  kind: 'memorydb',
  // Every write that MemoryDB has acknowledged is in its transaction log.
  consistency: 'application-consistent',
  mostNameCharacters: 40,
  automatic,
  look,
  create: async (name, { resource }, tags) => {
    const command = new CreateSnapshotCommand({ ClusterName: resource, SnapshotName: name, Tags: tagList(tags) });
    const { Snapshot } = await memorydb().send(command);
    return seen(promised(Snapshot, `the snapshot ${name}`));
  },
  isPassing: async ({ resource }) => isAtWork(await clusterOf(resource)),
  named: one,
  describe: (artifacts) => lookAtMany(artifacts, { one: ({ id }) => one(id), list: allManual }),
  tag: async ({ detail }, tags) => {
    await memorydb().send(new TagResourceCommand({ ResourceArn: arnOf(detail), Tags: tagList(tags) }));
  },
  remove: async ({ id }) => {
    await memorydb()
      .send(new DeleteSnapshotCommand({ SnapshotName: id }))
      .catch(unlessCalled('SnapshotNotFoundFault'));
  },
  tagged: async () => {
    const ours = (await allManual()).filter(({ id }) => id.startsWith('holdfast-'));
    return await Promise.all(
      ours.map(async (snapshot) => ({ ...snapshot, tags: await tagsOf(arnOf(snapshot.detail ?? {})) })),
    );
  },
};

async function one(name: string): Promise<Snapshot | undefined> {
  const snapshot = await snapshotNamed(name);
  return snapshot && seen(snapshot);
}

const allManual = async (): Promise<readonly Snapshot[]> => (await allSnapshots({ Source: 'user' })).map(seen);
