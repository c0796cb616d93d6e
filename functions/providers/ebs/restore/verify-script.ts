/** The owner's verify script through its SSM document: sent once, then asked for, over as many invocations as it takes. */
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { type CommandInvocation, ssm } from '#platform/clients/ssm.ts';
import { documentName } from '#platform/environment.ts';

/** `unreached`: it has not run and never will; to be sent again once the guest's agent is there. */
export type Check =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'running'; readonly commandId: string; readonly why: string }
  | { readonly kind: 'unreached'; readonly why: string };

/** Seconds until SSM gives up delivering: its least, so that an agent that is still booting is asked again soon. */
const deliverySeconds = 30;
/** Seconds that the script may take in the guest. */
const scriptSeconds = 600;
const wordsOfFailure = 500;

export async function sendCheck(instanceId: string, recoveryId: string, path: string): Promise<Check> {
  try {
    const { Command } = await ssm().sendCommand({
      DocumentName: documentName('verify'),
      InstanceIds: [instanceId],
      TimeoutSeconds: deliverySeconds,
      Parameters: { run: [parameterOf(recoveryId)], deadlineSeconds: [String(scriptSeconds)], path: [path] },
    });
    return { kind: 'running', commandId: Command?.CommandId ?? '', why: 'sent' };
  } catch (error) {
    if (codeOf(error) !== 'InvalidInstanceId') throw asFault(error, `sending the verify script to ${instanceId}`);
    return { kind: 'unreached', why: 'no SSM agent answers there' };
  }
}

/** An execution's name may hold characters that the document's parameter does not take. */
const parameterOf = (recoveryId: string): string => recoveryId.replaceAll(/[^A-Za-z0-9-]/g, '-');

export async function askCheck(instanceId: string, commandId: string): Promise<Check> {
  try {
    const seen = await ssm().getCommandInvocation({ CommandId: commandId, InstanceId: instanceId });
    return checkOf(commandId, seen);
  } catch (error) {
    // Just after sending, SSM does not know the invocation yet.
    if (codeOf(error) === 'InvocationDoesNotExist') return { kind: 'running', commandId, why: 'not registered yet' };
    throw asFault(error, `asking for the verify script on ${instanceId}`);
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
export function checkOf(commandId: string, seen: CommandInvocation): Check {
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
