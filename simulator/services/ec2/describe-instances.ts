import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
  InstanceBlockDeviceMapping,
  InstanceStatusSummary,
} from '@aws-sdk/client-ec2';
import { PRIVATE_IP, shownAddressOf } from './addresses.ts';
import type { Ec2Context } from './context.ts';
import { type FilterValues, passes } from './filters.ts';
import { describeState, shownState } from './instance-lifecycle.ts';
import { DEFAULT_INSTANCE_TYPE } from './launch-spec.ts';
import { checkAllFound } from './lookup.ts';
import { refuseIdsWithPages, takePage } from './pages.ts';
import type { InstanceRecord, MappingRecord } from './records.ts';
import { tagList } from './tags.ts';

const filtersOf = (context: Ec2Context): FilterValues<InstanceRecord> => ({
  'instance-id': (each) => [each.id],
  'instance-state-name': (each) => [shownState(context, each)],
  'instance-state-code': (each) => [String(describeState(shownState(context, each)).Code)],
  'instance-type': (each) => [each.spec.type ?? DEFAULT_INSTANCE_TYPE],
  'client-token': (each) => [each.clientToken],
  'instance-lifecycle': (each) => [each.spec.spot ? 'spot' : undefined],
  'availability-zone': (each) => [each.availabilityZone],
  'root-device-name': (each) => [each.rootDevice],
  'root-device-type': (each) => [each.spec.rootDeviceType ?? 'ebs'],
  'block-device-mapping.volume-id': (each) => [...each.mappings.values()].map((mapping) => mapping.volumeId),
  'block-device-mapping.device-name': (each) => [...each.mappings.keys()],
});

/** DescribeInstances: one reservation per instance. Terminated ones stay in view. */
export function describeInstances(context: Ec2Context, input: DescribeInstancesRequest): DescribeInstancesResult {
  const ids = input.InstanceIds ?? [];
  refuseIdsWithPages(ids, input, 'instancesSet');
  const all = [...context.instances.values()];
  checkAllFound('instance', ids, all);
  const passed = all
    .filter(passes(input.Filters, filtersOf(context)))
    .filter(({ id }) => ids.length === 0 || ids.includes(id));
  const { items, nextToken } = takePage(context, passed, input);
  const Reservations = items.map((each) => ({
    ReservationId: each.id.replace('i-', 'r-'),
    OwnerId: context.kernel.account,
    Instances: [describeInstance(context, each)],
  }));
  return { Reservations, NextToken: nextToken };
}

/** DescribeInstanceStatus: running instances only, unless IncludeAllInstances. */
export function describeInstanceStatus(
  context: Ec2Context,
  input: DescribeInstanceStatusRequest,
): DescribeInstanceStatusResult {
  const ids = input.InstanceIds ?? [];
  refuseIdsWithPages(ids, input, 'instancesSet');
  const all = [...context.instances.values()];
  checkAllFound('instance', ids, all);
  const passed = all
    .filter(passes(input.Filters, filtersOf(context)))
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .filter((each) => input.IncludeAllInstances === true || shownState(context, each) === 'running');
  const { items, nextToken } = takePage(context, passed, input);
  const InstanceStatuses = items.map((each) => ({
    InstanceId: each.id,
    AvailabilityZone: each.availabilityZone,
    InstanceState: describeState(shownState(context, each)),
    InstanceStatus: statusOf(context, each),
    SystemStatus: systemStatusOf(context, each),
  }));
  return { InstanceStatuses, NextToken: nextToken };
}

