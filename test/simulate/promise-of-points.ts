/** Points are whole, once, what their label says, and stay. */
import { dayMs, hourMs, minuteMs } from '../scenario/stage.ts';
import { backups, databaseSnapshots, filePoints, rankOf, type SnapshotGroup, sealed } from './outcome.ts';
import { repeatedSets } from './promise-of-asking-once.ts';
import { fateOf } from './promise-of-recovering.ts';
import type { Scene } from './scene.ts';
import { sleepUntil } from './sleep.ts';

export const brokenNight = (scene: Scene): readonly string[] => [
  ...sealed(scene.stage).flatMap((group) => brokenPoint(scene, group)),
  ...mixed(scene),
  ...lostPoints(scene),
  ...repeatedSets(scene),
];

function brokenPoint({ stage, scenario }: Scene, { runId, snapshots }: SnapshotGroup): readonly string[] {
  const count = Number(snapshots[0]?.tags.get('holdfast:count'));
  const sets = new Set(snapshots.map(({ setId }) => setId));
  const verdict = snapshots[0]?.tags.get('holdfast:verdict');
  const unfinished = snapshots.filter(({ state }) => state !== 'completed');
  const databases = databaseSnapshots(stage, runId);
  const files = filePoints(stage, runId);
  // A moment of a continuous backup is nothing that is made.
  const found = snapshots.length + databases.length + files.length + (scenario.hasFiles ? 1 : 0);
  const diskMs = Math.min(...snapshots.map(({ startTimeMs }) => startTimeMs));
  const proven = stage.services.ec2.world.judgeSnapshots(snapshots.map(({ id }) => id));
  return [
    ...(sets.size > 1 ? [`${runId} has ${sets.size} sets of snapshots`] : []),
    ...(found === count ? [] : [`${runId} is sealed with ${found} of ${count} artifacts`]),
    ...files
      .filter(({ status, tags }) => status !== 'COMPLETED' || tags.get('holdfast:verdict') !== verdict)
      .map(({ arn, status }) => `${runId} is sealed with ${arn}, which is ${status} or has another verdict`),
    ...databases
      .filter(({ cutAtMs }) => cutAtMs >= diskMs)
      .map(({ name }) => `${runId} is sealed with ${name}, which is younger than its disks`),
    ...databases
      .filter(({ status, tags }) => status !== 'available' || tags.get('holdfast:verdict') !== verdict)
      .map(({ name, status }) => `${runId} is sealed with ${name}, which is ${status} or has another verdict`),
    ...unfinished.map(({ id, state }) => `${runId} is sealed with ${id}, which is ${state}`),
    ...proven
      .filter(({ consistency }) => rankOf(consistency) < rankOf(verdict))
      .map(({ name, consistency }) => `${runId} claims to be ${verdict}, but ${name} in it is ${consistency}`),
  ];
}

/** A label on some of the snapshots of a run and not on others would make half a point look like one. */
const mixed = ({ stage }: Scene): readonly string[] =>
  backups(stage)
    .filter(({ snapshots }) => new Set(snapshots.map(({ tags }) => tags.get('holdfast:verdict'))).size > 1)
    .map(({ runId }) => `snapshots of ${runId} carry different verdicts`);

/** Points that the policy lets go may go; none else, and never the newest. */
const lostPoints = ({ stage, scenario, sealedBefore }: Scene): readonly string[] => {
  const left = new Set(sealed(stage).map(({ runId }) => runId));
  const kept = sealedBefore.toSorted().slice(Math.min(scenario.expires ?? 0, sealedBefore.length - 1));
  return kept.filter((runId) => !left.has(runId)).map((runId) => `the point ${runId} is gone`);
};

/** The copies of files in points that are there. */
const lostFiles = ({ stage, scenario }: Scene): readonly string[] =>
  scenario.hasFiles
    ? sealed(stage)
        .filter(({ runId }) => filePoints(stage, runId).length !== 1)
        .map(({ runId }) => `the point ${runId} has ${filePoints(stage, runId).length} copies of its files`)
    : [];

/** One mishap must not spoil the night after it. Not asked where a resource stays broken, or nothing is backed up until a person has looked. */
export async function brokenNextNight(scene: Scene): Promise<readonly string[]> {
  const { stage, scenario, mishaps } = scene;
  if (mishaps.some(({ group }) => group === 'resources') || fateOf(scene) === 'stranded') return [];
  const before = sealed(stage).length;
  const nowMs = stage.clock.nowMs();
  const nightMs = Math.ceil((nowMs + 2 * minuteMs - 3 * hourMs) / dayMs) * dayMs + 3 * hourMs;
  await sleepUntil(stage, nightMs - 90_000);
  await stage.time.until(() => sealed(stage).length > before, hourMs);
  return sealed(stage).length > before
    ? [...lostPoints(scene), ...lostFiles(scene)]
    : [`the next night of ${scenario.workload} has no point`];
}
