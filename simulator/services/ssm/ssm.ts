import type {
  DescribeDocumentRequest,
  DescribeDocumentResult,
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  GetDocumentRequest,
  GetDocumentResult,
  InstanceInformation,
  SendCommandRequest,
} from '@aws-sdk/client-ssm';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Operation, type Service } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import { pageOf } from '../pages.ts';
import type { Perform } from '../perform.ts';
import { createVssSnapshot } from './create-vss-snapshot.ts';
import { type CommandDocument, parseDocument } from './documents.ts';
import { isAgentThere } from './invocations.ts';
import { parameterOperations } from './parameters.ts';
import { cancelCommand, getCommandInvocation, listCommandInvocations, listCommands } from './read-commands.ts';
import type { SsmContext } from './records.ts';
import { documentName, isManaged, sendCommand } from './send-command.ts';

export interface Ssm extends Service {
  /**
   * Puts a Command document, as CloudFormation's AWS::SSM::Document does (an existing one of that name is replaced). `content` is
   * JSON text or the object. Throws for what simulated guests have no model of.
   */
  createDocument(document: {
    readonly name: string;
    readonly content: string | object;
    readonly tags?: Readonly<Record<string, string>>;
  }): void;
  deleteDocument(name: string): void;
  /** Values of Parameter Store, by name. */
  readonly parameters: Map<string, string>;
  readonly arrange: {
    /** The agent dies during the instance's next command; default before it could report. `ec2.arrange.agentOnline` revives it. */
    agentDiesMidCommand(instanceId: string, when?: 'before-script' | 'before-report'): void;
  };
}

/** Simulated Systems Manager: Run Command and its documents, on EC2's machines. */
export function createSsm(kernel: Kernel, ec2: Ec2, perform: Perform): Ssm {
  const context: SsmContext = {
    kernel,
    clock: kernel.clock,
    random: kernel.random.fork('ssm'),
    perform,
    documents: new Map([[createVssSnapshot.name, createVssSnapshot]]),
    commands: new Map(),
    instances: ec2.world.instances,
    dyingAgents: new Map(),
    parameters: new Map(),
    parameterTypes: new Map(),
  };
  return {
    name: 'ssm',
    client: () => import('@aws-sdk/client-ssm'),
    operations: operationsOf(context),
    access: (operation, input) => ssmAccess(context, ec2, operation, input),
    createDocument: ({ name, content, tags }) => {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      context.documents.set(name, parseDocument(name, text, tags ?? {}, kernel.clock.nowMs()));
    },
    deleteDocument: (name) => void context.documents.delete(name),
    parameters: context.parameters,
    arrange: {
      agentDiesMidCommand: (instanceId, when = 'before-report') => void context.dyingAgents.set(instanceId, when),
    },
  };
}

function operationsOf(context: SsmContext): Service['operations'] {
  const on =
    <Input, Output>(run: (context: SsmContext, input: Input) => Output): Operation<Input, Output> =>
    (input) =>
      run(context, input);
  return {
    SendCommand: on(sendCommand),
    GetCommandInvocation: on(getCommandInvocation),
    ListCommandInvocations: on(listCommandInvocations),
    ListCommands: on(listCommands),
    CancelCommand: on(cancelCommand),
    DescribeInstanceInformation: on(describeInstanceInformation),
    DescribeDocument: on(describeDocument),
    GetDocument: on(getDocument),
    ...parameterOperations(context),
  };
}

/** Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager". */
function ssmAccess(context: SsmContext, ec2: Ec2, operation: string, input: unknown): readonly Access[] {
  const action = `ssm:${operation}`;
  const named = typeof input === 'object' && input !== null ? { ...input } : {};
  if (operation === 'SendCommand') {
    const request: Partial<SendCommandRequest> = named;
    const byId = (request.InstanceIds ?? []).map((id) => onInstance(ec2, action, id));
    const machines = byId.length > 0 ? byId : [onInstance(ec2, action, '*')];
    return [onDocument(context, action, request.DocumentName ?? ''), ...machines];
  }
  if (operation === 'DescribeDocument' || operation === 'GetDocument') {
    const request: Partial<GetDocumentRequest> = named;
    return [onDocument(context, action, request.Name ?? '')];
  }
  if (operation === 'GetParameter' || operation === 'PutParameter') {
    const request: { readonly Name?: string } = named;
    return [{ action, resource: arn(context.kernel, 'ssm', `parameter/${(request.Name ?? '').replace(/^\//, '')}`) }];
  }
  return [{ action, resource: '*' }];
}