/** An instance in the API's shape. */
export function describeInstance(context: Ec2Context, instance: InstanceRecord): Instance {
  const { spec } = instance;
  return {
    InstanceType: spec.type ?? DEFAULT_INSTANCE_TYPE,
    InstanceId: instance.id,
    ImageId: instance.imageId,
    ClientToken: instance.clientToken,
    State: describeState(shownState(context, instance)),
    StateReason: instance.stateReason && { Code: instance.stateReason.code, Message: instance.stateReason.message },
    LaunchTime: new Date(instance.launchTimeMs),
    Placement: { AvailabilityZone: instance.availabilityZone, Tenancy: 'default' },
    RootDeviceName: instance.rootDevice,
    RootDeviceType: spec.rootDeviceType ?? 'ebs',
    InstanceLifecycle: spec.spot ? 'spot' : undefined,
    SpotInstanceRequestId: spec.spot ? instance.id.replace('i-', 'sir-') : undefined,
    HibernationOptions: { Configured: spec.hibernation ?? false },
    PlatformDetails: spec.platform === 'Windows' ? 'Windows' : 'Linux/UNIX',
    IamInstanceProfile:
      spec.roleArn === undefined ? undefined : { Arn: spec.roleArn.replace(':role/', ':instance-profile/') },
    KeyName: spec.keyName,
    ...networkOf(context, instance),
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
    Monitoring: { State: 'disabled' },
    EbsOptimized: true,
    Architecture: 'x86_64',
    ProductCodes: [],
    Tags: tagList(instance.tags),
    BlockDeviceMappings: describeMappings(instance),
  };
}

/** One interface in its zone's subnet. */
function networkOf(context: Ec2Context, instance: InstanceRecord): Partial<Instance> {
  const SubnetId = `subnet-0000000000000000${instance.availabilityZone.at(-1)}`;
  const address = shownAddressOf(context, instance);
  const Groups = [{ GroupId: 'sg-0123456789abcdef0', GroupName: 'machines' }];
  const Association = address && { PublicIp: address.publicIp, IpOwnerId: address.owner };
  return {
    ...{ SubnetId, SecurityGroups: Groups, PrivateIpAddress: PRIVATE_IP },
    NetworkInterfaces: [
      { SubnetId, Groups, PrivateIpAddress: PRIVATE_IP, Association, Attachment: { DeviceIndex: 0 } },
    ],
  };
}

export function describeMappings(instance: InstanceRecord): InstanceBlockDeviceMapping[] {
  const ghosts = [...instance.ghostMappings].filter(({ device }) => !instance.mappings.has(device));
  return [
    ...[...instance.mappings].map(([device, mapping]) => describeMapping(device, mapping)),
    ...ghosts.map((ghost) => describeMapping(ghost.device, ghost)),
  ];
}

function describeMapping(device: string, mapping: MappingRecord): InstanceBlockDeviceMapping {
  return {
    DeviceName: device,
    Ebs: {
      VolumeId: mapping.volumeId,
      Status: mapping.status,
      AttachTime: new Date(mapping.attachTimeMs),
      DeleteOnTermination: mapping.deleteOnTermination,
    },
  };
}

function statusOf(context: Ec2Context, instance: InstanceRecord): InstanceStatusSummary {
  if (shownState(context, instance) !== 'running') {
    return { Status: 'not-applicable' };
  }
  if (context.clock.nowMs() < instance.statusOkAtMs) {
    return { Status: 'initializing', Details: [{ Name: 'reachability', Status: 'initializing' }] };
  }
  const isBad = instance.statusImpaired || instance.guest.state() !== 'up' || isZoneDown(context, instance);
  return isBad
    ? { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed' }] }
    : { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] };
}

/** The machine's own failures (a guest that does not boot) do not show in the system's status. */
function systemStatusOf(context: Ec2Context, instance: InstanceRecord): InstanceStatusSummary {
  if (shownState(context, instance) !== 'running') {
    return { Status: 'not-applicable' };
  }
  if (isZoneDown(context, instance)) {
    return { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed' }] };
  }
  return context.clock.nowMs() < instance.statusOkAtMs ? { Status: 'initializing' } : { Status: 'ok' };
}

function isZoneDown(context: Ec2Context, instance: InstanceRecord): boolean {
  return context.arranged.zonesDown.has(instance.availabilityZone);
}
