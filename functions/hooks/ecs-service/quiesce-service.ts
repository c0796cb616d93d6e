import type { PlannedHook } from '#domain/run.ts';
import { desiredCountTag } from '#domain/tags.ts';
import { type EcsService, ecs } from '#platform/clients/ecs.ts';
import type { GuestOutcome } from '../guest.ts';
import { lookUntil } from '../look-until.ts';
import { countToRemember, findService, heldService, isEmpty, rememberedCount } from './held-service.ts';
import { liveTasks } from './live-tasks.ts';

const pauseMs = 3000;

/**
 * Takes a service's tasks away, and waits until the last has stopped. The count that it had is in its tag before it is changed.
 * @throws what the client throws
 */
export async function quiesceService(hook: PlannedHook, endsAtMs: number): Promise<GuestOutcome> {
  const held = heldService(hook);
  const { cluster, service } = held;
  const before = await findService(held);
  if (before === undefined) return unquiesced('The service is not there any more.');
  await remember(before);
  await ecs().updateService({ cluster, service, desiredCount: 0 });
  let wasZero = false;
  const outcome = await lookUntil(endsAtMs, pauseMs, async () => {
    const now = await findService(held);
    // Just after the change a look may still show the count before it: ECS is eventually consistent.
    if (now === undefined || (wasZero && now.desiredCount > 0)) return unquiesced('Somebody else has changed it.');
    wasZero = now.desiredCount === 0;
    return isEmpty(now) && (await liveTasks(held)) === 0 ? quiesced(hook, countToRemember(before)) : undefined;
  });
  return outcome ?? unquiesced('Not all of its tasks have stopped in time: its events in ECS tell why.');
}

async function remember(service: EcsService): Promise<void> {
  const count = countToRemember(service);
  if (rememberedCount(service) === count) return;
  const tags = [{ key: desiredCountTag, value: String(count) }];
  await ecs().tagResource({ resourceArn: service.serviceArn, tags });
}

const unquiesced = (problem: string): GuestOutcome => ({ kind: 'unknown', problem });

function quiesced({ deadlineSeconds }: PlannedHook, count: number): GuestOutcome {
  const at = Date.now();
  const note = `All its tasks had stopped, of ${count} that were desired.`;
  return { kind: 'report', report: { result: 'quiesced', at, until: at + deadlineSeconds * 1000, note } };
}
