/** What replacing does, as data: decided purely, performed here, and printed as an operator would type it. */
import { AssociateAddressCommand } from '@aws-sdk/client-ec2';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { type Action as InstanceAction, perform as performOnInstance } from '../../ebs/restore/action.ts';
import { line, commandLine as lineOnInstance } from '../../ebs/restore/command-line.ts';

export type Action =
  | Extract<InstanceAction, { readonly kind: 'stop' | 'start' | 'tag' | 'untag' }>
  /** Leads an Elastic IP address to an instance, wherever it leads now: asked again, nothing changes. */
  | {
      readonly kind: 'associate';
      readonly allocationId: string;
      readonly publicIp: string;
      readonly instanceId: string;
    };

/**
 * @returns as `perform` of EBS
 * @throws a Fault for a refusal that does not pass
 */
export async function perform(action: Action): Promise<string | undefined> {
  if (action.kind !== 'associate') return performOnInstance(action);
  const { allocationId: AllocationId, publicIp, instanceId: InstanceId } = action;
  try {
    await ec2().send(new AssociateAddressCommand({ AllocationId, InstanceId, AllowReassociation: true }));
    return undefined;
  } catch (error) {
    // Of an instance that is starting.
    if (codeOf(error) === 'InvalidInstanceID')
      return `${codeOf(error)}: ${error instanceof Error ? error.message : ''}`;
    throw asFault(error, `leading ${publicIp} (${AllocationId}) to ${InstanceId}`);
  }
}

export function commandLine(action: Action): string {
  if (action.kind !== 'associate') return lineOnInstance(action);
  const { allocationId, instanceId, publicIp } = action;
  const parameters = { 'allocation-id': allocationId, 'instance-id': instanceId, 'allow-reassociation': '' };
  return `${line('ec2 associate-address', parameters)} # ${publicIp}`;
}
