/** SQS as far as dead-letter queues need it. */
import { createHash } from 'node:crypto';
import type * as Sqs from '@aws-sdk/client-sqs';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Call, type Kernel, type Service } from '../../kernel/service.ts';
import type { RecordMetric } from '../perform.ts';

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** String values by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly sentMs: number;
}

export interface SqsService extends Service {
  /** Sends for another service of the region (a dead letter). Throws ApiError QueueDoesNotExist. */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): void;
  /** What lies in a queue, hidden messages included; by name or ARN. */
  messages(queue: string): readonly QueuedMessage[];
  urlOf(name: string): string;
}

interface Held extends QueuedMessage {
  visibleMs: number;
  receiptHandle: string;
  receives: number;
}

interface Queue {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  held: Held[];
  isMeasured: boolean;
}

export interface SqsParts {
  /** Default: nobody looks at metrics. */
  readonly recordMetric?: RecordMetric;
}

interface State {
  readonly kernel: Kernel;
  readonly recordMetric: RecordMetric;
  readonly queues: Map<string, Queue>;
  readonly nextId: () => string;
  /** Under the address that the caller reached the region by: SDKs send to the URL's own host. */
  readonly urlOf: (name: string, call?: Call) => string;
}

const VISIBILITY_TIMEOUT_SECONDS = 30;
const METRIC_INTERVAL_MS = 60_000;

/** A queue by URL, ARN or name: its name is what comes last. */
function queue(state: State, reference: string | undefined): Queue {
  const found = state.queues.get(reference?.split(/[/:]/).at(-1) ?? '');
  if (!found) throw new ApiError('QueueDoesNotExist', 'The specified queue does not exist.');
  return found;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function send(state: State, to: Queue, body: string, attributes: Readonly<Record<string, string>>): Held {
  const sentMs = state.kernel.clock.nowMs();
  const held = { id: state.nextId(), body, attributes, sentMs, visibleMs: sentMs, receiptHandle: '', receives: 0 };
  to.held.push(held);
  if (!to.isMeasured) measure(state, to);
  return held;
}

const visible = ({ held }: Queue, nowMs: number): Held[] => held.filter(({ visibleMs }) => visibleMs <= nowMs);

/** Every minute while there are messages, and once when there are none any more (SQS Developer Guide, "Available CloudWatch metrics"). */
function measure(state: State, of: Queue): void {
  const { clock } = state.kernel;
  const count = visible(of, clock.nowMs()).length;
  state.recordMetric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: of.name }, count);
  of.isMeasured = of.held.length > 0 && state.queues.get(of.name) === of;
  if (of.isMeasured) clock.at(clock.nowMs() + METRIC_INTERVAL_MS, () => measure(state, of));
}

function sendMessage(state: State, input: Sqs.SendMessageRequest): Sqs.SendMessageResult {
  const { MessageBody: body = '', MessageAttributes: values = {} } = input;
  const attributes = Object.entries(values).map(([name, { StringValue: value }]) => [name, value ?? '']);
  const { id } = send(state, queue(state, input.QueueUrl), body, Object.fromEntries(attributes));
  return { MessageId: id, MD5OfMessageBody: md5(body) };
}

function receive(state: State, input: Sqs.ReceiveMessageRequest): Sqs.ReceiveMessageResult {
  const nowMs = state.kernel.clock.nowMs();
  const from = queue(state, input.QueueUrl);
  const received = visible(from, nowMs).slice(0, input.MaxNumberOfMessages ?? 1);
  const hiddenSeconds =
    input.VisibilityTimeout ?? Number(from.attributes.VisibilityTimeout ?? VISIBILITY_TIMEOUT_SECONDS);
  for (const held of received) {
    held.visibleMs = nowMs + hiddenSeconds * 1000;
    held.receiptHandle = state.nextId();
    held.receives += 1;
  }
  if (received.length === 0) return {};
  return {
    Messages: received.map(({ id, body, receiptHandle, receives, sentMs, attributes }) => ({
      MessageId: id,
      ReceiptHandle: receiptHandle,
      Body: body,
      MD5OfBody: md5(body),
      Attributes: { SentTimestamp: String(sentMs), ApproximateReceiveCount: String(receives) },
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    })),
  };
}

