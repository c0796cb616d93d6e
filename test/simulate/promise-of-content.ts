/** A restored database must be older than the files that it points into: judged by what is in both, whatever times anybody tells. */
import { pointsOf } from '#ledger/points.ts';
import type { Instance } from '#simulator/services/rds/instances.ts';
import { numbersOf } from '../scenario/orders.ts';
import { filePoints, rankOf, sealed } from './outcome.ts';
import type { Scene } from './scene.ts';

export async function brokenContent({ stage, scenario }: Scene): Promise<readonly string[]> {
  if (!scenario.hasFiles) return [];
  const points = await stage.drive(pointsOf(scenario.workload));
  return sealed(stage).flatMap(({ runId, snapshots }) => {
    // That a moment was kept, and which, is in the record alone: there is nothing in the region that could tell.
    const moments = points.find(({ id }) => id === runId)?.artifacts.filter(({ continuous }) => continuous) ?? [];
    const [{ startedAt = '', id = '' } = {}] = moments;
    const database = [...stage.services.rds.world.instances.values()].find(({ resourceId }) =>
      id.startsWith(resourceId),
    );
    const content = filePoints(stage, runId)[0]?.content ?? new Map();
    const isStill = rankOf(snapshots[0]?.tags.get('holdfast:verdict')) === rankOf('application-consistent');
    return [
      ...(moments.length === 1 ? [] : [`${runId} is sealed with ${moments.length} moments`]),
      ...cannotBeRestored(database, startedAt).map((why) => `${runId} is sealed, and ${why}`),
      ...disagreements(lastRow(database, startedAt), numbersOf(content), isStill).map((why) => `in ${runId} ${why}`),
    ];
  });
}

const lastRow = (database: Instance | undefined, at: string): number =>
  Number(database?.rows.asOf(Date.parse(at)).at(-1));

function cannotBeRestored(database: Instance | undefined, at: string): readonly string[] {
  if (database === undefined) return ['the database of its moment is gone'];
  const { backedUpSinceMs = Number.POSITIVE_INFINITY } = database;
  return backedUpSinceMs <= Date.parse(at) ? [] : [`its moment ${at} cannot be restored`];
}

/** @param isStill nothing was written from the moment on until the copy was complete */
export function disagreements(row: number, files: readonly number[], isStill: boolean): readonly string[] {
  const words = `the last row is of ${row}, and the files are of ${files.join(' and ')}`;
  const isOlder = files.every((file) => row <= file);
  const isSame = files.every((file) => row === file);
  return (isStill ? isSame : isOlder) ? [] : [words];
}
