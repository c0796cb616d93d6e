import { ApiError } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { InstanceRecord } from '../ec2/records.ts';

/** Lifecycle states used here (Auto Scaling User Guide, "Amazon EC2 Auto Scaling instance lifecycle"). */
export type Lifecycle = 'Pending' | 'InService' | 'EnteringStandby' | 'Standby' | 'Terminating' | 'Terminated';

export interface Group {
  readonly name: string;
  /** Instance id -> lifecycle state. */
  readonly members: Map<string, Lifecycle>;
  readonly createdMs: number;
  minSize: number;
  maxSize: number;
  desired: number;
  readonly suspended: Set<string>;
}

export interface Groups {
  all(): readonly Group[];
  /** Refuses with ValidationError when there is none. */
  named(name: string): Group;
  ofInstance(instanceId: string): Group | undefined;
}

/** Groups come to exist with the first instance that names them; every instance launched so is in service. */
export function createGroups(ec2: Ec2, nowMs: () => number): Groups {
  const groups = new Map<string, Group>();
  const adopt = () => {
    for (const instance of ec2.world.instances.values()) {
      adoptInto(groups, instance, nowMs());
    }
  };
  return {
    all: () => {
      adopt();
      return [...groups.values()];
    },
    named: (name) => {
      adopt();
      const group = groups.get(name);
      if (!group) {
        throw new ApiError('ValidationError', `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
      }
      return group;
    },
    ofInstance: (instanceId) => {
      adopt();
      return [...groups.values()].find((group) => group.members.has(instanceId));
    },
  };
}

function adoptInto(groups: Map<string, Group>, instance: InstanceRecord, nowMs: number): void {
  const name = instance.spec.autoScalingGroup;
  if (name === undefined || instance.state === 'terminated') {
    return;
  }
  const group = groups.get(name) ?? newGroup(name, nowMs);
  groups.set(name, group);
  if (!group.members.has(instance.id)) {
    group.members.set(instance.id, 'InService');
    group.desired = Math.max(group.desired, inService(group));
    group.maxSize = Math.max(group.maxSize, group.desired);
  }
}

/** How many members count to the desired capacity. */
export function inService(group: Group): number {
  return [...group.members.values()].filter((state) => state === 'InService' || state === 'Pending').length;
}

function newGroup(name: string, nowMs: number): Group {
  return { name, members: new Map(), createdMs: nowMs, minSize: 0, maxSize: 1, desired: 0, suspended: new Set() };
}
