import type { ProgramResult } from '../../guest/guest.ts';
import { scriptModel } from '../../guest/programs.ts';
import { GuestGone } from '../../guest/running-programs.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import { executionTimeoutSeconds } from './documents.ts';
import { emitCommand, emitInvocation } from './events.ts';
import type { CommandRecord, InvocationRecord, SsmContext } from './records.ts';

/** An absent agent asks again this often once it is back. */
const AGENT_POLL_MS = 5_000;
/** GetCommandInvocation gives so many characters (SSM API GetCommandInvocation). */
const STDOUT_CHARACTERS = 24_000;
const STDERR_CHARACTERS = 8_000;
/** Scripts take some time even when they do nothing. */
const SCRIPT_START_MS = [15, 40] as const;

/** Sends a command to one machine: delivered when its agent is there, given up after the delivery timeout. */
export function deliver(context: SsmContext, command: CommandRecord, invocation: InvocationRecord): void {
  const { clock } = context;
  const nowMs = clock.nowMs();
  clock.at(command.deliverUntilMs, () => {
    if (invocation.status === 'Pending') {
      conclude(context, command, invocation, 'TimedOut', 'Delivery Timed Out');
    }
  });
  clock.at(nowMs + Math.round(context.random.between(300, 900)), () => tryToStart(context, command, invocation));
}

async function tryToStart(context: SsmContext, command: CommandRecord, invocation: InvocationRecord): Promise<void> {
  if (invocation.status !== 'Pending') {
    return;
  }
  const instance = context.instances.get(invocation.instanceId);
  if (!instance || !isAgentThere(instance)) {
    context.clock.at(context.clock.nowMs() + AGENT_POLL_MS, () => tryToStart(context, command, invocation));
    return;
  }
  invocation.status = 'InProgress';
  invocation.statusDetails = 'In Progress';
  invocation.startedMs = context.clock.nowMs();
  emitInvocation(context, command, invocation);
  await run(context, command, invocation, instance);
}

/** Online, the machine is up, and its root is not frozen: the agent writes its own state there. */
export function isAgentThere(instance: InstanceRecord): boolean {
  const { guest } = instance;
  return instance.agent === 'online' && instance.state === 'running' && guest.state() === 'up' && !guest.isFrozen('/');
}

async function run(
  context: SsmContext,
  command: CommandRecord,
  invocation: InvocationRecord,
  instance: InstanceRecord,
): Promise<void> {
  const { clock } = context;
  const timeoutMs = executionTimeoutSeconds(command.document, command.values) * 1_000;
  const startedMs = clock.nowMs();
  const totalEndMs = startedMs + (command.deliverUntilMs - command.requestedMs) + timeoutMs;
  const death = context.dyingAgents.get(instance.id);
  context.dyingAgents.delete(instance.id);
  if (death) {
    instance.agent = 'dead';
  }
  clock.at(startedMs + timeoutMs, () => {
    if (invocation.status === 'InProgress' && isAgentThere(instance)) {
      conclude(context, command, invocation, 'TimedOut', 'Execution Timed Out');
    }
  });
  clock.at(totalEndMs, () => {
    if (invocation.status === 'InProgress') {
      conclude(context, command, invocation, 'TimedOut', 'Delivery Timed Out');
    }
  });
  const result = death === 'before-script' ? undefined : await runScript(context, command, instance);
  if (result && !death && instance.agent === 'online') {
    report(context, command, invocation, result);
  }
}

/** Undefined when the machine went down under the script. */
async function runScript(
  context: SsmContext,
  command: CommandRecord,
  instance: InstanceRecord,
): Promise<ProgramResult | undefined> {
  try {
    await instance.guest.sleep(Math.round(context.random.between(...SCRIPT_START_MS)));
    const { run: runInGuest, script } = command.document;
    if (runInGuest === undefined) return await scriptModel(script)(instance.guest, command.values);
    return await runInGuest(instance, command.values, context);
  } catch (error) {
    if (error instanceof GuestGone) {
      return undefined;
    }
    throw error;
  }
}

function report(
  context: SsmContext,
  command: CommandRecord,
  invocation: InvocationRecord,
  result: ProgramResult,
): void {
  if (invocation.status !== 'InProgress' && invocation.status !== 'Cancelling') {
    return;
  }
  invocation.exitCode = result.exitCode;
  invocation.stdout = result.stdout.slice(0, STDOUT_CHARACTERS);
  invocation.stderr = result.stderr.slice(0, STDERR_CHARACTERS);
  if (invocation.status === 'Cancelling') {
    conclude(context, command, invocation, 'Cancelled', 'Cancelled');
  } else if (result.exitCode === 0) {
    conclude(context, command, invocation, 'Success', 'Success');
  } else {
    conclude(context, command, invocation, 'Failed', 'Failed');
  }
}

/** The end of one invocation, and of its command when it was the last. */
export function conclude(
  context: SsmContext,
  command: CommandRecord,
  invocation: InvocationRecord,
  status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled',
  statusDetails: string,
): void {
  invocation.status = status;
  invocation.statusDetails = statusDetails;
  invocation.endedMs = context.clock.nowMs();
  emitInvocation(context, command, invocation);
  if (command.invocations.every((each) => each.endedMs !== undefined)) {
    const all = command.invocations.map((each) => each.status);
    const worst = (['TimedOut', 'Failed', 'Cancelled'] as const).find((each) => all.includes(each));
    command.status = worst ?? 'Success';
    emitCommand(context, command);
  }
}
