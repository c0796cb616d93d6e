/** SNS: topics, e-mail subscriptions with filter policies, and the inboxes of the people behind them. */
import type * as Sns from '@aws-sdk/client-sns';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { type FilterPolicy, parseFilterPolicy } from './filter-policy.ts';
import { requireKey, type TopicKeys } from './topic-key.ts';
import { validateMessage } from './validate-message.ts';

export interface Mail {
  /** Virtual time of publishing, epoch milliseconds. */
  readonly timeMs: number;
  readonly address: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  /** String values by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Publication extends Omit<Mail, 'address'> {
  readonly messageId: string;
}

export interface SnsOptions extends TopicKeys {
  /** Virtual milliseconds until the person behind an address confirms its subscription; mail before that is lost. Default 0. */
  readonly confirmAfterMs?: number;
  /** Addresses whose people never confirm. */
  readonly neverConfirmed?: readonly string[];
}

export interface SnsService extends Service {
  /** What this address received so far. */
  inbox(address: string): readonly Mail[];
  /** All mail, in order. */
  mails(): readonly Mail[];
  /** All that was published, to whomever. */
  publications(topicArn?: string): readonly Publication[];
  /** Publishes for another service of the region (an alarm). Throws ApiError as Publish does. */
  publish(input: Sns.PublishInput): Sns.PublishResponse;
}

interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmedAtMs: number;
  readonly attributes: Map<string, string>;
  filter?: FilterPolicy;
}

interface State {
  readonly kernel: Kernel;
  readonly confirmAfterMs: number;
  readonly neverConfirmed: readonly string[];
  readonly keys: TopicKeys;
  readonly topics: Map<string, Map<string, string>>;
  readonly subscriptions: Map<string, Subscription>;
  readonly mails: Mail[];
  readonly publications: Publication[];
  readonly nextId: () => string;
}

function topic(state: State, topicArn: string | undefined): Map<string, string> {
  const found = state.topics.get(topicArn ?? '');
  if (!found) throw new ApiError('NotFound', 'Topic does not exist', 404);
  return found;
}

function subscription(state: State, subscriptionArn: string | undefined): Subscription {
  const found = state.subscriptions.get(subscriptionArn ?? '');
  if (!found) throw new ApiError('NotFound', 'Subscription does not exist', 404);
  return found;
}

function subscriptionsOf(state: State, topicArn: string | undefined): Subscription[] {
  return [...state.subscriptions.values()].filter((one) => one.topicArn === topicArn);
}

function setAttribute(one: Subscription, name: string, value: string): void {
  if (name === 'FilterPolicyScope' && value !== 'MessageAttributes')
    throw new ApiError('InvalidParameter', `Invalid parameter: FilterPolicyScope ${value} is not simulated`);
  one.attributes.set(name, value);
  if (name === 'FilterPolicy') one.filter = parseFilterPolicy(value);
}

function createTopic(state: State, input: Sns.CreateTopicInput): Sns.CreateTopicResponse {
  const topicArn = arn(state.kernel, 'sns', input.Name ?? '');
  if (!state.topics.has(topicArn)) state.topics.set(topicArn, new Map(Object.entries(input.Attributes ?? {})));
  return { TopicArn: topicArn };
}

function deleteTopic(state: State, { TopicArn: topicArn }: Sns.DeleteTopicInput): void {
  for (const one of subscriptionsOf(state, topicArn)) state.subscriptions.delete(one.arn);
  state.topics.delete(topicArn ?? '');
}

function subscribe(state: State, input: Sns.SubscribeInput): Sns.SubscribeResponse {
  const { TopicArn: topicArn = '', Protocol: protocol = '', Endpoint: endpoint = '' } = input;
  topic(state, topicArn);
  if (protocol !== 'email' && protocol !== 'email-json')
    throw new ApiError('InvalidParameter', `Invalid parameter: the protocol ${protocol} is not simulated`);
  const known = subscriptionsOf(state, topicArn).find((one) => one.endpoint === endpoint);
  if (known) return { SubscriptionArn: known.arn };
  const subscriptionArn = `${topicArn}:${state.nextId()}`;
  const isConfirmed = !state.neverConfirmed.includes(endpoint);
  const confirmedAtMs = isConfirmed ? state.kernel.clock.nowMs() + state.confirmAfterMs : Infinity;
  const one: Subscription = {
    arn: subscriptionArn,
    topicArn,
    protocol,
    endpoint,
    confirmedAtMs,
    attributes: new Map(),
  };
  for (const [name, value] of Object.entries(input.Attributes ?? {})) setAttribute(one, name, value);
  state.subscriptions.set(subscriptionArn, one);
  return { SubscriptionArn: subscriptionArn };
}

