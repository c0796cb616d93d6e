import { expect, it } from 'vitest';
import { stoppableClock } from './clock.ts';

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
