import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../policy-schema.ts';

const fileSystem = 'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000';
const volume = 'arn:aws:fsx:eu-west-1:111122223333:volume/fs-0f5a0000/fsvol-0a1b2c3d';
const cluster = 'arn:aws:rds:eu-west-1:111122223333:cluster:catalogue';
const gatewayVolume = 'arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB';
const bucket = 'arn:aws:s3:::orders';

function parsed(resource: string, restore: object) {
  const members = [{ kind: 'aws-backup', resource, restore }];
  const workloads = { one: { schedule: { rate: '1 day' }, members } };
  return parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
}

function mistakes(resource: string, restore: object): readonly string[] {
  const outcome = parsed(resource, restore);
  return 'mistakes' in outcome ? outcome.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

describe('what a restore by AWS Backup is told', () => {
  it.each([
    [fileSystem, { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'], activeDirectory: 'd-0a1b2c3d4e' }],
    [volume, { storageVirtualMachine: 'svm-0a1b2c3d', sizeMegabytes: 1024 }],
    [
      cluster,
      { engine: 'aurora-mysql', subnetGroup: 'private', securityGroups: ['sg-0a1b2c3d'], parameterGroup: 'own' },
    ],
    [bucket, { bucket: 'spare' }],
    [gatewayVolume, { zone: 'eu-west-1a' }],
  ])('of %s reaches the member as it is typed', (resource, restore) => {
    const outcome = parsed(resource, restore);
    expect('policy' in outcome && outcome.policy.workloads[0]?.members).toEqual([
      { kind: 'aws-backup', resource, tier: 1, restore },
    ]);
  });

  it('is refused where the type has no use for it', () => {
    expect(mistakes(cluster, { zone: 'eu-west-1a' })).toEqual([
      'workloads.one.members.0.restore.zone: It says nothing of a cluster, of which a policy may say engine, subnetGroup, securityGroups, parameterGroup.',
    ]);
    expect(mistakes(volume, { subnets: ['subnet-0a1b2c3d'] })[0]).toContain('says nothing of a volume of FSx');
  });

  it('is never the bucket that was copied', () => {
    expect(mistakes(bucket, { bucket: 'orders' })[0]).toContain('never writes over what is there');
  });

  it.each([
    [fileSystem, { subnets: ['orders'] }, 'looks like subnet-'],
    [fileSystem, { subnets: [] }, 'at least one subnet'],
    [fileSystem, { subnets: ['subnet-0a1b2c3d', 'subnet-0a1b2c3d'] }, 'listed twice'],
    [cluster, { engine: 'postgres' }, 'aurora-mysql or aurora-postgresql'],
    [bucket, { bucket: 'Orders' }, 'lower case'],
    [gatewayVolume, { zone: 'eu-west-1' }, 'eu-west-1a'],
  ])('of %s is refused as %j', (resource, restore, words) => {
    expect(mistakes(resource, restore).join()).toContain(words);
  });
});
