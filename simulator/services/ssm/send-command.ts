import type { Command, SendCommandRequest, SendCommandResult, Target } from '@aws-sdk/client-ssm';
import { ApiError } from '../../kernel/service.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import { fillParameters } from './documents.ts';
import { emitCommand } from './events.ts';
import { deliver } from './invocations.ts';
import type { CommandRecord, InvocationRecord, SsmContext } from './records.ts';

const DEFAULT_DELIVERY_SECONDS = 3_600;
const MOST_INSTANCES = 50;

/**
 * SendCommand. There is no client token: sent twice, run twice. Machines that never registered, or are terminated, are refused;
 * an agent that is away is waited for until the delivery timeout (SSM API SendCommand; "Understanding command statuses").
 */
export function sendCommand(context: SsmContext, input: SendCommandRequest): SendCommandResult {
  const document = context.documents.get(documentName(input.DocumentName ?? ''));
  if (!document) {
    throw new ApiError('InvalidDocument', `Document with name ${input.DocumentName} does not exist.`);
  }
  const parameters = input.Parameters ?? {};
  const values = fillParameters(document, parameters);
  const instanceIds = commandTargets(context, input);
  const nowMs = context.clock.nowMs();
  const command: CommandRecord = {
    id: commandId(context),
    document,
    values,
    parameters,
    comment: input.Comment ?? '',
    requestedMs: nowMs,
    deliverUntilMs: nowMs + deliverySeconds(input) * 1_000,
    invocations: instanceIds.map((instanceId) => newInvocation(context, instanceId)),
    status: 'Pending',
  };
  context.commands.set(command.id, command);
  emitCommand(context, command);
  for (const invocation of command.invocations) {
    deliver(context, command, invocation);
  }
  return { Command: describeCommand(command) };
}

/** The instances that a request means. Ids are checked, tags only matched. */
export function commandTargets(context: SsmContext, input: SendCommandRequest): readonly string[] {
  const ids = input.InstanceIds ?? [];
  if (ids.length > MOST_INSTANCES) {
    throw new ApiError('ValidationException', `InstanceIds: at most ${MOST_INSTANCES} members are allowed.`);
  }
  if (new Set(ids).size !== ids.length) {
    throw new ApiError('DuplicateInstanceId', 'You cannot specify an instance ID in more than one association.');
  }
  const refused = ids.filter((id) => !isManaged(context.instances.get(id)));
  if (refused.length > 0) {
    throw new ApiError(
      'InvalidInstanceId',
      `Instances [[${refused.join(', ')}]] not in a valid state for account ${context.kernel.account}`,
    );
  }
  return ids.length > 0 ? ids : matching(context, input.Targets ?? []);
}

/** `document-name` of a name or ARN. */
export function documentName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

export function isManaged(instance: InstanceRecord | undefined): boolean {
  return (
    instance !== undefined &&
    instance.agent !== 'none' &&
    instance.state !== 'terminated' &&
    instance.state !== 'shutting-down'
  );
}

export function describeCommand(command: CommandRecord): Command {
  return {
    CommandId: command.id,
    DocumentName: command.document.name,
    DocumentVersion: '1',
    Comment: command.comment,
    Parameters: command.parameters,
    InstanceIds: command.invocations.map((each) => each.instanceId),
    RequestedDateTime: new Date(command.requestedMs),
    ExpiresAfter: new Date(command.deliverUntilMs),
    Status: command.status,
    StatusDetails: command.status,
    TargetCount: command.invocations.length,
    CompletedCount: command.invocations.filter((each) => each.endedMs !== undefined).length,
    ErrorCount: command.invocations.filter((each) => each.status === 'Failed').length,
  };
}

function matching(context: SsmContext, targets: readonly Target[]): readonly string[] {
  const tests = targets.map(({ Key: key = '', Values: values = [] }) => {
    if (key === 'InstanceIds') {
      return (instance: InstanceRecord) => values.includes(instance.id);
    }
    if (!key.startsWith('tag:')) {
      throw new ApiError('InvalidTarget', `The target key ${key} is not valid.`);
    }
    return (instance: InstanceRecord) => values.includes(instance.tags.get(key.slice('tag:'.length)) ?? '');
  });
  const managed = [...context.instances.values()].filter((each) => isManaged(each) && each.agent === 'online');
  return tests.length === 0 ? [] : managed.filter((each) => tests.every((test) => test(each))).map(({ id }) => id);
}

function newInvocation(context: SsmContext, instanceId: string): InvocationRecord {
  return {
    instanceId,
    registeredMs: context.clock.nowMs() + Math.round(context.random.between(50, 1_200)),
    status: 'Pending',
    statusDetails: 'Pending',
    startedMs: undefined,
    endedMs: undefined,
    exitCode: -1,
    stdout: '',
    stderr: '',
  };
}

function deliverySeconds(input: SendCommandRequest): number {
  const seconds = input.TimeoutSeconds ?? DEFAULT_DELIVERY_SECONDS;
  if (seconds < 30 || seconds > 2_592_000) {
    throw new ApiError('ValidationException', `TimeoutSeconds: ${seconds} is not between 30 and 2592000.`);
  }
  return seconds;
}

function commandId(context: SsmContext): string {
  const { random } = context;
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`;
}
