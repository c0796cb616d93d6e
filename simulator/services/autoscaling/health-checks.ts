import type { Kernel } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import { terminate } from '../ec2/instance-lifecycle.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import { type Group, type Groups, inService } from './groups.ts';

/** Typical: a group notices, terminates and replaces within about a minute. */
const NOTICE_MS = 30_000;
const REPLACE_MS = 60_000;

export interface Health {
  /** Terminates the instance in a while if it is in service and not running. */
  judge(instance: InstanceRecord): void;
  /** Launches one like this in a while if the group is then below its desired capacity. */
  replace(group: Group, instance: InstanceRecord): void;
}

/**
 * The actor: an instance in service that is anything but running is unhealthy at once, terminated and replaced, whatever protections it
 * has; only Standby (or suspended processes) saves it (Auto Scaling User Guide, "Health checks for instances").
 */
export function watchHealth(kernel: Kernel, ec2: Ec2, groups: Groups): Health {
  const replace = (group: Group, instance: InstanceRecord) => {
    kernel.clock.at(kernel.clock.nowMs() + REPLACE_MS, () => {
      if (inService(group) < group.desired && !group.suspended.has('Launch')) {
        const { id: _, ...spec } = instance.spec;
        ec2.world.launchInstance(spec);
        groups.all();
      }
    });
  };
  const judge = (instance: InstanceRecord) => {
    const group = groups.ofInstance(instance.id);
    if (!group || !isDoomed(group, instance)) {
      return;
    }
    kernel.clock.at(kernel.clock.nowMs() + NOTICE_MS, () => {
      if (isDoomed(group, instance)) {
        group.members.set(instance.id, 'Terminating');
        terminate(ec2.context, instance, 'Server.AutoScalingUnhealthy');
      }
    });
  };
  ec2.context.onInstanceState.push((instance) => {
    const group = groups.ofInstance(instance.id);
    if (group && instance.state === 'terminated') {
      group.members.delete(instance.id);
      replace(group, instance);
      return;
    }
    judge(instance);
  });
  return { judge, replace };
}

function isDoomed(group: Group, instance: InstanceRecord): boolean {
  const saved = ['HealthCheck', 'ReplaceUnhealthy', 'Terminate'].some((process) => group.suspended.has(process));
  const isUnwell = instance.state !== 'running' && instance.state !== 'terminated' && instance.state !== 'pending';
  return isUnwell && !saved && group.members.get(instance.id) === 'InService';
}
