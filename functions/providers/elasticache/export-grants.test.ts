import { expect, it } from 'vitest';
import { missingGrants } from './export-grants.ts';

const region = 'eu-south-2';
const bucket = 'cache-files';
const statement = {
  Effect: 'Allow',
  Principal: { Service: `${region}.elasticache-snapshot.amazonaws.com` },
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
};
const missing = (Statement: unknown, grants: Parameters<typeof missingGrants>[0]['grants'] = []) =>
  missingGrants({ bucket, region, policy: JSON.stringify({ Statement }), grants });
const all = [
  ...['s3:ListBucket', 's3:GetBucketAcl', 's3:ListBucketMultipartUploads'],
  ...['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts'],
];

it.each([
  ['by one statement that stands alone', statement],
  [
    'by several together',
    [
      { ...statement, Action: ['s3:List*', 's3:Get*'] },
      { ...statement, Action: 's3:PutObject' },
    ],
  ],
  ['in another partition', { ...statement, Resource: [`arn:aws-cn:s3:::${bucket}`, `arn:aws-cn:s3:::${bucket}/*`] }],
  ['with everybody', { ...statement, Principal: '*' }],
  ['among other services', { ...statement, Principal: { Service: ['a.example', statement.Principal.Service] } }],
])('a bucket lets ElastiCache in %s', (_, allowing) => {
  expect(missing(allowing)).toEqual([]);
});

it.each([
  ['without a policy', undefined, all],
  ['that denies', { ...statement, Effect: 'Deny' }, all],
  ['that names an account', { ...statement, Principal: { AWS: '111122223333' } }, all],
  ['of another Region', { ...statement, Principal: { Service: 'eu-west-1.elasticache-snapshot.amazonaws.com' } }, all],
  ['that means its objects alone', { ...statement, Resource: `arn:aws:s3:::${bucket}/*` }, all.slice(0, 3)],
  ['that means another bucket, too', { ...statement, Resource: `arn:aws:s3:::${bucket}-2*` }, all],
  ['that forgets an action', { ...statement, Action: all.slice(1) }, ['s3:ListBucket']],
])('a bucket lacks what ElastiCache needs, %s', (_, allowing, lacking) => {
  expect(missing(allowing)).toEqual(lacking);
});

it('without a policy at all lets ElastiCache in by its list, all three permissions or full control', () => {
  const Grantee = { ID: '540804c33a284a299d2547575ce1010f2312ef3da9b3a053c8bc45bf233e4353' };
  const granted = (...permissions: string[]) =>
    missingGrants({ bucket, region, grants: permissions.map((Permission) => ({ Grantee, Permission })) });
  expect(granted('READ', 'WRITE', 'READ_ACP')).toEqual([]);
  expect(granted('FULL_CONTROL')).toEqual([]);
  expect(granted('READ', 'WRITE')).toEqual(all);
});
