/** SNS, as far as the functions use it, in AWS's Query protocol: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
import { parseXML } from '@aws-sdk/xml-builder';
import * as z from 'zod/mini';
import type { Subscription } from '#domain/mail-addresses.ts';
import { awsCaller, type CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import type { Refusal, Reply } from '../aws/reply-error.ts';
import { lazy } from '../lazy.ts';

const subscription = { Endpoint: z.string(), Protocol: z.string(), SubscriptionArn: z.string() };
type ListedSubscription = Readonly<Record<keyof typeof subscription, string>>;

export interface Mail {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  /** By name: the values that a subscription's filter may ask for. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface Sns {
  publish(mail: Mail): Promise<void>;
  /** By mail. */
  subscriptionsOf(topicArn: string): Promise<readonly Subscription[]>;
}

/** One is an element, several are an array of them; none are an empty element. */
const members = z.union([
  z.object({ member: z.union([z.array(z.object(subscription)), z.object(subscription)]) }),
  z.literal(''),
]);
const listed = z.object({
  ListSubscriptionsByTopicResponse: z.object({
    ListSubscriptionsByTopicResult: z.object({
      Subscriptions: z.optional(members),
      NextToken: z.optional(z.string()),
    }),
  }),
});

const errorSchema = z.object({
  ErrorResponse: z.object({ Error: z.object({ Code: z.optional(z.string()), Message: z.optional(z.string()) }) }),
});

/** A repeat is a second mail. */
export const snsService = { id: 'SNS', host: 'sns', plainFipsRegions: govCloud, replyTimeoutMs: 30_000 };

export const sns: () => Sns = lazy(() => snsOver());

export function snsOver(settings?: CallerSettings): Sns {
  const call = awsCaller({ ...snsService, refusal }, settings);
  const ask = (parameters: Readonly<Record<string, string>>) =>
    call({
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...parameters, Version: '2010-03-31' }).toString(),
    });
  return {
    async publish(mail) {
      await ask(parametersOf(mail));
    },
    async subscriptionsOf(topicArn) {
      const all: Subscription[] = [];
      let token: string | undefined;
      do {
        const next = token === undefined ? {} : { NextToken: token };
        const reply = await ask({ Action: 'ListSubscriptionsByTopic', TopicArn: topicArn, ...next });
        const page = z.parse(listed, parseXML(reply)).ListSubscriptionsByTopicResponse.ListSubscriptionsByTopicResult;
        all.push(...[(page.Subscriptions || { member: [] }).member].flat().flatMap(mailedTo));
        token = page.NextToken;
      } while (token);
      return all;
    },
  };
}

/** What has no ARN is `PendingConfirmation`, or `Deleted`. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const mailedTo = ({ Endpoint, Protocol, SubscriptionArn }: ListedSubscription): Subscription[] =>
  Protocol.startsWith('email') && SubscriptionArn !== 'Deleted'
    ? [{ address: Endpoint, isConfirmed: SubscriptionArn.startsWith('arn:') }]
    : [];

function parametersOf({ topicArn, subject, message, attributes }: Mail): Record<string, string> {
  const parameters = Object.entries(attributes).flatMap(([name, values], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, 'String.Array'],
      [`${entry}.Value.StringValue`, JSON.stringify(values)],
    ] as const;
  });
  return {
    Action: 'Publish',
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    ...Object.fromEntries(parameters),
  };
}

/**
 * SNS's code for a throttle is not the name that the SDK gives it, and `aws-errors.ts` knows.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 */
const nameOf = (code: string) => (code === 'Throttled' ? 'ThrottledException' : code);

function refusal({ body }: Reply): Refusal {
  const { Code, Message } = z.safeParse(errorSchema, xmlOf(body)).data?.ErrorResponse.Error ?? {};
  return { code: Code === undefined ? undefined : nameOf(Code), message: Message };
}

function xmlOf(text: string): unknown {
  try {
    return parseXML(text);
  } catch {
    return undefined; // not of SNS: a proxy answers in its own words
  }
}
