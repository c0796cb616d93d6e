import type * as Efs from '@aws-sdk/client-efs';
import { expect, it } from 'vitest';
import { createManualKernel } from '../ec2/manual-kernel.ts';
import { createEfs } from './efs.ts';

const minuteMs = 60_000;

async function setUp() {
  const kernel = createManualKernel();
  const efs = createEfs(kernel);
  const call = <Output>(operation: string, input: object) => kernel.call<Output>(efs, operation, input);
  const { FileSystemId } = await call<Efs.FileSystemDescription>('CreateFileSystem', { CreationToken: 'new' });
  const targets = async () =>
    (await call<Efs.DescribeMountTargetsResponse>('DescribeMountTargets', { FileSystemId })).MountTargets ?? [];
  return { kernel, efs, call, FileSystemId, targets };
}

it('a new file system is found by its creation token, which is taken, and has nothing hanging on it', async () => {
  const { call, FileSystemId, targets } = await setUp();
  const found = await call<Efs.DescribeFileSystemsResponse>('DescribeFileSystems', { CreationToken: 'new' });
  expect(found.FileSystems).toMatchObject([{ FileSystemId, NumberOfMountTargets: 0, ThroughputMode: 'bursting' }]);
  await expect(call('CreateFileSystem', { CreationToken: 'new' })).rejects.toThrow('exists already');
  expect(await targets()).toEqual([]);
  await expect(call('DescribeFileSystemPolicy', { FileSystemId })).rejects.toThrow('No policy exists');
});

it('a mount target is available after a while, one a subnet; from then on the files can be mounted', async () => {
  const { kernel, efs, call, FileSystemId, targets } = await setUp();
  await call('CreateMountTarget', { FileSystemId, SubnetId: 'subnet-0a', SecurityGroups: ['sg-1'] });
  const [target] = await targets();
  expect(target?.LifeCycleState).toBe('creating');
  expect(efs.world.mountedFrom(target?.IpAddress ?? '')).toBeUndefined();
  await expect(call('CreateMountTarget', { FileSystemId, SubnetId: 'subnet-0a' })).rejects.toThrow('There is a mount');
  await kernel.advance(2 * minuteMs);
  expect((await targets())[0]?.LifeCycleState).toBe('available');
  expect(efs.world.mountedFrom(target?.IpAddress ?? '')?.size).toBe(0);
});

it('an access point asked for with the same token is the same one', async () => {
  const { call, FileSystemId } = await setUp();
  const make = () => call<Efs.AccessPointDescription>('CreateAccessPoint', { FileSystemId, ClientToken: 'one' });
  expect((await make()).AccessPointId).toBe((await make()).AccessPointId);
});

it('a file system takes no other change while it is updating', async () => {
  const { kernel, call, FileSystemId } = await setUp();
  await call('UpdateFileSystem', { FileSystemId, ThroughputMode: 'elastic' });
  const make = () => call('CreateAccessPoint', { FileSystemId, ClientToken: 'one' });
  await expect(make()).rejects.toThrow('is updating');
  await kernel.advance(2 * minuteMs);
  await make();
});
