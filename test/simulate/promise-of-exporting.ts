/** Files of a point are all in their bucket within a day, or a mail says once that they are not. Nothing else of the point depends on it. */
import { dayMs } from '../scenario/stage.ts';
import { failureMails, sealed } from './outcome.ts';
import type { Scene } from './scene.ts';

export const isAboutExport = (subject: string): boolean => subject.includes('was not exported to S3');

/** Snapshots of sealed points of which a file is missing; ids. */
export function unexported({ stage, scenario: { exportsTo } }: Pick<Scene, 'stage' | 'scenario'>): readonly string[] {
  const { elasticache, s3 } = stage.services;
  if (exportsTo === undefined) return [];
  const { objects = new Map() } = s3.world.buckets.get(exportsTo) ?? {};
  return sealed(stage).flatMap(({ managed }) =>
    managed.flatMap(({ id, rows }) => {
      if (!elasticache.world.snapshots.has(id)) return [];
      const files = rows.map((_, shard) => `${id}-${String(shard + 1).padStart(4, '0')}.rdb`);
      const isWhole = files.every((key, shard) => objects.get(key)?.rows.join() === rows[shard]?.join());
      return isWhole ? [] : [id];
    }),
  );
}

/** When it is asked for the last time a day has passed. */
export function brokenExports(scene: Scene): readonly string[] {
  const mails = failureMails(scene.stage).filter(isAboutExport);
  const missing = unexported(scene);
  const isOver = scene.stage.clock.nowMs() - scene.fromMs > dayMs;
  return [
    ...(isOver && missing.length > mails.length ? [`of ${missing.join()} files are missing, and no mail says so`] : []),
    ...(mails.length > missing.length
      ? [`nothing is missing in the bucket, and there are mails: ${mails.join()}`]
      : []),
  ];
}
