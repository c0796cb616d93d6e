import type {
  DescribeInstancesResult,
  DescribeVolumesResult,
  InstanceBlockDeviceMapping,
  Volume,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

async function newVolume(fleet: TestFleet, AvailabilityZone = 'eu-west-1a'): Promise<string> {
  const { VolumeId = '' } = await fleet.ask<Volume>('CreateVolume', { AvailabilityZone, Size: 10 });
  await fleet.kernel.advance(10_000);
  return VolumeId;
}

async function volumeView(fleet: TestFleet, VolumeId: string): Promise<{ state?: string; attachment?: string }> {
  const { Volumes: volumes } = await fleet.ask<DescribeVolumesResult>('DescribeVolumes', { VolumeIds: [VolumeId] });
  const state = volumes?.[0]?.State;
  const attachment = volumes?.[0]?.Attachments?.[0]?.State;
  return { ...(state && { state }), ...(attachment && { attachment }) };
}

async function mappingOf(fleet: TestFleet, VolumeId: string): Promise<InstanceBlockDeviceMapping | undefined> {
  const { Reservations } = await fleet.ask<DescribeInstancesResult>('DescribeInstances', {
    InstanceIds: [fleet.instanceId],
  });
  const mappings = Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  return mappings.find((each) => each.Ebs?.VolumeId === VolumeId);
}

async function stop(fleet: TestFleet): Promise<void> {
  await fleet.ask('StopInstances', { InstanceIds: [fleet.instanceId] });
  await fleet.kernel.advance(60_000);
}

const at = (fleet: TestFleet, VolumeId: string, Device: string) => ({ VolumeId, InstanceId: fleet.instanceId, Device });

describe('AttachVolume', () => {
  it('is in use at once and attached later, first in the instance’s view, then in the volume’s; not deleted on termination', async () => {
    const fleet = createTestFleet();
    const id = await newVolume(fleet);
    await fleet.ask('AttachVolume', at(fleet, id, '/dev/sdh'));
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'attaching' });
    await fleet.kernel.advance(4_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'attaching' });
    expect((await mappingOf(fleet, id))?.Ebs).toMatchObject({ Status: 'attached', DeleteOnTermination: false });
    await fleet.kernel.advance(700);
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'attached' });
  });

  it('refuses a taken or malformed device, another zone, a volume in use', async () => {
    const fleet = createTestFleet();
    const id = await newVolume(fleet);
    const elsewhere = await newVolume(fleet, 'eu-west-1b');
    expect(await fleet.refusal('AttachVolume', at(fleet, id, '/dev/sdf'))).toBe('InvalidParameterValue');
    expect(await fleet.refusal('AttachVolume', at(fleet, id, '/dev/sdk1'))).toBe('InvalidParameterValue');
    expect(await fleet.refusal('AttachVolume', at(fleet, elsewhere, '/dev/sdh'))).toBe('InvalidVolume.ZoneMismatch');
    expect(await fleet.refusal('AttachVolume', at(fleet, fleet.volumeId('/dev/sdf'), '/dev/sdh'))).toBe('VolumeInUse');
  });

  it('accepts xvdf beside sdf, and then hangs', async () => {
    const fleet = createTestFleet();
    const id = await newVolume(fleet);
    await fleet.ask('AttachVolume', at(fleet, id, '/dev/xvdf'));
    await fleet.kernel.advance(3_600_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'attaching' });
  });

  it('takes no more than the type does', async () => {
    const fleet = createTestFleet();
    for (let index = 0; index < 24; index += 1) {
      await fleet.ask('AttachVolume', at(fleet, await newVolume(fleet), `/dev/xvdb${String.fromCharCode(97 + index)}`));
    }
    expect(await fleet.refusal('AttachVolume', at(fleet, await newVolume(fleet), '/dev/xvdcz'))).toBe(
      'AttachmentLimitExceeded',
    );
  });

  it('refuses a volume whose key was revoked', async () => {
    let state: 'Enabled' | 'Disabled' = 'Enabled';
    const fleet = createTestFleet({ keys: { keyState: () => state } });
    const { VolumeId = '' } = await fleet.ask<Volume>('CreateVolume', {
      AvailabilityZone: 'eu-west-1a',
      Size: 1,
      Encrypted: true,
      KmsKeyId: 'k1',
    });
    await fleet.kernel.advance(10_000);
    state = 'Disabled';
    expect(await fleet.refusal('AttachVolume', at(fleet, VolumeId, '/dev/sdh'))).toBe('CustomerKeyHasBeenRevoked');
  });
});

