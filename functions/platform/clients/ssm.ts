/** Systems Manager, as far as the functions use it. */
import type {
  DescribeInstanceInformationCommandInput,
  GetCommandInvocationCommandInput,
  GetDocumentCommandInput,
  GetParameterCommandInput,
  ListCommandInvocationsCommandInput,
  PutParameterCommandInput,
  SendCommandCommandInput,
} from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import { epochSeconds, jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

const sent = z.object({ Command: z.optional(z.object({ CommandId: z.optional(z.string()) })) });

const invocation = z.object({
  Status: z.optional(z.string()),
  StatusDetails: z.optional(z.string()),
  ResponseCode: z.optional(z.number()),
  StandardOutputContent: z.optional(z.string()),
  StandardErrorContent: z.optional(z.string()),
});
/** What the guest made of a command. */
export type CommandInvocation = z.infer<typeof invocation>;

const sentInvocation = z.object({ CommandId: z.optional(z.string()), Comment: z.optional(z.string()) });
const sentInvocations = z.object({ CommandInvocations: z._default(z.array(sentInvocation), []) });

const agent = z.object({
  InstanceId: z.optional(z.string()),
  PingStatus: z.optional(z.string()),
  LastPingDateTime: z.optional(epochSeconds),
  PlatformType: z.optional(z.string()),
});
/** The SSM agent of an instance. */
export type Agent = z.infer<typeof agent>;
const agents = z.object({ InstanceInformationList: z._default(z.array(agent), []) });

const text = z.optional(z.string());
const parameter = z.object({ Parameter: z.optional(z.object({ Type: text, Value: text })) });
const nothing = z.unknown();

const document = z.object({ Content: z.optional(z.string()) });

export interface Ssm {
  sendCommand(input: SendCommandCommandInput): Promise<z.infer<typeof sent>>;
  getCommandInvocation(input: GetCommandInvocationCommandInput): Promise<CommandInvocation>;
  /** One page. Empty for a moment after a command was sent. */
  listCommandInvocations(input: ListCommandInvocationsCommandInput): Promise<z.infer<typeof sentInvocations>>;
  getDocument(input: GetDocumentCommandInput): Promise<z.infer<typeof document>>;
  getParameter(input: GetParameterCommandInput): Promise<z.infer<typeof parameter>>;
  putParameter(input: PutParameterCommandInput): Promise<unknown>;
  describeInstanceInformation(
    input: DescribeInstanceInformationCommandInput,
  ): Promise<{ readonly InstanceInformationList: readonly Agent[] }>;
}

export const ssmService = {
  id: 'SSM',
  host: 'ssm',
  plainFipsRegions: govCloud,
  version: '1.1',
  target: 'AmazonSSM',
} as const;

export const ssm: () => Ssm = lazy(() => ssmOver());

/** For commands that must not run twice: SendCommand takes no client token, so a repeat after a lost reply is another command. */
export const ssmOnce: () => Ssm = lazy(() => ssmOver({ maxAttempts: 1 }));

export function ssmOver(settings?: CallerSettings): Ssm {
  const call = jsonCaller(ssmService, settings);
  return {
    sendCommand: (input) => call('SendCommand', input, sent),
    getCommandInvocation: (input) => call('GetCommandInvocation', input, invocation),
    listCommandInvocations: (input) => call('ListCommandInvocations', input, sentInvocations),
    getDocument: (input) => call('GetDocument', input, document),
    getParameter: (input) => call('GetParameter', input, parameter),
    putParameter: (input) => call('PutParameter', input, nothing),
    describeInstanceInformation: (input) => call('DescribeInstanceInformation', input, agents),
  };
}
