/** A restored database must be older than the files that it points into: judged by what is in both, whatever times anybody tells. */
import type { Artifact } from '#domain/artifact.ts';
import { pointsOf } from '#ledger/points.ts';
import type { Stage } from '../scenario/stage.ts';
import type { Content } from './content.ts';
import { type BackupGroup, rankOf, sealed, verdictsOf } from './outcome.ts';
import type { Scene } from './scene.ts';

export async function brokenContent({ stage, scenario }: Scene): Promise<readonly string[]> {
  const { content, hasMoment } = scenario;
  if (!hasMoment && content === undefined) return [];
  const points = await stage.drive(pointsOf(scenario.workload));
  return sealed(stage).flatMap((group) => {
    // That a moment was kept, and which, is in the record alone: there is nothing in the region that could tell.
    const artifacts = points.find(({ id }) => id === group.runId)?.artifacts ?? [];
    const moments = artifacts.filter(({ continuous }) => continuous);
    const isRight = moments.length === (hasMoment ? 1 : 0);
    return [
      ...(isRight ? [] : [`it is sealed with ${moments.length} moments`]),
      ...moments.flatMap((moment) => brokenMoment(stage, group, moment)),
      ...(content === undefined ? [] : unfitting(stage, group, content, moments)),
    ].map((words) => `of ${group.runId}: ${words}`);
  });
}

/** An instance, or an Aurora cluster. */
const sourceOf = ({ services: { rds } }: Stage, { id }: Artifact) =>
  [...rds.world.instances.values(), ...rds.world.clusters.values()].find(({ resourceId }) => id.startsWith(resourceId));

function brokenMoment(stage: Stage, { snapshots, managed }: BackupGroup, moment: Artifact): readonly string[] {
  const at = Date.parse(moment.startedAt);
  const { backedUpSinceMs = Number.POSITIVE_INFINITY } = sourceOf(stage, moment) ?? {};
  const later = [...snapshots.map(({ startTimeMs }) => startTimeMs), ...managed.map(({ fromMs }) => fromMs)];
  return [
    ...(backedUpSinceMs <= at ? [] : [`its moment ${moment.startedAt} cannot be restored`]),
    ...(later.every((time) => time > at) ? [] : [`its moment ${moment.startedAt} is not before all else`]),
  ];
}

function unfitting(
  stage: Stage,
  group: BackupGroup,
  content: Content,
  moments: readonly Artifact[],
): readonly string[] {
  const kept = moments.map((moment) => sourceOf(stage, moment)?.rows.asOf(Date.parse(moment.startedAt)) ?? []);
  const rows = [...kept, ...group.managed.flatMap((each) => each.rows)];
  const isStill = rankOf([...verdictsOf(group)][0]) === rankOf('application-consistent');
  return filesOf(stage, group).flatMap((files) => content.unfitting({ rows, files }, isStill));
}

const filesOf = ({ services: { backup } }: Stage, { runId }: BackupGroup) =>
  [...backup.world.points.values()]
    .filter(({ tags, status }) => tags.get('holdfast:run') === runId && status !== 'DELETING')
    .map(({ content }) => content);
