import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forgetTurns, paced } from './paced.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** After how many milliseconds each of so many calls may begin. */
async function turnsOf(turn: () => Promise<void>, calls: number): Promise<readonly number[]> {
  const startMs = Date.now();
  const turns = Array.from({ length: calls }, () => turn().then(() => Date.now() - startMs));
  await vi.runAllTimersAsync();
  return Promise.all(turns);
}

it('lets calls begin one after another, evenly, and the first at once', async () => {
  const turn = paced(5);
  expect(await turnsOf(turn, 4)).toEqual([0, 200, 400, 600]);
  vi.setSystemTime(Date.now() + 10_000);
  expect(await turnsOf(turn, 2)).toEqual([0, 200]);
});

it('holds nobody up for an invocation that has gone', async () => {
  const turn = paced(5);
  await turnsOf(turn, 1);
  expect(await turnsOf(turn, 1)).toEqual([200]);
  forgetTurns();
  expect(await turnsOf(turn, 1)).toEqual([0]);
});

it('holds nobody up for a clock that was set back', async () => {
  const turn = paced(5);
  await turnsOf(turn, 1);
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(await turnsOf(turn, 1)).toEqual([0]);
});
