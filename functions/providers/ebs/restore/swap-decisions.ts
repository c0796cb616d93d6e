/**
 * What each phase of a swap has to do, from what EC2 shows. Pure, and level-triggered: the same look always gives the same answer,
 * so that a phase may be called again after a crash, a lost reply or a timeout.
 */
import { providerFault } from '#domain/faults.ts';
import { isDone, merged } from '../../drive.ts';
import type { Action, TerminationSetting } from './action.ts';
import { type Decision, nothingToDo } from './drive.ts';
import type { RestoreDetail, Swap } from './restore-detail.ts';
import type { InstanceView, VolumeView, World } from './world.ts';

const gone = ['missing', 'terminated', 'shutting-down'];

export const isGone = ({ state }: InstanceView): boolean => gone.includes(state);

export function refuseIfGone({ instanceId }: RestoreDetail, world: InstanceView): void {
  if (isGone(world)) throw providerFault(`${instanceId} is ${world.state}: there is nothing left to recover into.`);
}

/** Plain stop only: a forced one may lose what the guest has not yet written. */
export function decideStop(detail: RestoreDetail, world: InstanceView): Decision {
  refuseIfGone(detail, world);
  if (world.state === 'stopped') return nothingToDo;
  if (world.state !== 'running')
    return { actions: [], waitingFor: `${detail.instanceId} to stop (it is ${world.state})` };
  refuseIfChanged(detail, world);
  return { actions: [{ kind: 'stop', instanceId: detail.instanceId }], waitingFor: `${detail.instanceId} to stop` };
}

/** Nothing has been touched yet, so devices that someone else has changed since the plan are a reason to leave it at that. */
function refuseIfChanged({ instanceId, swaps }: RestoreDetail, world: InstanceView): void {
  const changed = swaps.filter(({ device, original }) => world.devices.get(device)?.volumeId !== original?.volumeId);
  if (changed.length === 0) return;
  const names = changed
    .map(({ device }) => `${device} (${world.devices.get(device)?.volumeId ?? 'nothing'})`)
    .join(', ');
  throw providerFault(`The devices of ${instanceId} have changed since the plan was made: ${names}. Plan again.`);
}

/** @param missingMarks the tags that a replaced volume still lacks */
export function decideDetach(
  detail: RestoreDetail,
  world: World,
  missingMarks: (volume: VolumeView) => Readonly<Record<string, string>>,
): Decision {
  refuseIfNotStopped(detail, world);
  const steps = detail.swaps.map((swap) => detachStep(detail, swap, world, missingMarks));
  return merged(steps);
}

function detachStep(
  detail: RestoreDetail,
  { device, original, restored }: Swap,
  world: World,
  missingMarks: (volume: VolumeView) => Readonly<Record<string, string>>,
): Decision {
  if (original === undefined) return nothingToDo;
  const { volumeId } = original;
  const volume = world.volumes.get(volumeId);
  if (volume === undefined)
    throw providerFault(`${volumeId}, attached as ${device} when the recovery was planned, is gone.`);
  const marks = missingMarks(volume);
  const mark: readonly Action[] =
    Object.keys(marks).length === 0 ? [] : [{ kind: 'tag', resourceId: volumeId, tags: marks }];
  if (volume.attachment === undefined) {
    const taken = world.devices.get(device)?.volumeId === volumeId && restored?.volumeId !== volumeId;
    return taken ? { actions: mark, waitingFor: `${device} to be free` } : withActions(mark);
  }
  refuseElsewhere(volumeId, volume, detail.instanceId);
  const waitingFor = `${volumeId} to be detached from ${device} (it is ${volume.attachment.state})`;
  if (volume.attachment.state !== 'attached') return { actions: mark, waitingFor };
  return { actions: [...mark, { kind: 'detach', instanceId: detail.instanceId, volumeId, device }], waitingFor };
}

