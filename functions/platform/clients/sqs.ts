/** SQS, as far as it is used: how much lies in a queue. */
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

export interface Sqs {
  /** Messages that can be read, as of some seconds ago. */
  messagesIn(queueUrl: string): Promise<number>;
}

export const sqsService = { id: 'SQS', host: 'sqs', version: '1.0', target: 'AmazonSQS' } as const;

export const sqs: () => Sqs = lazy(() => sqsOver());

const count = 'ApproximateNumberOfMessages';
const counted = z.object({ Attributes: z.optional(z.object({ [count]: z.string() })) });

export function sqsOver(settings?: CallerSettings): Sqs {
  const call = jsonCaller(sqsService, settings);
  return {
    messagesIn: async (QueueUrl) => {
      const { Attributes } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: [count] }, counted);
      return Number(Attributes?.[count] ?? 0);
    },
  };
}
