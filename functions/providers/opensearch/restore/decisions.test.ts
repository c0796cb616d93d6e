import { describe, expect, it } from 'vitest';
import { decideAttach, decideCreate, decideUndo, decideVerify } from './decisions.ts';
import type { Aliases, Listed } from './indices.ts';
import type { IndicesDetail } from './indices-detail.ts';

const written = { is_write_index: true };
const detail: IndicesDetail = {
  ...{ domain: 'evidence', repository: 'nightly', snapshotId: 'holdfast-1', ending: '-new-0a1b2c' },
  moves: [
    {
      ...{ index: 'cases', madeAs: 'cases-new-0a1b2c' },
      leads: [
        { alias: 'all', from: 'cases', settings: {} },
        { alias: 'write', from: 'cases', settings: written },
      ],
    },
    { index: 'lost', madeAs: 'lost-new-0a1b2c', leads: [{ alias: 'lost', settings: {} }] },
  ],
};
const listed = (index: string, health = 'green'): Listed => ({ index, health, status: 'open' });
const made = [listed('cases-new-0a1b2c', 'yellow'), listed('lost-new-0a1b2c')];
const before: Aliases = { cases: { aliases: { all: {}, write: written } } };
const after: Aliases = {
  cases: { aliases: {} },
  'cases-new-0a1b2c': { aliases: { all: {}, write: written } },
  'lost-new-0a1b2c': { aliases: { lost: {} } },
};
const changesOf = ({ actions }: ReturnType<typeof decideAttach>) =>
  actions.flatMap((action) => (action.kind === 'aliases' ? action.changes : []));

describe('restored indices', () => {
  it('are asked for once, and waited for until every primary shard of each is there', () => {
    expect(decideCreate(detail, { made: [] }).actions).toEqual([{ kind: 'restore' }]);
    expect(decideCreate(detail, { made: made.slice(0, 1) })).toMatchObject({
      actions: [],
      waitingFor: expect.any(String),
    });
    const red = [listed('cases-new-0a1b2c', 'red'), listed('lost-new-0a1b2c')];
    expect(decideCreate(detail, { made: red })).toMatchObject({ actions: [], waitingFor: expect.any(String) });
    expect(decideCreate(detail, { made })).toEqual({ actions: [] });
  });
});

describe('aliases', () => {
  it('go to the restored ones as they were, and the name of what is lost becomes one', () => {
    expect(changesOf(decideAttach(detail, { made, aliases: before }))).toEqual([
      { index: 'cases', alias: 'all' },
      { index: 'cases-new-0a1b2c', alias: 'all', settings: {} },
      { index: 'cases', alias: 'write' },
      { index: 'cases-new-0a1b2c', alias: 'write', settings: written },
      { index: 'lost-new-0a1b2c', alias: 'lost', settings: {} },
    ]);
    expect(decideAttach(detail, { made, aliases: after })).toEqual({ actions: [] });
  });

  it('come back from wherever they are, and are left where they never went', () => {
    expect(changesOf(decideUndo(detail, { made, aliases: after }))).toEqual([
      { index: 'cases-new-0a1b2c', alias: 'all' },
      { index: 'cases', alias: 'all', settings: {} },
      { index: 'cases-new-0a1b2c', alias: 'write' },
      { index: 'cases', alias: 'write', settings: written },
      { index: 'lost-new-0a1b2c', alias: 'lost' },
    ]);
    expect(decideUndo(detail, { made: [], aliases: before })).toEqual({ actions: [] });
    // An index that was deleted has taken its aliases with it.
    expect(changesOf(decideUndo(detail, { made: [], aliases: { cases: { aliases: {} } } }))).toEqual([
      { index: 'cases', alias: 'all', settings: {} },
      { index: 'cases', alias: 'write', settings: written },
    ]);
  });

  it('that somebody has led elsewhere, or indices that are gone, are no recovery', () => {
    expect(decideVerify(detail, { made, aliases: after })).toEqual({ actions: [] });
    expect(() => decideVerify(detail, { made, aliases: before })).toThrow('alias all does not lead where it should');
    expect(() => decideVerify(detail, { made: made.slice(1), aliases: after })).toThrow('cases-new-0a1b2c, which the');
    const red = [listed('cases-new-0a1b2c', 'red'), listed('lost-new-0a1b2c')];
    expect(decideVerify(detail, { made: red, aliases: after }).waitingFor).toContain('to have all of their shards');
  });
});
