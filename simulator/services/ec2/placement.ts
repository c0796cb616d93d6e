import type {
  AttachmentLimitType,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  DescribeRegionsResult,
  InstanceTypeHypervisor,
  InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { _InstanceType } from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { passes } from './filters.ts';

interface TypeFacts {
  readonly attachments: number;
  readonly limit: AttachmentLimitType;
  readonly instanceStore: boolean;
  /** EBS, interfaces and NVMe instance store share the limit where it is `shared`. */
  readonly instanceStoreDisks: number;
  readonly hypervisor: InstanceTypeHypervisor;
}

const shared = (instanceStoreDisks = 0): TypeFacts => ({
  attachments: 28,
  limit: 'shared',
  instanceStore: instanceStoreDisks > 0,
  instanceStoreDisks,
  hypervisor: 'nitro',
});
const dedicated = (attachments: number): TypeFacts => ({
  attachments,
  limit: 'dedicated',
  instanceStore: false,
  instanceStoreDisks: 0,
  hypervisor: 'nitro',
});

/** EC2 User Guide, "Amazon EBS volume limits for Amazon EC2 instances". */
const INSTANCE_TYPES: Readonly<Partial<Record<_InstanceType, TypeFacts>>> = {
  't3.micro': shared(),
  't3.medium': shared(),
  'm5.large': shared(),
  'm5.xlarge': shared(),
  'm5d.large': shared(1),
  'r5.large': shared(),
  'r5.xlarge': shared(),
  'i3en.large': shared(1),
  'm7i.large': dedicated(32),
  'm7i.xlarge': dedicated(32),
  'r7i.large': dedicated(32),
  'r7i.48xlarge': dedicated(128),
};

function factsOf(type: _InstanceType): TypeFacts {
  const facts = INSTANCE_TYPES[type];
  if (!facts) {
    throw new ApiError('InvalidInstanceType', `The following supplied instance types do not exist: [${type}]`);
  }
  return facts;
}

/** How many EBS volumes a machine of this type takes, its root and one network interface counted. */
export function ebsVolumeLimit(type: _InstanceType): number {
  const facts = factsOf(type);
  return facts.limit === 'shared' ? facts.attachments - 1 - facts.instanceStoreDisks : facts.attachments;
}

function typeInfo(type: _InstanceType): InstanceTypeInfo {
  const facts = factsOf(type);
  return {
    InstanceType: type,
    Hypervisor: facts.hypervisor,
    InstanceStorageSupported: facts.instanceStore,
    HibernationSupported: true,
    EbsInfo: {
      EbsOptimizedSupport: 'default',
      EncryptionSupport: 'supported',
      NvmeSupport: 'required',
      MaximumEbsAttachments: facts.attachments,
      AttachmentLimitType: facts.limit,
    },
  };
}

export function describeInstanceTypes(_: Ec2Context, input: DescribeInstanceTypesRequest): DescribeInstanceTypesResult {
  const asked = input.InstanceTypes ?? [];
  const infos = asked.length > 0 ? asked.map(typeInfo) : Object.values(_InstanceType).filter(isKnown).map(typeInfo);
  const rows = infos.map((info) => ({ info, tags: new Map<string, string>() }));
  const filters = { 'instance-type': ({ info }: { info: InstanceTypeInfo }) => [info.InstanceType] };
  return { InstanceTypes: rows.filter(passes<(typeof rows)[number]>(input.Filters, filters)).map(({ info }) => info) };
}

function isKnown(type: _InstanceType): boolean {
  return INSTANCE_TYPES[type] !== undefined;
}

export function describeAvailabilityZones(
  context: Ec2Context,
  input: DescribeAvailabilityZonesRequest,
): DescribeAvailabilityZonesResult {
  const zones = context.zones.filter((zone) => !input.ZoneNames?.length || input.ZoneNames.includes(zone));
  return {
    AvailabilityZones: zones.map((zone, index) => ({
      ZoneName: zone,
      ZoneId: `${context.kernel.regionName.replaceAll(/[^a-z0-9]/g, '').slice(0, 3)}-az${index + 1}`,
      RegionName: context.kernel.regionName,
      State: context.arranged.zonesDown.has(zone) ? 'impaired' : 'available',
      ZoneType: 'availability-zone',
      OptInStatus: 'opt-in-not-required',
    })),
  };
}

export function describeRegions(context: Ec2Context): DescribeRegionsResult {
  const name = context.kernel.regionName;
  return {
    Regions: [{ RegionName: name, Endpoint: `ec2.${name}.amazonaws.com`, OptInStatus: 'opt-in-not-required' }],
  };
}