function onDocument(context: SsmContext, action: string, nameOrArn: string): Access {
  const name = documentName(nameOrArn);
  const tags = Object.entries(context.documents.get(name)?.tags ?? {});
  const conditions = tags.flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`ssm:resourceTag/${key}`, value],
  ]);
  const resource = arn(context.kernel, 'ssm', `document/${name}`);
  const isAwsOwned = context.documents.get(name)?.run !== undefined;
  return {
    action,
    resource: isAwsOwned ? resource.replace(`:${context.kernel.account}:`, '::') : resource,
    context: Object.fromEntries(conditions),
  };
}

function onInstance(ec2: Ec2, action: string, id: string): Access {
  const access = ec2.onResource(action, id);
  const tags = [...(ec2.world.instances.get(id)?.tags ?? [])];
  const conditions = Object.fromEntries(tags.map(([key, value]) => [`ssm:resourceTag/${key}`, value]));
  return { ...access, context: { ...access.context, ...conditions } };
}

/** DescribeInstanceInformation: stopped and terminated machines drop out. */
function describeInstanceInformation(
  context: SsmContext,
  input: DescribeInstanceInformationRequest,
): DescribeInstanceInformationResult {
  if (input.InstanceInformationFilterList) {
    throw new Error('not simulated: InstanceInformationFilterList (use Filters)');
  }
  const tests = (input.Filters ?? []).map(({ Key: key = '', Values: values = [] }) => filterTest(key, values));
  const shown = [...context.instances.values()].filter(
    (each) => isManaged(each) && each.state !== 'stopped' && tests.every((test) => test(each)),
  );
  const { items, next } = takePage(shown, input);
  return { InstanceInformationList: items.map((each) => describeInformation(context, each)), NextToken: next };
}

/** Pages of 5 to 50, 10 unless told: the largest is documented, the default is what callers see (SSM API DescribeInstanceInformation). */
function takePage(all: readonly InstanceRecord[], { MaxResults: size = 10, NextToken: token = '0' }: PageRequest) {
  if (size < 5 || size > 50) {
    throw new ApiError('ValidationException', `Value '${size}' at 'maxResults' failed to satisfy constraint: 5 to 50`);
  }
  if (!/^\d+$/.test(token)) {
    throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
  }
  return pageOf(all, token, size);
}

type PageRequest = Pick<DescribeInstanceInformationRequest, 'MaxResults' | 'NextToken'>;

function filterTest(key: string, values: readonly string[]): (instance: InstanceRecord) => boolean {
  if (key === 'InstanceIds') {
    return ({ id }) => values.includes(id);
  }
  if (key === 'PingStatus') {
    return (instance) => values.includes(pingStatus(instance));
  }
  if (key.startsWith('tag:')) {
    return ({ tags }) => values.includes(tags.get(key.slice('tag:'.length)) ?? '');
  }
  throw new ApiError('InvalidFilterKey', `The filter key ${key} is not valid.`);
}

function pingStatus(instance: InstanceRecord): 'Online' | 'ConnectionLost' {
  return isAgentThere(instance) ? 'Online' : 'ConnectionLost';
}

function describeInformation(context: SsmContext, instance: InstanceRecord): InstanceInformation {
  return {
    InstanceId: instance.id,
    PingStatus: pingStatus(instance),
    LastPingDateTime: new Date(context.clock.nowMs()),
    AgentVersion: '3.3.2299.0',
    PlatformType: instance.spec.platform ?? 'Linux',
    PlatformName: instance.spec.platform === 'Windows' ? 'Microsoft Windows Server' : 'Amazon Linux',
    ResourceType: 'EC2Instance',
    ComputerName: instance.tags.get('Name'),
  };
}

function requireDocument(context: SsmContext, name: string | undefined): CommandDocument {
  const document = context.documents.get(documentName(name ?? ''));
  if (!document) {
    throw new ApiError('InvalidDocument', `Document with name ${name} does not exist.`);
  }
  return document;
}

function describeDocument(context: SsmContext, input: DescribeDocumentRequest): DescribeDocumentResult {
  const document = requireDocument(context, input.Name);
  return {
    Document: {
      Name: document.name,
      Description: document.description,
      Status: 'Active',
      DocumentVersion: '1',
      DocumentType: 'Command',
      SchemaVersion: '2.2',
      Owner: context.kernel.account,
      CreatedDate: new Date(document.createdMs),
      Tags: Object.entries(document.tags).map(([Key, Value]) => ({ Key, Value })),
      Parameters: Object.entries(document.parameters).map(([Name, { defaultValue }]) => ({
        Name,
        DefaultValue: defaultValue,
      })),
    },
  };
}

function getDocument(context: SsmContext, input: GetDocumentRequest): GetDocumentResult {
  const { name, content } = requireDocument(context, input.Name);
  return {
    Name: name,
    Content: content,
    Status: 'Active',
    DocumentVersion: '1',
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
  };
}
