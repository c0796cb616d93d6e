import type { Address, DescribeAddressesResult, DescribeInstancesResult } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

const publicIp = '203.0.113.7';

/** `web` has the address; `db` has none. */
function fleetWithAddress(spec: object = {}, visibility = 0) {
  const fleet = createTestFleet({ durations: { visibility } });
  const web = fleet.ec2.world.launchInstance({ name: 'web', elasticIp: publicIp, ...spec });
  const [allocation = ''] = fleet.ec2.world.addresses.keys();
  return { fleet, web, allocation };
}

async function shown(fleet: TestFleet, name: string, value: string): Promise<readonly Address[]> {
  const Filters = [{ Name: name, Values: [value] }];
  return (await fleet.ask<DescribeAddressesResult>('DescribeAddresses', { Filters })).Addresses ?? [];
}

async function publicAddressOf(fleet: TestFleet, id: string): Promise<string | undefined> {
  const { Reservations = [] } = await fleet.ask<DescribeInstancesResult>('DescribeInstances', { InstanceIds: [id] });
  return Reservations[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.Association?.PublicIp;
}

describe('an Elastic IP address', () => {
  it('is found by its allocation, itself, and the instance that it leads to', async () => {
    const { fleet, web, allocation } = fleetWithAddress();
    const known = { AllocationId: allocation, PublicIp: publicIp, InstanceId: web.id, PrivateIpAddress: '10.0.0.10' };
    expect(await shown(fleet, 'allocation-id', allocation)).toMatchObject([known]);
    expect(await shown(fleet, 'public-ip', publicIp)).toMatchObject([known]);
    expect(await shown(fleet, 'instance-id', web.id)).toMatchObject([known]);
    expect(await shown(fleet, 'instance-id', fleet.instanceId)).toEqual([]);
  });

  it('of another account is seen at its instance, and not among one’s own', async () => {
    const { fleet, web, allocation } = fleetWithAddress({ elasticIpOwner: '999988887777' });
    expect(await publicAddressOf(fleet, web.id)).toBe(publicIp);
    expect(await shown(fleet, 'public-ip', publicIp)).toEqual([]);
    const input = { AllocationId: allocation, InstanceId: fleet.instanceId };
    expect(await fleet.refusal('AssociateAddress', input)).toBe('InvalidAllocationID.NotFound');
  });

  it('leads nowhere once its instance is terminated', async () => {
    const { fleet, web, allocation } = fleetWithAddress();
    fleet.ec2.arrange.instanceTerminated(web.id);
    await fleet.kernel.advance(60_000);
    const [address] = await shown(fleet, 'allocation-id', allocation);
    expect(address).toMatchObject({ PublicIp: publicIp });
    expect(address?.InstanceId).toBeUndefined();
  });
});

describe('AssociateAddress', () => {
  it('leads it to another instance, and asked again answers the same', async () => {
    const { fleet, web, allocation } = fleetWithAddress();
    const input = { AllocationId: allocation, InstanceId: fleet.instanceId, AllowReassociation: true };
    const first = await fleet.ask('AssociateAddress', input);
    expect(await fleet.ask('AssociateAddress', input)).toEqual(first);
    expect(await publicAddressOf(fleet, fleet.instanceId)).toBe(publicIp);
    expect(await publicAddressOf(fleet, web.id)).toBeUndefined();
  });

  it('shows for a moment where it led before', async () => {
    const { fleet, web, allocation } = fleetWithAddress({}, 800);
    await fleet.ask('AssociateAddress', { AllocationId: allocation, InstanceId: fleet.instanceId });
    expect(await shown(fleet, 'allocation-id', allocation)).toMatchObject([{ InstanceId: web.id }]);
    await fleet.kernel.advance(1000);
    expect(await shown(fleet, 'allocation-id', allocation)).toMatchObject([{ InstanceId: fleet.instanceId }]);
  });

  it('takes the place of the address that the instance had', async () => {
    const { fleet, allocation } = fleetWithAddress();
    const other = fleet.ec2.world.launchInstance({ name: 'other', elasticIp: '203.0.113.8' });
    await fleet.ask('AssociateAddress', { AllocationId: allocation, InstanceId: other.id });
    expect(await shown(fleet, 'instance-id', other.id)).toMatchObject([{ PublicIp: publicIp }]);
    expect((await shown(fleet, 'public-ip', '203.0.113.8'))[0]?.InstanceId).toBeUndefined();
  });

  it('is refused where it leads elsewhere and may not be led away, and of what is not there', async () => {
    const { fleet, allocation } = fleetWithAddress();
    const input = { AllocationId: allocation, InstanceId: fleet.instanceId };
    const kept = await fleet.refusal('AssociateAddress', { ...input, AllowReassociation: false });
    expect(kept).toBe('Resource.AlreadyAssociated');
    const unknown = { AllocationId: 'eipalloc-0123456789abcdef0' };
    expect(await fleet.refusal('AssociateAddress', { ...input, ...unknown })).toBe('InvalidAllocationID.NotFound');
    const InstanceId = 'i-0fedcba9876543210';
    expect(await fleet.refusal('AssociateAddress', { ...input, InstanceId })).toBe('InvalidInstanceID.NotFound');
  });

  it('needs IAM’s word on the address, the instance and its interface', () => {
    const { fleet, web, allocation } = fleetWithAddress();
    const accesses = fleet.ec2.access('AssociateAddress', { AllocationId: allocation, InstanceId: web.id });
    const account = 'arn:aws:ec2:eu-west-1:111122223333';
    expect(accesses.map(({ resource }) => resource)).toEqual([
      `${account}:elastic-ip/${allocation}`,
      `${account}:instance/${web.id}`,
      `${account}:network-interface/*`,
    ]);
  });
});
