import { describe, expect, it, vi } from 'vitest';
import { firstPauseMs, nextPauseMs, pause, pollBudgetMs, unansweredPauseMs } from './pauses.ts';

const minuteMs = 60_000;

/** When a phase is looked at, ms from its beginning, in one invocation that goes on for `forMs`. */
function looksOf(forMs: number, waitedMs = 0): readonly number[] {
  const looks = [0];
  let pauseMs = firstPauseMs(waitedMs);
  for (let atMs = pauseMs; atMs <= forMs; atMs += pauseMs) {
    looks.push(atMs);
    pauseMs = nextPauseMs(pauseMs, waitedMs + atMs);
  }
  return looks;
}

describe('looks at a phase of a recovery', () => {
  it('come fast at first, and no more than a second and a half apart for the first minute', () => {
    const looks = looksOf(minuteMs);
    expect(looks.slice(0, 4)).toEqual([0, 500, 1250, 2375]);
    const gaps = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
    expect(Math.max(...gaps)).toBe(1500);
  });

  it('come late by no more than a fortieth of what the phase takes, from a minute on', () => {
    for (const tookMs of [minuteMs, 3 * minuteMs, 7 * minuteMs]) {
      const seenMs = looksOf(20 * minuteMs).find((at) => at >= tookMs) ?? Infinity;
      expect((seenMs - tookMs) / tookMs).toBeLessThanOrEqual(1 / 40);
    }
  });

  it('are one an invocation once the phase has gone on for ten minutes, however long it takes', () => {
    const looks = looksOf(2 * 60 * minuteMs);
    const [last = 0, before = 0] = looks.slice(-2).reverse();
    expect(last - before).toBe(pollBudgetMs);
    expect(looks.length).toBeLessThan(320);
  });

  it('are never made twice at once by an invocation that ends and the next: the rest of its time is waited for', async () => {
    vi.useFakeTimers({ now: 0 });
    const mayLook = pause(15_000, 10_000);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await mayLook).toBe(false);
    const mayLookAgain = pause(1_000, 20_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await mayLookAgain).toBe(true);
    vi.useRealTimers();
  });

  it('go on in the next invocation as seldom as they were in the one before', () => {
    expect(looksOf(1000, 30_000)).toEqual([0, 500]);
    expect(looksOf(5000, 2 * minuteMs)[1]).toBe(3000);
    expect(looksOf(minuteMs, 60 * minuteMs)[1]).toBe(pollBudgetMs);
  });

  it('that EC2 does not answer are followed by five seconds of peace, or by more where pauses were longer', () => {
    expect(unansweredPauseMs(500)).toBe(5000);
    expect(unansweredPauseMs(12_000)).toBe(12_000);
    expect(nextPauseMs(unansweredPauseMs(500), 10_000)).toBe(1500);
  });
});
