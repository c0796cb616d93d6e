import { AutoScalingClient, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  AttachVolumeCommand,
  CreateSnapshotsCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  paginateDescribeVolumes,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegion, type Region } from '../../region.ts';

const settings = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'secret' } };
const DATA = '/dev/sdf';
let region: Region;
let ec2: EC2Client;

beforeEach(async () => {
  region = await createRegion({ seed: 7 });
  ec2 = new EC2Client(settings);
  region.services.ec2.world.launchInstance({
    name: 'db',
    autoScalingGroup: 'dbs',
    volumes: [{ device: DATA, sizeGib: 100, mountPoint: '/data' }],
    applications: [{ name: 'shop', files: ['/data/table'] }],
  });
  region.services.autoscaling.group('dbs').suspended.add('ReplaceUnhealthy');
});

afterEach(() => region.close());

describe('EC2 through the real SDK', () => {
  it('lives through a backup and a recovery in place', async () => {
    const { world } = region.services.ec2;
    const { id, guest } = world.instance('db');
    await guest.write('/data/orders', 'forty-two');
    await region.time.advance(60_000);
    const InstanceIds = [id];
    const { Reservations } = await region.drive(ec2.send(new DescribeInstancesCommand({ InstanceIds })));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({ InstanceType: 'm5.large', State: { Name: 'running' } });
    const set = await region.drive(
      ec2.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: id, ExcludeBootVolume: true } })),
    );
    const [taken] = set.Snapshots ?? [];
    expect(taken).toMatchObject({ State: 'pending', VolumeSize: 100 });
    await region.time.advance(3_600_000);
    const SnapshotIds = [taken?.SnapshotId ?? ''];
    const found = await region.drive(ec2.send(new DescribeSnapshotsCommand({ SnapshotIds })));
    expect(found.Snapshots?.[0]).toMatchObject({ State: 'completed', Progress: '100%', StartTime: taken?.StartTime });
    guest.wipe(DATA);
    const { VolumeId } = await region.drive(
      ec2.send(
        new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', SnapshotId: SnapshotIds[0], VolumeType: 'gp3' }),
      ),
    );
    await region.drive(ec2.send(new StopInstancesCommand({ InstanceIds })));
    await region.time.advance(120_000);
    await region.drive(ec2.send(new DetachVolumeCommand({ VolumeId: world.volumeAt('db', DATA).id })));
    await region.time.advance(60_000);
    await region.drive(ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: id, Device: DATA })));
    await region.time.advance(60_000);
    await region.drive(ec2.send(new StartInstancesCommand({ InstanceIds })));
    await region.time.advance(60_000);
    expect(guest.read('/data/orders')).toBe('forty-two');
    expect(region.complaints()).toEqual([]);
  });

  it('refuses in the words of AWS', async () => {
    const look = ec2.send(new DescribeVolumesCommand({ VolumeIds: ['vol-00000000'] }));
    await expect(region.drive(look)).rejects.toMatchObject({
      name: 'InvalidVolume.NotFound',
      message: "The volume 'vol-00000000' does not exist.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('is paged by the SDK’s own paginator', async () => {
    for (let index = 0; index < 4; index += 1) {
      region.services.ec2.world.launchInstance({ name: `web-${index}`, volumes: [{ device: DATA, sizeGib: 1 }] });
    }
    const collect = async () => {
      const ids = new Set<string | undefined>();
      for await (const page of paginateDescribeVolumes({ client: ec2, pageSize: 5 }, {})) {
        for (const volume of page.Volumes ?? []) {
          ids.add(volume.VolumeId);
        }
      }
      return ids.size;
    };
    expect(await region.drive(collect())).toBe(10);
  });

  it('tells types, groups and agents', async () => {
    const { id } = region.services.ec2.world.instance('db');
    const types = await region.drive(ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large'] })));
    expect(types.InstanceTypes?.[0]?.EbsInfo).toMatchObject({
      MaximumEbsAttachments: 28,
      AttachmentLimitType: 'shared',
    });
    const scaling = new AutoScalingClient(settings);
    const members = await region.drive(scaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] })));
    expect(members.AutoScalingInstances?.[0]).toMatchObject({
      AutoScalingGroupName: 'dbs',
      LifecycleState: 'InService',
    });
    const ssm = new SSMClient(settings);
    const agents = await region.drive(ssm.send(new DescribeInstanceInformationCommand({})));
    expect(agents.InstanceInformationList?.[0]).toMatchObject({ InstanceId: id, PingStatus: 'Online' });
  });
});

describe('Run Command through the real SDK', () => {
  it('runs a document in the guest', async () => {
    const { id } = region.services.ec2.world.instance('db');
    region.services.ec2.world
      .guest('db')
      .installProgram('/opt/verify', () => ({ exitCode: 0, stdout: 'fine\n', stderr: '' }));
    region.services.ssm.createDocument({
      name: 'verify',
      content: {
        schemaVersion: '2.2',
        parameters: { path: { type: 'String' } },
        mainSteps: [
          {
            action: 'aws:runShellScript',
            name: 'verify',
            inputs: { runCommand: ["export HOLDFAST_PATH='{{ path }}'", '# holdfast-guest: verify'] },
          },
        ],
      },
    });
    const ssm = new SSMClient(settings);
    const { Command } = await region.drive(
      ssm.send(
        new SendCommandCommand({ DocumentName: 'verify', InstanceIds: [id], Parameters: { path: ['/opt/verify'] } }),
      ),
    );
    await region.time.advance(3_000);
    const get = new GetCommandInvocationCommand({ CommandId: Command?.CommandId, InstanceId: id });
    expect(await region.drive(ssm.send(get))).toMatchObject({ Status: 'Success', StandardOutputContent: 'fine\n' });
  });
});
