import type {
  DescribeInstanceStatusResult,
  DescribeInstancesResult,
  Instance,
  SnapshotInfo,
  StopInstancesResult,
  Volume,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

const ids = (fleet: TestFleet) => ({ InstanceIds: [fleet.instanceId] });

async function view(fleet: TestFleet): Promise<Instance | undefined> {
  const { Reservations } = await fleet.ask<DescribeInstancesResult>('DescribeInstances', ids(fleet));
  return Reservations?.[0]?.Instances?.[0];
}

async function stop(fleet: TestFleet): Promise<void> {
  await fleet.ask('StopInstances', ids(fleet));
  await fleet.kernel.advance(40_000);
}

async function status(fleet: TestFleet): Promise<string | undefined> {
  const found = await fleet.ask<DescribeInstanceStatusResult>('DescribeInstanceStatus', ids(fleet));
  return found.InstanceStatuses?.[0]?.InstanceStatus?.Status;
}

describe('stopping and starting', () => {
  it('goes through stopping, stopped, pending, running, with an event each, and passes its checks later', async () => {
    const fleet = createTestFleet();
    await stop(fleet);
    expect((await view(fleet))?.State).toEqual({ Code: 80, Name: 'stopped' });
    await fleet.ask('StartInstances', ids(fleet));
    await fleet.kernel.advance(15_000);
    expect(await status(fleet)).toBe('initializing');
    await fleet.kernel.advance(90_000);
    expect(await status(fleet)).toBe('ok');
    expect(fleet.kernel.events.map((event) => event.detail.state)).toEqual([
      'stopping',
      'stopped',
      'pending',
      'running',
    ]);
  });

  it('keeps attachments, and what the guest had buffered, over a stop', async () => {
    const fleet = createTestFleet();
    const volume = fleet.ec2.world.volumeAt('db', '/dev/sdf');
    await fleet.ec2.world.guest('db').write('/data/note', 'kept');
    await stop(fleet);
    expect(volume).toMatchObject({ state: 'in-use', attachment: { state: 'attached' }, disk: { journal: 'clean' } });
    expect(volume.disk.files.get('/note')).toBe('kept');
  });

  it('changes nothing when stopping a stopped or starting a running instance', async () => {
    const fleet = createTestFleet();
    await fleet.ask('StartInstances', ids(fleet));
    await stop(fleet);
    await fleet.ask('StopInstances', ids(fleet));
    expect(fleet.kernel.events.map((event) => event.detail.state)).toEqual(['stopping', 'stopped']);
  });

  it('is shown as it was for a moment after its state changed, by filters too', async () => {
    const fleet = createTestFleet({ durations: { visibility: 800 } });
    const Filters = [{ Name: 'instance-state-name', Values: ['stopping'] }];
    const { StoppingInstances } = await fleet.ask<StopInstancesResult>('StopInstances', ids(fleet));
    expect(StoppingInstances?.[0]?.CurrentState?.Name).toBe('stopping');
    expect((await view(fleet))?.State?.Name).toBe('running');
    expect((await fleet.ask<DescribeInstancesResult>('DescribeInstances', { Filters })).Reservations).toEqual([]);
    await fleet.kernel.advance(800);
    expect((await view(fleet))?.State?.Name).toBe('stopping');
    expect((await fleet.ask<DescribeInstancesResult>('DescribeInstances', { Filters })).Reservations).toHaveLength(1);
  });

  it('stays stopping when its guest does not shut down, until forced, which loses what was not written', async () => {
    const fleet = createTestFleet();
    const volume = fleet.ec2.world.volumeAt('db', '/dev/sdf');
    fleet.ec2.arrange.stopHangs(fleet.instanceId);
    await fleet.ec2.world.guest('db').write('/data/note', 'lost');
    await stop(fleet);
    await fleet.kernel.advance(600_000);
    await fleet.ec2.world.guest('db').write('/data/late', 'lost');
    expect((await view(fleet))?.State?.Name).toBe('stopping');
    await fleet.ask('StopInstances', { ...ids(fleet), Force: true });
    await fleet.kernel.advance(40_000);
    expect((await view(fleet))?.State?.Name).toBe('stopped');
    expect(volume.disk.journal).toBe('dirty');
    expect(volume.disk.files.get('/late')).toBeUndefined();
  });

  it('refuses to start what is stopping, and the whole batch with it', async () => {
    const fleet = createTestFleet();
    const other = fleet.ec2.world.launchInstance({ name: 'other', state: 'stopped' });
    await fleet.ask('StopInstances', ids(fleet));
    const both = { InstanceIds: [other.id, fleet.instanceId] };
    expect(await fleet.refusal('StartInstances', both)).toBe('IncorrectInstanceState');
    expect(other.state).toBe('stopped');
  });

  it('refuses to stop what is protected, on instance store, or one-time Spot', async () => {
    const fleet = createTestFleet();
    const { world } = fleet.ec2;
    const guarded = world.launchInstance({ name: 'guarded', disableApiStop: true });
    const local = world.launchInstance({ name: 'local', rootDeviceType: 'instance-store' });
    const spot = world.launchInstance({ name: 'spot', spot: 'one-time' });
    expect(await fleet.refusal('StopInstances', { InstanceIds: [guarded.id] })).toBe('OperationNotPermitted');
    const byForce = { InstanceIds: [guarded.id], Force: true };
    expect(await fleet.refusal('StopInstances', byForce)).toBe('OperationNotPermitted');
    expect(await fleet.refusal('StopInstances', { InstanceIds: [local.id] })).toBe('UnsupportedOperation');
    expect(await fleet.refusal('StopInstances', { InstanceIds: [spot.id] })).toBe('UnsupportedOperation');
    expect(await fleet.refusal('StopInstances', { InstanceIds: ['i-00000000'] })).toBe('InvalidInstanceID.NotFound');
  });

  it('does not start without a volume at the root device', async () => {
    const fleet = createTestFleet();
    await stop(fleet);
    await fleet.ask('DetachVolume', { VolumeId: fleet.volumeId('/dev/xvda') });
    await fleet.kernel.advance(10_000);
    expect(await fleet.refusal('StartInstances', ids(fleet))).toBe('IncorrectState');
  });

  it('finds no capacity as often as arranged, with HTTP 500', async () => {
    const fleet = createTestFleet();
    await stop(fleet);
    fleet.ec2.arrange.startFailsForCapacity(fleet.instanceId, 2);
    await expect(fleet.ask('StartInstances', ids(fleet))).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
      status: 500,
    });
    expect(await fleet.refusal('StartInstances', ids(fleet))).toBe('InsufficientInstanceCapacity');
    await fleet.ask('StartInstances', ids(fleet));
  });

  it('falls back to stopped, with a reason, when a volume’s key cannot be used any more', async () => {
    let state: 'Enabled' | 'PendingDeletion' = 'Enabled';
    const fleet = createTestFleet({ keys: { keyState: () => state } });
    const secret = fleet.ec2.world.launchInstance({
      name: 'secret',
      rootDevice: { device: '/dev/xvda', sizeGib: 8, kmsKeyId: 'k1' },
    });
    await fleet.ask('StopInstances', { InstanceIds: [secret.id] });
    await fleet.kernel.advance(40_000);
    state = 'PendingDeletion';
    await fleet.ask('StartInstances', { InstanceIds: [secret.id] });
    await fleet.kernel.advance(15_000);
    expect(secret).toMatchObject({ state: 'stopped', stateReason: { code: 'Client.InternalError' } });
  });

  it('shows impaired checks for a guest that does not boot, and when arranged', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.statusChecksFail(fleet.instanceId);
    expect(await status(fleet)).toBe('impaired');
    fleet.ec2.arrange.statusChecksFail(fleet.instanceId, false);
    expect(await status(fleet)).toBe('ok');
    fleet.ec2.world.guest('db').wipe('/dev/xvda');
    await stop(fleet);
    await fleet.ask('StartInstances', ids(fleet));
    await fleet.kernel.advance(200_000);
    expect(await status(fleet)).toBe('impaired');
  });
});