describe('DetachVolume', () => {
  it('of an unmounted device passes through detaching to available without attachments, the mapping a little later', async () => {
    const fleet = createTestFleet();
    const id = fleet.volumeId('/dev/sdf');
    fleet.ec2.world.guest('db').unmount('/data');
    await fleet.ask('DetachVolume', { VolumeId: id });
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'detaching' });
    expect(await fleet.refusal('DetachVolume', { VolumeId: id })).toBe('IncorrectState');
    await fleet.kernel.advance(6_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'available' });
    expect((await mappingOf(fleet, id))?.Ebs?.Status).toBe('detaching');
    await fleet.kernel.advance(700);
    expect(await mappingOf(fleet, id)).toBeUndefined();
    expect(await fleet.refusal('DetachVolume', { VolumeId: id })).toBe('IncorrectState');
  });

  it('of a mounted device stays busy until the guest lets go', async () => {
    const fleet = createTestFleet();
    const id = fleet.volumeId('/dev/sdf');
    await fleet.ask('DetachVolume', { VolumeId: id });
    await fleet.kernel.advance(3_600_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'busy' });
    fleet.ec2.world.guest('db').unmount('/data');
    expect(await volumeView(fleet, id)).toEqual({ state: 'available' });
  });

  it('by force loses what the guest had not written', async () => {
    const fleet = createTestFleet({ durations: { detachVolume: 500 } });
    const volume = fleet.ec2.world.volumeAt('db', '/dev/sdf');
    await fleet.kernel.advance(10_000);
    await fleet.ec2.world.guest('db').write('/data/note', 'unsaved');
    await fleet.ask('DetachVolume', { VolumeId: volume.id, Force: true });
    await fleet.kernel.advance(500);
    expect(volume).toMatchObject({ state: 'available', disk: { journal: 'dirty' } });
    expect(volume.disk.files.has('/note')).toBe(false);
  });

  it('of the root needs a stopped instance', async () => {
    const fleet = createTestFleet();
    const id = fleet.volumeId('/dev/xvda');
    expect(await fleet.refusal('DetachVolume', { VolumeId: id })).toBe('OperationNotPermitted');
    await stop(fleet);
    await fleet.ask('DetachVolume', { VolumeId: id });
    await fleet.kernel.advance(6_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'available' });
  });

  it('hangs for ever when arranged so, until forced', async () => {
    const fleet = createTestFleet();
    const id = fleet.volumeId('/dev/sdf');
    fleet.ec2.arrange.detachHangs(id);
    await stop(fleet);
    await fleet.ask('DetachVolume', { VolumeId: id });
    await fleet.kernel.advance(86_400_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'in-use', attachment: 'detaching' });
    await fleet.ask('DetachVolume', { VolumeId: id, Force: true });
    await fleet.kernel.advance(6_000);
    expect(await volumeView(fleet, id)).toEqual({ state: 'available' });
  });

  it('from another instance than it is on is refused', async () => {
    const fleet = createTestFleet();
    const other = fleet.ec2.world.launchInstance({ name: 'other' });
    const request = { VolumeId: fleet.volumeId('/dev/sdf'), InstanceId: other.id };
    expect(await fleet.refusal('DetachVolume', request)).toBe('InvalidAttachment.NotFound');
  });
});
