import type { AutoScalingInstancesType } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { createEc2 } from '../ec2/ec2.ts';
import { createManualKernel } from '../ec2/manual-kernel.ts';
import { createAutoScaling } from './autoscaling.ts';

function setUp() {
  const kernel = createManualKernel();
  const ec2 = createEc2(kernel, { jitter: 0 });
  const scaling = createAutoScaling(kernel, ec2);
  const data = { device: '/dev/sdf', sizeGib: 10 };
  const instance = ec2.world.launchInstance({
    name: 'web',
    autoScalingGroup: 'web',
    disableApiStop: false,
    volumes: [data],
  });
  const standby = (operation: string, more: object = {}) =>
    kernel.call(scaling, operation, { AutoScalingGroupName: 'web', InstanceIds: [instance.id], ...more });
  const lifecycle = async () => {
    const found = await kernel.call<AutoScalingInstancesType>(scaling, 'DescribeAutoScalingInstances', {
      InstanceIds: [instance.id],
    });
    return found.AutoScalingInstances?.[0]?.LifecycleState;
  };
  const stop = () => kernel.call(ec2, 'StopInstances', { InstanceIds: [instance.id] });
  return { kernel, ec2, scaling, instance, standby, lifecycle, stop };
}

describe('an Auto Scaling group', () => {
  it('terminates and replaces a member in service that was stopped; data volumes stay behind', async () => {
    const { kernel, ec2, instance, stop, lifecycle } = setUp();
    const volume = ec2.world.volumeAt('web', '/dev/sdf');
    await stop();
    await kernel.advance(300_000);
    expect(instance.state).toBe('terminated');
    expect(await lifecycle()).toBeUndefined();
    expect(volume.state).toBe('available');
    const alive = [...ec2.world.instances.values()].filter((each) => each.state === 'running');
    expect(alive).toHaveLength(1);
  });

  it('leaves a member in Standby alone, and takes it back', async () => {
    const { kernel, instance, standby, lifecycle, stop, ec2 } = setUp();
    await standby('EnterStandby', { ShouldDecrementDesiredCapacity: true });
    expect(await lifecycle()).toBe('EnteringStandby');
    await kernel.advance(8_000);
    expect(await lifecycle()).toBe('Standby');
    await stop();
    await kernel.advance(600_000);
    expect(instance.state).toBe('stopped');
    await kernel.call(ec2, 'StartInstances', { InstanceIds: [instance.id] });
    await kernel.advance(60_000);
    await standby('ExitStandby');
    await kernel.advance(12_000);
    expect(await lifecycle()).toBe('InService');
    expect(ec2.world.instances.size).toBe(1);
  });

  it('terminates what comes back from Standby without running', async () => {
    const { kernel, instance, standby, stop } = setUp();
    await standby('EnterStandby', { ShouldDecrementDesiredCapacity: true });
    await kernel.advance(8_000);
    await stop();
    await kernel.advance(60_000);
    await standby('ExitStandby');
    await kernel.advance(120_000);
    expect(instance.state).toBe('terminated');
  });

  it('fills the gap when the desired capacity was not decremented', async () => {
    const { kernel, ec2, standby } = setUp();
    await standby('EnterStandby', { ShouldDecrementDesiredCapacity: false });
    await kernel.advance(120_000);
    expect(ec2.world.instances.size).toBe(2);
  });

  it('refuses strangers, wrong states, and going below its minimum', async () => {
    const { scaling, standby } = setUp();
    const refused = { name: 'ValidationError' };
    await expect(standby('ExitStandby')).rejects.toMatchObject(refused);
    const stranger = { InstanceIds: ['i-00000000'], ShouldDecrementDesiredCapacity: true };
    await expect(standby('EnterStandby', stranger)).rejects.toMatchObject(refused);
    scaling.group('web').minSize = 1;
    await expect(standby('EnterStandby', { ShouldDecrementDesiredCapacity: true })).rejects.toMatchObject(refused);
  });

  it('is saved from itself by suspended processes', async () => {
    const { kernel, scaling, instance, stop } = setUp();
    scaling.group('web').suspended.add('ReplaceUnhealthy');
    await stop();
    await kernel.advance(600_000);
    expect(instance.state).toBe('stopped');
  });
});
