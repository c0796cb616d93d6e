import type { SnapshotInfo } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet } from './fleet-for-tests.ts';

const ACCOUNT = 'arn:aws:ec2:eu-west-1:111122223333';

describe('what EC2 calls need of IAM', () => {
  it('CreateSnapshots touches the instance, each volume, the snapshots, and the tags it makes', () => {
    const { ec2, instanceId, volumeId } = createTestFleet();
    const accesses = ec2.access('CreateSnapshots', {
      InstanceSpecification: { InstanceId: instanceId, ExcludeDataVolumeIds: [volumeId('/dev/sdg')] },
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'holdfast:run', Value: 'r1' }] }],
    });
    expect(accesses.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `ec2:CreateSnapshots ${ACCOUNT}:instance/${instanceId}`,
      `ec2:CreateSnapshots ${ACCOUNT}:volume/${volumeId('/dev/xvda')}`,
      `ec2:CreateSnapshots ${ACCOUNT}:volume/${volumeId('/dev/sdf')}`,
      'ec2:CreateSnapshots arn:aws:ec2:eu-west-1::snapshot/*',
      'ec2:CreateTags arn:aws:ec2:eu-west-1::snapshot/*',
    ]);
    expect(accesses[0]?.context).toMatchObject({ 'aws:ResourceTag/holdfast:workload': 'shop' });
    expect(accesses.at(-1)?.context).toEqual({
      'aws:RequestTag/holdfast:run': 'r1',
      'aws:TagKeys': ['holdfast:run'],
      'ec2:CreateAction': 'CreateSnapshots',
    });
  });

  it('an encrypted volume needs its key from the caller, the AWS managed key does not', () => {
    const { ec2 } = createTestFleet();
    const input = { AvailabilityZone: 'eu-west-1a', Size: 1, Encrypted: true };
    const own = ec2.access('CreateVolume', { ...input, KmsKeyId: 'k1' }).map(({ action }) => action);
    expect(own).toEqual(['ec2:CreateVolume', 'kms:CreateGrant', 'kms:GenerateDataKeyWithoutPlaintext']);
    expect(ec2.access('CreateVolume', input).map(({ action }) => action)).toEqual(['ec2:CreateVolume']);
  });

  it('tells IAM whose a snapshot is', async () => {
    const { ec2, ask, volumeId } = createTestFleet();
    const { SnapshotId } = await ask<SnapshotInfo>('CreateSnapshot', { VolumeId: volumeId('/dev/sdf') });
    const accesses = ec2.access('CreateVolume', { AvailabilityZone: 'eu-west-1a', SnapshotId });
    const [made, source] = accesses.map(({ context = {} }) => context['ec2:Owner']);
    expect([made, source]).toEqual([undefined, '111122223333']);
  });

  it('Describe calls know no resources; attaching needs instance and volume', () => {
    const { ec2, instanceId, volumeId } = createTestFleet();
    expect(ec2.access('DescribeVolumes', {})).toEqual([{ action: 'ec2:DescribeVolumes', resource: '*' }]);
    const attach = ec2.access('AttachVolume', {
      InstanceId: instanceId,
      VolumeId: volumeId('/dev/sdf'),
      Device: '/dev/sdf',
    });
    expect(attach.map(({ resource }) => resource)).toEqual([
      `${ACCOUNT}:instance/${instanceId}`,
      `${ACCOUNT}:volume/${volumeId('/dev/sdf')}`,
    ]);
  });
});

describe('what EC2 calls draw from buckets', () => {
  const { ec2 } = createTestFleet();
  const drawn = (operation: string, input: object) =>
    ec2.buckets?.(operation, input).map(({ tokens, capacity, refillPerSecond }) => [tokens, capacity, refillPerSecond]);

  it('follows the published table', () => {
    expect(drawn('CreateSnapshots', {})).toEqual([[1, 100, 5]]);
    expect(drawn('AttachVolume', {})).toEqual([[1, 50, 5]]);
    expect(drawn('CreateTags', {})).toEqual([[1, 100, 10]]);
    expect(drawn('StartInstances', { InstanceIds: ['i-1', 'i-2'] })).toEqual([
      [1, 5, 2],
      [2, 1_000, 2],
    ]);
    expect(drawn('DescribeVolumes', { VolumeIds: ['vol-1'] })).toEqual([[1, 50, 10]]);
    expect(drawn('DescribeVolumes', { Filters: [{ Name: 'status', Values: ['x'] }] })).toEqual([[1, 100, 20]]);
    expect(drawn('DescribeSnapshots', { MaxResults: 100 })).toEqual([[1, 100, 20]]);
  });
});
