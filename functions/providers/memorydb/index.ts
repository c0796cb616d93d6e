/** MemoryDB clusters: manual snapshots. */
import { versionNotes } from '../cache-versions.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { engineVersions } from './engine-versions.ts';
import { snapshots } from './snapshots.ts';

export const memorydb: Provider = {
  ...namedSnapshots(snapshots),
  restoreNotes: (members, taken) => versionNotes(engineVersions, members, taken),
  isMeasured: ({ resource }, dimension, value) => dimension === 'ClusterName' && value === resource,
};
