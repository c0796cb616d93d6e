/** Points are whole, once, what their label says, and stay. */
import { dayMs, hourMs, minuteMs } from '../scenario/stage.ts';
import type { Managed } from './managed.ts';
import { type BackupGroup, backups, rankOf, sealed, verdictsOf } from './outcome.ts';
import { repeatedSets } from './promise-of-asking-once.ts';
import { fateOf } from './promise-of-recovering.ts';
import { expiredOf, type Scene } from './scene.ts';
import { sleepUntil } from './sleep.ts';

export const brokenNight = (scene: Scene): readonly string[] => [
  ...brokenPoints(scene),
  ...mixed(scene),
  ...lostPoints(scene),
  ...repeatedSets(scene),
];

/** Of points whose time has come some parts may be gone before the others. */
const brokenPoints = (scene: Scene): readonly string[] =>
  sealed(scene.stage)
    .filter(({ runId }) => !expiredOf(scene).includes(runId))
    .flatMap((group) => brokenPoint(scene, group));

function brokenPoint({ stage, scenario }: Scene, group: BackupGroup): readonly string[] {
  const { runId, snapshots, managed } = group;
  const count = Number([...snapshots, ...managed].find(({ tags }) => tags)?.tags?.get('holdfast:count'));
  const sets = new Set(snapshots.map(({ setId }) => setId));
  const [verdict] = verdictsOf(group);
  const unfinished = [...snapshots, ...managed].filter(({ state }) => state !== 'completed');
  // A moment of a continuous backup is nothing that is made.
  const found = snapshots.length + managed.length + (scenario.hasMoment ? 1 : 0);
  const disks = [...snapshots.map(({ id }) => id), ...managed.flatMap((each) => each.disks ?? [])];
  const proven = stage.services.ec2.world.judgeSnapshots(disks);
  return [
    ...(sets.size > 1 ? [`${runId} has ${sets.size} sets of snapshots`] : []),
    ...(found === count ? [] : [`${runId} is sealed with ${found} of ${count} artifacts`]),
    ...outOfOrder(group).map((words) => `${runId} is sealed, and ${words}`),
    ...unfinished.map(({ id, state }) => `${runId} is sealed with ${id}, which is ${state}`),
    ...proven
      .filter(({ consistency }) => rankOf(consistency) < rankOf(verdict))
      .map(({ name, consistency }) => `${runId} claims to be ${verdict}, but ${name} in it is ${consistency}`),
  ];
}

/** What is of a later tier is younger than all before it. */
function outOfOrder({ snapshots, managed }: BackupGroup): readonly string[] {
  const disks = snapshots.map(({ id, tags, startTimeMs }) => ({ id, tags, fromMs: startTimeMs, toMs: startTimeMs }));
  const all = [...disks, ...managed];
  const tierOf = ({ tags, tier }: Pick<Managed, 'tags' | 'tier'>) =>
    tier ?? Number(tags?.get('holdfast:tier') ?? Number.NaN);
  return all.flatMap((one) =>
    all
      .filter((other) => tierOf(other) > tierOf(one) && other.fromMs <= one.toMs)
      .map((other) => `${other.id} of tier ${tierOf(other)} is not younger than ${one.id} of tier ${tierOf(one)}`),
  );
}

/** A label on some of the snapshots of a run and not on others would make half a point look like one. */
const mixed = ({ stage }: Scene): readonly string[] =>
  backups(stage)
    .filter((group) => verdictsOf(group).size > 1 && [...verdictsOf(group)].some((verdict) => rankOf(verdict) >= 0))
    .map(({ runId }) => `artifacts of ${runId} carry different verdicts`);

/** Points that the policy lets go may go; none else, and never the newest. */
const lostPoints = ({ stage, scenario, sealedBefore }: Scene): readonly string[] => {
  const left = new Set(sealed(stage).map(({ runId }) => runId));
  const kept = sealedBefore.toSorted().slice(Math.min(scenario.expires ?? 0, sealedBefore.length - 1));
  return kept.filter((runId) => !left.has(runId)).map((runId) => `the point ${runId} is gone`);
};

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
    ? [...lostPoints(scene), ...brokenPoints(scene)]
    : [`the next night of ${scenario.workload} has no point`];
}