describe('misfortunes', () => {
  it('an interrupted Spot instance without its root is terminated when EC2 would start it', async () => {
    const fleet = createTestFleet();
    const spot = fleet.ec2.world.launchInstance({ name: 'spot', spot: 'persistent' });
    fleet.ec2.arrange.spotInterrupted(spot.id);
    await fleet.kernel.advance(60_000);
    await fleet.ask('DetachVolume', { VolumeId: fleet.ec2.world.volumeAt('spot', '/dev/xvda').id });
    await fleet.kernel.advance(1_200_000);
    expect(spot.state).toBe('terminated');
  });

  it('a zone that is down impairs its instances and starts none, until it recovers', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.zoneOutage('eu-west-1a');
    expect(await status(fleet)).toBe('impaired');
    await stop(fleet);
    expect(await fleet.refusal('StartInstances', ids(fleet))).toBe('InsufficientInstanceCapacity');
    fleet.ec2.arrange.zoneRecovers('eu-west-1a');
    await fleet.ask('StartInstances', ids(fleet));
    await fleet.kernel.advance(200_000);
    expect(await status(fleet)).toBe('ok');
  });
});

describe('a recovery in place', () => {
  it('brings the data back from a snapshot', async () => {
    const fleet = createTestFleet();
    const guest = fleet.ec2.world.guest('db');
    await guest.write('/data/orders', 'forty-two orders');
    await fleet.kernel.advance(20_000);
    const { SnapshotId } = await fleet.ask<SnapshotInfo>('CreateSnapshot', { VolumeId: fleet.volumeId('/dev/sdf') });
    await fleet.kernel.advance(3_600_000);
    guest.wipe('/dev/sdf');
    expect(guest.read('/data/orders')).toBeUndefined();
    const { VolumeId } = await fleet.ask<Volume>('CreateVolume', { AvailabilityZone: 'eu-west-1a', SnapshotId });
    await stop(fleet);
    await fleet.ask('DetachVolume', { VolumeId: fleet.volumeId('/dev/sdf') });
    await fleet.kernel.advance(10_000);
    await fleet.ask('AttachVolume', { VolumeId, InstanceId: fleet.instanceId, Device: '/dev/sdf' });
    await fleet.kernel.advance(10_000);
    await fleet.ask('StartInstances', ids(fleet));
    await fleet.kernel.advance(15_000);
    expect(guest.read('/data/orders')).toBe('forty-two orders');
  });
});

