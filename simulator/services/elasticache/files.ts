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

export function createFiles({ kernel }: ElastiCacheContext, s3: S3Service, exportMs: number) {
  let stops = false;
  let saysNothing = false;

  const bucketFor = (name: string): Bucket => {
    const bucket = s3.world.buckets.get(name);
    if (bucket === undefined) return refuse(`The S3 bucket ${name} does not exist.`);
    if (bucket.region !== undefined && bucket.region !== kernel.regionName) {
      return refuse(`The S3 bucket ${name} is outside of the region.`);
    }
    for (const [permission, actions] of Object.entries(needed)) {
      if (!isGranted(bucket, permission) && !actions.every((action) => isAllowed(bucket, action))) {
        refuse(`ElastiCache has not been granted ${permission} permissions on the S3 Bucket.`);
      }
    }
    return bucket;
  };

  const isGranted = ({ grants = [] }: Bucket, permission: string): boolean =>
    grants.some(({ Grantee, Permission }) => Grantee?.ID === canonicalId && Permission === permission);

  const isAllowed = (bucket: Bucket, action: string): boolean =>
    s3.world.permits(bucket, action, `${kernel.regionName}.elasticache-snapshot.amazonaws.com`);

  const isReadable = (bucket: Bucket): boolean =>
    isGranted(bucket, 'READ') ||
    ['s3:GetObject', 's3:ListBucket', 's3:GetBucketAcl'].every((each) => isAllowed(bucket, each));

  const fileNamed = (arn: string): readonly string[] => {
    const [, name = '', key = ''] = /^arn:aws:s3:::([^/]+)\/(.+)$/.exec(arn) ?? [];
    const bucket = s3.world.buckets.get(name);
    const file = bucket?.objects.get(key);
    if (bucket === undefined || file === undefined || !isReadable(bucket)) {
      return refuse(`No permission to access S3 object: ${name}/${key}`);
    }
    return file.rows;
  };

  /** The files come one after the other, the last when the snapshot is available again. */
  const write = <Source extends Cache>(
    snapshot: Snapshot<Source>,
    { target, bucket: name, meanwhile }: Writing,
  ): void => {
    const bucket = bucketFor(name);
    const keys = snapshot.shards.map((_, shard) => `${target}-${shardId(shard)}.rdb`);
    const taken = keys.find((key) => bucket.objects.has(key));
    if (taken !== undefined) refuse(`The S3 bucket ${name} already contains an object with key ${taken}.`);
    const written = stops ? keys.slice(0, 1) : keys;
    stops = false;
    snapshot.status = meanwhile;
    const fromMs = kernel.clock.nowMs();
    for (const [shard, key] of written.entries()) {
      kernel.clock.at(fromMs + (exportMs * (shard + 1)) / written.length, () =>
        s3.world.put(name, key, snapshot.shards[shard]?.rows ?? []),
      );
    }
    kernel.clock.at(fromMs + exportMs, () => {
      snapshot.status = 'available';
    });
  };

  return {
    /** One file without cluster mode, any number in it. */
    read: (arns: readonly string[], clusterMode: boolean): readonly (readonly string[])[] => {
      if (!clusterMode && arns.length > 1) refuse('Only one snapshot file can be given without cluster mode.');
      return arns.map(fileNamed);
    },
    /** Of nodes: the snapshot is `copying` meanwhile (assumed). */
    begin: (snapshot: Snapshot<Group | Node>, input: ElastiCache.CopySnapshotMessage): void => {
      const { TargetSnapshotName: target = '', TargetBucket = '' } = input;
      const { source } = snapshot;
      if ('settings' in source && source.settings.DataTiering === 'enabled') {
        refuse('Exporting a backup is not supported for clusters using data tiering.');
      }
      write(snapshot, { target, bucket: TargetBucket, meanwhile: 'copying' });
    },
    /** Of a serverless cache: `exporting` meanwhile, its files named as those of nodes, and as many as we like (all assumed). */
    beginServerless: (
      snapshot: Snapshot<Serverless>,
      input: ElastiCache.ExportServerlessCacheSnapshotRequest,
    ): void => {
      const { S3BucketName = '' } = input;
      const meanwhile = saysNothing ? 'available' : 'exporting';
      saysNothing = false;
      write(snapshot, { target: snapshot.name, bucket: S3BucketName, meanwhile });
    },
    arrange: {
      nextExportSaysNothing: () => {
        saysNothing = true;
      },
      nextExportStops: () => {
        stops = true;
      },
    } satisfies FilesArrange,
  };
}
