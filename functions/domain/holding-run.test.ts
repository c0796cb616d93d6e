import { expect, it } from 'vitest';
import { holding } from './holding-run.ts';
import type { Run } from './run.ts';
import { sampleRun } from './samples-for-tests.ts';

const plan: NonNullable<Run['plan']> = { members: [], hooks: [], onQuiesceFailure: 'abort' };
const held = sampleRun({ state: 'holding', plan });
const { window: _, ...windowless } = held;

it('a run holds while its window is open', () => expect(holding(held, held.id)).toEqual(held));

it.each([
  ['not in the ledger', undefined],
  ['settling', { ...held, state: 'settling' as const }],
  ['holding', sampleRun({ state: 'holding' })],
  ['holding', windowless],
])('no artifact is begun for one that is %s without it', (state, run) =>
  expect(() => holding(run, 'orders-1')).toThrow(
    expect.objectContaining({
      name: 'InvariantBroken',
      message: expect.stringContaining(`The run orders-1 is ${state}, so no artifact may be begun for it.`),
    }),
  ),
);
