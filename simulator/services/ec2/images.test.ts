import type {
  CreateImageResult,
  DescribeImagesResult,
  DescribeInstancesResult,
  DescribeSnapshotsResult,
  Image,
  Reservation,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

const minuteMs = 60_000;
const TagSpecifications = [
  { ResourceType: 'image', Tags: [{ Key: 'of', Value: 'image' }] },
  { ResourceType: 'snapshot', Tags: [{ Key: 'of', Value: 'snapshot' }] },
];

async function make(fleet: TestFleet, changes: object = {}): Promise<string> {
  const input = { InstanceId: fleet.instanceId, Name: 'nightly', NoReboot: true, TagSpecifications, ...changes };
  return (await fleet.ask<CreateImageResult>('CreateImage', input)).ImageId ?? '';
}

async function shown(fleet: TestFleet): Promise<readonly Image[]> {
  return (await fleet.ask<DescribeImagesResult>('DescribeImages', { Owners: ['self'] })).Images ?? [];
}

async function snapshots(fleet: TestFleet) {
  return (await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', { OwnerIds: ['self'] })).Snapshots ?? [];
}

describe('CreateImage', () => {
  it('answers before its snapshots begin, which is not at one moment', async () => {
    const fleet = createTestFleet();
    await make(fleet);
    expect(await snapshots(fleet)).toEqual([]);
    await fleet.kernel.advance(5000);
    const starts = (await snapshots(fleet)).map(({ StartTime }) => StartTime?.getTime());
    expect(new Set(starts).size).toBe(3);
  });

  it('is pending until its snapshots are complete, then available and says what they are', async () => {
    const fleet = createTestFleet();
    const id = await make(fleet);
    await fleet.kernel.advance(minuteMs);
    expect(await shown(fleet)).toMatchObject([{ ImageId: id, State: 'pending', BlockDeviceMappings: [] }]);
    await fleet.kernel.advance(20 * minuteMs);
    const [image] = await shown(fleet);
    expect(image).toMatchObject({
      State: 'available',
      SourceInstanceId: fleet.instanceId,
      RootDeviceName: '/dev/xvda',
    });
    const named = image?.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.SnapshotId).toSorted();
    expect(named).toEqual((await snapshots(fleet)).map(({ SnapshotId }) => SnapshotId).toSorted());
    expect(fleet.kernel.events.at(-1)).toMatchObject({
      detailType: 'EC2 AMI State Change',
      detail: { ImageId: id, State: 'available' },
    });
  });

  it('tags image and snapshots apart, and nothing else', async () => {
    const fleet = createTestFleet();
    await make(fleet);
    await fleet.kernel.advance(5000);
    expect((await shown(fleet)).map(({ Tags }) => Tags)).toEqual([[{ Key: 'of', Value: 'image' }]]);
    expect((await snapshots(fleet)).map(({ Tags }) => Tags)).toEqual(
      Array.from({ length: 3 }, () => [{ Key: 'of', Value: 'snapshot' }]),
    );
    const foreign = [{ ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'volume' }] }];
    const input = { InstanceId: fleet.instanceId, Name: 'other', NoReboot: true, TagSpecifications: foreign };
    expect(await fleet.refusal('CreateImage', input)).toBe('InvalidParameterValue');
  });

  it('refuses a name that is taken, too short or has other characters', async () => {
    const fleet = createTestFleet();
    await make(fleet);
    const refused = (Name: string) => fleet.refusal('CreateImage', { InstanceId: fleet.instanceId, Name });
    expect(await refused('nightly')).toBe('InvalidAMIName.Duplicate');
    expect(await refused('no')).toBe('InvalidAMIName.Malformed');
    expect(await refused('a:b:c')).toBe('InvalidAMIName.Malformed');
  });

  it('shuts the guest down and starts it again unless told NoReboot', async () => {
    const fleet = createTestFleet();
    const state = () => fleet.ec2.world.guest(fleet.instanceId).state();
    await make(fleet);
    await fleet.kernel.advance(5000);
    expect(state()).toBe('up');
    await fleet.kernel.advance(20 * minuteMs);
    await make(fleet, { Name: 'rebooting', NoReboot: false });
    await fleet.kernel.advance(2000);
    expect(state()).not.toBe('up');
    await fleet.kernel.advance(minuteMs);
    expect(state()).toBe('up');
  });

  it('fails with the first of its snapshots that does, and says why', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.snapshotFails(fleet.volumeId('/dev/sdf'));
    await make(fleet);
    await fleet.kernel.advance(20 * minuteMs);
    expect(await shown(fleet)).toMatchObject([{ State: 'failed', StateReason: { Message: expect.any(String) } }]);
  });
});

describe('DeregisterImage', () => {
  it('leaves the snapshots, which can be deleted only then', async () => {
    const fleet = createTestFleet();
    const ImageId = await make(fleet);
    await fleet.kernel.advance(20 * minuteMs);
    const [{ SnapshotId } = {}] = await snapshots(fleet);
    expect(await fleet.refusal('DeleteSnapshot', { SnapshotId })).toBe('InvalidSnapshot.InUse');
    await fleet.ask('DeregisterImage', { ImageId });
    expect(await snapshots(fleet)).toHaveLength(3);
    await fleet.ask('DeleteSnapshot', { SnapshotId });
    expect(await shown(fleet)).toEqual([]);
    expect(await fleet.refusal('DeregisterImage', { ImageId })).toBe('InvalidAMIID.NotFound');
  });

  it('is refused of a protected image, and not of one that others launch', async () => {
    const fleet = createTestFleet();
    const ImageId = await make(fleet);
    await fleet.kernel.advance(20 * minuteMs);
    fleet.ec2.arrange.imageProtected(ImageId, true);
    expect(await fleet.refusal('DeregisterImage', { ImageId })).toBe('OperationNotPermitted');
    fleet.ec2.arrange.imageProtected(ImageId, false);
    fleet.ec2.arrange.imageSharedWith(ImageId, ['444455556666']);
    fleet.ec2.arrange.imageUsedByTemplate(ImageId, 'web');
    await fleet.ask('DeregisterImage', { ImageId });
    expect(await shown(fleet)).toEqual([]);
  });
});

