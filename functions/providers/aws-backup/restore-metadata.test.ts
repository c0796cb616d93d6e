import { describe, expect, it } from 'vitest';
import type { RestoreChoice } from '#domain/kinds/aws-backup/settings.ts';
import type { RestoreMetadata } from '../restore-jobs.ts';
import { afterRestore } from './after-restore.ts';
import { besideOf } from './restore-metadata.ts';

const arns = {
  FSx: 'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000',
  volume: 'arn:aws:fsx:eu-west-1:111122223333:volume/fs-0f5a0000/fsvol-0a1b2c3d',
  Aurora: 'arn:aws:rds:eu-west-1:111122223333:cluster:catalogue',
  S3: 'arn:aws:s3:::orders',
  'Storage Gateway': 'arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB',
};

function asked(type: string, told: RestoreMetadata = {}, restore: RestoreChoice = {}, name = 'catalogue-new-ab12cd') {
  const byType: Readonly<Record<string, string>> = arns;
  const resourceArn = byType[type] ?? arns.Aurora;
  const known = { resourceArn, type: type === 'volume' ? 'FSx' : type, told, restore };
  const beside = besideOf(known, name);
  if (beside === undefined) throw new Error(`nothing of ${type}`);
  const pointArn = 'arn:aws:ec2:eu-west-1::snapshot/snap-0a1b2c3d';
  return { ...beside, after: afterRestore({ known, beside, name, pointArn }) };
}

const inner = (text: string | undefined): unknown => JSON.parse(text ?? '');

