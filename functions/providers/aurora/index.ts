/** Aurora DB clusters: manual cluster snapshots, or moments of their continuous backup. */
import { withContinuous } from '../continuous/with-continuous.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import { automatedBackups } from './automated-backups.ts';
import { snapshots } from './snapshots.ts';

export const aurora = withContinuous(namedSnapshots(snapshots), automatedBackups);
