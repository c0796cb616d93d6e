/**
 * What an instance was launched with, as far as a launch from its image has to be told it again.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 */
import { DescribeInstanceAttributeCommand, type Instance, type RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2 } from '#platform/clients/ec2.ts';
import { ownTagsOf } from '../ebs/selection.ts';
import { faultWhile } from '../named-snapshots.ts';

/** User data may have 16 KB, and a record of the ledger 400 KB for a whole run: of what is longer only its being there is noted. */
const mostUserDataCharacters = 4096;

export async function launchDetail(instance: Instance): Promise<Readonly<Record<string, unknown>>> {
  const userData = await userDataOf(instance);
  const isKept = userData !== undefined && userData.length <= mostUserDataCharacters && !userData.includes('\uFFFD');
  return {
    launch: { ...launchOf(instance), ...(isKept ? { UserData: userData } : {}) },
    tags: ownTagsOf(instance),
    elasticIps: elasticIpsOf(instance),
    differences: [
      ...(userData === undefined || isKept
        ? []
        : ['its user data is too long to be kept, or no text: the new instance gets none']),
      ...differencesOf(instance),
    ],
  };
}

/** As text; the CLI encodes it. Undefined: it has none. */
async function userDataOf({ InstanceId }: Instance): Promise<string | undefined> {
  const { UserData } = await ec2()
    .send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'userData' }))
    .catch(faultWhile(`reading the user data of ${InstanceId}`));
  return UserData?.Value === undefined ? undefined : Buffer.from(UserData.Value, 'base64').toString('utf8');
}

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
