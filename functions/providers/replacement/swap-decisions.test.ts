import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplacementDetail } from './replacement-detail.ts';
import type { Action, Resource } from './replacement-service.ts';
import { decideAttach, decideCreate, decideDetach, decideUndo, decideVerify, type Seen } from './swap-decisions.ts';

fc.configureGlobal({ seed: 20261121 });

const names = { name: 'orders', madeAs: 'orders-new', keptAs: 'orders-old' };
const detail: ReplacementDetail = { ...names, snapshotId: 'snap', settings: {}, originalId: 'A', restoredId: 'B' };
const resource = (id: string, state: Resource['state'] = 'ready'): Resource => ({ id, state, words: state });

/** What has which name: a service that does at once what it is asked, and the two resources that there are. */
interface World {
  readonly orders?: Resource;
  readonly 'orders-new'?: Resource;
  readonly 'orders-old'?: Resource;
}

const seenOf = (world: World): Seen => ({
  ...{ name: world.orders, madeAs: world['orders-new'], keptAs: world['orders-old'] },
  missing: [],
});

function after(world: World, { actions }: { readonly actions: readonly Action[] }): World {
  return actions.reduce((now: World, action) => {
    if (action.kind !== 'rename') return now;
    const { [action.from as keyof World]: moved, ...rest } = now;
    return { ...rest, ...(moved === undefined ? {} : { [action.to]: moved }) };
  }, world);
}

type Decide = typeof decideUndo;

/** Drives one decision until it is done. */
function driven(decide: Decide, world: World): World {
  let now = world;
  for (let round = 0; round < 5; round += 1) {
    const decision = decide(detail, seenOf(now));
    if (decision.actions.length === 0) return now;
    now = after(now, decision);
  }
  throw new Error('it never ends');
}

const ids = (world: World) => Object.fromEntries(Object.entries(world).map(([as, { id }]) => [as, id]));
const before: World = { orders: resource('A'), 'orders-new': resource('B') };

describe('a swap of names', () => {
  it('gives the name to the new one and keeps the present one', () => {
    const detached = driven(decideDetach, before);
    expect(ids(detached)).toEqual({ 'orders-old': 'A', 'orders-new': 'B' });
    const attached = driven(decideAttach, detached);
    expect(ids(attached)).toEqual({ 'orders-old': 'A', orders: 'B' });
    expect(decideVerify(detail, seenOf(attached))).toEqual({ actions: [] });
  });

  it('is undone from wherever it stands', () => {
    const places: readonly World[] = [
      before,
      { 'orders-old': resource('A'), 'orders-new': resource('B') },
      { 'orders-old': resource('A'), orders: resource('B') },
    ];
    for (const place of places) expect(ids(driven(decideUndo, place))).toEqual(ids(before));
  });

  it('never renames what is at work, and never what is neither of the two', () => {
    const state = fc.constantFrom<Resource['state']>('ready', 'passing', 'broken');
    const anything = fc.option(fc.tuple(fc.constantFrom('A', 'B', 'C'), state), { nil: undefined });
    const decisions = fc.constantFrom(decideDetach, decideAttach, decideVerify, decideUndo);
    fc.assert(
      fc.property(decisions, fc.tuple(anything, anything, anything), (decide, places) => {
        const [name, madeAs, keptAs] = places.map((place) => place && resource(...place));
        let decision: ReturnType<Decide>;
        try {
          decision = decide(detail, { name, madeAs, keptAs, missing: [] });
        } catch {
          return;
        }
        const world: Readonly<Record<string, Resource | undefined>> = {
          orders: name,
          'orders-new': madeAs,
          'orders-old': keptAs,
        };
        for (const action of decision.actions) {
          if (action.kind !== 'rename') throw new Error(action.kind);
          expect(world[action.from]).toMatchObject({ state: 'ready', id: expect.stringMatching(/[AB]/) });
          expect(world[action.to]?.id).not.toBe('C');
        }
      }),
    );
  });

  it('stops when somebody else has taken the name', () => {
    const taken = seenOf({ orders: resource('C'), 'orders-new': resource('B'), 'orders-old': resource('A') });
    expect(() => decideAttach(detail, taken)).toThrow('Another resource has taken the name orders');
    expect(() => decideUndo(detail, taken)).toThrow('the one that had it is orders-old');
    expect(() => decideVerify(detail, taken)).toThrow('not B');
  });

  it('takes a name that nobody has any more', () => {
    const { originalId: _, ...lost } = detail;
    const world = { 'orders-new': resource('B') };
    expect(decideDetach(lost, seenOf(world)).actions).toEqual([]);
    expect(decideAttach(lost, seenOf(world)).actions).toEqual([{ kind: 'rename', from: 'orders-new', to: 'orders' }]);
    expect(decideUndo(lost, seenOf({ orders: resource('B') })).actions).toEqual([
      { kind: 'rename', from: 'orders', to: 'orders-new' },
    ]);
  });
});

describe('the new resource', () => {
  it('is asked for, awaited, given what it lacks, and then done', () => {
    const lacks = [{ what: 'backup window' }];
    expect(decideCreate(detail, { missing: [] }).actions).toEqual([{ kind: 'restore' }]);
    expect(decideCreate(detail, { madeAs: resource('B', 'passing'), missing: [] }).waitingFor).toContain('to be ready');
    expect(decideCreate(detail, { madeAs: resource('B'), missing: lacks }).actions).toEqual([
      { kind: 'change', name: 'orders-new', id: 'B', change: lacks[0] },
    ]);
    expect(decideCreate(detail, { madeAs: resource('B'), missing: [] })).toEqual({ actions: [] });
    expect(() => decideCreate(detail, { madeAs: resource('B', 'broken'), missing: [] })).toThrow('never will be ready');
  });
});
