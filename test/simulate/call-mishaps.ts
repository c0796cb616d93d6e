/** What can become of one call to AWS. */
import { isRead } from '#simulator/kernel/call-log.ts';
import type { FaultEffect, FaultRule } from '#simulator/kernel/faults.ts';
import { minuteMs } from '../scenario/stage.ts';
import type { Mishap } from './mishap.ts';
import type { CallPoint } from './recording.ts';

interface Codes {
  readonly broken: string;
  readonly denied: readonly [string, number];
  readonly throttled: readonly [string, number];
}

const jsonDenied = ['AccessDeniedException', 400] as const;
const jsonThrottled = ['ThrottlingException', 400] as const;

/** How a service says that it is out of order. */
export const outage = (service: string): FaultEffect => refusal([codes[service]?.broken ?? 'InternalFailure', 500]);

/** Each service's own names: https://docs.aws.amazon.com/, "Common errors" of its API reference. */
const codes: Readonly<Record<string, Codes>> = {
  autoscaling: { broken: 'InternalFailure', denied: ['AccessDenied', 403], throttled: ['Throttling', 400] },
  backup: { broken: 'ServiceUnavailableException', denied: jsonDenied, throttled: jsonThrottled },
  dynamodb: { broken: 'InternalServerError', denied: jsonDenied, throttled: jsonThrottled },
  ec2: { broken: 'InternalError', denied: ['UnauthorizedOperation', 403], throttled: ['RequestLimitExceeded', 503] },
  ecs: { broken: 'ServerException', denied: jsonDenied, throttled: jsonThrottled },
  elasticache: { broken: 'InternalFailure', denied: ['AccessDenied', 403], throttled: ['Throttling', 400] },
  elasticfilesystem: { broken: 'InternalServerError', denied: jsonDenied, throttled: jsonThrottled },
  es: {
    broken: 'InternalException',
    denied: ['AccessDeniedException', 403],
    throttled: ['ThrottlingException', 429],
  },
  kms: { broken: 'KMSInternalException', denied: jsonDenied, throttled: jsonThrottled },
  lambda: {
    broken: 'ServiceException',
    denied: ['AccessDeniedException', 403],
    throttled: ['TooManyRequestsException', 429],
  },
  rds: { broken: 'InternalFailure', denied: ['AccessDenied', 403], throttled: ['Throttling', 400] },
  route53: { broken: 'InternalFailure', denied: ['AccessDenied', 403], throttled: ['Throttling', 400] },
  s3: { broken: 'InternalError', denied: ['AccessDenied', 403], throttled: ['SlowDown', 503] },
  sns: { broken: 'InternalError', denied: ['AuthorizationError', 403], throttled: ['Throttled', 429] },
  ssm: { broken: 'InternalServerError', denied: jsonDenied, throttled: jsonThrottled },
  states: { broken: 'InternalServerException', denied: jsonDenied, throttled: jsonThrottled },
  tagging: { broken: 'InternalServiceException', denied: jsonDenied, throttled: ['ThrottledException', 400] },
};

/** Attempts that an SDK client makes by default; fewer when its quota of retries is used up, so what is left of them must not hit a later night. */
const attempts = 3;
/** Longer than any function may run. */
const foreverMs = 15 * minuteMs;

const refusal = ([code, status]: readonly [string, number], afterMs = 0): FaultEffect => ({
  ...{ kind: 'refuse', code, message: 'injected', status },
  ...(afterMs > 0 ? { afterMs } : {}),
});

export interface Variant {
  readonly name: string;
  readonly effect: FaultEffect;
  readonly times: number;
  /** From the point on, all calls of the operation for so long. */
  readonly forMs?: number;
}

export function variantsOf({ service, operation }: Pick<CallPoint, 'service' | 'operation'>): readonly Variant[] {
  const { broken, denied, throttled } = codes[service] ?? {
    broken: 'InternalFailure',
    denied: jsonDenied,
    throttled: jsonThrottled,
  };
  const refused: readonly Variant[] = [
    { name: 'broken', effect: refusal([broken, 500]), times: attempts, forMs: minuteMs },
    { name: 'denied', effect: refusal(denied), times: 1 },
    { name: 'throttled', effect: refusal(throttled), times: Infinity, forMs: 3 * minuteMs },
    { name: 'stalled', effect: refusal([broken, 500], foreverMs), times: 1 },
  ];
  if (isRead(operation)) return refused;
  return [
    ...refused,
    { name: 'lost', effect: { kind: 'lose-reply' }, times: 1 },
    { name: 'lost-thrice', effect: { kind: 'lose-reply' }, times: attempts, forMs: minuteMs },
    { name: 'unanswered', effect: { kind: 'lose-reply', afterMs: foreverMs }, times: 1 },
    { name: 'twice', effect: { kind: 'deliver-twice' }, times: 1 },
  ];
}

export const callMishaps = (point: CallPoint): readonly Mishap[] =>
  variantsOf(point).map((variant) => {
    const { step, service, operation, nth, functionName } = point;
    const caller = `function:${functionName}`;
    return {
      id: `${step}:${service}.${operation}:${nth}:${variant.name}`,
      group: step,
      isHarmless: ['lost', 'twice'].includes(variant.name),
      ...(variant.name === 'denied' ? { denies: { caller, operation } } : {}),
      arm: (stage) => {
        const rule = ruleFor(point, variant, stage.clock.nowMs);
        const disarm = stage.faults.add(rule);
        return { hasHappened: () => !stage.faults.unused().includes(rule), disarm };
      },
    };
  });

function ruleFor(point: CallPoint, { effect, times, forMs = Infinity }: Variant, nowMs: () => number): FaultRule {
  const { functionName, service, operation, nth } = point;
  let seen = 0;
  let sinceMs: number | undefined;
  const when = () => {
    seen += 1;
    if (seen <= nth) return false;
    sinceMs ??= nowMs();
    return nowMs() - sinceMs < forMs;
  };
  return { service, operation, caller: `function:${functionName}`, when, times, effect };
}
