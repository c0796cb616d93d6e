/**
 * How EventBridge and Scheduler bring a payload to a target: permission, retries, dead-letter queue. Source: EventBridge
 * User Guide, "How EventBridge retries delivering events"; Scheduler API Reference, RetryPolicy (same defaults).
 */
import type { Clock } from '../../kernel/clock.ts';
import { ApiError, type Caller } from '../../kernel/service.ts';
import { sendTo } from '../lambda/async-invocations.ts';
import type { Perform } from '../perform.ts';

export interface RetryPolicy {
  /** 0 to 185, default 185. */
  readonly maximumRetryAttempts: number;
  /** 60 to 86,400, default 86,400. */
  readonly maximumEventAgeSeconds: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 };

/** Whether the resource's own policy lets that service principal act on it on behalf of `sourceArn`. */
export type ResourcePermits = (resourceArn: string, action: string, principal: string, sourceArn: string) => boolean;

export interface DeliveryParts {
  readonly clock: Clock;
  readonly perform: Perform;
  readonly permits: ResourcePermits;
  readonly onLost: (reason: unknown) => void;
}

export interface Delivery {
  readonly targetArn: string;
  /** The role to act in; without one the target's own policy must allow `principal`. */
  readonly roleArn?: string | undefined;
  /** `events.amazonaws.com` or `scheduler.amazonaws.com` */
  readonly principal: string;
  /** ARN of the rule or schedule. */
  readonly sourceArn: string;
  /** For the call log: `rule:sweep`, `schedule:nightly`. */
  readonly callerName: string;
  /** JSON text for this attempt (from 1). */
  readonly text: (attempt: number) => string;
  readonly retry: RetryPolicy;
  readonly deadLetterArn?: string | undefined;
}

const PERMANENT = /AccessDenied|NotFound|DoesNotExist|NonExistent|Unauthorized|AuthorizationError|Invalid|Validation/;
const LONGEST_BACKOFF_MS = 300_000;
const STEP_FUNCTIONS = /^arn:aws:states:[^:]+:\d+:stateMachine:/;
const LAMBDA = /^arn:aws:lambda:[^:]+:\d+:function:/;
const QUEUE_OR_TOPIC = /^arn:aws:(sqs|sns):/;

/** Refuses targets that are not simulated. */
export function checkTarget(targetArn: string): void {
  if (![STEP_FUNCTIONS, LAMBDA, QUEUE_OR_TOPIC].some((known) => known.test(targetArn))) {
    throw new Error(`target ${targetArn} is not simulated`);
  }
}

function actionOn(targetArn: string): string {
  if (LAMBDA.test(targetArn)) return 'lambda:InvokeFunction';
  return targetArn.startsWith('arn:aws:sqs:') ? 'sqs:SendMessage' : 'sns:Publish';
}

function requirePermission(parts: DeliveryParts, delivery: Delivery, resourceArn: string): void {
  const { principal, sourceArn } = delivery;
  if (parts.permits(resourceArn, actionOn(resourceArn), principal, sourceArn)) return;
  const who = `${principal} (${sourceArn})`;
  throw new ApiError('AccessDeniedException', `${resourceArn} does not let ${who} ${actionOn(resourceArn)}`, 403);
}

async function attempt(parts: DeliveryParts, delivery: Delivery, text: string): Promise<void> {
  const { targetArn, roleArn, principal, callerName: name } = delivery;
  const caller: Caller = roleArn ? { kind: 'role', arn: roleArn, name } : { kind: 'service', arn: principal, name };
  if (!roleArn) requirePermission(parts, delivery, targetArn);
  if (LAMBDA.test(targetArn)) {
    const payload = new Uint8Array(Buffer.from(text));
    const input = { FunctionName: targetArn, InvocationType: 'Event', Payload: payload };
    await parts.perform({ caller, service: 'lambda', operation: 'Invoke', input });
  } else if (STEP_FUNCTIONS.test(targetArn)) {
    const input = { stateMachineArn: targetArn, input: text };
    await parts.perform({ caller, service: 'states', operation: 'StartExecution', input });
  } else await sendTo(parts.perform, caller, targetArn, text);
}

async function toDeadLetters(parts: DeliveryParts, delivery: Delivery, text: string, reason: unknown): Promise<void> {
  const { deadLetterArn, roleArn, principal, callerName: name } = delivery;
  if (!deadLetterArn) {
    parts.onLost({ delivery: name, reason });
    return;
  }
  try {
    // Scheduler writes to the queue in the schedule's role, EventBridge as itself.
    const inRole = principal === 'scheduler.amazonaws.com' && roleArn !== undefined;
    if (!inRole) requirePermission(parts, delivery, deadLetterArn);
    const caller: Caller = inRole ? { kind: 'role', arn: roleArn, name } : { kind: 'service', arn: principal, name };
    await sendTo(parts.perform, caller, deadLetterArn, text);
  } catch (thrown) {
    parts.onLost({ delivery: name, reason, deadLetterArn, thrown });
  }
}

/** Delivers, tries again, gives up into the dead-letter queue. True when delivered. Never rejects for a refusal. */
export async function deliver(parts: DeliveryParts, delivery: Delivery): Promise<boolean> {
  const endMs = parts.clock.nowMs() + delivery.retry.maximumEventAgeSeconds * 1000;
  for (let count = 1, backoffMs = 1000; ; count += 1, backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)) {
    const text = delivery.text(count);
    try {
      await attempt(parts, delivery, text);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      const late = parts.clock.nowMs() + backoffMs > endMs || count > delivery.retry.maximumRetryAttempts;
      if (late || PERMANENT.test(thrown.name)) {
        await toDeadLetters(parts, delivery, text, thrown);
        return false;
      }
    }
    await parts.clock.sleep(backoffMs);
  }
}
