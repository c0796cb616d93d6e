/**
 * The way back, from whatever state things are in: originals under their devices, the instance as it was found. Pure and
 * level-triggered, as the phases are. The new volumes stay, tagged to expire, so nothing is destroyed on the way back either.
 */
import { providerFault } from '#domain/faults.ts';
import { isDone, merged } from '../../drive.ts';
import type { Action } from './action.ts';
import { type Decision, nothingToDo } from './drive.ts';
import type { Original, RestoreDetail, Swap } from './restore-detail.ts';
import { attachStep, decideSettings, decideStart, refuseElsewhere, refuseIfGone } from './swap-decisions.ts';
import { unmarking } from './unmarking.ts';
import type { VolumeView, World } from './world.ts';

/** `isLate`: the roll back has waited so long that a detachment which does not end is forced; the instance is stopped by then. */
export function decideUndo(detail: RestoreDetail, world: World, recoveryId: string, isLate: boolean): Decision {
  refuseIfGone(detail, world);
  if (detail.swaps.some((swap) => isMisplaced(detail, swap, world))) return decideReturn(detail, world, isLate);
  const settings = decideSettings(detail, originalPlaces(detail), world);
  if (!isDone(settings)) return settings;
  const marks = detail.swaps.flatMap(({ original }) => unmark(original, world, recoveryId));
  return merged([
    marks.length === 0 ? nothingToDo : { actions: marks, waitingFor: 'tags to show' },
    decideFoundState(detail, world),
  ]);
}

/** Whether the volume under the device is not the one that was there, or something of ours is attached at all. */
export function isMisplaced(
  { instanceId }: RestoreDetail,
  { device, original, restored }: Swap,
  world: World,
): boolean {
  const isOurs = restored !== undefined && world.volumes.get(restored.volumeId)?.attachment?.instanceId === instanceId;
  return isOurs || (original !== undefined && !isHome(world.volumes.get(original.volumeId), instanceId, device));
}

const isHome = (volume: VolumeView | undefined, instanceId: string, device: string): boolean =>
  volume?.attachment?.instanceId === instanceId &&
  volume.attachment.device === device &&
  volume.attachment.state === 'attached';

function decideReturn(detail: RestoreDetail, world: World, isLate: boolean): Decision {
  const { instanceId } = detail;
  if (world.state === 'running') {
    refuseIfTakenOver(detail, world);
    return { actions: [{ kind: 'stop', instanceId }], waitingFor: `${instanceId} to stop` };
  }
  if (world.state !== 'stopped') return { actions: [], waitingFor: `${instanceId} to stop (it is ${world.state})` };
  return merged(detail.swaps.map((swap) => returnStep(detail, swap, world, isLate)));
}

/** Somebody has given a running instance another volume: they know better than a roll back that may come hours later. */
function refuseIfTakenOver({ instanceId, swaps }: RestoreDetail, world: World): void {
  for (const { device, original, restored } of swaps) {
    const volumeId = world.devices.get(device)?.volumeId;
    if (volumeId === undefined || volumeId === original?.volumeId || volumeId === restored?.volumeId) continue;
    throw providerFault(
      `${instanceId} is running with ${volumeId} under ${device}, which is neither the volume that it had nor the restored one: somebody has changed it, so it is left as it is.`,
    );
  }
}

function returnStep(detail: RestoreDetail, swap: Swap, world: World, isLate: boolean): Decision {
  const { device, original, restored } = swap;
  const ours = restored && world.volumes.get(restored.volumeId);
  if (restored !== undefined && ours?.attachment?.instanceId === detail.instanceId) {
    return detachStep(restored.volumeId, ours.attachment, isLate);
  }
  if (original === undefined) return nothingToDo;
  const volume = world.volumes.get(original.volumeId);
  if (volume === undefined) throw providerFault(`The original volume ${original.volumeId} of ${device} is gone.`);
  refuseElsewhere(original.volumeId, volume, detail.instanceId);
  if (volume.attachment !== undefined && isLeaving(volume.attachment)) {
    return detachStep(original.volumeId, volume.attachment, isLate);
  }
  return attachStep(detail, { ...original, device }, world);
}

type Attachment = NonNullable<VolumeView['attachment']>;

const isLeaving = ({ state }: Attachment): boolean => state === 'detaching' || state === 'busy';

/** An attachment that hangs is ended by detaching, too. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html */
function detachStep(volumeId: string, attachment: Attachment, isLate: boolean): Decision {
  const { instanceId, device, state } = attachment;
  const waitingFor = `${volumeId} to be detached from ${device} (it is ${state})`;
  if (!isLeaving(attachment)) return { actions: [{ kind: 'detach', instanceId, volumeId, device }], waitingFor };
  const actions: readonly Action[] = isLate ? [{ kind: 'detach', instanceId, volumeId, device, force: true }] : [];
  return { actions, waitingFor };
}

export const originalPlaces = ({ swaps }: RestoreDetail) =>
  swaps.flatMap(({ device, original }) =>
    original === undefined
      ? []
      : [{ device, volumeId: original.volumeId, deleteOnTermination: original.deleteOnTermination }],
  );

/** Takes this recovery's tags off an original, and puts those of an earlier recovery back. */
export function unmark(original: Original | undefined, world: World, recoveryId: string): readonly Action[] {
  if (original === undefined) return [];
  const { volumeId, marks } = original;
  return unmarking(recoveryId, volumeId, world.volumes.get(volumeId)?.tags ?? {}, marks);
}

/** Running if it was found running; an instance found stopped was never started by us, so it is left as it is. */
function decideFoundState(detail: RestoreDetail, world: World): Decision {
  if (detail.wasRunning) return decideStart(detail, world);
  const settled = world.state === 'stopped' || world.state === 'running';
  return settled ? nothingToDo : { actions: [], waitingFor: `${detail.instanceId} to settle (it is ${world.state})` };
}
