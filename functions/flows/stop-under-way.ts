import type { Run } from '#domain/run.ts';
import { asFault } from '#platform/aws-errors.ts';
import { logger } from '#platform/logger.ts';
import { providerOf } from '#providers/index.ts';

/**
 * Ends what a run still has under way though its window is over, where its service can: nobody holds still for it any more, and a job that goes on
 * keeps the next run from beginning. Never in the way of telling that the run has failed: what could not be ended is tried again, by `settle`
 * and `retire`.
 */
export async function stopUnderWay({ id, artifacts }: Pick<Run, 'id' | 'artifacts'>): Promise<void> {
  for (const artifact of artifacts.filter(({ state }) => state === 'pending')) {
    try {
      await providerOf(artifact.kind).stop?.(artifact);
    } catch (error) {
      logger.warn(`${id}: ${asFault(error, `stopping ${artifact.id}`).message}`);
    }
  }
}
