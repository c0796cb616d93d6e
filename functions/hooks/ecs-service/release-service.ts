import type { PlannedHook } from '#domain/run.ts';
import { desiredCountTag } from '#domain/tags.ts';
import { type EcsService, ecs } from '#platform/clients/ecs.ts';
import type { GuestOutcome } from '../guest.ts';
import { lookUntil } from '../look-until.ts';
import { findService, type HeldService, heldService, isEmpty, rememberedCount } from './held-service.ts';

const pauseMs = 1000;

/**
 * Puts back the desired count that the tag remembers, or, where that was taken off, the plan's. A count that somebody else has set
 * meanwhile stays. The tag goes last: until then whoever comes knows what to do.
 * @throws what the client throws
 */
export async function releaseService(hook: PlannedHook, endsAtMs: number): Promise<GuestOutcome> {
  const held = heldService(hook);
  const found = await findService(held);
  if (found === undefined) return released('lost', 'The service was not there any more.');
  const remembered = rememberedCount(found);
  const count = remembered ?? held.desiredCount;
  const isOthers = found.desiredCount > 0 && found.desiredCount !== count;
  const seen = isOthers ? found : await putBack(held, count, endsAtMs);
  if (seen === undefined) return { kind: 'unknown', problem: `Its desired count is not seen to be ${count} again.` };
  await ecs().untagResource({ resourceArn: found.serviceArn, tagKeys: [desiredCountTag] });
  return released(whoReleased(found, remembered), proofOf(seen, remembered));
}

/** Also where the count seems to be right: ECS is eventually consistent, and the 0 may not be seen yet. @returns undefined when it was not confirmed */
async function putBack(held: HeldService, desiredCount: number, endsAtMs: number): Promise<EcsService | undefined> {
  await ecs().updateService({ cluster: held.cluster, service: held.service, desiredCount });
  return lookUntil(endsAtMs, pauseMs, async () => {
    const seen = await findService(held);
    return seen?.desiredCount === desiredCount ? seen : undefined;
  });
}

function whoReleased(found: EcsService, remembered: number | undefined): 'release' | 'lost' | 'none' {
  if (isEmpty(found)) return 'release';
  return remembered === undefined ? 'none' : 'lost';
}

function proofOf({ desiredCount, runningCount }: EcsService, remembered: number | undefined): string {
  const tagless = remembered === undefined ? ' It had no tag with its count, so it was given that of the plan.' : '';
  return `When its desired count was confirmed to be ${desiredCount} again, ${runningCount} of them were running.${tagless}`;
}

const released = (by: 'release' | 'lost' | 'none', note: string): GuestOutcome => ({
  kind: 'report',
  report: { result: 'released', at: Date.now(), heldSince: null, by, note },
});
