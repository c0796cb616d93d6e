/** What every mail about a workload begins with: its newest good point, as of now. */
import type { About } from '#domain/mail/layout.ts';
import type { Workload } from '#domain/policy.ts';
import { newestOf } from '#domain/retention.ts';
import { pointsOf } from './points.ts';

export const aboutWorkload = async (workload: Workload): Promise<About> => ({
  workload,
  ...newestOf(await pointsOf(workload.name)),
  nowMs: Date.now(),
});
