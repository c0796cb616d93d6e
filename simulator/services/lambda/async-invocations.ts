/**
 * Lambda's queue for asynchronous invocations. Source: Lambda Developer Guide, "Invoking a Lambda function
 * asynchronously": two more attempts after 1 and 2 minutes; throttles go back to the queue; then destination and DLQ.
 */
import type { Clock } from '../../kernel/clock.ts';
import { ApiError, type Caller } from '../../kernel/service.ts';
import type { Perform } from '../perform.ts';
import type { AsyncSettings, FunctionSettings, InvocationResult, LambdaTimings } from './function-settings.ts';

export interface AsyncParts {
  readonly clock: Clock;
  readonly timings: LambdaTimings;
  readonly perform: Perform;
  readonly roleOf: (settings: FunctionSettings) => Caller;
  /** Rejects with TooManyRequestsException while the function has no concurrency left. */
  readonly run: (event: unknown) => Promise<InvocationResult>;
  /** Called with what could not be delivered to a dead-letter queue or destination. */
  readonly onLost: (reason: unknown) => void;
}

const RETRY_AFTER_MS = [60_000, 120_000];
const LONGEST_THROTTLE_DELAY_MS = 300_000;

/** The URL by which SQS's API names the queue of that ARN. */
export function queueUrl(queueArn: string): string {
  const [, , , region, account, name] = queueArn.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

/** Sends a message to the queue or topic of that ARN. */
export function sendTo(perform: Perform, caller: Caller, targetArn: string, text: string): Promise<unknown> {
  if (targetArn.startsWith('arn:aws:sqs:')) {
    const input = { QueueUrl: queueUrl(targetArn), MessageBody: text };
    return perform({ caller, service: 'sqs', operation: 'SendMessage', input });
  }
  if (targetArn.startsWith('arn:aws:sns:')) {
    return perform({ caller, service: 'sns', operation: 'Publish', input: { TopicArn: targetArn, Message: text } });
  }
  throw new Error(`cannot send to ${targetArn}`);
}

/** Runs until it is not throttled any more; undefined when the event has grown too old meanwhile. */
async function runWhenPossible(parts: AsyncParts, event: unknown, expiresMs: number) {
  for (let delayMs = 1000; ; delayMs = Math.min(delayMs * 2, LONGEST_THROTTLE_DELAY_MS)) {
    try {
      return await parts.run(event);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      if (parts.clock.nowMs() + delayMs > expiresMs) return undefined;
      await parts.clock.sleep(delayMs);
    }
  }
}

interface Ending {
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly attempts: number;
  readonly last: InvocationResult | undefined;
}

async function attemptAll(parts: AsyncParts, settings: AsyncSettings, event: unknown): Promise<Ending | undefined> {
  const expiresMs = parts.clock.nowMs() + settings.maximumEventAgeSeconds * 1000;
  for (let attempt = 1; ; attempt += 1) {
    const last = await runWhenPossible(parts, event, expiresMs);
    if (last?.ok) return undefined;
    if (!last) return { condition: 'EventAgeExceeded', attempts: attempt - 1, last };
    if (attempt > settings.maximumRetryAttempts) return { condition: 'RetriesExhausted', attempts: attempt, last };
    await parts.clock.sleep(RETRY_AFTER_MS[attempt - 1] ?? 120_000);
  }
}

function destinationRecord(parts: AsyncParts, settings: FunctionSettings, event: unknown, ending: Ending): string {
  const { last } = ending;
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(parts.clock.nowMs()).toISOString(),
    requestContext: {
      requestId: last?.requestId ?? '',
      functionArn: `${settings.arn}:$LATEST`,
      condition: ending.condition,
      approximateInvokeCount: ending.attempts,
    },
    requestPayload: event,
    ...(last && !last.ok
      ? {
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: last.error,
        }
      : {}),
  });
}

/** Takes the event through its attempts, and at their end to where the function's settings want failures. Never rejects. */
export async function invokeAsynchronously(
  parts: AsyncParts,
  settings: FunctionSettings,
  asyncSettings: AsyncSettings,
  event: unknown,
): Promise<void> {
  await parts.clock.sleep(parts.timings.queueMs);
  const ending = await attemptAll(parts, asyncSettings, event);
  if (!ending) return;
  const caller = parts.roleOf(settings);
  const letters = [
    { target: asyncSettings.onFailureArn, text: () => destinationRecord(parts, settings, event, ending) },
    { target: settings.deadLetterArn, text: () => JSON.stringify(event) },
  ];
  if (letters.every(({ target }) => target === undefined)) parts.onLost(ending);
  for (const { target, text } of letters) {
    if (target) await sendTo(parts.perform, caller, target, text()).catch(parts.onLost);
  }
}