function bodyFor(protocol: string, input: Sns.PublishInput): string {
  if (input.MessageStructure !== 'json') return input.Message ?? '';
  const bodies: Readonly<Record<string, unknown>> = JSON.parse(input.Message ?? '{}');
  if (typeof bodies.default !== 'string')
    throw new ApiError(
      'InvalidParameter',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
  return String(bodies[protocol] ?? bodies.default);
}

/** What a mail client shows for a message published without a subject. */
const NO_SUBJECT = 'AWS Notification Message';

function publish(state: State, input: Sns.PublishInput): Sns.PublishResponse {
  const topicArn = input.TopicArn ?? input.TargetArn ?? '';
  requireKey(state.keys, topic(state, topicArn).get('KmsMasterKeyId'));
  validateMessage(input);
  const attributes = Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([name, { StringValue: value }]) => [name, value ?? '']),
  );
  const messageId = state.nextId();
  const sent = { timeMs: state.kernel.clock.nowMs(), topicArn, subject: input.Subject ?? NO_SUBJECT, attributes };
  state.publications.push({ ...sent, message: bodyFor('default', input), messageId });
  for (const { endpoint, protocol, filter, confirmedAtMs } of subscriptionsOf(state, topicArn)) {
    if (sent.timeMs < confirmedAtMs) continue;
    if (filter && !filter.accepts(input.MessageAttributes ?? {})) continue;
    state.mails.push({ ...sent, address: endpoint, message: bodyFor(protocol, input) });
  }
  return { MessageId: messageId };
}

function describeSubscription(state: State, one: Subscription): Sns.Subscription {
  const { topicArn, protocol, endpoint } = one;
  return {
    SubscriptionArn: state.kernel.clock.nowMs() < one.confirmedAtMs ? 'PendingConfirmation' : one.arn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: state.kernel.account,
  };
}

function subscriptionOperations(state: State) {
  return {
    Subscribe: (input: Sns.SubscribeInput) => subscribe(state, input),
    Unsubscribe: (input: Sns.UnsubscribeInput) => void state.subscriptions.delete(input.SubscriptionArn ?? ''),
    SetSubscriptionAttributes: (input: Sns.SetSubscriptionAttributesInput) =>
      setAttribute(subscription(state, input.SubscriptionArn), input.AttributeName ?? '', input.AttributeValue ?? ''),
    GetSubscriptionAttributes: (input: Sns.GetSubscriptionAttributesInput) => ({
      Attributes: Object.fromEntries(subscription(state, input.SubscriptionArn).attributes),
    }),
    ListSubscriptionsByTopic: ({ TopicArn: topicArn }: Sns.ListSubscriptionsByTopicInput) => {
      topic(state, topicArn);
      return { Subscriptions: subscriptionsOf(state, topicArn).map((one) => describeSubscription(state, one)) };
    },
  };
}

function topicOperations(state: State) {
  return {
    CreateTopic: (input: Sns.CreateTopicInput) => createTopic(state, input),
    DeleteTopic: (input: Sns.DeleteTopicInput) => deleteTopic(state, input),
    ListTopics: () => ({ Topics: [...state.topics.keys()].map((topicArn) => ({ TopicArn: topicArn })) }),
    GetTopicAttributes: (input: Sns.GetTopicAttributesInput) => ({
      Attributes: { ...Object.fromEntries(topic(state, input.TopicArn)), TopicArn: input.TopicArn },
    }),
    SetTopicAttributes: (input: Sns.SetTopicAttributesInput) =>
      void topic(state, input.TopicArn).set(input.AttributeName ?? '', input.AttributeValue ?? ''),
    TagResource: (input: Sns.TagResourceRequest) => void topic(state, input.ResourceArn),
    Publish: (input: Sns.PublishInput) => publish(state, input),
  };
}

/** Every operation is about one topic; a subscription's ARN begins with its topic's. */
function accessOf(
  kernel: Kernel,
  operation: string,
  input: Sns.PublishInput & Sns.CreateTopicInput & Sns.UnsubscribeInput,
): Access {
  const action = `sns:${operation}`;
  if (operation === 'ListTopics') return { action, resource: '*' };
  if (operation === 'CreateTopic') return { action, resource: arn(kernel, 'sns', input.Name ?? '') };
  const ofSubscription = input.SubscriptionArn?.split(':').slice(0, 6).join(':');
  return { action, resource: input.TopicArn ?? input.TargetArn ?? ofSubscription ?? '*' };
}

/** SNS without any topic. Only e-mail subscriptions are simulated. */
export function createSns(
  kernel: Kernel,
  { confirmAfterMs = 0, neverConfirmed = [], ...keys }: SnsOptions = {},
): SnsService {
  const random = kernel.random.fork('sns');
  const state: State = {
    kernel,
    confirmAfterMs,
    neverConfirmed,
    keys,
    topics: new Map(),
    subscriptions: new Map(),
    mails: [],
    publications: [],
    nextId: () => [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-'),
  };
  const operations: Service['operations'] = {
    ...topicOperations(state),
    ...subscriptionOperations(state),
  };
  return {
    name: 'sns',
    client: () => import('@aws-sdk/client-sns'),
    operations,
    access: (operation, input) => [accessOf(kernel, operation, Object(input))],
    inbox: (address) => state.mails.filter((mail) => mail.address === address),
    mails: () => state.mails,
    publications: (topicArn) => state.publications.filter((one) => topicArn === undefined || one.topicArn === topicArn),
    publish: (input) => publish(state, input),
  };
}
