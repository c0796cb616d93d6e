/** MemoryDB clusters: manual snapshots. */
import { namedSnapshots } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { snapshots } from './snapshots.ts';

export const memorydb: Provider = {
  ...namedSnapshots(snapshots),
  isMeasured: ({ resource }, dimension, value) => dimension === 'ClusterName' && value === resource,
};
