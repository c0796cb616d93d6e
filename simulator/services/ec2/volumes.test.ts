import type { CreateVolumeRequest, DescribeVolumesResult, SnapshotInfo, Volume } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

const ZONE = 'eu-west-1a';

async function create(fleet: TestFleet, input: Partial<CreateVolumeRequest> = {}): Promise<string> {
  const volume = await fleet.ask<Volume>('CreateVolume', { AvailabilityZone: ZONE, Size: 10, ...input });
  return volume.VolumeId ?? '';
}

async function describeOne(fleet: TestFleet, id: string): Promise<Volume | undefined> {
  const { Volumes: volumes = [] } = await fleet.ask<DescribeVolumesResult>('DescribeVolumes', { VolumeIds: [id] });
  return volumes[0];
}

async function completedSnapshot(fleet: TestFleet, device: string): Promise<string> {
  const { SnapshotId = '' } = await fleet.ask<SnapshotInfo>('CreateSnapshot', { VolumeId: fleet.volumeId(device) });
  await fleet.kernel.advance(3_600_000);
  return SnapshotId;
}

describe('CreateVolume and DeleteVolume', () => {
  it('is unknown for a moment, then creating, then available with an event', async () => {
    const fleet = createTestFleet({ durations: { visibility: 800 } });
    const id = await create(fleet);
    expect(await fleet.refusal('DescribeVolumes', { VolumeIds: [id] })).toBe('InvalidVolume.NotFound');
    await fleet.kernel.advance(800);
    expect((await describeOne(fleet, id))?.State).toBe('creating');
    await fleet.kernel.advance(2_200);
    expect((await describeOne(fleet, id))?.State).toBe('available');
    expect(fleet.kernel.events.at(-1)).toMatchObject({
      detailType: 'EBS Volume Notification',
      resources: [`arn:aws:ec2:eu-west-1:111122223333:volume/${id}`],
      detail: { event: 'createVolume', result: 'available' },
    });
  });

  it('stays in creating when arranged so', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.volumeStaysCreating();
    const [stuck, fine] = [await create(fleet), await create(fleet)];
    await fleet.kernel.advance(3_600_000);
    expect((await describeOne(fleet, stuck))?.State).toBe('creating');
    expect((await describeOne(fleet, fine))?.State).toBe('available');
    expect(await fleet.refusal('DeleteVolume', { VolumeId: stuck })).toBe('IncorrectState');
  });

  it('defaults to gp2, takes size but not performance from the snapshot', async () => {
    const fleet = createTestFleet();
    const SnapshotId = await completedSnapshot(fleet, '/dev/sdf');
    const { AvailabilityZone, VolumeType, Size } = await fleet.ask<Volume>('CreateVolume', {
      AvailabilityZone: ZONE,
      SnapshotId,
    });
    expect({ AvailabilityZone, VolumeType, Size }).toEqual({ AvailabilityZone: ZONE, VolumeType: 'gp2', Size: 100 });
    expect(await fleet.refusal('CreateVolume', { AvailabilityZone: ZONE, SnapshotId, Size: 99 })).toBe(
      'InvalidParameterValue',
    );
  });

  it('refuses a pending snapshot, an unknown one, an unknown zone', async () => {
    const fleet = createTestFleet();
    const { SnapshotId } = await fleet.ask<SnapshotInfo>('CreateSnapshot', { VolumeId: fleet.volumeId('/dev/sdf') });
    expect(await fleet.refusal('CreateVolume', { AvailabilityZone: ZONE, SnapshotId })).toBe('IncorrectState');
    const unknown = { AvailabilityZone: ZONE, SnapshotId: 'snap-00000000' };
    expect(await fleet.refusal('CreateVolume', unknown)).toBe('InvalidSnapshot.NotFound');
    expect(await fleet.refusal('CreateVolume', { AvailabilityZone: 'eu-west-1z', Size: 1 })).toBe(
      'InvalidZone.NotFound',
    );
  });

  it('gives the same volume for the same client token, and refuses it with other parameters', async () => {
    const fleet = createTestFleet();
    const id = await create(fleet, { ClientToken: 't1' });
    expect(await create(fleet, { ClientToken: 't1' })).toBe(id);
    expect(await fleet.refusal('CreateVolume', { AvailabilityZone: ZONE, Size: 11, ClientToken: 't1' })).toBe(
      'IdempotentParameterMismatch',
    );
    expect(await create(fleet)).not.toBe(id);
  });

  it('accepts a key that cannot be used, and lets the volume vanish from creating', async () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
    const fleet = createTestFleet({ keys: { keyState: () => 'Disabled' } });
    const id = await create(fleet, { Encrypted: true, KmsKeyId: key });
    expect((await describeOne(fleet, id))?.State).toBe('creating');
    await fleet.kernel.advance(4_000);
    expect(await fleet.refusal('DescribeVolumes', { VolumeIds: [id] })).toBe('InvalidVolume.NotFound');
    expect(fleet.kernel.events.at(-1)).toMatchObject({
      resources: [expect.stringContaining(id), key],
      detail: { event: 'createVolume', result: 'failed', cause: `${key} is disabled.` },
    });
  });

  it('lets the next volume vanish when arranged so', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.volumeVanishes();
    const id = await create(fleet);
    const next = await create(fleet);
    await fleet.kernel.advance(60_000);
    expect(await fleet.refusal('DescribeVolumes', { VolumeIds: [id] })).toBe('InvalidVolume.NotFound');
    expect((await describeOne(fleet, next))?.State).toBe('available');
  });

  it('takes some time to delete, and never what is attached', async () => {
    const fleet = createTestFleet();
    const id = await create(fleet);
    expect(await fleet.refusal('DeleteVolume', { VolumeId: id })).toBe('IncorrectState');
    await fleet.kernel.advance(5_000);
    await fleet.ask('DeleteVolume', { VolumeId: id });
    expect((await describeOne(fleet, id))?.State).toBe('deleting');
    await fleet.kernel.advance(5_000);
    expect(await fleet.refusal('DescribeVolumes', { VolumeIds: [id] })).toBe('InvalidVolume.NotFound');
    expect(await fleet.refusal('DeleteVolume', { VolumeId: fleet.volumeId('/dev/sdf') })).toBe('VolumeInUse');
  });

  it('finds no room in a zone that is down', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.zoneOutage(ZONE);
    expect(await fleet.refusal('CreateVolume', { AvailabilityZone: ZONE, Size: 1 })).toBe('InsufficientVolumeCapacity');
  });

  it('refuses pages together with ids', async () => {
    const fleet = createTestFleet();
    const request = { VolumeIds: [fleet.volumeId('/dev/sdf')], MaxResults: 100 };
    expect(await fleet.refusal('DescribeVolumes', request)).toBe('InvalidParameterCombination');
  });
});
