/** What the region has of the platform's newest set: asked of the simulated services, which know nothing of the product. */
import type { Region } from '#simulator/region.ts';

export interface TakenSet {
  /** When RDS and MemoryDB were asked, epoch ms. */
  readonly askedMs: number;
  /** The moment that the database's rows are of. */
  readonly databaseMs: number;
  /** When the last shard was copied. */
  readonly clusterMs: number;
  /** AWS Backup's job on the file system. */
  readonly job: { readonly fromMs: number; readonly toMs: number };
  readonly rows: readonly string[];
  readonly keys: readonly string[];
  /** Paths. */
  readonly files: readonly string[];
}

/** @throws Error when a part of it is not there: RDS, MemoryDB and AWS Backup have not all made theirs */
export function takenSet({ services }: Region): TakenSet {
  const database = [...services.rds.world.snapshots.values()].findLast(({ status }) => status === 'available');
  const cluster = [...services.memorydb.world.snapshots.values()].find(({ createdMs }) =>
    isBeside(createdMs, database),
  );
  const job = [...services.backup.world.jobs.values()].at(-1);
  const copy = services.backup.world.points.get(job?.pointArn ?? '');
  if (!database || !cluster || job?.endedMs === undefined || !copy) throw new Error('a part of the set is not there');
  return {
    askedMs: Math.min(database.createdMs, cluster.createdMs),
    databaseMs: database.cutAtMs,
    clusterMs: Math.max(...cluster.shards.map(({ atMs }) => atMs)),
    job: { fromMs: job.createdMs, toMs: job.endedMs },
    rows: database.rows,
    keys: cluster.shards.flatMap(({ rows }) => rows),
    files: [...copy.content.keys()],
  };
}

/** Begun at the same time. */
const isBeside = (createdMs: number, other: { readonly createdMs: number } | undefined): boolean =>
  Math.abs(createdMs - (other?.createdMs ?? Number.NaN)) < 10_000;
