import type {
  Activity,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  EnterStandbyAnswer,
  EnterStandbyQuery,
  ExitStandbyQuery,
} from '@aws-sdk/client-auto-scaling';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Operation, type Service } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import { DEFAULT_INSTANCE_TYPE } from '../ec2/launch-spec.ts';
import { createGroups, type Group, type Groups, type Lifecycle } from './groups.ts';
import { type Health, watchHealth } from './health-checks.ts';

/** Draining takes up to five minutes behind a load balancer; without one, moments. */
const ENTER_STANDBY_MS = 8_000;
const EXIT_STANDBY_MS = 12_000;

interface Scaling {
  readonly kernel: Kernel;
  readonly ec2: Ec2;
  readonly groups: Groups;
  readonly health: Health;
}

export interface AutoScaling extends Service {
  /** A group's sizes and suspended processes, for tests to change. */
  group(name: string): Group;
  readonly arrange: { instanceReplacedByAsg(instanceId: string): void };
}

/** Simulated EC2 Auto Scaling over EC2's machines that name a group. */
export function createAutoScaling(kernel: Kernel, ec2: Ec2): AutoScaling {
  const groups = createGroups(ec2, () => kernel.clock.nowMs());
  const health = watchHealth(kernel, ec2, groups);
  const scaling: Scaling = { kernel, ec2, groups, health };
  const on =
    <Input, Output>(run: (scaling: Scaling, input: Input) => Output): Operation<Input, Output> =>
    (input) =>
      run(scaling, input);
  return {
    name: 'autoscaling',
    client: () => import('@aws-sdk/client-auto-scaling'),
    operations: {
      DescribeAutoScalingInstances: on(describeInstances),
      DescribeAutoScalingGroups: on(describeGroups),
      EnterStandby: on(enterStandby),
      ExitStandby: on(exitStandby),
    },
    access: (operation, input) => autoScalingAccess(scaling, operation, input),
    group: (name) => groups.named(name),
    arrange: { instanceReplacedByAsg: (instanceId) => ec2.arrange.instanceTerminated(instanceId) },
  };
}

/** Service Authorization Reference: both standby calls act on the group, whose ARN holds a UUID; Describe calls on `*`. */
function autoScalingAccess({ kernel }: Scaling, operation: string, input: unknown): readonly Access[] {
  const action = `autoscaling:${operation}`;
  const name: unknown =
    typeof input === 'object' && input !== null ? Reflect.get(input, 'AutoScalingGroupName') : undefined;
  return [{ action, resource: typeof name === 'string' ? groupArn(kernel, name) : '*' }];
}

function groupArn(kernel: Kernel, name: string): string {
  const uuid = '00000000-0000-4000-8000-000000000000';
  return arn(kernel, 'autoscaling', `autoScalingGroup:${uuid}:autoScalingGroupName/${name}`);
}

function describeMember(scaling: Scaling, id: string, lifecycle: Lifecycle) {
  const instance = scaling.ec2.world.instance(id);
  return {
    InstanceId: id,
    AvailabilityZone: instance.availabilityZone,
    InstanceType: instance.spec.type ?? DEFAULT_INSTANCE_TYPE,
    LifecycleState: lifecycle,
    HealthStatus: instance.state === 'running' || lifecycle === 'Standby' ? 'Healthy' : 'Unhealthy',
    ProtectedFromScaleIn: false,
  } as const;
}

function describeInstances(scaling: Scaling, input: DescribeAutoScalingInstancesType): AutoScalingInstancesType {
  const wanted = input.InstanceIds ?? [];
  const AutoScalingInstances = scaling.groups.all().flatMap((group) =>
    [...group.members]
      .filter(([id]) => wanted.length === 0 || wanted.includes(id))
      .map(([id, lifecycle]) => {
        const member = describeMember(scaling, id, lifecycle);
        return { ...member, HealthStatus: member.HealthStatus.toUpperCase(), AutoScalingGroupName: group.name };
      }),
  );
  return { AutoScalingInstances };
}

