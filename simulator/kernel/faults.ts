/**
 * What goes wrong on purpose. A rule names calls or events and what happens to them; a rule that never fired can be
 * listed, so that a test notices when its fault did not happen.
 */
import type { Call, ServiceEvent } from './service.ts';

export type FaultEffect =
  /** Refused before it has any effect; `afterMs`: only after so long (default 0). */
  | {
      readonly kind: 'refuse';
      readonly code: string;
      readonly message: string;
      readonly status: number;
      readonly afterMs?: number;
    }
  /**
   * It takes effect, then the connection is reset: the SDK sees ECONNRESET, and tries again. `afterMs`: the connection stays
   * silent for so long first (default 0).
   */
  | { readonly kind: 'lose-reply'; readonly afterMs?: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The operation runs twice, one reply. */
  | { readonly kind: 'deliver-twice' };

export interface FaultRule {
  /** Signing name, e.g. `ec2`; absent: any. */
  readonly service?: string;
  readonly operation?: string;
  /** `Caller.name`, e.g. `function:begin-run`. */
  readonly caller?: string;
  readonly when?: (input: unknown) => boolean;
  /** Lets the first n matching calls through. Default 0. */
  readonly skip?: number;
  /** Default 1; `Infinity`: for ever. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export type EventOutcome = 'drop' | 'double' | { readonly delayMs: number };

export interface EventFaultRule {
  /** `aws.ec2`; absent: any. */
  readonly source?: string;
  readonly detailType?: string;
  readonly when?: (event: ServiceEvent) => boolean;
  /** Default 1; `Infinity`: for ever. */
  readonly times?: number;
  readonly outcome: EventOutcome;
}

export interface Faults {
  /** Adds a rule; the earliest rule that matches wins. Returns a function that removes it. */
  add(rule: FaultRule | EventFaultRule): () => void;
  /** Removes every rule. */
  clear(): void;
  /** The effect for this call, if any. Counts the call against the rules that match. */
  take(call: Call, input: unknown): FaultEffect | undefined;
  /** What becomes of this event. Counts it. */
  event(event: ServiceEvent): 'deliver' | EventOutcome;
  /** Rules that were added and never fired, removed ones included (until `clear`). */
  unused(): readonly (FaultRule | EventFaultRule)[];
}

interface Armed<Rule> {
  readonly rule: Rule;
  seen: number;
  fired: number;
  removed: boolean;
}

function fires(armed: Armed<FaultRule | EventFaultRule>): boolean {
  const skip = 'effect' in armed.rule ? (armed.rule.skip ?? 0) : 0;
  armed.seen += 1;
  if (armed.seen <= skip) return false;
  armed.fired += 1;
  return true;
}

function isLive(armed: Armed<FaultRule | EventFaultRule>): boolean {
  return !armed.removed && armed.fired < (armed.rule.times ?? 1);
}

function matchesCall(rule: FaultRule, call: Call, input: unknown): boolean {
  return (
    (rule.service ?? call.service) === call.service &&
    (rule.operation ?? call.operation) === call.operation &&
    (rule.caller ?? call.caller.name) === call.caller.name &&
    (rule.when?.(input) ?? true)
  );
}

function matchesEvent(rule: EventFaultRule, event: ServiceEvent): boolean {
  return (
    (rule.source ?? event.source) === event.source &&
    (rule.detailType ?? event.detailType) === event.detailType &&
    (rule.when?.(event) ?? true)
  );
}

/** No faults yet. */
export function createFaults(): Faults {
  const onCalls: Armed<FaultRule>[] = [];
  const onEvents: Armed<EventFaultRule>[] = [];
  return {
    add(rule) {
      const count = { seen: 0, fired: 0, removed: false };
      const armed = 'effect' in rule ? { rule, ...count } : { rule, ...count };
      if ('effect' in armed.rule) onCalls.push(armed as Armed<FaultRule>);
      else onEvents.push(armed as Armed<EventFaultRule>);
      return () => {
        armed.removed = true;
      };
    },
    clear() {
      onCalls.length = 0;
      onEvents.length = 0;
    },
    take: (call, input) =>
      onCalls.find((armed) => isLive(armed) && matchesCall(armed.rule, call, input) && fires(armed))?.rule.effect,
    event: (event) =>
      onEvents.find((armed) => isLive(armed) && matchesEvent(armed.rule, event) && fires(armed))?.rule.outcome ??
      'deliver',
    unused: () => [...onCalls, ...onEvents].filter(({ fired }) => fired === 0).map(({ rule }) => rule),
  };
}

/** Throttled, as EC2 words it: `RequestLimitExceeded`, HTTP 503. Others: `throttled('ThrottlingException', 400)`. */
export function throttled(code = 'RequestLimitExceeded', status = 503): FaultEffect {
  return { kind: 'refuse', code, message: 'Request limit exceeded.', status };
}

/** Refused by IAM. `AccessDeniedException` for the JSON services, `UnauthorizedOperation` for EC2. Default 403. */
export function denied(code = 'AccessDeniedException', status = 403): FaultEffect {
  return { kind: 'refuse', code, message: 'You are not authorized to perform this operation.', status };
}
