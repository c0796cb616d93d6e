import { describe, expect, it } from 'vitest';
import { besideOf } from './restore-metadata.ts';

const request = { 'aws:backup:request-id': '1' };

describe('what AWS Backup is told of a new resource', () => {
  it.each([
    ['FSx', { StorageCapacity: '300', SubnetIds: '["subnet-1"]' }],
    ['Neptune', { engine: 'neptune', dbSubnetGroupName: 'private' }],
  ])('of %s is what the type takes, and nothing else', (type, taken) => {
    const told = { ...taken, ...request, DBSnapshotIdentifier: 'x', 'InformationalOnly:VpcId': 'vpc-1' };
    const { metadata = {} } = besideOf(type, told, 'ab12cd') ?? {};
    expect(metadata).toMatchObject(taken);
    expect(Object.keys(metadata).filter((key) => /[:]|DBSnapshot/.test(key))).toEqual([]);
  });

  it('names a new cluster, and says that it has no instances', () => {
    const told = { dbClusterIdentifier: 'catalogue', engine: 'docdb' };
    const { metadata, notes = [] } = besideOf('DocumentDB', told, 'ab12cd') ?? {};
    expect(metadata).toEqual({ engine: 'docdb', dbClusterIdentifier: 'catalogue-new-ab12cd' });
    expect(notes.join()).toContain('no instances');
  });

  it('names a new bucket, whose name is never too long', () => {
    const told = { DestinationBucketName: 'b'.repeat(63), NewBucket: 'false', Encrypted: 'true' };
    const { metadata = {} } = besideOf('S3', told, 'ab12cd') ?? {};
    expect(metadata.NewBucket).toBe('true');
    expect(metadata.DestinationBucketName).toMatch(/^b+-new-ab12cd$/);
    expect(metadata.DestinationBucketName?.length).toBeLessThanOrEqual(63);
  });

  it('says of FSx when AWS Backup does not know the subnets', () => {
    expect(besideOf('FSx', {}, '1')?.notes.join()).toContain('Add SubnetIds');
    expect(besideOf('FSx', { SubnetIds: '["subnet-1"]' }, '1')?.notes.join()).not.toContain('Add SubnetIds');
  });

  it('is a person’s to fill in for a volume of a gateway', () => {
    expect(besideOf('Storage Gateway', {}, '1')).toBeUndefined();
  });
});