describe('attributes, tags and types', () => {
  it('changes DeleteOnTermination, one attribute a call', async () => {
    const fleet = createTestFleet();
    const BlockDeviceMappings = [{ DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: true } }];
    await fleet.ask('ModifyInstanceAttribute', { InstanceId: fleet.instanceId, BlockDeviceMappings });
    const mapping = (await view(fleet))?.BlockDeviceMappings?.find((each) => each.DeviceName === '/dev/sdf');
    expect(mapping?.Ebs?.DeleteOnTermination).toBe(true);
    const two = { InstanceId: fleet.instanceId, BlockDeviceMappings, DisableApiStop: { Value: true } };
    expect(await fleet.refusal('ModifyInstanceAttribute', two)).toBe('InvalidParameterCombination');
  });

  it('tags many resources or none', async () => {
    const fleet = createTestFleet();
    const Tags = [{ Key: 'k', Value: 'v' }];
    const request = { Resources: [fleet.instanceId, 'vol-00000000'], Tags };
    expect(await fleet.refusal('CreateTags', request)).toBe('InvalidVolume.NotFound');
    expect((await view(fleet))?.Tags).not.toContainEqual({ Key: 'k', Value: 'v' });
    await fleet.ask('CreateTags', { Resources: [fleet.instanceId], Tags });
    expect((await view(fleet))?.Tags).toContainEqual({ Key: 'k', Value: 'v' });
    await fleet.ask('DeleteTags', { Resources: [fleet.instanceId], Tags: [{ Key: 'k', Value: 'other' }] });
    expect((await view(fleet))?.Tags).toContainEqual({ Key: 'k', Value: 'v' });
    await fleet.ask('DeleteTags', { Resources: [fleet.instanceId], Tags: [{ Key: 'k' }] });
    expect((await view(fleet))?.Tags).not.toContainEqual({ Key: 'k', Value: 'v' });
  });

  it('shows new tags a moment later, in the order they were given', async () => {
    const fleet = createTestFleet({ durations: { visibility: 800 } });
    const tag = (Value: string) =>
      fleet.ask('CreateTags', { Resources: [fleet.instanceId], Tags: [{ Key: 'k', Value }] });
    const tagValue = async () => (await view(fleet))?.Tags?.find(({ Key }) => Key === 'k')?.Value;
    await tag('first');
    await tag('second');
    expect(await tagValue()).toBeUndefined();
    await fleet.kernel.advance(1_600);
    expect(await tagValue()).toBe('second');
    await fleet.ask('DeleteTags', { Resources: [fleet.instanceId], Tags: [{ Key: 'k' }] });
    expect(await tagValue()).toBe('second');
    await fleet.kernel.advance(1_600);
    expect(await tagValue()).toBeUndefined();
  });

  it('refuses reserved tags, unknown types, and answers DryRun with an error', async () => {
    const fleet = createTestFleet();
    const Tags = [{ Key: 'aws:mine', Value: 'v' }];
    expect(await fleet.refusal('CreateTags', { Resources: [fleet.instanceId], Tags })).toBe('InvalidParameterValue');
    expect(await fleet.refusal('DescribeInstanceTypes', { InstanceTypes: ['x9.huge'] })).toBe('InvalidInstanceType');
    expect(await fleet.refusal('DescribeInstances', { DryRun: true })).toBe('DryRunOperation');
  });
});
