/** SNS, as far as the functions use it, in AWS's Query protocol: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
import { parseXML } from '@aws-sdk/xml-builder';
import * as z from 'zod/mini';
import { awsCaller, type CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import type { Refusal, Reply } from '../aws/reply-error.ts';
import { lazy } from '../lazy.ts';

export interface Mail {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  /** By name: the values that a subscription's filter may ask for. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface Sns {
  publish(mail: Mail): Promise<void>;
}

const errorSchema = z.object({
  ErrorResponse: z.object({ Error: z.object({ Code: z.optional(z.string()), Message: z.optional(z.string()) }) }),
});

/** A repeat is a second mail. */
export const snsService = { id: 'SNS', host: 'sns', plainFipsRegions: govCloud, replyTimeoutMs: 30_000 };

export const sns: () => Sns = lazy(() => snsOver());

export function snsOver(settings?: CallerSettings): Sns {
  const call = awsCaller({ ...snsService, refusal }, settings);
  return {
    async publish(mail) {
      await call({
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(parametersOf(mail)).toString(),
      });
    },
  };
}

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
    Version: '2010-03-31',
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
