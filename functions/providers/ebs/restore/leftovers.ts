/** When even the way back failed: what is where, and the commands that finish it, for a person. */
import type { ApplicationState } from '#domain/application-state.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import type { Leftovers } from '../../restorer.ts';
import { commandLine, line } from './command-line.ts';
import { type RestoreDetail, restoreDetail, type Swap } from './restore-detail.ts';
import { isGone } from './swap-decisions.ts';
import { isMisplaced, originalPlaces, unmark } from './undo-decision.ts';
import { look, type World } from './world.ts';

/** The commands stand in the order in which they must be run. Never throws: without EC2 it tells what the ledger knows. */
export async function leftovers(target: RecoveryTarget, recovery: Recovery): Promise<Leftovers> {
  const detail = restoreDetail(target);
  const world = await look(detail).catch(() => undefined);
  return {
    application: applicationState(detail, world),
    lines: [
      ...(world === undefined ? whatWas(detail) : whatIsWhere(detail, world)),
      ...(world !== undefined && isGone(world) ? wayOn(detail, world, recovery) : wayBack(detail, world, recovery)),
    ],
  };
}

export function applicationState({ swaps }: RestoreDetail, world: World | undefined): ApplicationState {
  if (world === undefined) return 'unknown';
  if (isGone(world)) return 'gone';
  if (world.state !== 'running') return 'down';
  const isUnder = (device: string, volumeId: string | undefined) => world.devices.get(device)?.volumeId === volumeId;
  if (swaps.every(({ device, original }) => isUnder(device, original?.volumeId))) return 'runs-on-originals';
  const isRestored = ({ device, restored }: Swap) => restored !== undefined && isUnder(device, restored.volumeId);
  return swaps.every(isRestored) ? 'runs-on-restored' : 'runs-on-mixed';
}

const wayBack = (detail: RestoreDetail, world: World | undefined, { id }: Recovery): readonly string[] => [
  `To bring ${detail.instanceId} back as it was before ${id}, run:`,
  ...commandsBack(detail, world, id),
];

/** A terminated instance does not come back: another one takes the originals that are left, or the point. */
function wayOn(detail: RestoreDetail, world: World, { workload, pointId }: Recovery): readonly string[] {
  const left = detail.swaps.filter((swap) => outlives(swap, world));
  return [
    `Launch an instance in its place, in ${detail.availabilityZone}. To give it the original volumes that are left, run:`,
    ...(world.state === 'terminated'
      ? []
      : [line('ec2 wait instance-terminated', { 'instance-ids': detail.instanceId })]),
    ...left.map(({ device, original }) =>
      commandLine({ kind: 'attach', instanceId: newInstance, volumeId: original?.volumeId ?? '', device }),
    ),
    'Or, to recover into it, run:',
    `npx holdfast recover ${workload} --point ${pointId} --to-instance ${newInstance}`,
  ];
}

/** While the instance is shutting down, what goes with it still shows. */
function outlives({ device, original }: Swap, world: World): boolean {
  if (original === undefined || !world.volumes.has(original.volumeId)) return false;
  const mapping = world.devices.get(device);
  return mapping?.volumeId !== original.volumeId || !mapping.deleteOnTermination;
}

/** For a person to fill in. */
const newInstance = 'NEW_INSTANCE';

function whatIsWhere(detail: RestoreDetail, world: World): readonly string[] {
  const was = detail.wasRunning ? 'running' : 'stopped';
  return [
    `${detail.instanceId} is ${world.state}${world.reason === undefined ? '' : ` (${world.reason})`}; it was ${was} before.`,
    ...detail.swaps.flatMap(({ device, original, restored }) => [
      ...(original === undefined
        ? [`${device} was empty before.`]
        : [`Original ${original.volumeId}, belongs under ${device}: ${place(original.volumeId, world)}.`]),
      ...(restored === undefined
        ? []
        : [`Restored ${restored.volumeId}, made for ${device}: ${place(restored.volumeId, world)}.`]),
    ]),
  ];
}

function place(volumeId: string, world: World): string {
  const volume = world.volumes.get(volumeId);
  if (volume === undefined) return 'does not exist';
  const { attachment } = volume;
  return attachment === undefined
    ? `${volume.state}, attached to nothing`
    : `${attachment.state} to ${attachment.instanceId} under ${attachment.device}`;
}

