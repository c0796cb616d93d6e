import { readImages } from './ami/from-backup-plans.ts';
import type { BackupPlanReader } from './backup-plan-copies.ts';
import { readVolumes } from './ebs/from-backup-plans.ts';
import { readFileSystems } from './efs/from-backup-plans.ts';

/** Every kind whose members plans copy so that Holdfast can bring the copies back. */
export const backupPlanReaders: readonly BackupPlanReader[] = [readVolumes, readImages, readFileSystems];
