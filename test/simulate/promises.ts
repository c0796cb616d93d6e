/**
 * What must hold whatever went wrong, judged by what an operator could see: guests, EC2, inboxes, executions. The product's own
 * record is only read to be held against that.
 */

import { brokenAccess } from './promise-of-access.ts';
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
    ...(await brokenRecord(scene)),
  ];
  scene.witness.stop();
  const endedMs = scene.stage.clock.nowMs();
  const later = [...(await brokenNextNight(scene)), ...(await brokenTidiness(scene, endedMs))];
  return [...atOnce, ...later, ...brokenAccess(scene), ...scene.stage.complaints()];
}