describe('what AWS Backup is told of a new resource', () => {
  it.each([
    ['FSx', { StorageCapacity: '300', SubnetIds: '["subnet-1"]' }],
    ['Neptune', { engine: 'neptune', dbSubnetGroupName: 'private' }],
    ['S3', { EncryptionType: 'SSE-KMS', KMSKey: 'key' }],
    ['Storage Gateway', { encrypted: 'true', kmsKeyId: 'key' }],
  ])('of %s is what the type takes, and nothing else', (type, taken) => {
    const others = { 'aws:backup:request-id': '1', DBSnapshotIdentifier: 'x', 'InformationalOnly:VpcId': 'vpc-1' };
    const { metadata } = asked(type, { ...taken, ...others });
    expect(metadata).toMatchObject(taken);
    expect(Object.keys(metadata).filter((key) => /[:]|DBSnapshot/.test(key))).toEqual([]);
  });

  it('is written as it is documented, in whatever case AWS Backup says it', () => {
    expect(asked('Aurora', { Engine: 'aurora-mysql', DBSubnetGroupName: 'private' }).metadata).toEqual({
      ...{ engine: 'aurora-mysql', dbSubnetGroupName: 'private', dbClusterIdentifier: 'catalogue-new-ab12cd' },
    });
  });

  it('is what the policy says, where that says anything', () => {
    const restore = { subnetGroup: 'drill', securityGroups: ['sg-1'], parameterGroup: 'own' };
    expect(asked('DocumentDB', { dbSubnetGroupName: 'private' }, restore).metadata).toMatchObject({
      ...{ engine: 'docdb', dbSubnetGroupName: 'drill', vpcSecurityGroupIds: '["sg-1"]' },
      dbClusterParameterGroupName: 'own',
    });
  });

  it('of a cluster of Aurora lacks the engine, unless it is told or in the policy', () => {
    expect(asked('Aurora').lacks).toEqual(['engine']);
    expect(asked('Aurora', {}, { engine: 'aurora-mysql' }).metadata.engine).toBe('aurora-mysql');
    expect(asked('Neptune').lacks).toEqual([]);
  });

  it('of a bucket makes a new one, or names the one of the policy', () => {
    const name = 'orders-new-ab12cd';
    const made = { DestinationBucketName: name, NewBucket: 'true', EncryptionType: 'original' };
    expect(asked('S3', { DestinationBucketName: 'orders', NewBucket: 'false' }, {}, name).metadata).toMatchObject(made);
    const { metadata, after } = asked('S3', {}, { bucket: 'spare' }, name);
    expect(metadata).toMatchObject({ DestinationBucketName: 'spare', NewBucket: 'false' });
    expect(after.join()).toContain('was not replaced');
  });

  it('of FSx lacks the subnets, and for Windows a directory, unless they are told or in the policy', () => {
    expect(asked('FSx').lacks).toEqual(['subnets']);
    const windows = { SubnetIds: '["subnet-1"]', WindowsConfiguration: '{"throughputCapacity":8,"SelfManaged":{}}' };
    expect(asked('FSx', windows).lacks).toEqual(['activeDirectory']);
    const restore = { subnets: ['subnet-2', 'subnet-3'], activeDirectory: 'd-1' };
    const { metadata, lacks } = asked('FSx', windows, restore);
    expect({ lacks, subnets: metadata.SubnetIds }).toEqual({ lacks: [], subnets: '["subnet-2","subnet-3"]' });
    expect(inner(metadata.WindowsConfiguration)).toEqual({
      ...{ ThroughputCapacity: 8, ActiveDirectoryId: 'd-1', PreferredSubnetId: 'subnet-2' },
    });
  });

  it('of a file system in one subnet prefers none of two that are no more', () => {
    const told = { WindowsConfiguration: '{"PreferredSubnetId":"subnet-1","ActiveDirectoryId":"d-1"}' };
    const { metadata } = asked('FSx', told, { subnets: ['subnet-2'] });
    expect(inner(metadata.WindowsConfiguration)).toEqual({ ActiveDirectoryId: 'd-1' });
  });

  it('of a volume of ONTAP is a name and a junction of its own, on a machine that is told or in the policy', () => {
    const told = { OntapConfiguration: '{"junctionPath":"/data","sizeInMegabytes":1024,"UUID":"1"}' };
    expect(asked('volume', told).lacks).toEqual(['storageVirtualMachine']);
    expect(asked('volume').lacks).toEqual(['storageVirtualMachine', 'sizeMegabytes']);
    const { metadata, lacks } = asked('volume', told, { storageVirtualMachine: 'svm-1' }, 'fsvol-0a-new-ab12cd');
    expect({ lacks, name: metadata.Name }).toEqual({ lacks: [], name: 'fsvol_0a_new_ab12cd' });
    expect(inner(metadata.OntapConfiguration)).toEqual({
      ...{ JunctionPath: '/fsvol_0a_new_ab12cd', SizeInMegabytes: 1024, StorageVirtualMachineId: 'svm-1' },
    });
  });

  it('of a volume of a gateway is one of EBS, in the zone of the policy', () => {
    expect(asked('Storage Gateway').lacks).toEqual(['zone']);
    const { asType, metadata } = asked('Storage Gateway', { volumeSize: '1' }, { zone: 'eu-west-1a' });
    expect({ asType, metadata }).toEqual({ asType: 'EBS', metadata: { availabilityZone: 'eu-west-1a' } });
  });
});

describe('what a person has to do after it', () => {
  it.each(['FSx', 'volume', 'Aurora', 'DocumentDB', 'Neptune', 'S3', 'Storage Gateway'])(
    'of %s is said in lines that fit into a mail, with commands that can be run',
    (type) => {
      const { after } = asked(type, { engine: 'aurora-mysql' }, {}, `${'n'.repeat(52)}-new-ab12cd`);
      expect(after.every((line) => line.length <= 500)).toBe(true);
      expect(after.join('\n')).toMatch(/aws \w+ [a-z-]+ /);
      expect(after.join('\n')).not.toContain('undefined');
    },
  );

  it('of a cluster is to make its instances', () => {
    const { after } = asked('Aurora', { engine: 'aurora-postgresql' });
    expect(after[1]).toBe(
      'aws rds create-db-instance --db-instance-identifier catalogue-new-ab12cd-1 --db-cluster-identifier catalogue-new-ab12cd --engine aurora-postgresql --db-instance-class <class>',
    );
  });
});
