/** S3, as far as ElastiCache writes files to it and reads them from it: buckets, what they allow, and which objects they have. */
import type * as S3 from '@aws-sdk/client-s3';
import { createResourcePolicies } from '../../deploy/resource-policies.ts';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';

export interface BucketSpec {
  readonly name: string;
  /** Default: the region's own. */
  readonly region?: string;
  readonly policy?: object;
  readonly grants?: readonly S3.Grant[];
}

export interface S3Object {
  readonly modifiedMs: number;
  /** A list of rows, as caches have them. */
  readonly rows: readonly string[];
}

export interface Bucket extends BucketSpec {
  readonly objects: Map<string, S3Object>;
}

export interface S3Service extends Service {
  readonly world: {
    create(spec: BucketSpec): void;
    readonly buckets: ReadonlyMap<string, Bucket>;
    put(bucket: string, key: string, rows: readonly string[]): void;
    /** Whether the bucket's policy lets a service in, to the bucket or to any object of it. */
    permits(bucket: Bucket, action: string, principal: string): boolean;
  };
}

const actions: Readonly<Record<string, string>> = {
  ...{ ListObjectsV2: 's3:ListBucket', HeadBucket: 's3:ListBucket', HeadObject: 's3:GetObject' },
};

/** What S3 allows by policy on objects, not on the bucket. */
const isOfObjects = (action: string): boolean => /Object$|UploadParts$/.test(action);

export function createS3(kernel: Kernel): S3Service {
  const buckets = new Map<string, Bucket>();
  const policies = createResourcePolicies(kernel.account);
  const arnOf = (bucket = '') => arn(kernel, 's3', bucket);

  const bucketNamed = (name = ''): Bucket => {
    const found = buckets.get(name);
    if (found === undefined) throw new ApiError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (found.region !== undefined && found.region !== kernel.regionName) {
      throw new ApiError('PermanentRedirect', `The bucket you are attempting to access is in ${found.region}.`, 301);
    }
    return found;
  };

  return {
    name: 's3',
    client: () => import('@aws-sdk/client-s3'),
    operations: {
      HeadBucket: ({ Bucket }: S3.HeadBucketCommandInput) => {
        bucketNamed(Bucket);
        return { BucketRegion: kernel.regionName };
      },
      HeadObject: ({ Bucket, Key = '' }: S3.HeadObjectCommandInput) => {
        const found = bucketNamed(Bucket).objects.get(Key);
        if (found === undefined) throw new ApiError('NotFound', 'Not Found', 404);
        return { LastModified: new Date(found.modifiedMs) };
      },
      GetBucketPolicy: ({ Bucket }: S3.GetBucketPolicyCommandInput) => {
        const { policy } = bucketNamed(Bucket);
        if (policy === undefined) throw new ApiError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
        return { Policy: JSON.stringify(policy) };
      },
      GetBucketAcl: ({ Bucket }: S3.GetBucketAclCommandInput) => ({ Grants: bucketNamed(Bucket).grants ?? [] }),
      ListObjectsV2: ({ Bucket, Prefix = '' }: S3.ListObjectsV2CommandInput) => {
        const found = [...bucketNamed(Bucket).objects].filter(([key]) => key.startsWith(Prefix)).sort();
        const Contents = found.map(([Key, { modifiedMs }]) => ({ Key, LastModified: new Date(modifiedMs) }));
        return { Contents, KeyCount: found.length, IsTruncated: false };
      },
    },
    access: (operation, input): readonly Access[] => {
      const { Bucket, Key } = Object(input);
      const resource = Key === undefined ? arnOf(Bucket) : `${arnOf(Bucket)}/${Key}`;
      return [{ action: actions[operation] ?? `s3:${operation}`, resource }];
    },
    world: {
      create: (spec) => {
        buckets.set(spec.name, { ...spec, objects: new Map() });
        for (const resource of [arnOf(spec.name), `${arnOf(spec.name)}/object`]) policies.put(resource, spec.policy);
      },
      buckets,
      put: (bucket, key, rows) => {
        buckets.get(bucket)?.objects.set(key, { modifiedMs: kernel.clock.nowMs(), rows });
      },
      permits: ({ name }, action, principal) => {
        const resource = isOfObjects(action) ? `${arnOf(name)}/object` : arnOf(name);
        return policies.permits(resource, action, principal, '');
      },
    },
  };
}
