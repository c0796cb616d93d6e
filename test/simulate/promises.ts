/**
 * What must hold whatever went wrong, judged by what an operator could see: guests, EC2, inboxes, executions. The product's own
 * record is only read to be held against that.
 */

import { endStateOf } from './end-state.ts';
import { brokenAccess } from './promise-of-access.ts';
import { brokenContent } from './promise-of-content.ts';
import { brokenCopies } from './promise-of-copying.ts';
import { brokenExports } from './promise-of-exporting.ts';
import { brokenHolds } from './promise-of-holding.ts';
import { brokenNextNight, brokenNight } from './promise-of-points.ts';
import { brokenRecovery } from './promise-of-recovering.ts';
import { brokenMails } from './promise-of-telling.ts';
import { brokenTags, brokenTidiness } from './promise-of-tidiness.ts';
import { brokenRecord } from './promise-of-truth.ts';
import type { Scene } from './scene.ts';

/** One sentence for each promise that is broken; lets days pass to find out. */
export async function brokenPromises(scene: Scene): Promise<readonly string[]> {
  const atOnce = [
    ...brokenHolds(scene),
    ...brokenNight(scene),
    ...brokenRecovery(scene),
    ...brokenMails(scene),
    ...brokenTags(scene),
    ...brokenExports(scene),
    ...brokenCopies(scene),
    ...(await brokenContent(scene)),
    ...(await brokenRecord(scene)),
  ];
  scene.witness.stop();
  return [...atOnce, ...(await brokenLater(scene)), ...brokenAccess(scene), ...scene.stage.complaints()];
}

/** States that were left behind, after which all went well. */
const wellAfter = new Set<string>();

/** The next night, and what is left after a day. Lived through once for all cases of this process that left the same behind. */
async function brokenLater(scene: Scene): Promise<readonly string[]> {
  const isLasting = scene.mishaps.some(({ group }) => group === 'resources');
  const left = await endStateOf(scene);
  if (!isLasting && wellAfter.has(left)) return [];
  const endedMs = scene.stage.clock.nowMs();
  const broken = [...(await brokenNextNight(scene)), ...(await brokenTidiness(scene, endedMs))];
  if (broken.length === 0) wellAfter.add(left);
  return broken;
}
