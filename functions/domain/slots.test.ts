import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, corrected, fits, givenBack, type Taken, without } from './slots.ts';

const region = (pending: Record<string, number> = {}) => ({ limit: 100, pending });
const run = (runId: string, slots: number) => ({ runId, slots });
const held = (slots: number, sinceMs = 0) => ({ slots, sinceMs });

describe('admitting', () => {
  it('takes the first that fit', () => {
    const { taken, admitted } = admit({}, [run('a', 60), run('b', 40), run('c', 1)], region(), 5);
    expect(admitted).toEqual(['a', 'b']);
    expect(taken).toEqual({ a: held(60, 5), b: held(40, 5) });
  });
  it('lets nobody overtake one that does not fit yet', () => {
    expect(admit({ z: held(50) }, [run('a', 60), run('b', 1)], region(), 5).admitted).toEqual([]);
  });
  it('lets one that needs none wait for nobody', () => {
    const { taken, admitted } = admit({ z: held(50) }, [run('a', 60), run('b', 0), run('c', 1)], region(), 5);
    expect(admitted).toEqual(['b']);
    expect(taken).toEqual({ z: held(50) });
  });
  it('leaves room for the snapshots of others, and of runs that have given up their slots', () => {
    const pending = { '': 50, failed: 10, z: 4 };
    expect(admit({ z: held(4) }, [run('a', 37)], region(pending), 5).admitted).toEqual([]);
    expect(admit({ z: held(4) }, [run('a', 36)], region(pending), 5).admitted).toEqual(['a']);
  });
  it('goes on with a run that has its slots and was not begun', () => {
    const before: Taken = { a: held(100) };
    expect(admit(before, [run('a', 100), run('b', 1)], region(), 5)).toEqual({ taken: before, admitted: ['a'] });
  });
  it('lets through, without slots, what could never fit', () => {
    const { taken, admitted } = admit({ z: held(100) }, [run('a', 101)], region(), 5);
    expect(admitted).toEqual(['a']);
    expect(taken).toEqual({ z: held(100) });
  });
  it('never takes more than there is, and always a beginning of the queue', () => {
    const waiting = fc.uniqueArray(
      fc.record({ runId: fc.nat(999).map((id) => `run-${id}`), slots: fc.integer({ min: 1, max: 100 }) }),
      {
        selector: ({ runId }) => runId,
      },
    );
    fc.assert(
      fc.property(waiting, fc.integer({ min: 0, max: 120 }), (queue, others) => {
        const { taken, admitted } = admit({}, queue, region({ '': others }), 5);
        const used = Object.values(taken).reduce((sum, { slots }) => sum + slots, 0);
        expect(used === 0 || used + others <= 100).toBe(true);
        expect(admitted).toEqual(queue.slice(0, admitted.length).map(({ runId }) => runId));
        const next = queue[admitted.length];
        expect(next === undefined || used + others + next.slots > 100).toBe(true);
      }),
    );
  });
});

