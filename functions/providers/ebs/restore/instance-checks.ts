/** What can be wrong with an instance before it is stopped. Each finding is one sentence that says what to do. Pure. */

import { line } from './command-line.ts';
import type { InstanceFacts } from './facts.ts';

export function instanceRefusals(facts: InstanceFacts, newDevices: number): readonly string[] {
  const { instance } = facts;
  const id = instance.InstanceId ?? '';
  return [
    ...stopRefusals(facts),
    ...(instance.InstanceLifecycle === 'spot'
      ? [
          `${id} is a Spot instance: EC2 may start, stop or terminate it by itself while its volumes are off. Recover into an On-Demand instance with --to-instance.`,
        ]
      : []),
    ...(instance.RootDeviceType === 'instance-store'
      ? [
          `${id} has an instance-store root: it cannot be stopped, so its volumes cannot be swapped. Recover into another instance with --to-instance.`,
        ]
      : []),
    ...slotRefusals(id, facts, newDevices),
  ];
}

/** Why it must not be stopped, whatever for. */
export function stopRefusals(facts: InstanceFacts): readonly string[] {
  const id = facts.instance.InstanceId ?? '';
  return [...stateRefusals(id, facts), ...scalingRefusals(id, facts)];
}

function stateRefusals(id: string, { instance, isStopProtected }: InstanceFacts): readonly string[] {
  const state = instance.State?.Name ?? 'unknown';
  if (state === 'terminated' || state === 'shutting-down') {
    return [`${id} is ${state}. Launch another instance and recover into it with --to-instance.`];
  }
  if (state !== 'running' && state !== 'stopped') return [`${id} is ${state}: wait until it is running or stopped.`];
  if (instance.StateReason?.Code === 'Client.UserInitiatedHibernate' && state === 'stopped') {
    return [`${id} is hibernated: its memory belongs to the volumes that it has. Start it and stop it normally first.`];
  }
  if (state === 'running' && isStopProtected) {
    const command = `${line('ec2 modify-instance-attribute', { 'instance-id': id })} --no-disable-api-stop`;
    return [`${id} is protected against stopping. Lift that first: ${command}`];
  }
  return [];
}

/**
 * A stopped instance counts as unhealthy and is terminated, whatever its protection; one in Standby is left alone.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 */
function scalingRefusals(id: string, { scaling }: InstanceFacts): readonly string[] {
  if (scaling === undefined || scaling.LifecycleState === 'Standby') return [];
  const command = line('autoscaling enter-standby', {
    'instance-ids': id,
    'auto-scaling-group-name': scaling.AutoScalingGroupName ?? '',
    'should-decrement-desired-capacity': '',
  });
  return [
    `${id} is ${scaling.LifecycleState} in the Auto Scaling group ${scaling.AutoScalingGroupName}, which would terminate it once it is stopped. Put it into Standby first: ${command}`,
  ];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/volume_limits.html */
function slotRefusals(id: string, { instance, attached, type }: InstanceFacts, newDevices: number): readonly string[] {
  const limit = type?.EbsInfo?.MaximumEbsAttachments;
  if (limit === undefined || newDevices === 0) return [];
  const disks = (type?.InstanceStorageInfo?.Disks ?? []).reduce((sum, { Count = 0 }) => sum + Count, 0);
  const shared =
    type?.EbsInfo?.AttachmentLimitType === 'shared' ? (instance.NetworkInterfaces ?? []).length + disks : 0;
  const free = limit - attached.length - shared;
  if (newDevices <= free) return [];
  return [
    `${id} (${instance.InstanceType}) has room for ${Math.max(0, free)} more volumes, and this recovery attaches ${newDevices} under devices that are empty now. Detach others, take a larger type, or choose fewer with --volumes.`,
  ];
}

export function instanceWarnings(facts: InstanceFacts): readonly string[] {
  const { InstanceId: id, State } = facts.instance;
  return [
    ...stopWarnings(facts),
    ...(State?.Name === 'running'
      ? []
      : [`${id} is stopped: it is left stopped, and nothing verifies that the application works.`]),
  ];
}

/** What it loses by being stopped, whatever for. */
export function stopWarnings({ instance, type }: InstanceFacts): readonly string[] {
  const id = instance.InstanceId ?? '';
  const runs = instance.State?.Name === 'running';
  const address = (instance.NetworkInterfaces ?? []).find(({ Association }) => Association?.IpOwnerId === 'amazon');
  return [
    ...(runs && type?.InstanceStorageSupported === true
      ? [`${id} (${instance.InstanceType}) may have instance-store volumes: stopping it loses all that is on them.`]
      : []),
    ...(runs && address !== undefined
      ? [
          `${id} has the automatic public address ${address.Association?.PublicIp}: it will have another one after the start.`,
        ]
      : []),
    ...(instance.HibernationOptions?.Configured === true
      ? [`${id} is configured for hibernation; it is stopped normally here, and must not be hibernated meanwhile.`]
      : []),
  ];
}
