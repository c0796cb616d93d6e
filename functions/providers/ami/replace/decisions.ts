/** What each phase of replacing has to do, from what EC2 shows. Pure, and level-triggered, as those of EBS. */
import { providerFault } from '#domain/faults.ts';
import { type Decision as AnyDecision, merged } from '../../drive.ts';
import { isMarkedBy } from '../../ebs/restore/tags.ts';
import { unmarking } from '../../ebs/restore/unmarking.ts';
import type { Action } from './action.ts';
import type { Replaced, Replacing } from './replaced.ts';
import type { Machine, Seen } from './world.ts';

export type Decision = AnyDecision<Action>;

const done: Decision = { actions: [] };

export const isGone = ({ state }: Machine): boolean => ['missing', 'terminated', 'shutting-down'].includes(state);

/**
 * A plain stop: a forced one may lose what the guest has not yet written.
 * @param marks tags that say what replaces it, and that it still lacks
 */
export function decideStop(old: Machine, marks: Readonly<Record<string, string>>): Decision {
  const { id, state } = old;
  if (isGone(old)) throw providerFault(`${id} is ${state}: there is nothing left to replace.`);
  const tagging: readonly Action[] =
    Object.keys(marks).length === 0 ? [] : [{ kind: 'tag', resourceId: id, tags: marks }];
  if (state === 'running') return { actions: [...tagging, { kind: 'stop', instanceId: id }], waitingFor: stopOf(old) };
  if (state !== 'stopped') return { actions: tagging, waitingFor: stopOf(old) };
  return tagging.length === 0 ? done : { actions: tagging, waitingFor: 'tags to show' };
}

const stopOf = ({ id, state }: Machine): string => `${id} to stop (it is ${state})`;

/** The old one is stopped, and the new one has its address. Whoever led that elsewhere knows why. */
export function decideAttach({ replaced: { instanceId, address } }: Replacing, { old, made, holder }: Seen): Decision {
  if (old.state !== 'stopped') {
    throw providerFault(`${instanceId} is ${old.state} while it is being replaced: someone else started it.`);
  }
  if (made?.state !== 'running') {
    throw providerFault(`${made?.id ?? 'The new instance'} is ${made?.state ?? 'gone'}: it cannot take a place.`);
  }
  if (address === undefined || holder === made.id) return done;
  if (holder !== undefined && holder !== instanceId) {
    throw providerFault(`${address.publicIp} leads to ${holder}: someone else moved it.`);
  }
  return leading(address, made.id);
}

const leading = (address: NonNullable<Replaced['address']>, instanceId: string): Decision => ({
  actions: [{ kind: 'associate', ...address, instanceId }],
  waitingFor: `${address.publicIp} to lead to ${instanceId}`,
});

/** The way back, from whatever state things are in: the address, while the new one goes down; then the old one, as it was found. */
export function decideBack({ replaced }: Replacing, seen: Seen, recoveryId: string): Decision {
  const { old, made } = seen;
  if (isGone(old)) throw providerFault(`${old.id} is ${old.state}: it cannot have its place back.`);
  return merged([
    made === undefined ? done : downOf(made),
    addressBack(replaced, seen, recoveryId),
    foundState(replaced, seen),
  ]);
}

/** Last of all: by the marks the role may lead an address to the old one. */
export function decideUnmark({ replaced }: Replacing, old: Machine, recoveryId: string): Decision {
  const marks = unmarking(recoveryId, old.id, old.tags, replaced.marks);
  return marks.length === 0 ? done : { actions: marks, waitingFor: 'tags to show' };
}

/** Its applications must not go on beside those of the old one. Once it is stopping they are told to end, and the old one need not wait for that. */
function downOf(made: Machine): Decision {
  if (made.state === 'pending') return { actions: [], waitingFor: `${made.id} to run, so that it can be stopped` };
  if (made.state !== 'running') return done;
  return { actions: [{ kind: 'stop', instanceId: made.id }], waitingFor: stopOf(made) };
}

/** From the new one; or from nowhere, since EC2 takes it off one that is terminated. What leads elsewhere was led there by somebody else. */
function addressBack({ instanceId, address }: Replaced, { old, made, holder }: Seen, recoveryId: string): Decision {
  if (address === undefined) return done;
  const isOurs = holder === undefined ? isMarkedBy(recoveryId, old.tags) : holder === made?.id;
  return isOurs ? leading(address, instanceId) : done;
}

function foundState({ wasRunning }: Replaced, { old, made }: Seen): Decision {
  const { id, state, reason } = old;
  if (state === (wasRunning ? 'running' : 'stopped')) return done;
  // Somebody has started one that was found stopped: that is theirs.
  if (!wasRunning && state === 'running') return done;
  const why = reason === undefined ? '' : `, ${reason}`;
  const waitingFor = `${id} to be as it was (it is ${state}${why})`;
  const mayStart = wasRunning && state === 'stopped' && made?.state !== 'running' && made?.state !== 'pending';
  return { actions: mayStart ? [{ kind: 'start', instanceId: id }] : [], waitingFor };
}
