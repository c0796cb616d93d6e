/** Pure: from a look at the three names of a replacement to the next actions, for each phase and for the way back. */
import { providerFault } from '#domain/faults.ts';
import type { Decision } from '../drive.ts';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { Action, Change, Resource } from './replacement-service.ts';
import type { Sign } from './signpost.ts';

/** What has each name now. */
export interface Seen {
  readonly name?: Resource | undefined;
  readonly madeAs?: Resource | undefined;
  readonly keptAs?: Resource | undefined;
  /** What the signpost says that applications find it by. */
  readonly sign?: Sign | undefined;
  /** What the new one still lacks, once it is ready. */
  readonly missing: readonly Change[];
}

export const done: Decision<Action> = { actions: [] };
export const act = (waitingFor: string, ...actions: readonly Action[]): Decision<Action> => ({ actions, waitingFor });

/** The new one is made under a name of its own, and given all that a restore forgets, before anybody is sent to it. */
export function decideCreate({ name, madeAs }: ReplacementDetail, seen: Seen): Decision<Action> {
  const made = seen.madeAs;
  if (made === undefined) return act(`${madeAs} to be made`, { kind: 'restore' });
  refuseBroken(madeAs, made);
  if (made.state === 'passing') return act(`${madeAs}, made for ${name}, to be ready (it is ${made.words})`);
  return settled(madeAs, made, seen.missing);
}

const settled = (name: string, { id }: Resource, missing: readonly Change[]): Decision<Action> =>
  missing.length === 0
    ? done
    : act(
        `the ${missing.map(({ what }) => what).join(', ')} of ${name}`,
        ...missing.map((change) => ({ kind: 'change', name, id, change }) as const),
      );

function refuseBroken(name: string, { state, words }: Resource): void {
  if (state === 'broken') throw providerFault(`${name} is ${words}, and never will be ready.`);
}

/** The present one makes way; it is renamed and nothing else. */
export function decideDetach(detail: ReplacementDetail, seen: Seen): Decision<Action> {
  const { name, keptAs, originalId } = detail;
  if (originalId === undefined || seen.keptAs?.id === originalId) return arrived(keptAs, seen.keptAs);
  if (seen.name?.id !== originalId) return act(`${name} to be called ${keptAs}`);
  return renamed(name, seen.name, keptAs);
}

/** The new one takes the name, and with it the endpoint. */
export function decideAttach({ name, madeAs, restoredId }: ReplacementDetail, seen: Seen): Decision<Action> {
  if (seen.name !== undefined && seen.name.id === restoredId) return arrived(name, seen.name);
  if (seen.name !== undefined) throw providerFault(`Another resource has taken the name ${name}.`);
  if (seen.madeAs?.id !== restoredId || seen.madeAs === undefined) return act(`${madeAs} to be called ${name}`);
  return renamed(madeAs, seen.madeAs, name);
}

/** Nothing is changed any more. */
export function decideVerify({ name, restoredId }: ReplacementDetail, seen: Seen): Decision<Action> {
  if (seen.name?.id === restoredId && seen.name !== undefined) return arrived(name, seen.name);
  throw providerFault(
    `${name} is ${seen.name === undefined ? 'gone' : seen.name.id}, not ${restoredId}, which the recovery has made.`,
  );
}

export const arrived = (name: string, resource: Resource | undefined): Decision<Action> =>
  resource === undefined || resource.state === 'ready' ? done : act(`${name} to be ready (it is ${resource.words})`);

const renamed = (from: string, { state, words }: Resource, to: string): Decision<Action> =>
  state === 'ready'
    ? act(`${from} to be called ${to}`, { kind: 'rename', from, to })
    : act(`${from} to be ready (it is ${words})`);

/** By ids alone, whatever phase the ledger says: the new one gives the name back, then the original takes it. */
export function decideUndo(detail: ReplacementDetail, seen: Seen): Decision<Action> {
  const { name, madeAs, keptAs, originalId, restoredId } = detail;
  // Its name is not free, though nobody has it yet; nor can what is on its way be called back.
  if (seen.madeAs?.becomes === name) return act(`${madeAs} to be called ${name}, as it was asked to be`);
  if (originalId === undefined) {
    return seen.name !== undefined && seen.name.id === restoredId ? renamed(name, seen.name, madeAs) : done;
  }
  if (seen.name?.id === originalId) return arrived(name, seen.name);
  if (seen.name !== undefined && seen.name.id === restoredId) return renamed(name, seen.name, madeAs);
  if (seen.name !== undefined)
    throw providerFault(`Another resource has taken the name ${name}; the one that had it is ${keptAs}.`);
  if (seen.keptAs?.id !== originalId) return act(`${keptAs} to be called ${name}`);
  return renamed(keptAs, seen.keptAs, name);
}
