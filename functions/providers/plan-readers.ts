import { readImages } from './ami/from-plans.ts';
import { readVolumes } from './ebs/from-plans.ts';
import { readFileSystems } from './efs/from-plans.ts';
import type { PlanReader } from './plan-copies.ts';

/** Every kind whose members plans copy so that Holdfast can bring the copies back. */
export const planReaders: readonly PlanReader[] = [readVolumes, readImages, readFileSystems];