it('CreateImage needs IAM’s word on the instance, the image, the snapshots, and the tags of both', () => {
  const { ec2, instanceId } = createTestFleet();
  const accesses = ec2.access('CreateImage', { InstanceId: instanceId, Name: 'nightly', TagSpecifications });
  expect(accesses.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    `ec2:CreateImage arn:aws:ec2:eu-west-1:111122223333:instance/${instanceId}`,
    'ec2:CreateImage arn:aws:ec2:eu-west-1::image/*',
    'ec2:CreateTags arn:aws:ec2:eu-west-1::image/*',
    'ec2:CreateImage arn:aws:ec2:eu-west-1::snapshot/*',
    'ec2:CreateTags arn:aws:ec2:eu-west-1::snapshot/*',
  ]);
  expect(accesses[3]?.context).toMatchObject({ 'aws:RequestTag/of': 'snapshot' });
});

describe('RunInstances', () => {
  const subnet = 'subnet-0000000000000000a';
  const launch = (ImageId: string, changes: object = {}) => ({
    ...{ ImageId, MinCount: 1, MaxCount: 1, SubnetId: subnet, ClientToken: 'once', ...changes },
  });

  it('makes a machine with the files of the image, which starts after a while', async () => {
    const fleet = createTestFleet();
    const ImageId = await make(fleet);
    expect(await fleet.refusal('RunInstances', launch(ImageId))).toBe('InvalidAMIID.Unavailable');
    await fleet.kernel.advance(20 * minuteMs);
    const TagSpecifications = [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'copy' }] }];
    const made = await fleet.ask<Reservation>('RunInstances', launch(ImageId, { TagSpecifications, KeyName: 'ops' }));
    const [instance] = made.Instances ?? [];
    expect(instance).toMatchObject({ ImageId, State: { Name: 'pending' }, KeyName: 'ops', ClientToken: 'once' });
    await fleet.kernel.advance(minuteMs);
    const copy = fleet.ec2.world.instance(instance?.InstanceId ?? '');
    expect([...copy.tags]).toEqual([['Name', 'copy']]);
    expect(copy.state).toBe('running');
    expect(copy.guest.inspect().applications).toMatchObject([{ name: 'shop', status: 'running' }]);
    expect(fleet.ec2.world.volumeAt(copy.id, '/dev/sdf').id).not.toBe(fleet.volumeId('/dev/sdf'));
  });

  it('makes one machine a client token, and is found by that', async () => {
    const fleet = createTestFleet();
    const ImageId = await make(fleet);
    await fleet.kernel.advance(20 * minuteMs);
    await fleet.ask('RunInstances', launch(ImageId));
    await fleet.ask('RunInstances', launch(ImageId));
    const Filters = [{ Name: 'client-token', Values: ['once'] }];
    const { Reservations } = await fleet.ask<DescribeInstancesResult>('DescribeInstances', { Filters });
    expect(Reservations).toHaveLength(1);
    expect(await fleet.refusal('RunInstances', launch(ImageId, { KeyName: 'other' }))).toBe(
      'IdempotentParameterMismatch',
    );
  });

  it('finds no capacity in a zone that is down, and no subnet that is not there', async () => {
    const fleet = createTestFleet();
    const ImageId = await make(fleet);
    await fleet.kernel.advance(20 * minuteMs);
    expect(await fleet.refusal('RunInstances', launch(ImageId, { SubnetId: 'subnet-1' }))).toBe(
      'InvalidSubnetID.NotFound',
    );
    fleet.ec2.arrange.zoneOutage('eu-west-1a');
    expect(await fleet.refusal('RunInstances', launch(ImageId))).toBe('InsufficientInstanceCapacity');
  });

  it('needs IAM’s word on all that it touches, and on the role that it hands on', () => {
    const { ec2 } = createTestFleet();
    const account = 'arn:aws:ec2:eu-west-1:111122223333';
    const IamInstanceProfile = { Arn: 'arn:aws:iam::111122223333:instance-profile/web' };
    const input = launch('ami-0123456789abcdef0', { KeyName: 'ops', SecurityGroupIds: ['sg-1'], IamInstanceProfile });
    expect(ec2.access('RunInstances', input).map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'ec2:RunInstances arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0',
      `ec2:RunInstances ${account}:instance/*`,
      `ec2:RunInstances ${account}:volume/*`,
      `ec2:RunInstances ${account}:network-interface/*`,
      `ec2:RunInstances ${account}:subnet/${subnet}`,
      `ec2:RunInstances ${account}:security-group/sg-1`,
      `ec2:RunInstances ${account}:key-pair/ops`,
      'iam:PassRole arn:aws:iam::111122223333:role/web',
    ]);
  });
});
