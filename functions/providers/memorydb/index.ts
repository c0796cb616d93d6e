/** MemoryDB clusters: manual snapshots. */
import { namedSnapshots } from '../named-snapshots.ts';
import { snapshots } from './snapshots.ts';

export const memorydb = namedSnapshots(snapshots);
