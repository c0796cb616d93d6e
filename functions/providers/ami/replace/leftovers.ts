/** When even the way back failed: what is where, and the commands that finish it, for a person. */
import type { ApplicationState } from '#domain/application-state.ts';
import { line } from '../../ebs/restore/command-line.ts';
import { unmarking } from '../../ebs/restore/unmarking.ts';
import type { Leftovers } from '../../restorer.ts';
import { type Action, commandLine } from './action.ts';
import { isGone } from './decisions.ts';
import type { Replacing } from './replaced.ts';
import { look, type Machine, type Seen } from './world.ts';

/** The commands stand in the order in which they must be run. Never throws: without EC2 it tells what the ledger knows. */
export async function leftovers(replacing: Replacing, recoveryId: string): Promise<Leftovers> {
  const seen = await look(replacing).catch(() => undefined);
  if (seen === undefined) return { application: 'unknown', lines: [...unseen(replacing), ...wayBack(replacing)] };
  return {
    application: stateOf(seen),
    lines: [
      ...whatIsWhere(replacing, seen),
      ...(isGone(seen.old) ? wayOn(replacing, seen) : wayBack(replacing, seen, recoveryId)),
    ],
  };
}

export function stateOf({ old, made }: Seen): ApplicationState {
  if (old.state === 'running') return 'runs-on-originals';
  if (made?.state === 'running') return 'runs-on-restored';
  return isGone(old) ? 'gone' : 'down';
}

const unseen = ({ replaced: { instanceId }, madeAs }: Replacing): readonly string[] => [
  `EC2 could not be asked how ${instanceId} and ${madeAs}, made for it, are.`,
];

const wordsOf = ({ id, state, reason }: Machine): string =>
  `${id} is ${state}${reason === undefined ? '' : ` (${reason})`}`;

function whatIsWhere({ replaced, madeAs }: Replacing, { old, made, holder }: Seen): readonly string[] {
  const { wasRunning, address } = replaced;
  return [
    `${wordsOf(old)}; it was ${wasRunning ? 'running' : 'stopped'} before.`,
    made === undefined ? `${madeAs} was not launched.` : `${wordsOf(made)}; the recovery has made it.`,
    ...(address === undefined ? [] : [`${address.publicIp} leads to ${holder ?? 'no instance'}.`]),
  ];
}

/** Without a look: all of it, which does no harm where it is done already. */
function wayBack({ replaced, restoredId }: Replacing, seen?: Seen, recoveryId = ''): readonly string[] {
  const { instanceId, wasRunning, address, marks } = replaced;
  const made = seen === undefined ? restoredId : seen.made?.state === 'running' ? seen.made.id : undefined;
  const tags = seen === undefined ? [] : unmarking(recoveryId, instanceId, seen.old.tags, marks);
  const starts = wasRunning && seen?.old.state !== 'running';
  const actions: readonly Action[] = [
    ...(made === undefined ? [] : [{ kind: 'stop', instanceId: made } as const]),
    ...(address === undefined || seen?.holder === instanceId
      ? []
      : [{ kind: 'associate', ...address, instanceId } as const]),
  ];
  return [
    `To bring ${instanceId} back as it was, run:`,
    ...actions.map(commandLine),
    ...(starts ? [line('ec2 wait instance-stopped', { 'instance-ids': instanceId })] : []),
    ...(starts ? [commandLine({ kind: 'start', instanceId })] : []),
    ...tags.map(commandLine),
  ];
}

/** A terminated instance does not come back: the new one is what there is. */
function wayOn({ replaced: { address } }: Replacing, { made, holder }: Seen): readonly string[] {
  if (made === undefined || isGone(made)) return ['Recover again, without --replace: a new instance is launched.'];
  const actions: readonly Action[] = [
    ...(made.state === 'running' ? [] : [{ kind: 'start', instanceId: made.id } as const]),
    ...(address === undefined || holder === made.id
      ? []
      : [{ kind: 'associate', ...address, instanceId: made.id } as const]),
  ];
  return [
    `${made.id} is what there is of it${actions.length === 0 ? '.' : '. To have it take the place, run:'}`,
    ...actions.map(commandLine),
  ];
}
