/** Toy stores: snapshots by name. */
import { unlessCalled } from '#platform/aws-errors.ts';
import { lookAtMany } from '../look-at-many.ts';
import { namedSnapshots, type Snapshot, type Source } from '../named-snapshots.ts';
import {
  allSnapshots,
  createSnapshot,
  deleteSnapshot,
  type StoreSnapshot,
  snapshotNamed,
  storeNamed,
  tagSnapshot,
} from './toys.ts';

export const toyStore = namedSnapshots({
  kind: 'toy-store',
  consistency: 'application-consistent',
  mostNameCharacters: 60,
  look: async ({ resource, street }): Promise<Source | undefined> => {
    const store = await storeNamed(resource);
    if (store === undefined) return undefined;
    const settings = { street: store.Street };
    const words = `toy-store ${resource} is ${store.Status}`;
    if (store.Status === 'stocktaking') return { settings, refusals: [], busy: `${words}.` };
    if (store.Status !== 'open') return { settings, refusals: [`${words}: open it.`] };
    if (street === undefined || street === store.Street) return { settings, refusals: [] };
    return { settings, refusals: [`toy-store ${resource} is in ${store.Street}, not in ${street}.`] };
  },
  create: async (name, { resource }, tags) => seen(await createSnapshot(name, resource, tags)),
  named: one,
  describe: (artifacts) => lookAtMany(artifacts, { one: ({ id }) => one(id), list: all }),
  tag: async ({ id }, tags) => void (await tagSnapshot(id, tags)),
  remove: async ({ id }) => void (await deleteSnapshot(id).catch(unlessCalled('SnapshotNotFound'))),
  tagged: all,
});

async function one(name: string): Promise<Snapshot | undefined> {
  const snapshot = await snapshotNamed(name);
  return snapshot && seen(snapshot);
}

async function all(): Promise<readonly Snapshot[]> {
  return (await allSnapshots()).map(seen);
}

const states: Readonly<Record<string, Snapshot['state']>> = { packing: 'pending', packed: 'completed' };

const seen = ({ Name, Status, StartedAt, FixedAt, Tags }: StoreSnapshot): Snapshot => ({
  ...{ id: Name, state: states[Status] ?? 'error', startedAt: StartedAt, tags: Tags },
  ...(Status in states ? {} : { problem: `it is ${Status}` }),
  cut: { lower: StartedAt, ...(FixedAt === undefined ? {} : { upper: FixedAt }) },
});