function attributesOf(state: State, of: Queue): Record<string, string> {
  const { name, attributes, held } = of;
  const shown = visible(of, state.kernel.clock.nowMs()).length;
  return {
    ...attributes,
    QueueArn: arn(state.kernel, 'sqs', name),
    ApproximateNumberOfMessages: String(shown),
    ApproximateNumberOfMessagesNotVisible: String(held.length - shown),
  };
}

function getAttributes(state: State, input: Sqs.GetQueueAttributesRequest): Sqs.GetQueueAttributesResult {
  const wanted = new Set<string>(input.AttributeNames ?? []);
  const all = Object.entries(attributesOf(state, queue(state, input.QueueUrl)));
  return { Attributes: Object.fromEntries(all.filter(([name]) => wanted.has('All') || wanted.has(name))) };
}

function operationsOf(state: State): Service['operations'] {
  return {
    CreateQueue: ({ QueueName: name = '', Attributes: attributes = {} }: Sqs.CreateQueueRequest, call: Call) => {
      if (!state.queues.has(name))
        state.queues.set(name, { name, attributes: { ...attributes }, held: [], isMeasured: false });
      return { QueueUrl: state.urlOf(name, call) };
    },
    GetQueueUrl: ({ QueueName: name }: Sqs.GetQueueUrlRequest, call: Call) => ({
      QueueUrl: state.urlOf(queue(state, name).name, call),
    }),
    ListQueues: ({ QueueNamePrefix: prefix = '' }: Sqs.ListQueuesRequest, call: Call) => ({
      QueueUrls: [...state.queues.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => state.urlOf(name, call)),
    }),
    DeleteQueue: ({ QueueUrl: url }: Sqs.DeleteQueueRequest) => void state.queues.delete(queue(state, url).name),
    SendMessage: (input: Sqs.SendMessageRequest) => sendMessage(state, input),
    ReceiveMessage: (input: Sqs.ReceiveMessageRequest) => receive(state, input),
    DeleteMessage: ({ QueueUrl: url, ReceiptHandle: handle }: Sqs.DeleteMessageRequest) => {
      const from = queue(state, url);
      from.held = from.held.filter(({ receiptHandle }) => receiptHandle !== handle);
    },
    GetQueueAttributes: (input: Sqs.GetQueueAttributesRequest) => getAttributes(state, input),
  };
}

function accessOf(kernel: Kernel, operation: string, input: { QueueUrl?: string; QueueName?: string }): Access {
  const name = input.QueueName ?? input.QueueUrl?.split('/').at(-1);
  return { action: `sqs:${operation}`, resource: name ? arn(kernel, 'sqs', name) : '*' };
}

/** SQS without any queue. Standard queues only; no long polling. */
export function createSqs(kernel: Kernel, { recordMetric = () => {} }: SqsParts = {}): SqsService {
  const random = kernel.random.fork('sqs');
  const state: State = {
    kernel,
    recordMetric,
    queues: new Map(),
    nextId: () => random.hex(32),
    urlOf: (name, call) =>
      `${call?.origin ?? `https://sqs.${kernel.regionName}.amazonaws.com`}/${kernel.account}/${name}`,
  };
  return {
    name: 'sqs',
    client: () => import('@aws-sdk/client-sqs'),
    operations: operationsOf(state),
    access: (operation, input) => [accessOf(kernel, operation, Object(input))],
    send: (queueArn, body, attributes = {}) => void send(state, queue(state, queueArn), body, attributes),
    messages: (reference) => queue(state, reference).held,
    urlOf: state.urlOf,
  };
}
