/**
 * Manual snapshots as ElastiCache and MemoryDB keep them: by name, one of a cache at a time, so many in 24 hours, each shard copied at a
 * moment of its own. A shard's content is a list of rows.
 */
import { ApiError, type Kernel } from '../../kernel/service.ts';

export interface Cache {
  readonly name: string;
  status: string;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  /** What has been written, oldest first; a list a shard. */
  readonly shards: string[][];
}

export interface Snapshot<Source extends Cache> {
  readonly name: string;
  readonly source: Source;
  status: 'creating' | 'available' | 'copying' | 'exporting' | 'restoring' | 'failed' | 'deleting';
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  /** ARN of the KMS key, of a copy that was given another than its cache's. */
  readonly key?: string | undefined;
  /** Those that have been copied. */
  readonly shards: { readonly atMs: number; readonly rows: readonly string[] }[];
}

export interface BookRules {
  /** Names of the SDK's error classes. */
  readonly codes: Readonly<Record<'exists' | 'missing' | 'quota' | 'snapshotState' | 'sourceState', string>>;
  readonly mostNameCharacters: number;
  /** Manual snapshots of one cache in any 24 hours, those that were deleted too. */
  readonly perDay: number;
  readonly snapshotMs: number;
  /** From one shard's copy to the next. */
  readonly shardMs: number;
}

export interface NewSnapshot {
  readonly name: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SnapshotArrange {
  /** The next snapshot ends as `failed` instead of `available`. */
  nextSnapshotFails(): void;
  /** The next snapshot stays `creating` for ever. */
  nextSnapshotNeverEnds(): void;
  /** The next cache that is made from a snapshot ends as `create-failed`. */
  nextRestoreFails(): void;
}

const dayMs = 86_400_000;
const deletingMs = 10_000;
/** ElastiCache User Guide, "Taking manual backups"; MemoryDB Developer Guide, "Making manual snapshots". */
const nameRule = /^(?!.*--)[a-z]([a-z0-9-]*[a-z0-9])?$/;

export function createSnapshotBook<Source extends Cache>(kernel: Kernel, rules: BookRules) {
  const { clock } = kernel;
  const { codes, mostNameCharacters, perDay, snapshotMs, shardMs } = rules;
  const all = new Map<string, Snapshot<Source>>();
  /** When snapshots of each cache were asked for. */
  const taken = new Map<Source, number[]>();
  let fate: 'failed' | 'never' | undefined;
  let restoreFails = false;

  const named = (name = ''): Snapshot<Source> => {
    const found = all.get(name);
    if (found === undefined) throw new ApiError(codes.missing, `Snapshot ${name} not found.`, 404);
    return found;
  };

  const refuseName = (name: string): void => {
    if (!nameRule.test(name) || name.length > mostNameCharacters)
      throw new ApiError('InvalidParameterValueException', `${name} is no name of a snapshot.`);
    if (all.has(name)) throw new ApiError(codes.exists, `Snapshot with specified name already exists: ${name}`);
  };

  const refuse = (source: Source, name: string): void => {
    refuseName(name);
    if (source.status !== 'available') {
      throw new ApiError(codes.sourceState, `${source.name} is not in available state: ${source.status}.`);
    }
    const recent = (taken.get(source) ?? []).filter((timeMs) => timeMs > clock.nowMs() - dayMs);
    if (recent.length >= perDay) {
      throw new ApiError(codes.quota, `${source.name} has had ${perDay} manual snapshots in 24 hours.`);
    }
  };

  const follow = (snapshot: Snapshot<Source>): void => {
    const { source, createdMs } = snapshot;
    const end = fate ?? 'available';
    fate = undefined;
    for (const [index, rows] of source.shards.entries()) {
      const atMs = createdMs + (index + 1) * shardMs;
      clock.at(atMs, () => void snapshot.shards.push({ atMs, rows: [...rows] }));
    }
    if (end === 'never') return;
    clock.at(createdMs + snapshotMs, () => {
      snapshot.status = end;
      if (source.status === 'snapshotting') source.status = 'available';
    });
  };

  const fill = (cache: Source, lists: readonly (readonly string[])[], then = () => {}): void => {
    const end = restoreFails ? 'create-failed' : 'available';
    restoreFails = false;
    for (const [index, rows] of lists.entries()) cache.shards[index % cache.shards.length]?.push(...rows);
    clock.at(clock.nowMs() + snapshotMs, () => {
      then();
      cache.status = end;
    });
  };

  return {
    all,
    named,
    create: (source: Source, { name = '', tags }: NewSnapshot): Snapshot<Source> => {
      refuse(source, name);
      const createdMs = clock.nowMs();
      const snapshot: Snapshot<Source> = {
        ...{ name, source, status: 'creating', createdMs, shards: [] },
        tags: new Map(Object.entries(tags)),
      };
      all.set(name, snapshot);
      taken.set(source, [...(taken.get(source) ?? []), createdMs]);
      source.status = 'snapshotting';
      follow(snapshot);
      return snapshot;
    },
    /**
     * A copy beside it, available as late as a snapshot is; the source is `copying` meanwhile (assumed), and neither counts against the day's.
     */
    copy: (
      sourceName: string | undefined,
      { name = '', tags, key }: NewSnapshot & { readonly key?: string | undefined },
    ) => {
      const from = named(sourceName);
      if (from.status !== 'available') {
        throw new ApiError(codes.snapshotState, `Snapshot ${from.name} is ${from.status}.`);
      }
      refuseName(name);
      const copy: Snapshot<Source> = {
        ...{ name, source: from.source, status: 'creating', createdMs: clock.nowMs(), shards: [...from.shards] },
        ...{ tags: new Map(Object.entries(tags)), key: key ?? from.key },
      };
      all.set(name, copy);
      from.status = 'copying';
      const end = fate ?? 'available';
      fate = undefined;
      clock.at(clock.nowMs() + snapshotMs, () => {
        from.status = 'available';
        if (end !== 'never') copy.status = end;
      });
      return copy;
    },
    remove: (name: string | undefined): Snapshot<Source> => {
      const snapshot = named(name);
      if (snapshot.status !== 'available' && snapshot.status !== 'failed') {
        throw new ApiError(codes.snapshotState, `Snapshot ${name} is ${snapshot.status}.`);
      }
      snapshot.status = 'deleting';
      clock.at(clock.nowMs() + deletingMs, () => void all.delete(snapshot.name));
      return snapshot;
    },
    /**
     * A cache from a snapshot is made in as long as a snapshot is; the snapshot is `restoring` meanwhile.
     * @param cache what has been put into its place already, `creating`
     */
    restore: (cache: Source, snapshot: Snapshot<Source>): void => {
      if (snapshot.status !== 'available') {
        throw new ApiError(codes.snapshotState, `Snapshot ${snapshot.name} is ${snapshot.status}.`);
      }
      snapshot.status = 'restoring';
      fill(
        cache,
        snapshot.shards.map(({ rows }) => rows),
        () => {
          snapshot.status = 'available';
        },
      );
    },
    /** A cache from files, in as long; how many of them does not matter. */
    seed: (cache: Source, files: readonly (readonly string[])[]): void => fill(cache, files),
    arrange: {
      nextRestoreFails: () => {
        restoreFails = true;
      },
      nextSnapshotFails: () => {
        fate = 'failed';
      },
      nextSnapshotNeverEnds: () => {
        fate = 'never';
      },
    } satisfies SnapshotArrange,
  };
}
