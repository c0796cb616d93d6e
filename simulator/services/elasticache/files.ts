/**
 * Files of snapshots, written to buckets, and read from them. What ElastiCache says when it refuses is in the API Reference, CopySnapshot; by which names it refuses,
 * and in which order it looks, is assumed.
 */
import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import type { Cache, Snapshot } from '../caches/snapshot-book.ts';
import type { Bucket, S3Service } from '../s3/s3.ts';
import type { ElastiCacheContext } from './elasticache.ts';
import { type Group, type Node, shardId } from './node-caches.ts';
import type { Serverless } from './serverless.ts';

/** Of all Regions that need no opting in, but GovCloud's. */
const canonicalId = '540804c33a284a299d2547575ce1010f2312ef3da9b3a053c8bc45bf233e4353';

/** By the list's permission, what the policy must allow instead. ElastiCache User Guide, "Grant ElastiCache access to your Amazon S3 bucket" */
const needed: Readonly<Record<string, readonly string[]>> = {
  READ: ['s3:ListBucket', 's3:GetObject'],
  WRITE: ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:ListBucketMultipartUploads'],
  READ_ACP: ['s3:GetBucketAcl'],
};

export interface FilesArrange {
  /** The next export writes the first file, and no other. */
  nextExportStops(): void;
  /** The snapshot of the next export of a serverless cache stays `available` meanwhile. */
  nextExportSaysNothing(): void;
}

interface Writing {
  readonly target: string;
  readonly bucket: string;
  readonly meanwhile: 'available' | 'copying' | 'exporting';
}

const refuse = (message: string): never => {
  throw new ApiError('InvalidParameterValue', message);
};

interface State extends ElastiCacheContext {
  readonly s3: S3Service;
  readonly exportMs: number;
  /** What has been arranged for the next export. */
  stops: boolean;
  saysNothing: boolean;
}

function bucketFor(state: State, name: string): Bucket {
  const { kernel, s3 } = state;
  const bucket = s3.world.buckets.get(name);
  if (bucket === undefined) return refuse(`The S3 bucket ${name} does not exist.`);
  if (bucket.region !== undefined && bucket.region !== kernel.regionName) {
    return refuse(`The S3 bucket ${name} is outside of the region.`);
  }
  for (const [permission, actions] of Object.entries(needed)) {
    if (!isGranted(bucket, permission) && !actions.every((action) => isAllowed(state, bucket, action))) {
      refuse(`ElastiCache has not been granted ${permission} permissions on the S3 Bucket.`);
    }
  }
  return bucket;
}

const isGranted = ({ grants = [] }: Bucket, permission: string): boolean =>
  grants.some(({ Grantee, Permission }) => Grantee?.ID === canonicalId && Permission === permission);

const isAllowed = ({ kernel, s3 }: State, bucket: Bucket, action: string): boolean =>
  s3.world.permits(bucket, action, `${kernel.regionName}.elasticache-snapshot.amazonaws.com`);

const isReadable = (state: State, bucket: Bucket): boolean =>
  isGranted(bucket, 'READ') ||
  ['s3:GetObject', 's3:ListBucket', 's3:GetBucketAcl'].every((each) => isAllowed(state, bucket, each));

function fileNamed(state: State, arn: string): readonly string[] {
  const [, name = '', key = ''] = /^arn:aws:s3:::([^/]+)\/(.+)$/.exec(arn) ?? [];
  const bucket = state.s3.world.buckets.get(name);
  const file = bucket?.objects.get(key);
  if (bucket === undefined || file === undefined || !isReadable(state, bucket)) {
    return refuse(`No permission to access S3 object: ${name}/${key}`);
  }
  return file.rows;
}

/** One file without cluster mode, any number in it. */
function read(state: State, arns: readonly string[], clusterMode: boolean): readonly (readonly string[])[] {
  if (!clusterMode && arns.length > 1) refuse('Only one snapshot file can be given without cluster mode.');
  return arns.map((arn) => fileNamed(state, arn));
}

/** The files come one after the other, the last when the snapshot is available again. */
function write<Source extends Cache>(
  state: State,
  snapshot: Snapshot<Source>,
  { target, bucket: name, meanwhile }: Writing,
): void {
  const { s3, exportMs } = state;
  const { clock } = state.kernel;
  const bucket = bucketFor(state, name);
  const keys = snapshot.shards.map((_, shard) => `${target}-${shardId(shard)}.rdb`);
  const taken = keys.find((key) => bucket.objects.has(key));
  if (taken !== undefined) refuse(`The S3 bucket ${name} already contains an object with key ${taken}.`);
  const written = state.stops ? keys.slice(0, 1) : keys;
  state.stops = false;
  snapshot.status = meanwhile;
  const fromMs = clock.nowMs();
  for (const [shard, key] of written.entries()) {
    clock.at(fromMs + (exportMs * (shard + 1)) / written.length, () =>
      s3.world.put(name, key, snapshot.shards[shard]?.rows ?? []),
    );
  }
  clock.at(fromMs + exportMs, () => {
    snapshot.status = 'available';
  });
}

/** Of nodes: the snapshot is `copying` meanwhile (assumed). */
function begin(state: State, snapshot: Snapshot<Group | Node>, input: ElastiCache.CopySnapshotMessage): void {
  const { TargetSnapshotName: target = '', TargetBucket: bucket = '' } = input;
  const { source } = snapshot;
  if ('settings' in source && source.settings.DataTiering === 'enabled') {
    refuse('Exporting a backup is not supported for clusters using data tiering.');
  }
  write(state, snapshot, { target, bucket, meanwhile: 'copying' });
}

/** Of a serverless cache: `exporting` meanwhile, its files named as those of nodes, and as many as we like (all assumed). */
function beginServerless(
  state: State,
  snapshot: Snapshot<Serverless>,
  { S3BucketName: bucket = '' }: ElastiCache.ExportServerlessCacheSnapshotRequest,
): void {
  const meanwhile = state.saysNothing ? 'available' : 'exporting';
  state.saysNothing = false;
  write(state, snapshot, { target: snapshot.name, bucket, meanwhile });
}

const arrangeOf = (state: State): FilesArrange => ({
  nextExportSaysNothing: () => {
    state.saysNothing = true;
  },
  nextExportStops: () => {
    state.stops = true;
  },
});

export type Files = ReturnType<typeof createFiles>;

export function createFiles(context: ElastiCacheContext, s3: S3Service, exportMs: number) {
  const state: State = { ...context, s3, exportMs, stops: false, saysNothing: false };
  return {
    read: (arns: readonly string[], clusterMode: boolean) => read(state, arns, clusterMode),
    begin: (snapshot: Snapshot<Group | Node>, input: ElastiCache.CopySnapshotMessage) => begin(state, snapshot, input),
    beginServerless: (snapshot: Snapshot<Serverless>, input: ElastiCache.ExportServerlessCacheSnapshotRequest) =>
      beginServerless(state, snapshot, input),
    arrange: arrangeOf(state),
  };
}
