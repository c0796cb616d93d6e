import type { CommandRecord, InvocationRecord, SsmContext } from './records.ts';

function detailOf(command: CommandRecord, status: string): Record<string, unknown> {
  return {
    'command-id': command.id,
    'document-name': command.document.name,
    'expire-after': new Date(command.deliverUntilMs).toISOString(),
    parameters: command.parameters,
    'requested-date-time': new Date(command.requestedMs).toISOString(),
    status,
  };
}

/** Systems Manager User Guide, "Amazon EventBridge event examples for Systems Manager". */
export function emitCommand(context: SsmContext, command: CommandRecord): void {
  context.kernel.emit({
    source: 'aws.ssm',
    detailType: 'EC2 Command Status-change Notification',
    resources: [],
    detail: detailOf(command, command.status),
  });
}

export function emitInvocation(context: SsmContext, command: CommandRecord, invocation: InvocationRecord): void {
  context.kernel.emit({
    source: 'aws.ssm',
    detailType: 'EC2 Command Invocation Status-change Notification',
    resources: [],
    detail: { ...detailOf(command, invocation.status), 'instance-id': invocation.instanceId },
  });
}
