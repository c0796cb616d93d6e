/** The instance that is replaced, the one that takes its place, and where the address leads, as EC2 shows them at one moment. */
import { type Address, DescribeAddressesCommand, type Filter, type Instance } from '@aws-sdk/client-ec2';
import { ec2 } from '#platform/clients/ec2.ts';
import { describeInstances } from '../../ebs/describe.ts';
import { tagsOf } from '../../ebs/selection.ts';
import { launchedBy } from '../look.ts';
import type { Replacing } from './replaced.ts';

export interface Machine {
  readonly id: string;
  /** EC2's word; `missing` when it is not there at all. */
  readonly state: string;
  /** Why it is in that state, in EC2's words. */
  readonly reason?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly old: Machine;
  /** Absent while it is not launched. */
  readonly made?: Machine | undefined;
  /** Instance that the address leads to; absent: none. */
  readonly holder?: string | undefined;
}

export async function look({ replaced, madeAs }: Replacing): Promise<Seen> {
  const { instanceId, address } = replaced;
  const [old, made, addresses] = await Promise.all([
    lookAt(instanceId),
    launchedBy(madeAs),
    address === undefined ? [] : describeAddresses({ Name: 'allocation-id', Values: [address.allocationId] }),
  ]);
  return { old, made: made && machineOf(made.InstanceId ?? '', made), holder: addresses[0]?.InstanceId };
}

export async function lookAt(id: string): Promise<Machine> {
  const [found] = await describeInstances([{ Name: 'instance-id', Values: [id] }]);
  return machineOf(id, found);
}

function machineOf(id: string, instance: Instance | undefined): Machine {
  const reason = instance?.StateReason?.Message;
  return {
    ...{ id, state: instance?.State?.Name ?? 'missing', tags: tagsOf(instance ?? {}) },
    ...(reason === undefined ? {} : { reason }),
  };
}

/** This account's own; the call has no pages. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html */
export async function describeAddresses(filter: Filter): Promise<readonly Address[]> {
  const { Addresses = [] } = await ec2().send(new DescribeAddressesCommand({ Filters: [filter] }));
  return Addresses;
}
