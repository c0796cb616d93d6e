import type {
  CancelCommandRequest,
  CommandFilter,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  ListCommandInvocationsRequest,
  ListCommandInvocationsResult,
  ListCommandsRequest,
  ListCommandsResult,
} from '@aws-sdk/client-ssm';
import { ApiError } from '../../kernel/service.ts';
import { conclude } from './invocations.ts';
import type { CommandRecord, InvocationRecord, SsmContext } from './records.ts';
import { describeCommand } from './send-command.ts';

/** GetCommandInvocation: `InvocationDoesNotExist` for a moment after SendCommand; output only at the end. */
export function getCommandInvocation(
  context: SsmContext,
  input: GetCommandInvocationRequest,
): GetCommandInvocationResult {
  const command = context.commands.get(input.CommandId ?? '');
  const invocation = command?.invocations.find((each) => each.instanceId === input.InstanceId);
  if (!command || !invocation || context.clock.nowMs() < invocation.registeredMs) {
    throw new ApiError('InvocationDoesNotExist', '');
  }
  if (input.PluginName !== undefined && input.PluginName !== command.document.stepName) {
    throw new ApiError('InvalidPluginName', `The plugin name ${input.PluginName} is not valid.`);
  }
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.document.name,
    DocumentVersion: '1',
    PluginName: command.document.stepName,
    ResponseCode: invocation.exitCode,
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    ExecutionStartDateTime: isoOf(invocation.startedMs),
    ExecutionEndDateTime: isoOf(invocation.endedMs),
    StandardOutputContent: invocation.stdout,
    StandardErrorContent: invocation.stderr,
  };
}

/** ListCommandInvocations: empty, not an error, while the invocation is not registered yet. */
export function listCommandInvocations(
  context: SsmContext,
  input: ListCommandInvocationsRequest,
): ListCommandInvocationsResult {
  const tests = (input.Filters ?? []).map(filterTest);
  const commands = [...context.commands.values()]
    .filter((command) => (input.CommandId ?? command.id) === command.id && tests.every((test) => test(command)))
    .toReversed();
  const rows = commands.flatMap((command) => command.invocations.map((invocation) => ({ command, invocation })));
  const shown = rows.filter(
    ({ invocation }) =>
      context.clock.nowMs() >= invocation.registeredMs &&
      (input.InstanceId ?? invocation.instanceId) === invocation.instanceId,
  );
  return {
    CommandInvocations: shown.map(({ command, invocation }) => ({
      CommandId: command.id,
      InstanceId: invocation.instanceId,
      Comment: command.comment,
      DocumentName: command.document.name,
      RequestedDateTime: new Date(command.requestedMs),
      Status: invocation.status,
      StatusDetails: invocation.statusDetails,
      CommandPlugins: input.Details ? [describePlugin(command, invocation)] : [],
    })),
  };
}

export function listCommands(context: SsmContext, input: ListCommandsRequest): ListCommandsResult {
  const commands = [...context.commands.values()].filter(({ id }) => (input.CommandId ?? id) === id);
  return { Commands: commands.map(describeCommand) };
}

/** CancelCommand: what has not started never will; what runs goes on running in the guest, whatever the status says. */
export function cancelCommand(context: SsmContext, input: CancelCommandRequest): Record<string, never> {
  const command = context.commands.get(input.CommandId ?? '');
  if (!command) {
    throw new ApiError('InvalidCommandId', '');
  }
  const chosen = command.invocations.filter(
    ({ instanceId }) => !input.InstanceIds?.length || input.InstanceIds.includes(instanceId),
  );
  for (const invocation of chosen) {
    if (invocation.status === 'Pending') {
      conclude(context, command, invocation, 'Cancelled', 'Cancelled');
    } else if (invocation.status === 'InProgress') {
      invocation.status = 'Cancelling';
      invocation.statusDetails = 'Cancelling';
    }
  }
  return {};
}

function filterTest({ key, value }: CommandFilter): (command: CommandRecord) => boolean {
  if (key === 'InvokedAfter') return ({ requestedMs }) => requestedMs > Date.parse(value ?? '');
  if (key !== 'DocumentName') throw new Error(`not simulated: ListCommandInvocations with a filter by ${key}`);
  return ({ document }) => document.name === value;
}

function describePlugin(command: CommandRecord, invocation: InvocationRecord) {
  return {
    Name: command.document.stepName,
    ResponseCode: invocation.exitCode,
    StatusDetails: invocation.statusDetails,
    Output: `${invocation.stdout}${invocation.stderr}`.slice(0, 2_500),
  };
}

function isoOf(timeMs: number | undefined): string {
  return timeMs === undefined ? '' : new Date(timeMs).toISOString();
}