describe('correcting', () => {
  it('keeps a run its place when it needs less, and puts it behind all others when it needs more: they may count on it', () => {
    const taken: Taken = { a: held(4, 1), b: held(60, 2) };
    expect(corrected(taken, 'a', 3, 9)).toEqual({ a: held(3, 1), b: held(60, 2) });
    const grown = corrected(taken, 'a', 50, 9);
    expect(grown).toEqual({ a: held(50, 9), b: held(60, 2) });
    expect([fits(grown, 'a', region()), fits(grown, 'b', region())]).toEqual([false, true]);
  });
  it('puts it behind also where clocks differ, or are the same', () => {
    expect(corrected({ a: held(4, 1), b: held(60, 7) }, 'a', 50, 7)).toEqual({ a: held(50, 8), b: held(60, 7) });
    expect(corrected({ a: held(4, 1), b: held(60, 7) }, 'a', 50, 3)).toEqual({ a: held(50, 8), b: held(60, 7) });
  });
  it('lets no more begin together than there is room for, whatever was expected of them and in whatever order they are planned', () => {
    const runs = fc.uniqueArray(
      fc.record({
        id: fc.nat(99),
        expected: fc.integer({ min: 1, max: 30 }),
        exact: fc.integer({ min: 1, max: 60 }),
        atMs: fc.nat(3),
      }),
      {
        selector: ({ id }) => id,
        maxLength: 14,
      },
    );
    fc.assert(
      fc.property(runs, (planned) => {
        const nameOf = (id: number) => `run-${id}`;
        const waiting = planned.map(({ id, expected }) => run(nameOf(id), expected));
        const { taken: admitted } = admit({}, waiting, region(), 0);
        let taken = admitted;
        const begun = new Map<number, number>();
        // Each is planned twice, as one that is busy is.
        for (const { id, exact, atMs } of [...planned, ...planned]) {
          if (!(nameOf(id) in admitted)) continue;
          taken = corrected(taken, nameOf(id), exact, atMs);
          if (fits(taken, nameOf(id), region())) begun.set(id, exact);
        }
        expect([...begun.values()].reduce((sum, slots) => sum + slots, 0)).toBeLessThanOrEqual(100);
        expect(begun.size > 0 || Object.keys(admitted).length === 0).toBe(true);
      }),
    );
  });
  it('fits no run that has no slots', () => expect(fits({}, 'a', region())).toBe(false));
  it('counts the snapshots of others', () => {
    expect(fits({ a: held(4) }, 'a', region({ '': 97 }))).toBe(false);
    expect(fits({ a: held(4) }, 'a', region({ '': 96, a: 4 }))).toBe(true);
  });
});

describe('giving back', () => {
  const now = 1_000_000;
  it('follows the snapshots as they complete, and never goes up', () => {
    const taken = { a: held(4, now), b: held(4, now), c: held(2, now) };
    const unfinished = new Map([
      ['a', 1],
      ['b', 0],
      ['c', 4],
    ]);
    expect(givenBack(taken, unfinished, new Set(['a', 'b', 'c']), now)).toEqual({ a: held(1, now), c: held(2, now) });
  });
  it('drops what a run that is not open has left, once the list of open runs cannot be older than the slots', () => {
    const taken = { gone: held(4, now - 120_001), young: held(4, now - 120_000), open: held(4, 0) };
    expect(Object.keys(givenBack(taken, new Map(), new Set(['open']), now))).toEqual(['young', 'open']);
  });
});

describe('the order of runs that share slots', () => {
  it('is that in which they took them, and of one moment that of their ids', () => {
    const taken: Taken = { b: held(60, 2), a: held(40, 2), c: held(1, 3), z: held(0, 1) };
    expect(['z', 'a', 'b', 'c'].map((id) => fits(taken, id, region()))).toEqual([true, true, true, false]);
    expect(fits({ b: held(60, 2), a: held(41, 2) }, 'b', region())).toBe(false);
    expect(fits({ b: held(60, 2), a: held(41, 2) }, 'a', region())).toBe(true);
    expect(fits({ b: held(60, 2), a: held(41, 1) }, 'b', region())).toBe(false);
  });

  it('has room for one that needs the whole Region', () => {
    expect(admit({}, [run('a', 100)], region(), 5)).toEqual({ taken: { a: held(100, 5) }, admitted: ['a'] });
  });

  it('leaves what is taken as it is when the number was right, and gives a run without slots its place now', () => {
    const taken: Taken = { a: held(4, 1) };
    expect(corrected(taken, 'a', 4, 9)).toBe(taken);
    expect(corrected(taken, 'b', 2, 9)).toEqual({ a: held(4, 1), b: held(2, 9) });
  });

  it('loses only the run that gives its slots back', () => {
    expect(without({ a: held(4), b: held(2) }, 'a')).toEqual({ b: held(2) });
  });
});
