/**
 * What an instance was launched with, as far as a launch from its image has to be told it again.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 */
import type { Instance, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ownTagsOf } from '../ebs/selection.ts';
import type { UserData } from './user-data.ts';

/** @param userData from `readUserData` */
export const launchDetail = (
  instance: Instance,
  { text, lost }: UserData,
): Readonly<Record<string, unknown>> & { readonly differences: readonly string[] } => ({
  launch: { ...launchOf(instance), ...(text === undefined ? {} : { UserData: text }) },
  tags: ownTagsOf(instance),
  elasticIps: elasticIpsOf(instance),
  differences: [
    ...(lost === undefined ? [] : [`its user data ${lost}: the new instance gets none`]),
    ...differencesOf(instance),
  ],
});

function launchOf(instance: Instance): Partial<RunInstancesRequest> {
  const { Placement, MetadataOptions, IamInstanceProfile, SecurityGroups = [] } = instance;
  return withoutAbsent({
    InstanceType: instance.InstanceType,
    KeyName: instance.KeyName,
    SubnetId: instance.SubnetId,
    SecurityGroupIds: SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []),
    IamInstanceProfile: IamInstanceProfile?.Arn === undefined ? undefined : { Arn: IamInstanceProfile.Arn },
    EbsOptimized: instance.EbsOptimized,
    Monitoring: instance.Monitoring?.State === 'enabled' ? { Enabled: true } : undefined,
    Placement: withoutAbsent({ Tenancy: Placement?.Tenancy, GroupName: Placement?.GroupName || undefined }),
    MetadataOptions: withoutAbsent({
      HttpTokens: MetadataOptions?.HttpTokens,
      HttpPutResponseHopLimit: MetadataOptions?.HttpPutResponseHopLimit,
      HttpEndpoint: MetadataOptions?.HttpEndpoint,
      InstanceMetadataTags: MetadataOptions?.InstanceMetadataTags,
    }),
  });
}

const withoutAbsent = <Fields extends object>(fields: Fields): Partial<Fields> =>
  // The fields that are left are those of the object, as they were.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;

/** Addresses of AWS's own pool change with every stop, and are nobody's. */
const elasticIpsOf = ({ NetworkInterfaces = [] }: Instance): readonly string[] =>
  NetworkInterfaces.flatMap(({ Association }) =>
    Association?.PublicIp === undefined || Association.IpOwnerId === 'amazon' ? [] : [Association.PublicIp],
  );

function differencesOf({ PrivateIpAddress, NetworkInterfaces = [], InstanceLifecycle }: Instance): readonly string[] {
  const secondary = NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) => PrivateIpAddresses).filter(
    ({ Primary }) => Primary === false,
  );
  return [
    `the new instance has another id, and another private address than ${PrivateIpAddress ?? 'before'}`,
    'its applications start with it, beside those of the present instance if that runs',
    'no target group, Auto Scaling group, DNS record or alarm knows it',
    'what was on instance store is not in the image',
    ...(NetworkInterfaces.length > 1
      ? [`of its ${NetworkInterfaces.length} network interfaces the new one has the first only`]
      : []),
    ...(secondary.length > 0 ? [`it has none of its ${secondary.length} secondary private addresses`] : []),
    ...(InstanceLifecycle === undefined ? [] : [`it is no ${InstanceLifecycle} instance`]),
  ];
}