export function decideAttach(detail: RestoreDetail, world: World): Decision {
  refuseIfNotStopped(detail, world);
  const places = detail.swaps.map((swap) => ({
    device: swap.device,
    volumeId: swap.restored?.volumeId ?? '',
    deleteOnTermination: swap.deleteOnTermination,
  }));
  const attaching = merged(places.map((place) => attachStep(detail, place, world)));
  return isDone(attaching) ? decideSettings(detail, places, world) : attaching;
}

/** Brings one volume under its device. EC2's two views may disagree for a while, so only an `available` volume is attached. */
export function attachStep(detail: RestoreDetail, place: TerminationSetting, world: World): Decision {
  const { volumeId, device } = place;
  const volume = world.volumes.get(volumeId);
  const waitingFor = `${volumeId} to be attached as ${device}`;
  if (volume === undefined) return { actions: [], waitingFor: `${volumeId} to be visible` };
  if (volume.attachment !== undefined) {
    refuseElsewhere(volumeId, volume, detail.instanceId);
    if (volume.attachment.device !== device) {
      throw providerFault(
        `${volumeId} is attached as ${volume.attachment.device}, not as ${device}: someone else moved it.`,
      );
    }
    return volume.attachment.state === 'attached' ? nothingToDo : { actions: [], waitingFor };
  }
  const occupant = world.devices.get(device)?.volumeId;
  if (occupant !== undefined && occupant !== volumeId)
    return { actions: [], waitingFor: `${device} to be free of ${occupant}` };
  if (volume.state !== 'available')
    return { actions: [], waitingFor: `${volumeId} to be available (it is ${volume.state})` };
  return { actions: [{ kind: 'attach', instanceId: detail.instanceId, volumeId, device }], waitingFor };
}

/** Puts back DeleteOnTermination once the instance's own view shows the volumes. */
export function decideSettings(detail: RestoreDetail, places: readonly TerminationSetting[], world: World): Decision {
  const unseen = places.filter(({ device, volumeId }) => world.devices.get(device)?.volumeId !== volumeId);
  if (unseen.length > 0) {
    const names = unseen.map(({ device }) => device).join(', ');
    return { actions: [], waitingFor: `${detail.instanceId} to show the volumes under ${names}` };
  }
  const wrong = places.filter(
    ({ device, deleteOnTermination }) => world.devices.get(device)?.deleteOnTermination !== deleteOnTermination,
  );
  if (wrong.length === 0) return nothingToDo;
  const waitingFor = `DeleteOnTermination to be set for ${wrong.map(({ device }) => device).join(', ')}`;
  return { actions: [{ kind: 'keep-setting', instanceId: detail.instanceId, settings: wrong }], waitingFor };
}

/** An instance that was found stopped stays stopped. */
export function decideStart(detail: RestoreDetail, world: InstanceView): Decision {
  refuseIfGone(detail, world);
  if (!detail.wasRunning || world.state === 'running') return nothingToDo;
  const why = world.reason === undefined ? '' : `, ${world.reason}`;
  const waitingFor = `${detail.instanceId} to be running (it is ${world.state}${why})`;
  if (world.state !== 'stopped') return { actions: [], waitingFor };
  return { actions: [{ kind: 'start', instanceId: detail.instanceId }], waitingFor };
}

const withActions = (actions: readonly Action[]): Decision =>
  actions.length === 0 ? nothingToDo : { actions, waitingFor: 'tags to show' };

function refuseIfNotStopped(detail: RestoreDetail, world: World): void {
  refuseIfGone(detail, world);
  if (world.state === 'stopped') return;
  throw providerFault(
    `${detail.instanceId} is ${world.state} while its volumes are being swapped: someone else started it.`,
  );
}

export function refuseElsewhere(volumeId: string, { attachment }: VolumeView, instanceId: string): void {
  if (attachment === undefined || attachment.instanceId === instanceId) return;
  throw providerFault(
    `${volumeId} is attached to ${attachment.instanceId}, not to ${instanceId}: someone else moved it.`,
  );
}
