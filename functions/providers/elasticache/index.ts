/** ElastiCache: replication groups and clusters of nodes, and serverless caches; manual snapshots. */
import { versionNotes } from '../cache-versions.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { engineVersions } from './engine-versions.ts';
import { snapshots } from './snapshots.ts';

export const elasticache: Provider = {
  ...namedSnapshots(snapshots),
  restoreNotes: (members, taken) => versionNotes(engineVersions, members, taken),
  /** Nodes of a group have its name and a number, those of several shards two. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html */
  isMeasured: ({ resource }, dimension, value) => {
    const [, name = ''] = resource.split(':');
    if (dimension === 'ReplicationGroupId' || dimension === 'clusterId') return value === name;
    return (
      dimension === 'CacheClusterId' && value.startsWith(name) && /^(-\d{3,4}){0,2}$/.test(value.slice(name.length))
    );
  },
};
