/** Why a new instance may not take the place of the present one. Each finding is one sentence that says what to do. Pure. */
import type { Address, Instance, InstanceNetworkInterfaceAssociation } from '@aws-sdk/client-ec2';
import type { InstanceFacts } from '../../ebs/restore/facts.ts';
import { stopRefusals } from '../../ebs/restore/instance-checks.ts';
import type { AmiDetail } from '../detail.ts';

const beside = 'Or recover without --replace, and change places yourself.';

/** @param addresses of this account, that lead to it */
export function replaceRefusals(
  facts: InstanceFacts,
  addresses: readonly Address[],
  settings: AmiDetail,
): readonly string[] {
  const { instance } = facts;
  const id = instance.InstanceId ?? '';
  const { NetworkInterfaces = [], InstanceLifecycle, RootDeviceType } = instance;
  const { withheldProfile } = settings;
  return [
    ...stopRefusals(facts),
    ...(RootDeviceType === 'instance-store'
      ? [`${id} has an instance-store root: it cannot be stopped, only terminated. ${beside}`]
      : []),
    ...(InstanceLifecycle === undefined
      ? []
      : [`${id} is a ${InstanceLifecycle} instance: EC2 may start or end it by itself while another has its place.`]),
    ...(NetworkInterfaces.length > 1
      ? [
          `${id} has ${NetworkInterfaces.length} network interfaces, and the new one has the first only: what goes by the others would find nothing. ${beside}`,
        ]
      : []),
    ...addressRefusals(instance, addresses),
    ...(withheldProfile === undefined
      ? []
      : [
          `The new instance would have no instance profile, where ${id} has ${withheldProfile}: name its role in the policy (role, of its member), and deploy. ${beside}`,
        ]),
  ];
}

/** One address leads to an instance's only interface; the new one has no other place for any. */
function addressRefusals(instance: Instance, addresses: readonly Address[]): readonly string[] {
  const { InstanceId: id = '' } = instance;
  const known = new Map(addresses.map((address) => [address.PublicIp, address]));
  const others = elasticOf(instance).filter(({ PublicIp }) => !known.has(PublicIp));
  const secondary = addresses.filter(({ PrivateIpAddress }) => PrivateIpAddress !== instance.PrivateIpAddress);
  return [
    ...others.map(
      ({ PublicIp, IpOwnerId }) =>
        `${PublicIp} leads to ${id} and is of the account ${IpOwnerId}, so that it cannot be led back. ${beside}`,
    ),
    ...secondary.map(
      ({ PublicIp, PrivateIpAddress }) =>
        `${PublicIp} leads to ${PrivateIpAddress}, a secondary address of ${id}, which the new one does not have. ${beside}`,
    ),
  ];
}

/** Each once; those of AWS's own pool are nobody's. */
function elasticOf({ NetworkInterfaces = [] }: Instance): readonly InstanceNetworkInterfaceAssociation[] {
  const all = NetworkInterfaces.flatMap(({ Association, PrivateIpAddresses = [] }) => [
    Association,
    ...PrivateIpAddresses.map((address) => address.Association),
  ]).filter((each) => each !== undefined);
  const elastic = all.filter(({ IpOwnerId }) => IpOwnerId !== 'amazon');
  return [...new Map(elastic.map((each) => [each.PublicIp, each])).values()];
}

/** @returns a sentence and its command where the security groups have changed since the image was made */
export function groupWarnings({ SecurityGroups = [] }: Instance, { launch, instanceId }: AmiDetail): readonly string[] {
  const now = SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []).sort();
  const then = groupsOf(launch).toSorted();
  if (now.join(' ') === then.join(' ')) return [];
  return [
    `The security groups of ${instanceId} have changed since the image: the new one has ${then.join(', ')}. To give it the present ones: aws ec2 modify-instance-attribute --instance-id '<new instance>' --groups ${now.join(' ')}`,
  ];
}

const groupsOf = (launch: AmiDetail['launch']): readonly string[] =>
  Array.isArray(launch?.SecurityGroupIds) ? launch.SecurityGroupIds.map(String) : [];
