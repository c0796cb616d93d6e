/**
 * One command on one guest through SSM Run Command, awaited. Nothing here tries a command again: the caller knows whether that
 * is safe (for guest scripts it is, they answer for what is there).
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
import { codeOf } from '#platform/aws-errors.ts';
import type { CommandInvocation, Ssm } from '#platform/clients/ssm.ts';
import { guestReport } from './guest-report.ts';
import type { GuestReport } from './hook.ts';

export interface GuestCommand {
  readonly documentName: string;
  readonly instanceId: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** How long to wait for the answer; 0: send, and look once. */
  readonly timeoutSeconds: number;
  /** By which `ListCommandInvocations` tells it from others; at most 100 characters. */
  readonly comment?: string;
  /** How soon its answer is looked for; default: `hurried`. */
  readonly pace?: Pace;
}

/** `hurried`: something is held still, or down, while the answer goes unheard. `patient`: nothing waits for it. */
export type Pace = 'hurried' | 'patient';

export interface GuestTools {
  readonly ssm: Pick<Ssm, 'sendCommand' | 'getCommandInvocation'>;
}

/**
 * `succeeded`: exit code 0. `failed`: it ran and ended otherwise (`exitCode` -1: killed by the agent, or never started by it).
 * `undeliverable`: it did not run, nor ever will: no agent answers there. `unknown`: no answer in time, it may have run or yet run.
 */
export type CommandOutcome =
  | { readonly kind: 'succeeded'; readonly stdout: string; readonly stderr: string }
  | CommandTrouble;
export type CommandTrouble =
  | { readonly kind: 'failed'; readonly exitCode: number; readonly stderr: string }
  | { readonly kind: 'undeliverable'; readonly problem: string }
  | { readonly kind: 'unknown'; readonly problem: string };
export type GuestOutcome = { readonly kind: 'report'; readonly report: GuestReport } | CommandTrouble;

/** Seconds until SSM gives up delivering: its least. Later than that, the command never starts. */
const deliverySeconds = 30;
/**
 * Before the first look, and between looks: nearly all answers come within seconds. SSM needs longer to register a command and to
 * deliver it than `hurried` waits; once `patient` has waited, the first look nearly always finds the answer.
 */
const pollMs = {
  hurried: { before: 550, atFirst: 200, later: 1000, laterAfter: 5000 },
  patient: { before: 1250, atFirst: 500, later: 1000, laterAfter: 5000 },
} as const;

/**
 * Runs a hook's guest script.
 * @returns what the guest reports; a success without a readable report counts as failed
 * @throws what the client throws when SendCommand is refused (other than for the instance) or gets no reply
 */
export async function runOnGuest(command: GuestCommand, tools: GuestTools): Promise<GuestOutcome> {
  const outcome = await commandOnGuest(command, tools);
  if (outcome.kind !== 'succeeded') return outcome;
  const report = guestReport(outcome.stdout);
  if (report !== undefined) return { kind: 'report', report };
  return { kind: 'failed', exitCode: 0, stderr: `No readable report: ${outcome.stdout.slice(-200)}` };
}

/** Like `runOnGuest`, for documents whose exit code is the answer (`verify`). */
export async function commandOnGuest(command: GuestCommand, { ssm }: GuestTools): Promise<CommandOutcome> {
  const { instanceId, timeoutSeconds, pace = 'hurried' } = command;
  const endsAtMs = Date.now() + timeoutSeconds * 1000;
  const sent = await send(command, ssm);
  return typeof sent === 'string' ? await answer({ commandId: sent, instanceId, endsAtMs, pace }, ssm) : sent;
}

/** @returns the command's id, or why there is none. @throws like `runOnGuest` */
export async function send(command: GuestCommand, ssm: Pick<Ssm, 'sendCommand'>): Promise<string | CommandTrouble> {
  const request = {
    DocumentName: command.documentName,
    InstanceIds: [command.instanceId],
    TimeoutSeconds: deliverySeconds,
    ...(command.comment === undefined ? {} : { Comment: command.comment }),
    Parameters: Object.fromEntries(Object.entries(command.parameters).map(([name, value]) => [name, [value]])),
  };
  try {
    const { Command } = await ssm.sendCommand(request);
    return Command?.CommandId ?? { kind: 'unknown', problem: 'SSM accepted the command without an id.' };
  } catch (error) {
    if (codeOf(error) !== 'InvalidInstanceId') throw error;
    return { kind: 'undeliverable', problem: `SSM does not manage ${command.instanceId}, or it is not running.` };
  }
}

interface Awaited {
  readonly commandId: string;
  readonly instanceId: string;
  readonly endsAtMs: number;
  readonly pace: Pace;
}

/** What became of a command that was sent. Never throws. */
export async function answer(awaited: Awaited, ssm: Pick<Ssm, 'getCommandInvocation'>): Promise<CommandOutcome> {
  let last = '';
  const { before, atFirst, later, laterAfter } = pollMs[awaited.pace];
  const laterMs = Date.now() + laterAfter;
  await pause(Math.max(0, Math.min(before, awaited.endsAtMs - Date.now())));
  for (;;) {
    const seen = await look(awaited, ssm);
    if (typeof seen !== 'string') return seen;
    last = seen;
    const pauseMs = Date.now() < laterMs ? atFirst : later;
    if (Date.now() + pauseMs > awaited.endsAtMs) break;
    await pause(pauseMs);
  }
  return { kind: 'unknown', problem: `Command ${awaited.commandId} gave no answer in time (last seen: ${last}).` };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The outcome, or in a word why there is none yet. Errors of a look are no answer of the guest's: the next look may tell. */
async function look(
  { commandId, instanceId }: Awaited,
  ssm: Pick<Ssm, 'getCommandInvocation'>,
): Promise<CommandOutcome | string> {
  try {
    const invocation = await ssm.getCommandInvocation({ CommandId: commandId, InstanceId: instanceId });
    return outcomeOf(invocation) ?? String(invocation.StatusDetails ?? invocation.Status);
  } catch (error) {
    return codeOf(error); // InvocationDoesNotExist just after sending: SSM registers it a moment later.
  }
}

function outcomeOf(invocation: CommandInvocation): CommandOutcome | undefined {
  const { Status, ResponseCode = -1, StandardOutputContent = '', StandardErrorContent = '' } = invocation;
  // "Delivery Timed Out" in some places, "DeliveryTimedOut" in others.
  const details = (invocation.StatusDetails ?? '').replaceAll(' ', '');
  if (['Pending', 'InProgress', 'Delayed', 'Cancelling', undefined].includes(Status)) return undefined;
  if (Status === 'Success') return { kind: 'succeeded', stdout: StandardOutputContent, stderr: StandardErrorContent };
  if (['DeliveryTimedOut', 'Undeliverable', 'Terminated'].includes(details)) {
    return { kind: 'undeliverable', problem: `SSM could not deliver the command (${invocation.StatusDetails}).` };
  }
  return { kind: 'failed', exitCode: ResponseCode, stderr: StandardErrorContent.trim() || `(${details || Status})` };
}
