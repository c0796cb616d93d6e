import type { InstanceState, InstanceStateName } from '@aws-sdk/client-ec2';
import { cutLoose, endBusyDetaches } from './attachments.ts';
import type { Ec2Context } from './context.ts';
import { emitInstanceState } from './events.ts';
import { keyFailure } from './keys.ts';
import type { InstanceRecord } from './records.ts';
import { removeVolume } from './volumes.ts';

const CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function describeState(state: InstanceStateName): InstanceState {
  return { Code: CODES[state], Name: state };
}

/** The state that Describe calls show: a little behind the truth (EC2 Developer Guide, "Eventual consistency"). */
export function shownState(context: Ec2Context, instance: InstanceRecord): InstanceStateName {
  return context.clock.nowMs() < instance.stateShownAtMs ? instance.formerState : instance.state;
}

/** Changes the state, and tells the world: the event, and who listens inside (Auto Scaling). */
export function enterState(context: Ec2Context, instance: InstanceRecord, state: InstanceStateName): void {
  instance.formerState = instance.state;
  instance.stateShownAtMs = context.clock.nowMs() + context.lags.take('visibility');
  instance.state = state;
  emitInstanceState(context, instance);
  for (const listen of context.onInstanceState) {
    listen(instance);
  }
}

/** running -> stopping -> stopped. The guest flushes and unmounts on the way, unless its shutdown is skipped. */
export function beginStop(context: Ec2Context, instance: InstanceRecord, skipGuest: boolean): void {
  const { clock, durations } = context;
  enterState(context, instance, 'stopping');
  if (context.arranged.hangingStops.has(instance.id)) {
    return;
  }
  if (skipGuest) {
    instance.guest.powerOff();
  } else {
    clock.at(clock.nowMs() + durations.take('shutdownGuest'), () => {
      if (instance.state === 'stopping') {
        instance.guest.shutdown();
      }
    });
  }
  completeStop(context, instance);
}

/** Cuts the power of an instance whose guest does not shut down (EC2 User Guide, "Troubleshoot Amazon EC2 instance stop issues"). */
export function forceStop(context: Ec2Context, instance: InstanceRecord): void {
  if (context.arranged.hangingStops.delete(instance.id)) {
    instance.guest.powerOff();
    completeStop(context, instance);
  }
}

function completeStop(context: Ec2Context, instance: InstanceRecord): void {
  const { clock, durations } = context;
  clock.at(clock.nowMs() + durations.take('stopInstance'), () => {
    if (instance.state === 'stopping') {
      instance.guest.shutdown();
      enterState(context, instance, 'stopped');
      endBusyDetaches(context, instance);
    }
  });
}

/** stopped -> pending -> running, or back to stopped when a volume's key cannot be used. Status checks pass some minutes later. */
export function beginStart(context: Ec2Context, instance: InstanceRecord): void {
  const { clock, durations } = context;
  instance.launchTimeMs = clock.nowMs();
  instance.stateReason = undefined;
  instance.statusOkAtMs = Number.POSITIVE_INFINITY;
  enterState(context, instance, 'pending');
  clock.at(clock.nowMs() + durations.take('startInstance'), () => {
    if (instance.state !== 'pending') {
      return;
    }
    if (attachedTo(context, instance).some((volume) => keyFailure(context, volume) !== undefined)) {
      instance.stateReason = { code: 'Client.InternalError', message: 'Client.InternalError: Client error on launch' };
      enterState(context, instance, 'stopped');
      return;
    }
    instance.guest.boot();
    instance.agent = instance.agent === 'dead' ? 'online' : instance.agent;
    instance.hasRun = true;
    instance.statusOkAtMs = clock.nowMs() + durations.take('passStatusChecks');
    enterState(context, instance, 'running');
  });
}

/** Any state -> shutting-down -> terminated; volumes go or stay by their DeleteOnTermination. */
export function terminate(context: Ec2Context, instance: InstanceRecord, reason: string): void {
  if (instance.state === 'terminated' || instance.state === 'shutting-down') {
    return;
  }
  const { clock, durations } = context;
  instance.stateReason = { code: reason, message: reason };
  enterState(context, instance, 'shutting-down');
  instance.guest.shutdown();
  clock.at(clock.nowMs() + durations.take('terminateInstance'), () => {
    for (const volume of attachedTo(context, instance)) {
      const goes = instance.mappings.get(volume.attachment?.device ?? '')?.deleteOnTermination === true;
      cutLoose(context, volume, instance);
      if (goes) {
        removeVolume(context, volume);
      }
    }
    enterState(context, instance, 'terminated');
  });
}

function attachedTo(context: Ec2Context, instance: InstanceRecord) {
  return [...context.volumes.values()].filter((volume) => volume.attachment?.instanceId === instance.id);
}
