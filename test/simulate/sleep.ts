/** Stretches of time in which nothing is due but timers of AWS's own: the sweeps are level-triggered, so they may sleep through them. */
import type { Stage } from '../scenario/stage.ts';

const sweepRules = /Rules(Settle|Report|Retire|Watch|Digest)[0-9A-F]{8}/;

export function wakeSweeps({ services: { events } }: Stage, enabled: boolean): void {
  for (const name of events.names().filter((each) => sweepRules.test(each))) events.setEnabled(name, enabled);
}

/** With the sweeps asleep: wake them afterwards. */
export async function sleepUntil(stage: Stage, timeMs: number): Promise<void> {
  wakeSweeps(stage, false);
  await stage.time.advance(Math.max(0, timeMs - stage.clock.nowMs()));
}
