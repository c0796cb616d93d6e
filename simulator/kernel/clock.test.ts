import { describe, expect, it } from 'vitest';
import { skewedClock, stoppableClock, systemClock } from './clock.ts';
import { installVirtualTime } from './virtual-time.ts';

it('a clock that was stopped lets nothing happen any more, and keeps no process up', async () => {
  const clock = stoppableClock();
  const happened: string[] = [];
  await clock.sleep(1);
  clock.at(clock.nowMs() + 1, () => void happened.push('before'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.stop();
  clock.at(clock.nowMs() + 1, () => void happened.push('after'));
  void clock.sleep(1).then(() => happened.push('slept'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(happened).toEqual(['before']);
});

describe('a clock that is wrong', () => {
  it('tells its own time, and sets its timers by it', async () => {
    const time = installVirtualTime({ startMs: 1_000_000 });
    try {
      const clock = skewedClock(systemClock(), 97_000);
      const rang: number[] = [];
      clock.at(clock.nowMs() + 5000, () => void rang.push(clock.nowMs()));
      await time.advance(4999);
      expect(rang).toEqual([]);
      await time.advance(1);
      expect(rang).toEqual([1_000_000 + 97_000 + 5000]);
    } finally {
      time.uninstall();
    }
  });
});
