/** Nothing that was made is without the stack's tag, and nothing that is of no use stays. */
import type { VolumeRecord } from '#simulator/services/ec2/records.ts';
import { dayMs, hourMs, minuteMs } from '../scenario/stage.ts';
import { backups, isUnderWay, livingSnapshots, sealed } from './outcome.ts';
import { leftOfCopies } from './promise-of-copying.ts';
import { brokenExports, unexported } from './promise-of-exporting.ts';
import { fateOf } from './promise-of-recovering.ts';
import { expiredOf, type Scene } from './scene.ts';
import { dozeUntil, sleepUntil } from './sleep.ts';

export function brokenTags(scene: Scene): readonly string[] {
  const { snapshots, volumes } = scene.stage.services.ec2.world;
  const fresh = [...volumes.values()].filter(({ id }) => !scene.volumesBefore.has(id));
  const made = [
    ...snapshots.values(),
    ...fresh.filter((volume) => !isOfReplacement(scene, volume) && !isGivenOver(scene, volume)),
  ];
  return made
    .filter(({ tags }) => tags.get('holdfast:stack') !== 'Holdfast')
    .map(({ id }) => `${id} has no tag of ours`);
}

/** What was brought back, and is in use after the days that what it replaced is kept, is its owner's alone. */
const isGivenOver = ({ stage }: Scene, { attachment, createTimeMs, tags }: VolumeRecord): boolean =>
  attachment !== undefined &&
  stage.clock.nowMs() - createTimeMs > dayMs &&
  [...tags.keys()].every((key) => !key.startsWith('holdfast:'));

/** An Auto Scaling group launches another instance in the place of one that it terminated, and with it volumes that nobody asked us for. */
function isOfReplacement({ stage, scenario }: Scene, { attachment }: VolumeRecord): boolean {
  const instance = stage.services.ec2.world.instances.get(attachment?.instanceId ?? '');
  return instance?.spec.autoScalingGroup !== undefined && instance.id !== scenario.instanceId;
}

/**
 * What failed nights left goes after a day, what recoveries left after the day that their policy says.
 * @param endedMs when whatever was under way had ended
 */
export async function brokenTidiness(scene: Scene, endedMs: number): Promise<readonly string[]> {
  const { stage, scenario } = scene;
  const undone = [...leftOfRuns(scene), ...leftOfExpired(scene), ...unexported(scene), ...leftOfCopies(scene)];
  if (scenario.machine === 'protect' && undone.length === 0) return [];
  stage.faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'drop' });
  await sleepUntil(stage, endedMs + dayMs);
  await dozeUntil(stage, endedMs + dayMs + 2 * hourMs);
  await stage.time.advance(10 * minuteMs);
  return [
    ...[...leftOfRuns(scene), ...leftOfExpired(scene), ...leftOfRecovery(scene)],
    ...[...brokenExports(scene), ...leftOfCopies(scene)],
  ];
}

/** A run of which a snapshot is not complete has not ended, nor one whose moment waits for logs that are never stored. */
function leftOfRuns({ stage, mishaps }: Scene): readonly string[] {
  if (mishaps.some(({ id }) => id.startsWith('resource:logs-stand-still'))) return [];
  const points = new Set(sealed(stage).map(({ runId }) => runId));
  return backups(stage)
    .filter((group) => !points.has(group.runId) && !isUnderWay(group))
    .flatMap(({ runId, snapshots, managed }) =>
      [...snapshots, ...managed].map(
        ({ id, state }) => `${id} of ${runId} (${state}) is no point and has not been deleted`,
      ),
    );
}

const leftOfExpired = (scene: Scene): readonly string[] => {
  const expired = expiredOf(scene);
  return backups(scene.stage).flatMap(({ runId }) =>
    expired.includes(runId) ? [`${runId} has expired and is there`] : [],
  );
};

/**
 * Of a stranded recovery a person decides; what EC2 never finishes creating it does not delete either. The restored volumes of one that
 * was committed are the workload's, also when its owner has taken them off the instance since.
 */
function leftOfRecovery(scene: Scene): readonly string[] {
  const { stage, scenario } = scene;
  const fate = fateOf(scene);
  if (scenario.machine !== 'recover' || fate === 'stranded') return [];
  const volumes = [...stage.services.ec2.world.volumes.values()].filter(
    ({ tags, attachment, state }) =>
      tags.has('holdfast:recovery') &&
      !(fate === 'committed' && tags.get('holdfast:role') === 'restored') &&
      attachment === undefined &&
      state !== 'deleting' &&
      state !== 'creating',
  );
  return [
    ...volumes.map(({ id, tags }) => `the ${tags.get('holdfast:role')} volume ${id} has not been deleted`),
    ...livingSnapshots(stage, 'safety').map(({ id }) => `the safety snapshot ${id} has not been deleted`),
  ];
}
