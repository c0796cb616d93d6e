import { expect, it } from 'vitest';
import type { Aliases } from './indices.ts';
import { movesOf, warningsOf } from './moves.ts';

const ending = '-new-0a1b2c';
const moves = (names: readonly string[], aliases: Aliases) =>
  movesOf(names, ending, new Set(Object.keys(aliases)), aliases);
const leads = (names: readonly string[], aliases: Aliases) => moves(names, aliases).map((move) => move.leads);
const warnings = (names: readonly string[], aliases: Aliases) =>
  warningsOf({ domain: 'd', repository: 'r', snapshotId: 's', ending, moves: moves(names, aliases) }, aliases);
const to = (...names: readonly string[]) => ({ aliases: Object.fromEntries(names.map((name) => [name, {}])) });
const lead = (alias: string, from: string) => ({ alias, from, settings: {} });

it('leads the aliases of an index to the one that is made of it, with what they are set to', () => {
  const write = { is_write_index: true };
  expect(moves(['a'], { a: { aliases: { all: write } } })).toEqual([
    { index: 'a', madeAs: 'a-new-0a1b2c', leads: [{ alias: 'all', from: 'a', settings: write }] },
  ]);
});

it('takes them from what earlier recoveries have made of it, too, of one after another', () => {
  const led = { a: to(), 'a-new-111111': to(), 'a-new-111111-new-222222': to('all') };
  expect(leads(['a'], led)).toEqual([[lead('all', 'a-new-111111-new-222222')]]);
  // Unless that is brought back itself.
  expect(leads(['a', 'a-new-111111'], led)).toEqual([[], [lead('all', 'a-new-111111-new-222222')]]);
  expect(leads(['a'], { a: to(), 'a-new-york': to('all') })).toEqual([[]]);
});

it('lets an alias stand in for an index that is lost, which may lead to an earlier recovery of it', () => {
  expect(leads(['a'], {})).toEqual([[{ alias: 'a', settings: {} }]]);
  expect(leads(['a'], { 'a-new-111111': to('a') })).toEqual([[lead('a', 'a-new-111111')]]);
});

it('warns of what it does not do', () => {
  expect(warnings(['a', 'b', 'c'], { a: to('all'), b: to(), other: to('all', 'else') })).toEqual([
    'opensearch d: no alias leads to b, so applications go on to use it as it is: lead them to b-new-0a1b2c yourself.',
    'opensearch d: c does not exist any more: an alias of that name will lead to c-new-0a1b2c.',
    'opensearch d: the alias all leads also to other, which is not in the snapshot, and will go on to.',
  ]);
  expect(warnings(['a'], { a: to('all') })).toEqual([]);
});
