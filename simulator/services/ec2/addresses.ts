import type {
  Address,
  AssociateAddressRequest,
  AssociateAddressResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { type FilterValues, passes } from './filters.ts';
import { instanceOf } from './lookup.ts';
import type { AddressRecord, InstanceRecord } from './records.ts';
import { notSimulated } from './refusals.ts';
import { tagList } from './tags.ts';

/** Of every machine's one interface. */
export const PRIVATE_IP = '10.0.0.10';

/** The Elastic IP address that a machine has from the beginning, if its specification says one. */
export function allocateFor(context: Ec2Context, { id, spec }: InstanceRecord): void {
  if (spec.elasticIp === undefined) return;
  const association = { instanceId: id, id: `eipassoc-${context.random.hex(17)}` };
  const address: AddressRecord = {
    id: `eipalloc-${context.random.hex(17)}`,
    publicIp: spec.elasticIp,
    owner: spec.elasticIpOwner ?? context.kernel.account,
    tags: new Map(),
    ...{ association, formerAssociation: association, shownAtMs: context.clock.nowMs() },
  };
  context.addresses.set(address.id, address);
}

/** The address that leads to a machine as Describe calls show it. */
export const shownAddressOf = (context: Ec2Context, { id }: InstanceRecord): AddressRecord | undefined =>
  [...context.addresses.values()].find((address) => shown(context, address)?.instanceId === id);

/** A little behind the truth (EC2 Developer Guide, "Eventual consistency"); a terminated machine has given its address back. */
function shown(context: Ec2Context, address: AddressRecord): AddressRecord['association'] {
  const seen = context.clock.nowMs() < address.shownAtMs ? address.formerAssociation : address.association;
  return context.instances.get(seen?.instanceId ?? '')?.state === 'terminated' ? undefined : seen;
}

const filtersOf = (context: Ec2Context): FilterValues<AddressRecord> => ({
  'allocation-id': (each) => [each.id],
  'public-ip': (each) => [each.publicIp],
  'instance-id': (each) => [shown(context, each)?.instanceId],
});

/** DescribeAddresses of this account's own, by filters; it has no pages. */
export function describeAddresses(context: Ec2Context, input: DescribeAddressesRequest): DescribeAddressesResult {
  if (input.AllocationIds !== undefined || input.PublicIps !== undefined) {
    throw notSimulated('DescribeAddresses by ids');
  }
  const own = [...context.addresses.values()].filter(({ owner }) => owner === context.kernel.account);
  const Addresses = own.filter(passes(input.Filters, filtersOf(context))).map((each) => describe(context, each));
  return { Addresses };
}

function describe(context: Ec2Context, address: AddressRecord): Address {
  const association = shown(context, address);
  return {
    ...{ AllocationId: address.id, PublicIp: address.publicIp, Domain: 'vpc', Tags: tagList(address.tags) },
    ...(association === undefined
      ? {}
      : {
          ...{ AssociationId: association.id, InstanceId: association.instanceId },
          ...{ PrivateIpAddress: PRIVATE_IP, NetworkInterfaceOwnerId: context.kernel.account },
        }),
  };
}

/** AssociateAddress with a machine's only interface. What leads elsewhere is led here, unless told not to; what led here does no longer. */
export function associateAddress(context: Ec2Context, input: AssociateAddressRequest): AssociateAddressResult {
  const { AllocationId = '', InstanceId, AllowReassociation, DryRun: _, ...others } = input;
  const [foreign] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (foreign !== undefined) throw notSimulated(`AssociateAddress with ${foreign}`);
  const address = context.addresses.get(AllocationId);
  if (address === undefined || address.owner !== context.kernel.account) {
    throw new ApiError('InvalidAllocationID.NotFound', `The allocation ID '${AllocationId}' does not exist`);
  }
  const instance = instanceOf(context, InstanceId);
  checkFit(instance);
  if (address.association?.instanceId === instance.id) return { AssociationId: address.association.id };
  if (address.association !== undefined && AllowReassociation === false) {
    throw new ApiError('Resource.AlreadyAssociated', `resource ${AllocationId} is already associated`);
  }
  for (const other of context.addresses.values()) {
    if (other.association?.instanceId === instance.id) lead(context, other, undefined);
  }
  const association = { instanceId: instance.id, id: `eipassoc-${context.random.hex(17)}` };
  lead(context, address, association);
  return { AssociationId: association.id };
}

function checkFit({ id, state }: InstanceRecord): void {
  if (state === 'running' || state === 'stopping' || state === 'stopped') return;
  throw new ApiError('InvalidInstanceID', `The ${state} instance '${id}' is not in a valid state for this operation.`);
}

function lead(context: Ec2Context, address: AddressRecord, association: AddressRecord['association']): void {
  address.formerAssociation = address.association;
  address.shownAtMs = context.clock.nowMs() + context.lags.take('visibility');
  address.association = association;
}
