/** Whether ElastiCache could write to a bucket, as far as the bucket tells. */
import { GetBucketAclCommand, GetBucketPolicyCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { asFault, isDenied, unlessCalled } from '#platform/aws-errors.ts';
import { s3 } from '#platform/clients/s3.ts';
import { environment } from '#platform/environment.ts';
import { missingGrants } from './export-grants.ts';

const source = 'docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html';

/** @returns one sentence each, with what to do */
export async function bucketProblems(bucket: string): Promise<readonly string[]> {
  const problem = await reachProblem(bucket);
  if (problem !== undefined) return [problem];
  try {
    return await grantProblems(bucket);
  } catch (error) {
    if (!isDenied(error)) throw error;
    return [`What the bucket ${bucket} allows could not be read: ${asFault(error, 'asking S3').message}`];
  }
}

/** HEAD has no body, so that only its status tells. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
async function reachProblem(bucket: string): Promise<string | undefined> {
  const region = environment.region();
  try {
    const { BucketRegion = region } = await s3().send(new HeadBucketCommand({ Bucket: bucket }));
    return BucketRegion === region ? undefined : elsewhere(bucket, region);
  } catch (error) {
    const { $metadata: { httpStatusCode = 0 } = {} } = Object(error);
    if (httpStatusCode === 404) return `There is no bucket ${bucket}: create it in ${region}, or name another.`;
    if (httpStatusCode === 301 || httpStatusCode === 400) return elsewhere(bucket, region);
    if (httpStatusCode === 403) return `The bucket ${bucket} is another account's, or you may not list it.`;
    throw error;
  }
}

const elsewhere = (bucket: string, region: string): string =>
  `The bucket ${bucket} is not in ${region}, and ElastiCache exports to buckets of its own Region only (${source}): name one of ${region}.`;

async function grantProblems(bucket: string): Promise<readonly string[]> {
  const [policy, acl] = await Promise.all([
    s3()
      .send(new GetBucketPolicyCommand({ Bucket: bucket }))
      .catch(unlessCalled('NoSuchBucketPolicy')),
    s3().send(new GetBucketAclCommand({ Bucket: bucket })),
  ]);
  const region = environment.region();
  const missing = missingGrants({ bucket, region, policy: policy?.Policy, grants: acl.Grants ?? [] });
  if (missing.length === 0) return [];
  return [
    `The bucket ${bucket} does not let ElastiCache in: its policy must allow ${region}.elasticache-snapshot.amazonaws.com ${missing.join(', ')} on the bucket and its objects (${source}).`,
  ];
}
