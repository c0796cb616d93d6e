/** Aurora DB clusters: manual cluster snapshots. */
import { namedSnapshots } from '../named-snapshots.ts';
import { snapshots } from './snapshots.ts';

export const aurora = namedSnapshots(snapshots);
