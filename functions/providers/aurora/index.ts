/** Aurora DB clusters: manual cluster snapshots, or moments of their continuous backup. */
import { withContinuous } from '../continuous/with-continuous.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { automatedBackups } from './automated-backups.ts';
import { instancesIn } from './settings.ts';
import { snapshots } from './snapshots.ts';

export const aurora: Provider = {
  ...withContinuous(namedSnapshots(snapshots), automatedBackups),
  // Its instances are made anew also where the cluster's name stays.
  isMeasured: ({ resource, detail }, dimension, value) =>
    dimension === 'DBClusterIdentifier'
      ? value === resource
      : dimension === 'DBInstanceIdentifier' && instancesIn(detail).includes(value),
};
