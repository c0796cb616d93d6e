/** Files of a point are all in their bucket within a day, and copies under another key complete, or a mail says once that they are not. Nothing else of the point depends on it. */
import { dayMs } from '../scenario/stage.ts';
import { failureMails, sealed } from './outcome.ts';
import type { Scene } from './scene.ts';

type Sight = Pick<Scene, 'stage' | 'scenario'>;

export const isAboutExport = (subject: string): boolean =>
  subject.includes('was not exported to S3') || subject.includes('was not copied under another key');

/** What is missing of sealed points: a sentence a snapshot. */
export const unexported = (scene: Sight): readonly string[] => [...unwritten(scene), ...uncopied(scene)];

function uncopied({ stage, scenario: { copiesUnder } }: Sight): readonly string[] {
  if (copiesUnder === undefined) return [];
  const { snapshots } = stage.services.memorydb.world;
  return sealed(stage).flatMap(({ managed }) =>
    managed.flatMap(({ id, rows }) => {
      if (!snapshots.has(id)) return [];
      const copies = [...snapshots.values()].filter(({ tags }) => tags.get('holdfast:copy-of') === id);
      const [copy] = copies;
      const isWhole =
        copy?.status === 'available' &&
        copy.key === copiesUnder &&
        copy.shards.map((shard) => shard.rows.join()).join(';') === rows.map((each) => each.join()).join(';');
      return isWhole && copies.length === 1 ? [] : [`${id} has ${copies.length} copies under ${copiesUnder}`];
    }),
  );
}

function unwritten({ stage, scenario: { exportsTo } }: Sight): readonly string[] {
  const { elasticache, s3 } = stage.services;
  if (exportsTo === undefined) return [];
  const { objects = new Map() } = s3.world.buckets.get(exportsTo) ?? {};
  return sealed(stage).flatMap(({ managed }) =>
    managed.flatMap(({ id, rows }) => {
      if (!elasticache.world.snapshots.has(id)) return [];
      const files = rows.map((_, shard) => `${id}-${String(shard + 1).padStart(4, '0')}.rdb`);
      const isWhole = files.every((key, shard) => objects.get(key)?.rows.join() === rows[shard]?.join());
      return isWhole ? [] : [`of ${id} files are missing`];
    }),
  );
}

/** When it is asked for the last time a day has passed. */
export function brokenExports(scene: Scene): readonly string[] {
  const mails = failureMails(scene.stage).filter(isAboutExport);
  const missing = unexported(scene);
  const isOver = scene.stage.clock.nowMs() - scene.fromMs > dayMs;
  return [
    ...(isOver && missing.length > mails.length ? [`${missing.join()}, and no mail says so`] : []),
    ...(mails.length > missing.length ? [`nothing is missing, and there are mails: ${mails.join()}`] : []),
  ];
}
