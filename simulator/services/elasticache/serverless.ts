import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import { type Cache, createSnapshotBook, type Snapshot } from '../caches/snapshot-book.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import { pageOf } from '../pages.ts';
import type { ElastiCacheContext } from './elasticache.ts';
import type { Files } from './files.ts';
import { endpointOf } from './node-caches.ts';

export interface ServerlessSpec {
  readonly name: string;
  /** Default `valkey`. */
  readonly engine?: string;
  /** Files that an export of it writes. Default 1. */
  readonly files?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Serverless extends Cache {
  readonly engine: string;
  settings: Partial<ElastiCache.ServerlessCache>;
}

/** ElastiCache User Guide, "Backup constraints": of each cache. */
const perDay = 24;

const defaults: Partial<ElastiCache.ServerlessCache> = {
  Description: 'orders',
  MajorEngineVersion: '8',
  CacheUsageLimits: { DataStorage: { Maximum: 100, Unit: 'GB' }, ECPUPerSecond: { Maximum: 50_000 } },
  KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/orders',
  SecurityGroupIds: ['sg-0cache'],
  SubnetIds: ['subnet-0a', 'subnet-0b'],
  UserGroupId: 'orders-users',
  SnapshotRetentionLimit: 7,
  DailySnapshotTime: '05:00',
};

const codes = {
  exists: 'ServerlessCacheSnapshotAlreadyExistsFault',
  missing: 'ServerlessCacheSnapshotNotFoundFault',
  quota: 'ServerlessCacheSnapshotQuotaExceededFault',
  snapshotState: 'InvalidServerlessCacheSnapshotStateFault',
  sourceState: 'InvalidServerlessCacheStateFault',
};

interface State extends ElastiCacheContext {
  readonly files: Files;
  readonly caches: Map<string, Serverless>;
  readonly book: ReturnType<typeof createSnapshotBook<Serverless>>;
}

function named({ caches }: State, name = ''): Serverless {
  const found = caches.get(name);
  if (found === undefined) throw new ApiError('ServerlessCacheNotFoundFault', `Cache ${name} not found.`, 404);
  return found;
}

function launch({ kernel, caches }: State, spec: ServerlessSpec): void {
  const { name, engine = 'valkey', files = 1, tags = {} } = spec;
  caches.set(name, {
    ...{ name, engine, settings: defaults, status: 'available', createdMs: kernel.clock.nowMs() },
    shards: Array.from({ length: files }, () => []),
    tags: new Map(Object.entries(tags)),
  });
}

/** A cache stays available while a snapshot of it is made, and takes no other call. */
const shown = ({ arnOf }: State, { name, engine, status, settings }: Serverless): ElastiCache.ServerlessCache => ({
  ...settings,
  Endpoint: endpointOf(`${name}.serverless`),
  ServerlessCacheName: name,
  Status: status === 'snapshotting' ? 'available' : status,
  ARN: arnOf('serverlesscache', name),
  Engine: engine,
});

const shownSnapshot = (
  { arnOf }: State,
  { name, status, source, shards, key }: Snapshot<Serverless>,
): ElastiCache.ServerlessCacheSnapshot => ({
  ServerlessCacheSnapshotName: name,
  KmsKeyId: key,
  ARN: arnOf('serverlesscachesnapshot', name),
  Status: status,
  SnapshotType: 'manual',
  ...(shards[0] === undefined ? {} : { CreateTime: new Date(shards[0].atMs) }),
  ServerlessCacheConfiguration: { ServerlessCacheName: source.name, Engine: source.engine },
});

function chosen({ book }: State, input: ElastiCache.DescribeServerlessCacheSnapshotsRequest) {
  if (input.ServerlessCacheSnapshotName !== undefined) return [book.named(input.ServerlessCacheSnapshotName)];
  const { ServerlessCacheName: wanted } = input;
  return [...book.all.values()].filter(({ source }) => wanted === undefined || source.name === wanted);
}

function exported({ book, files }: State, input: ElastiCache.ExportServerlessCacheSnapshotRequest) {
  const snapshot = book.named(input.ServerlessCacheSnapshotName);
  if (snapshot.status !== 'available') {
    throw new ApiError(codes.snapshotState, `Snapshot ${snapshot.name} is ${snapshot.status}.`);
  }
  files.beginServerless(snapshot, input);
  return snapshot;
}

const operationsOf = (state: State) => ({
  DescribeServerlessCaches: (input: ElastiCache.DescribeServerlessCachesRequest) => {
    const { ServerlessCacheName: name, NextToken } = input;
    const page = pageOf(name === undefined ? [...state.caches.values()] : [named(state, name)], NextToken);
    return { ServerlessCaches: page.items.map((cache) => shown(state, cache)), NextToken: page.next };
  },
  CreateServerlessCacheSnapshot: (input: ElastiCache.CreateServerlessCacheSnapshotRequest) => {
    const wanted = { name: input.ServerlessCacheSnapshotName, tags: tagsIn(input.Tags) };
    const snapshot = state.book.create(named(state, input.ServerlessCacheName), wanted);
    return { ServerlessCacheSnapshot: shownSnapshot(state, snapshot) };
  },
  DescribeServerlessCacheSnapshots: (input: ElastiCache.DescribeServerlessCacheSnapshotsRequest) => {
    const page = pageOf(chosen(state, input), input.NextToken);
    return { ServerlessCacheSnapshots: page.items.map((one) => shownSnapshot(state, one)), NextToken: page.next };
  },
  ExportServerlessCacheSnapshot: (input: ElastiCache.ExportServerlessCacheSnapshotRequest) => ({
    ServerlessCacheSnapshot: shownSnapshot(state, exported(state, input)),
  }),
  CopyServerlessCacheSnapshot: (input: ElastiCache.CopyServerlessCacheSnapshotRequest) => {
    const { TargetServerlessCacheSnapshotName: name, KmsKeyId: key, Tags } = input;
    const copy = state.book.copy(input.SourceServerlessCacheSnapshotName, { name, tags: tagsIn(Tags), key });
    return { ServerlessCacheSnapshot: shownSnapshot(state, copy) };
  },
  DeleteServerlessCacheSnapshot: (input: ElastiCache.DeleteServerlessCacheSnapshotRequest) => ({
    ServerlessCacheSnapshot: shownSnapshot(state, state.book.remove(input.ServerlessCacheSnapshotName)),
  }),
});

export function createServerless(context: ElastiCacheContext, files: Files, snapshotMs: number) {
  const rules = { codes, mostNameCharacters: 255, perDay, snapshotMs, shardMs: 5000 };
  const book = createSnapshotBook<Serverless>(context.kernel, rules);
  const state: State = { ...context, files, book, caches: new Map() };
  return {
    ...book,
    caches: state.caches,
    cacheNamed: (name?: string) => named(state, name),
    shown: (cache: Serverless) => shown(state, cache),
    launch: (spec: ServerlessSpec) => launch(state, spec),
    operations: operationsOf(state),
  };
}
