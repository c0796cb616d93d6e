/** What went wrong for the owner of the workload, as EC2 shows it. */
import { dayMs, hourMs } from '../scenario/stage.ts';
import { sealed } from './outcome.ts';
import { fateOf } from './promise-of-recovering.ts';
import type { Scene } from './scene.ts';

/** Nights without a point, the recovery that was not committed, the point that could not be retired. */
export function failuresOf(scene: Scene): number {
  const unsealed = dueTimes(scene).filter((runId) => !sealed(scene.stage).some((group) => group.runId === runId));
  const recovery = scene.scenario.machine === 'recover' && fateOf(scene) !== 'committed' ? 1 : 0;
  return unsealed.length + recovery + unretired(scene);
}

/** A point that may not be deleted when its time has come. */
const unretired = ({ scenario, mishaps }: Scene): number =>
  scenario.expires !== undefined && mishaps.some(({ denies }) => denies?.operation === 'DeleteSnapshot') ? 1 : 0;

const firstMs = Date.UTC(2026, 0, 15, 3);

/** Runs that came due while mishaps could happen: nightly at three, UTC. */
function dueTimes({ stage, scenario, fromMs }: Scene): readonly string[] {
  const nights = Math.floor((stage.clock.nowMs() - hourMs - firstMs) / dayMs) + 1;
  return Array.from({ length: Math.max(0, nights) }, (_, night) => firstMs + night * dayMs)
    .filter((dueMs) => dueMs >= fromMs)
    .map((dueMs) => `${scenario.workload}-${new Date(dueMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`);
}