const whatWas = (detail: RestoreDetail): readonly string[] => [
  `EC2 could not be asked where the volumes of ${detail.instanceId} are. It was ${detail.wasRunning ? 'running' : 'stopped'} before.`,
  ...detail.swaps.map(({ device, original, restored }) => {
    const made = restored === undefined ? '' : `; ${restored.volumeId} was made for it`;
    return `${device}: ${original === undefined ? 'was empty' : `its original is ${original.volumeId}`}${made}.`;
  }),
];

/** All of them, in order, each wait included; what is in place already is left out when that is known. */
export function commandsBack(detail: RestoreDetail, world: World | undefined, recoveryId: string): readonly string[] {
  const { instanceId, wasRunning } = detail;
  const moved = detail.swaps.filter((swap) => world === undefined || isMisplaced(detail, swap, world));
  const ids = { 'instance-ids': instanceId };
  const stop = moved.length > 0 && world?.state !== 'stopped';
  const start = wasRunning && (stop || world?.state !== 'running');
  return [
    ...(stop ? [commandLine({ kind: 'stop', instanceId }), line('ec2 wait instance-stopped', ids)] : []),
    ...moved.flatMap((swap) => evict(detail, swap, world)),
    ...moved.flatMap((swap) => bringHome(detail, swap, world)),
    ...settingsBack(detail, world),
    ...(world === undefined ? [] : marksBack(detail, world, recoveryId)),
    ...(start ? [commandLine({ kind: 'start', instanceId }), line('ec2 wait instance-status-ok', ids)] : []),
  ];
}

/** Everything under the device that is not the original, ours or not. */
function evict(
  detail: RestoreDetail,
  { device, original, restored }: Swap,
  world: World | undefined,
): readonly string[] {
  const known = world === undefined ? restored?.volumeId : world.devices.get(device)?.volumeId;
  const ours = restored && world?.volumes.get(restored.volumeId)?.attachment;
  const occupants = new Set([known, ours?.instanceId === detail.instanceId ? restored?.volumeId : undefined]);
  return [...occupants].flatMap((volumeId) =>
    volumeId === undefined || volumeId === original?.volumeId
      ? []
      : takeOff(detail.instanceId, volumeId, device, world),
  );
}

function bringHome(detail: RestoreDetail, { device, original }: Swap, world: World | undefined): readonly string[] {
  if (original === undefined) return [];
  const { volumeId } = original;
  const { instanceId } = detail;
  const attachment = world?.volumes.get(volumeId)?.attachment;
  const isComing =
    attachment?.instanceId === instanceId && attachment.device === device && attachment.state === 'attaching';
  return [
    ...(attachment === undefined || isComing ? [] : takeOff(attachment.instanceId, volumeId, attachment.device, world)),
    ...(isComing ? [] : [commandLine({ kind: 'attach', instanceId, volumeId, device })]),
    waitFor('volume-in-use', volumeId),
  ];
}

/** A detachment that is under way and does not end can only be forced. */
function takeOff(instanceId: string, volumeId: string, device: string, world: World | undefined): readonly string[] {
  const state = world?.volumes.get(volumeId)?.attachment?.state;
  const force = state === 'detaching' || state === 'busy';
  return [
    commandLine({ kind: 'detach', instanceId, volumeId, device, ...(force ? { force } : {}) }),
    waitFor('volume-available', volumeId),
  ];
}

const waitFor = (state: string, volumeId: string): string => line(`ec2 wait ${state}`, { 'volume-ids': volumeId });

/** An attached volume always comes back with DeleteOnTermination off. */
function settingsBack(detail: RestoreDetail, world: World | undefined): readonly string[] {
  const settings = originalPlaces(detail).filter(({ device, volumeId, deleteOnTermination }) => {
    const now = world?.devices.get(device);
    return now?.volumeId === volumeId ? now.deleteOnTermination !== deleteOnTermination : deleteOnTermination;
  });
  return settings.map((setting) =>
    commandLine({ kind: 'keep-setting', instanceId: detail.instanceId, settings: [setting] }),
  );
}

/** An original that is in use again must not look like one that may expire. */
const marksBack = ({ swaps }: RestoreDetail, world: World, recoveryId: string): readonly string[] =>
  swaps.flatMap(({ original }) => unmark(original, world, recoveryId)).map(commandLine);
