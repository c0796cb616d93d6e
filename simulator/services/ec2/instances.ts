import type {
  InstanceStateChange,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { beginStart, beginStop, describeState, forceStop } from './instance-lifecycle.ts';
import { DEFAULT_INSTANCE_TYPE } from './launch-spec.ts';
import { checkAllFound, instanceOf } from './lookup.ts';
import type { InstanceRecord } from './records.ts';
import { incorrectInstanceState, missingParameter, notSimulated } from './refusals.ts';

/** StopInstances: every instance must be stoppable, or none is stopped. Stopping a stopped one changes nothing. */
export function stopInstances(context: Ec2Context, input: StopInstancesRequest): StopInstancesResult {
  if (input.Hibernate) {
    throw notSimulated('StopInstances with Hibernate');
  }
  const instances = namedInstances(context, input.InstanceIds);
  for (const instance of instances) {
    checkStoppable(instance);
  }
  return {
    StoppingInstances: instances.map((instance) =>
      change(instance, () => {
        if (instance.state === 'running') {
          beginStop(context, instance, input.SkipOsShutdown === true);
        }
        if (input.Force === true) {
          forceStop(context, instance);
        }
      }),
    ),
  };
}

/** StartInstances: every instance must be startable, or none is started. Starting a running one changes nothing. */
export function startInstances(context: Ec2Context, input: StartInstancesRequest): StartInstancesResult {
  const instances = namedInstances(context, input.InstanceIds);
  for (const instance of instances) {
    checkStartable(instance);
  }
  for (const instance of instances) {
    checkCapacity(context, instance);
  }
  return {
    StartingInstances: instances.map((instance) =>
      change(instance, () => {
        if (instance.state === 'stopped') {
          beginStart(context, instance);
        }
      }),
    ),
  };
}

function namedInstances(context: Ec2Context, ids: readonly string[] | undefined): readonly InstanceRecord[] {
  if (!ids || ids.length === 0) {
    throw missingParameter('InstanceId');
  }
  checkAllFound('instance', ids, [...context.instances.values()]);
  return ids.map((id) => instanceOf(context, id));
}

function change(instance: InstanceRecord, apply: () => void): InstanceStateChange {
  const previous = instance.state;
  apply();
  return {
    InstanceId: instance.id,
    PreviousState: describeState(previous),
    CurrentState: describeState(instance.state),
  };
}

/** Force overcomes a guest that hangs, not the stop protection. */
function checkStoppable(instance: InstanceRecord): void {
  const { id, state, spec } = instance;
  if (state === 'pending' && !instance.hasRun) {
    throw incorrectInstanceState(`Instance '${id}' cannot be stopped as it has never reached the 'running' state.`);
  }
  if (state === 'terminated' || state === 'shutting-down' || state === 'pending') {
    throw incorrectInstanceState(`This instance '${id}' is not in a state from which it can be stopped.`);
  }
  if (spec.rootDeviceType === 'instance-store') {
    throw new ApiError(
      'UnsupportedOperation',
      `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`,
    );
  }
  if (spec.spot === 'one-time') {
    throw new ApiError(
      'UnsupportedOperation',
      `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    );
  }
  if (instance.disableApiStop) {
    throw new ApiError(
      'OperationNotPermitted',
      `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
  }
}

function checkStartable(instance: InstanceRecord): void {
  const { id, state } = instance;
  if (state !== 'stopped' && state !== 'running' && state !== 'pending') {
    throw incorrectInstanceState(`The instance '${id}' is not in a state from which it can be started.`);
  }
  const root = instance.mappings.get(instance.rootDevice);
  if (state === 'stopped' && root?.status !== 'attached') {
    throw new ApiError(
      'IncorrectState',
      `Invalid value '${id}' for instanceId. Instance does not have a volume attached at root (${instance.rootDevice})`,
    );
  }
}

/** HTTP 500, which makes SDKs retry it in vain. */
function checkCapacity(context: Ec2Context, instance: InstanceRecord): void {
  const { starvedStarts, zonesDown } = context.arranged;
  const left = starvedStarts.get(instance.id) ?? 0;
  const isShort = left > 0 || zonesDown.has(instance.availabilityZone);
  if (instance.state !== 'stopped' || !isShort) {
    return;
  }
  starvedStarts.set(instance.id, Math.max(0, left - 1));
  throw new ApiError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${instance.spec.type ?? DEFAULT_INSTANCE_TYPE} capacity in the Availability Zone you requested (${instance.availabilityZone}).`,
    500,
  );
}
