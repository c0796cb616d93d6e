/** Pure: from a look at indices and aliases to the next action, for each phase and for the way back. */
import { providerFault } from '#domain/faults.ts';
import type { Decision } from '../../drive.ts';
import type { AliasChange, Aliases, Listed } from './indices.ts';
import type { IndicesDetail } from './indices-detail.ts';

export interface Seen {
  /** Those that the recovery has made. */
  readonly made: readonly Listed[];
  /** Of all indices; absent while nothing of them is decided. */
  readonly aliases?: Aliases;
}

/** What a phase may do. */
export type Action =
  | { readonly kind: 'restore' }
  | { readonly kind: 'aliases'; readonly changes: readonly AliasChange[] };

const done: Decision<Action> = { actions: [] };

/** A restore makes all of them in one go, and fills them then. */
export function decideCreate({ moves, ending }: IndicesDetail, { made }: Seen): Decision<Action> {
  const waitingFor = `the ${moves.length} indices *${ending} to have all of their shards`;
  if (made.length === 0) return { actions: [{ kind: 'restore' }], waitingFor };
  return moves.every(({ madeAs }) => isWhole(made, madeAs)) ? done : { actions: [], waitingFor };
}

export const decideAttach = (detail: IndicesDetail, { aliases }: Seen): Decision<Action> =>
  towards(forward(detail), aliases, `the aliases to lead to *${detail.ending}`);

export const decideUndo = (detail: IndicesDetail, { aliases }: Seen): Decision<Action> =>
  towards(back(detail), aliases, 'the aliases to lead where they did');

/** Nothing is changed any more. */
export function decideVerify(detail: IndicesDetail, { made, aliases }: Seen): Decision<Action> {
  const lost = detail.moves.find(({ madeAs }) => !made.some(({ index }) => index === madeAs));
  if (lost !== undefined) throw providerFault(`${lost.madeAs}, which the recovery has made, is gone.`);
  const [other] = missing(forward(detail), aliases);
  if (other !== undefined)
    throw providerFault(`The alias ${other.alias} does not lead where it should: somebody has changed it.`);
  const isReady = detail.moves.every(({ madeAs }) => isWhole(made, madeAs));
  return isReady ? done : { actions: [], waitingFor: `the indices *${detail.ending} to have all of their shards` };
}

/** Aliases as they shall be once applications are led to the recovered indices. */
export const forward = ({ moves }: IndicesDetail): readonly AliasChange[] =>
  moves.flatMap(({ madeAs, leads }) =>
    leads.flatMap(({ alias, from, settings }) => [
      ...(from ? [{ index: from, alias }] : []),
      { index: madeAs, alias, settings },
    ]),
  );

/** Aliases as they were. */
export const back = ({ moves }: IndicesDetail): readonly AliasChange[] =>
  moves.flatMap(({ madeAs, leads }) =>
    leads.flatMap(({ alias, from, settings }) => [
      { index: madeAs, alias },
      ...(from ? [{ index: from, alias, settings }] : []),
    ]),
  );

function towards(wanted: readonly AliasChange[], seen: Aliases | undefined, waitingFor: string): Decision<Action> {
  const changes = missing(wanted, seen);
  return changes.length === 0 ? done : { actions: [{ kind: 'aliases', changes }], waitingFor };
}

export const missing = (wanted: readonly AliasChange[], seen: Aliases = {}): readonly AliasChange[] =>
  wanted.filter(
    ({ index, alias, settings }) => (seen[index]?.aliases[alias] === undefined) !== (settings === undefined),
  );

const isWhole = (made: readonly Listed[], name: string): boolean =>
  made.some(({ index, health }) => index === name && (health === 'green' || health === 'yellow'));
