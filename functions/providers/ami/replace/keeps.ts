import type { RecoveryTarget } from '#domain/recovery.ts';
import { type Action, commandLine } from './action.ts';
import { type Replacing, replacingOf } from './replaced.ts';

/** The target with where what it replaces is kept, and how to go back to it after the commit. */
export function withKeeps(target: RecoveryTarget): RecoveryTarget {
  const replacing = replacingOf(target);
  return replacing === undefined ? target : { ...target, keeps: keepsOf(replacing) };
}

function keepsOf({ replaced, madeAs, restoredId = madeAs }: Replacing): string {
  const { instanceId, address } = replaced;
  const place = address === undefined ? 'its place' : `its place, and its address ${address.publicIp}`;
  const back: readonly Action[] = [
    { kind: 'stop', instanceId: restoredId },
    ...(address === undefined ? [] : [{ kind: 'associate', ...address, instanceId } as const]),
    { kind: 'start', instanceId },
  ];
  return `The instance ${instanceId} of before is stopped and kept, tagged holdfast:recovery, and its volumes cost what they did, until you delete it. ${restoredId} has ${place}. The way back: ${back.map(commandLine).join(' ; ')}`;
}
