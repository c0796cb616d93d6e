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

interface State<Source extends Cache> extends BookRules {
  readonly clock: Kernel['clock'];
  readonly all: Map<string, Snapshot<Source>>;
  /** When snapshots of each cache were asked for. */
  readonly taken: Map<Source, number[]>;
  /** How the next snapshot ends, if not as `available`. */
  fate?: 'failed' | 'never' | undefined;
  restoreFails: boolean;
}

interface NewCopy extends NewSnapshot {
  readonly key?: string | undefined;
}

function named<Source extends Cache>({ all, codes }: State<Source>, name = ''): Snapshot<Source> {
  const found = all.get(name);
  if (found === undefined) throw new ApiError(codes.missing, `Snapshot ${name} not found.`, 404);
  return found;
}

function refuseName<Source extends Cache>({ all, codes, mostNameCharacters }: State<Source>, name: string): void {
  if (!nameRule.test(name) || name.length > mostNameCharacters)
    throw new ApiError('InvalidParameterValueException', `${name} is no name of a snapshot.`);
  if (all.has(name)) throw new ApiError(codes.exists, `Snapshot with specified name already exists: ${name}`);
}

function refuseUnlessAvailable<Source extends Cache>({ codes }: State<Source>, snapshot: Snapshot<Source>): void {
  const { name, status } = snapshot;
  if (status !== 'available') throw new ApiError(codes.snapshotState, `Snapshot ${name} is ${status}.`);
}

function refuseSource<Source extends Cache>({ clock, codes, perDay, taken }: State<Source>, source: Source): void {
  if (source.status !== 'available') {
    throw new ApiError(codes.sourceState, `${source.name} is not in available state: ${source.status}.`);
  }
  const recent = (taken.get(source) ?? []).filter((timeMs) => timeMs > clock.nowMs() - dayMs);
  if (recent.length >= perDay) {
    throw new ApiError(codes.quota, `${source.name} has had ${perDay} manual snapshots in 24 hours.`);
  }
}

function create<Source extends Cache>(
  state: State<Source>,
  source: Source,
  { name = '', tags }: NewSnapshot,
): Snapshot<Source> {
  const { clock, all, taken } = state;
  refuseName(state, name);
  refuseSource(state, source);
  const createdMs = clock.nowMs();
  const snapshot: Snapshot<Source> = {
    ...{ name, source, status: 'creating', createdMs, shards: [] },
    tags: new Map(Object.entries(tags)),
  };
  all.set(name, snapshot);
  taken.set(source, [...(taken.get(source) ?? []), createdMs]);
  source.status = 'snapshotting';
  follow(state, snapshot);
  return snapshot;
}

function follow<Source extends Cache>(state: State<Source>, snapshot: Snapshot<Source>): void {
  const { clock, shardMs, snapshotMs } = state;
  const { source, createdMs } = snapshot;
  const end = endOfNext(state);
  for (const [index, rows] of source.shards.entries()) {
    const atMs = createdMs + (index + 1) * shardMs;
    clock.at(atMs, () => void snapshot.shards.push({ atMs, rows: [...rows] }));
  }
  if (end === 'never') return;
  clock.at(createdMs + snapshotMs, () => {
    snapshot.status = end;
    if (source.status === 'snapshotting') source.status = 'available';
  });
}

function endOfNext<Source extends Cache>(state: State<Source>): 'available' | 'failed' | 'never' {
  const end = state.fate ?? 'available';
  state.fate = undefined;
  return end;
}

/** A copy beside it, available as late as a snapshot is; the source is `copying` meanwhile (assumed), and neither counts against the day's. */
function copy<Source extends Cache>(
  state: State<Source>,
  sourceName: string | undefined,
  { name = '', tags, key }: NewCopy,
): Snapshot<Source> {
  const { clock, all, snapshotMs } = state;
  const from = named(state, sourceName);
  refuseUnlessAvailable(state, from);
  refuseName(state, name);
  const made: Snapshot<Source> = {
    ...{ name, source: from.source, status: 'creating', createdMs: clock.nowMs(), shards: [...from.shards] },
    ...{ tags: new Map(Object.entries(tags)), key: key ?? from.key },
  };
  all.set(name, made);
  from.status = 'copying';
  const end = endOfNext(state);
  clock.at(clock.nowMs() + snapshotMs, () => {
    from.status = 'available';
    if (end !== 'never') made.status = end;
  });
  return made;
}

function remove<Source extends Cache>(state: State<Source>, name: string | undefined): Snapshot<Source> {
  const { clock, codes, all } = state;
  const snapshot = named(state, name);
  if (snapshot.status !== 'available' && snapshot.status !== 'failed') {
    throw new ApiError(codes.snapshotState, `Snapshot ${name} is ${snapshot.status}.`);
  }
  snapshot.status = 'deleting';
  clock.at(clock.nowMs() + deletingMs, () => void all.delete(snapshot.name));
  return snapshot;
}

/**
 * A cache from a snapshot is made in as long as a snapshot is; the snapshot is `restoring` meanwhile.
 * @param cache what has been put into its place already, `creating`
 */
function restore<Source extends Cache>(state: State<Source>, cache: Source, snapshot: Snapshot<Source>): void {
  refuseUnlessAvailable(state, snapshot);
  snapshot.status = 'restoring';
  const lists = snapshot.shards.map(({ rows }) => rows);
  fill(state, cache, lists, () => {
    snapshot.status = 'available';
  });
}

function fill<Source extends Cache>(
  state: State<Source>,
  cache: Source,
  lists: readonly (readonly string[])[],
  then = () => {},
): void {
  const { clock, snapshotMs } = state;
  const end = state.restoreFails ? 'create-failed' : 'available';
  state.restoreFails = false;
  for (const [index, rows] of lists.entries()) cache.shards[index % cache.shards.length]?.push(...rows);
  clock.at(clock.nowMs() + snapshotMs, () => {
    then();
    cache.status = end;
  });
}

const arrangeOf = <Source extends Cache>(state: State<Source>): SnapshotArrange => ({
  nextRestoreFails: () => {
    state.restoreFails = true;
  },
  nextSnapshotFails: () => {
    state.fate = 'failed';
  },
  nextSnapshotNeverEnds: () => {
    state.fate = 'never';
  },
});

export function createSnapshotBook<Source extends Cache>({ clock }: Kernel, rules: BookRules) {
  const state: State<Source> = { ...rules, clock, all: new Map(), taken: new Map(), restoreFails: false };
  return {
    all: state.all,
    named: (name?: string) => named(state, name),
    create: (source: Source, snapshot: NewSnapshot) => create(state, source, snapshot),
    copy: (sourceName: string | undefined, wanted: NewCopy) => copy(state, sourceName, wanted),
    remove: (name: string | undefined) => remove(state, name),
    restore: (cache: Source, snapshot: Snapshot<Source>) => restore(state, cache, snapshot),
    /** A cache from files, in as long as from a snapshot; how many of them does not matter. */
    seed: (cache: Source, files: readonly (readonly string[])[]) => fill(state, cache, files),
    arrange: arrangeOf(state),
  };
}
