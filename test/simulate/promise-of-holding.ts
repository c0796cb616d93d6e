/** No application stays frozen past its deadline, whatever dies. */

import { applianceId } from '../scenario/policy.ts';
import type { Scene } from './scene.ts';

/** The deadlines of the database's hooks, unless the scenario has its own. */
const mostMs = { frozen: 30_000, held: 60_000 } as const;
/** What the guest's own timer and the looking take. */
const slackMs = 5000;

export function brokenHolds({ witness, stage, scenario }: Scene): readonly string[] {
  const tooLong = witness.held.filter(
    ({ what, fromMs, toMs }) => toMs - fromMs > (scenario.heldMs ?? mostMs[what]) + slackMs,
  );
  const still = witness.held.filter(({ toMs }) => stage.clock.nowMs() - toMs < 35_000);
  const touched = scenario.instanceId === applianceId ? witness.held : [];
  return [
    ...tooLong.map(({ what, fromMs, toMs }) => `the guest was ${what} for ${(toMs - fromMs) / 1000} s`),
    ...still.map(({ what }) => `the guest is still ${what}`),
    ...touched.map(({ what }) => `a guest without hooks was ${what}`),
  ];
}
