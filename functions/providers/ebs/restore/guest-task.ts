/** What a recovery has done in the guest: each through its SSM document, sent once, then asked for, over as many invocations as it takes. */
import { type CleanUp, cleanUpParameters } from '#domain/clean-up.ts';
import type { RecoveryPlan } from '#domain/recovery.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { type CommandInvocation, ssm } from '#platform/clients/ssm.ts';
import { documentName } from '#platform/environment.ts';

export interface GuestTask {
  readonly document: 'clean-up' | 'verify';
  /** Beside `run` and `deadlineSeconds`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** As in "the verify script /opt/verify". */
  readonly name: string;
  /** What it means when it fails, in words that can stand after the name. */
  readonly failure: string;
}

/** In this order: the script judges what is there without the temporary files. */
export const guestTasks = ({
  cleanUp = [],
  verify,
}: Pick<RecoveryPlan, 'cleanUp' | 'verify'>): readonly GuestTask[] => [
  ...cleanUp.map(purge),
  ...(verify === undefined ? [] : [ask(verify)]),
];

const purge = (cleanUp: CleanUp): GuestTask => ({
  document: 'clean-up',
  parameters: { action: 'purge', ...cleanUpParameters(cleanUp) },
  name: `the clean-up of ${cleanUp.roots.join(', ')}`,
  failure: 'did not take all temporary files away',
});

const ask = (path: string): GuestTask => ({
  document: 'verify',
  parameters: { path },
  name: `the verify script ${path}`,
  failure: 'says that the application does not work',
});

/** `unreached`: it has not run and never will; to be sent again once the guest's agent is there. */
export type TaskState =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'running'; readonly commandId: string; readonly why: string }
  | { readonly kind: 'unreached'; readonly why: string };

/** Seconds until SSM gives up delivering: its least, so that an agent that is still booting is asked again soon. */
const deliverySeconds = 30;
/** Seconds that the script may take in the guest. */
const scriptSeconds = 600;
const wordsOfFailure = 500;

export async function sendTask(instanceId: string, recoveryId: string, task: GuestTask): Promise<TaskState> {
  const parameters = { run: parameterOf(recoveryId), deadlineSeconds: String(scriptSeconds), ...task.parameters };
  try {
    const { Command } = await ssm().sendCommand({
      DocumentName: documentName(task.document),
      InstanceIds: [instanceId],
      TimeoutSeconds: deliverySeconds,
      Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
    });
    return { kind: 'running', commandId: Command?.CommandId ?? '', why: 'sent' };
  } catch (error) {
    if (codeOf(error) !== 'InvalidInstanceId') throw asFault(error, `sending ${task.name} to ${instanceId}`);
    return { kind: 'unreached', why: 'no SSM agent answers there' };
  }
}

/** An execution's name may hold characters that the documents' parameter does not take. */
const parameterOf = (recoveryId: string): string => recoveryId.replaceAll(/[^A-Za-z0-9-]/g, '-');

export async function askTask(instanceId: string, commandId: string, task: GuestTask): Promise<TaskState> {
  try {
    const seen = await ssm().getCommandInvocation({ CommandId: commandId, InstanceId: instanceId });
    return taskStateOf(commandId, seen);
  } catch (error) {
    // Just after sending, SSM does not know the invocation yet.
    if (codeOf(error) === 'InvocationDoesNotExist') return { kind: 'running', commandId, why: 'not registered yet' };
    throw asFault(error, `asking for ${task.name} on ${instanceId}`);
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
export function taskStateOf(commandId: string, seen: CommandInvocation): TaskState {
  // "Delivery Timed Out" in some places, "DeliveryTimedOut" in others.
  const details = (seen.StatusDetails ?? seen.Status ?? '').replaceAll(' ', '');
  if (seen.Status === 'Success') return { kind: 'passed' };
  if (['Pending', 'InProgress', 'Delayed', 'Cancelling', ''].includes(seen.Status ?? '')) {
    return { kind: 'running', commandId, why: details };
  }
  if (['DeliveryTimedOut', 'Undeliverable', 'Terminated'].includes(details)) return { kind: 'unreached', why: details };
  const words = (seen.StandardErrorContent ?? '').trim().slice(-wordsOfFailure);
  return { kind: 'failed', why: `${details}, exit code ${seen.ResponseCode ?? 'unknown'}. ${words}`.trim() };
}