function describeGroups(scaling: Scaling, input: AutoScalingGroupNamesType): AutoScalingGroupsType {
  const names = input.AutoScalingGroupNames ?? [];
  const shown = scaling.groups.all().filter(({ name }) => names.length === 0 || names.includes(name));
  return {
    AutoScalingGroups: shown.map((group) => ({
      AutoScalingGroupName: group.name,
      AutoScalingGroupARN: groupArn(scaling.kernel, group.name),
      MinSize: group.minSize,
      MaxSize: group.maxSize,
      DesiredCapacity: group.desired,
      DefaultCooldown: 300,
      AvailabilityZones: [...scaling.ec2.context.zones],
      HealthCheckType: 'EC2',
      CreatedTime: new Date(group.createdMs),
      Instances: [...group.members].map(([id, lifecycle]) => describeMember(scaling, id, lifecycle)),
      SuspendedProcesses: [...group.suspended].map((ProcessName) => ({ ProcessName })),
    })),
  };
}

/** EnterStandby: members in service only; without decrementing the group would launch a replacement. */
function enterStandby(scaling: Scaling, input: EnterStandbyQuery): EnterStandbyAnswer {
  const group = scaling.groups.named(input.AutoScalingGroupName ?? '');
  const ids = input.InstanceIds ?? [];
  for (const id of ids) {
    requireState(group, id, 'InService');
  }
  if (input.ShouldDecrementDesiredCapacity && group.desired - ids.length < group.minSize) {
    throw new ApiError(
      'ValidationError',
      `AutoScalingGroup ${group.name} has min-size=${group.minSize}, max-size=${group.maxSize}, and desired-size=${group.desired}. To place into standby ${ids.length} instance, please update the AutoScalingGroup sizes appropriately.`,
    );
  }
  group.desired -= input.ShouldDecrementDesiredCapacity ? ids.length : 0;
  const Activities = ids.map((id) => move(scaling, group, id, ['EnteringStandby', 'Standby'], ENTER_STANDBY_MS));
  for (const id of ids) {
    scaling.health.replace(group, scaling.ec2.world.instance(id));
  }
  return { Activities };
}

/** ExitStandby: back to service, and to health checks: one that does not run by then is replaced. */
function exitStandby(scaling: Scaling, input: ExitStandbyQuery): EnterStandbyAnswer {
  const group = scaling.groups.named(input.AutoScalingGroupName ?? '');
  const ids = input.InstanceIds ?? [];
  for (const id of ids) {
    requireState(group, id, 'Standby');
  }
  if (group.suspended.has('Launch')) {
    throw new ApiError('ValidationError', `The Launch process of AutoScalingGroup ${group.name} is suspended.`);
  }
  if (group.desired + ids.length > group.maxSize) {
    throw new ApiError('ValidationError', `AutoScalingGroup ${group.name} would exceed max-size=${group.maxSize}.`);
  }
  group.desired += ids.length;
  return { Activities: ids.map((id) => move(scaling, group, id, ['Pending', 'InService'], EXIT_STANDBY_MS)) };
}

function requireState(group: Group, id: string, state: Lifecycle): void {
  if (!group.members.has(id)) {
    throw new ApiError('ValidationError', `The instance ${id} is not part of Auto Scaling group ${group.name}.`);
  }
  if (group.members.get(id) !== state) {
    throw new ApiError('ValidationError', `The instance ${id} is not in ${state}.`);
  }
}

function move(
  { kernel, ec2, health }: Scaling,
  group: Group,
  id: string,
  [passing, final]: readonly [Lifecycle, Lifecycle],
  durationMs: number,
): Activity {
  group.members.set(id, passing);
  kernel.clock.at(kernel.clock.nowMs() + durationMs, () => {
    if (group.members.get(id) === passing) {
      group.members.set(id, final);
      health.judge(ec2.world.instance(id));
    }
  });
  return {
    ActivityId: kernel.random.hex(32),
    AutoScalingGroupName: group.name,
    Description: `Moving EC2 instance to ${final}: ${id}`,
    Cause: `instance ${id} was moved to ${final} in response to a user request.`,
    StartTime: new Date(kernel.clock.nowMs()),
    StatusCode: 'InProgress',
    Progress: 50,
  };
}
