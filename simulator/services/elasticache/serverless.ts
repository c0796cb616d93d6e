import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import { pageOf } from '../caches/pages.ts';
import { type Cache, createSnapshotBook, type Snapshot } from '../caches/snapshot-book.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import type { ElastiCacheContext } from './elasticache.ts';
import type { createFiles } from './files.ts';
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

export function createServerless(
  { kernel, arnOf }: ElastiCacheContext,
  files: ReturnType<typeof createFiles>,
  snapshotMs: number,
) {
  const all = new Map<string, Serverless>();
  const book = createSnapshotBook<Serverless>(kernel, {
    codes: {
      exists: 'ServerlessCacheSnapshotAlreadyExistsFault',
      missing: 'ServerlessCacheSnapshotNotFoundFault',
      quota: 'ServerlessCacheSnapshotQuotaExceededFault',
      snapshotState: 'InvalidServerlessCacheSnapshotStateFault',
      sourceState: 'InvalidServerlessCacheStateFault',
    },
    ...{ mostNameCharacters: 255, perDay, snapshotMs, shardMs: 5000 },
  });

  const named = (name = ''): Serverless => {
    const found = all.get(name);
    if (found === undefined) throw new ApiError('ServerlessCacheNotFoundFault', `Cache ${name} not found.`, 404);
    return found;
  };

  /** A cache stays available while a snapshot of it is made, and takes no other call. */
  const shown = ({ name, engine, status, settings }: Serverless): ElastiCache.ServerlessCache => ({
    ...settings,
    Endpoint: endpointOf(`${name}.serverless`),
    ServerlessCacheName: name,
    Status: status === 'snapshotting' ? 'available' : status,
    ARN: arnOf('serverlesscache', name),
    Engine: engine,
  });

  const shownSnapshot = ({
    name,
    status,
    source,
    shards,
    key,
  }: Snapshot<Serverless>): ElastiCache.ServerlessCacheSnapshot => ({
    ServerlessCacheSnapshotName: name,
    KmsKeyId: key,
    ARN: arnOf('serverlesscachesnapshot', name),
    Status: status,
    SnapshotType: 'manual',
    ...(shards[0] === undefined ? {} : { CreateTime: new Date(shards[0].atMs) }),
    ServerlessCacheConfiguration: { ServerlessCacheName: source.name, Engine: source.engine },
  });

  const chosen = (input: ElastiCache.DescribeServerlessCacheSnapshotsRequest) => {
    if (input.ServerlessCacheSnapshotName !== undefined) return [book.named(input.ServerlessCacheSnapshotName)];
    const { ServerlessCacheName: wanted } = input;
    return [...book.all.values()].filter(({ source }) => wanted === undefined || source.name === wanted);
  };

  return {
    ...book,
    caches: all,
    cacheNamed: named,
    shown,
    launch: ({ name, engine = 'valkey', files: count = 1, tags = {} }: ServerlessSpec) => {
      all.set(name, {
        ...{ name, engine, settings: defaults, status: 'available', createdMs: kernel.clock.nowMs() },
        shards: Array.from({ length: count }, () => []),
        tags: new Map(Object.entries(tags)),
      });
    },
    operations: {
      DescribeServerlessCaches: (input: ElastiCache.DescribeServerlessCachesRequest) => {
        const { ServerlessCacheName: name, NextToken } = input;
        const page = pageOf(name === undefined ? [...all.values()] : [named(name)], NextToken);
        return { ServerlessCaches: page.items.map(shown), NextToken: page.next };
      },
      CreateServerlessCacheSnapshot: (input: ElastiCache.CreateServerlessCacheSnapshotRequest) => {
        const wanted = { name: input.ServerlessCacheSnapshotName, tags: tagsIn(input.Tags) };
        const snapshot = book.create(named(input.ServerlessCacheName), wanted);
        return { ServerlessCacheSnapshot: shownSnapshot(snapshot) };
      },
      DescribeServerlessCacheSnapshots: (input: ElastiCache.DescribeServerlessCacheSnapshotsRequest) => {
        const page = pageOf(chosen(input), input.NextToken);
        return { ServerlessCacheSnapshots: page.items.map(shownSnapshot), NextToken: page.next };
      },
      ExportServerlessCacheSnapshot: (input: ElastiCache.ExportServerlessCacheSnapshotRequest) => {
        const snapshot = book.named(input.ServerlessCacheSnapshotName);
        if (snapshot.status !== 'available') {
          const message = `Snapshot ${snapshot.name} is ${snapshot.status}.`;
          throw new ApiError('InvalidServerlessCacheSnapshotStateFault', message);
        }
        files.beginServerless(snapshot, input);
        return { ServerlessCacheSnapshot: shownSnapshot(snapshot) };
      },
      CopyServerlessCacheSnapshot: (input: ElastiCache.CopyServerlessCacheSnapshotRequest) => {
        const { TargetServerlessCacheSnapshotName: name, KmsKeyId: key, Tags } = input;
        const copy = book.copy(input.SourceServerlessCacheSnapshotName, { name, tags: tagsIn(Tags), key });
        return { ServerlessCacheSnapshot: shownSnapshot(copy) };
      },
      DeleteServerlessCacheSnapshot: (input: ElastiCache.DeleteServerlessCacheSnapshotRequest) => ({
        ServerlessCacheSnapshot: shownSnapshot(book.remove(input.ServerlessCacheSnapshotName)),
      }),
    },
  };
}
