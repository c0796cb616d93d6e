/** OpenSearch domains: manual snapshots in a repository of the owner's. */
import { namedSnapshots } from '../named-snapshots.ts';
import { snapshots } from './snapshots.ts';

export const opensearch = namedSnapshots(snapshots);
