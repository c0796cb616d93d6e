import type { Point } from '#domain/point.ts';
import { pointsOf } from '#ledger/points.ts';
import { type Check, same } from '../checks.ts';
import type { Act, Stage } from '../stage.ts';

/** What was claimed of the points, and what their content says: two witnesses that do not know of each other. */
export const points: Act = {
  id: 'points',
  title: 'The recovery points, and what their content says about the verdicts',
  async play(stage) {
    await stage.operate('points --evidence');
    stage.narrator.say(
      'The verdict is computed from recorded times. The simulated disks know nothing of those; a snapshot’s content says for itself how consistent it is:',
    );
    const checks: Check[] = [];
    for (const { name } of stage.policy.workloads) {
      const [newest] = await stage.region.drive(pointsOf(name));
      checks.push(newest === undefined ? same(`${name} has a point`, 'one', 'none') : judged(stage, newest));
    }
    return checks;
  },
};

function judged({ region, narrator }: Stage, { id, artifacts, verdict }: Point): Check {
  const content = region.services.ec2.world.judgeSnapshots(artifacts.map((artifact) => artifact.id));
  for (const { name, consistency, transactions } of content) {
    narrator.block(`${id}: ${name} is ${consistency} at transaction ${[...new Set(transactions)].join(' / ')}`);
  }
  return same(
    `the content of ${id} agrees with its verdict`,
    verdict.consistency,
    content.map(({ consistency }) => consistency).join(', '),
  );
}
