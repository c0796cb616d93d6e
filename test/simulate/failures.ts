/** What went wrong for the owner of the workload, as EC2 shows it. */
import { dayMs, hourMs } from '../scenario/stage.ts';
import { backupPlanTroubles } from './copied.ts';
import type { Mishap } from './mishap.ts';
import { backups, sealed } from './outcome.ts';
import { isRefusal } from './promise-of-access.ts';
import { uncopied } from './promise-of-copying.ts';
import { unexported } from './promise-of-exporting.ts';
import { fateOf } from './promise-of-recovering.ts';
import { expiredOf, type Scene } from './scene.ts';
import { stepOf } from './step-of.ts';

/** Nights without a point, the recovery that was not committed, the point that could not be retired, files that could not be written, the copy that could not be made. */
export function failuresOf(scene: Scene): number {
  const unsealed = dueTimes(scene).filter((runId) => !sealed(scene.stage).some((group) => group.runId === runId));
  const recovery = scene.scenario.machine === 'recover' && fateOf(scene) !== 'committed' ? 1 : 0;
  const elsewhere = unwritten(scene) + unmade(scene);
  return unsealed.length + recovery + unretired(scene) + elsewhere + backupPlanTroubles(scene.stage, scene.scenario);
}

/** A point of which something is there though its time has come, since its deletion was denied. */
function unretired(scene: Scene): number {
  const expired = expiredOf(scene);
  const isLeft = backups(scene.stage).some(({ runId }) => expired.includes(runId));
  return isLeft && scene.mishaps.some(({ denies }) => denies && wasDeniedToRetire(scene, denies)) ? 1 : 0;
}

/** Of two mishaps the other may have kept it from being asked. */
const wasDeniedToRetire = ({ stage }: Scene, { caller, operation }: NonNullable<Mishap['denies']>): boolean =>
  stepOf(caller) === 'Retire' &&
  stage.calls
    .all()
    .some(
      ({ call, errorCode = '' }) =>
        call.caller.name === caller && call.operation === operation && isRefusal.test(errorCode),
    );

/** Points whose files are missing since ElastiCache or S3 said no to Settle: what may yet pass is tried for a day. */
const unwritten = (scene: Scene): number =>
  scene.mishaps.some(
    ({ denies }) => denies !== undefined && exports.test(`${stepOf(denies.caller)} ${denies.operation}`),
  )
    ? unexported(scene).length
    : 0;

const exports = /^Settle (CopySnapshot|DescribeSnapshots|ListObjectsV2)$/;

/** Points without a copy since EC2 said no, or its key could not be used: what may yet pass is asked for again. */
const unmade = (scene: Scene): number =>
  scene.mishaps.some(({ id, denies }) => denies?.operation === 'CopySnapshot' || id.startsWith('resource:copy-'))
    ? uncopied(scene).length
    : 0;

const firstMs = Date.UTC(2026, 0, 15, 3);

/** Runs that came due while mishaps could happen: nightly at three, UTC. */
function dueTimes({ stage, scenario, fromMs }: Scene): readonly string[] {
  const nights = Math.floor((stage.clock.nowMs() - hourMs - firstMs) / dayMs) + 1;
  return Array.from({ length: Math.max(0, nights) }, (_, night) => firstMs + night * dayMs)
    .filter((dueMs) => dueMs >= fromMs)
    .map((dueMs) => `${scenario.workload}-${new Date(dueMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`);
}
