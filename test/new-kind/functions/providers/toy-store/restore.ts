/** A toy store from a snapshot, beside the present one; then the names swap. */
import { invariantBroken } from '#domain/faults.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { replacement } from '../replacement/replacement.ts';
import { renameStore, restoreStore, snapshotNamed, storeNamed, tagStore, untagStore } from './toys.ts';

export const toyStoreRestore = replacement({
  kind: 'toy-store',
  mostNameCharacters: 40,
  look: async (name) => {
    const store = await storeNamed(name);
    return store && { id: store.Id, state: store.Status === 'open' ? 'ready' : 'passing', words: store.Status };
  },
  missing: async () => [],
  change: async (name) => {
    throw invariantBroken(`Nothing of the toy store ${name} is changed after it is made.`);
  },
  differences: () => [],
  refusals: async (id) =>
    (await snapshotNamed(id))?.Status === 'packed' ? [] : [`The toy-store snapshot ${id} is not packed.`],
  restore: async ({ name, snapshotId, tags }) => {
    await restoreStore(name, snapshotId, tags).catch(unlessCalled('StoreAlreadyExists'));
    return undefined;
  },
  rename: async (from, to) =>
    void (await renameStore(from, to).catch(unlessCalled('StoreNotFound', 'StoreAlreadyExists'))),
  mark: async (name, tags) => void (await tagStore(name, tags)),
  unmark: async (name, keys) => void (await untagStore(name, keys)),
  lines: {
    restore: ({ name, snapshotId }) => `aws toystore restore-store --name ${name} --snapshot-name ${snapshotId}`,
    rename: (from, to) => `aws toystore rename-store --name ${from} --new-name ${to}`,
  },
});
