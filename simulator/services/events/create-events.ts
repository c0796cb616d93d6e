/** Simulated Amazon EventBridge: the default bus with its rules, and rules on schedules (UTC). */
import type { PutEventsCommandInput, PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { arn } from '../../iam/arn.ts';
import type { Kernel, Service, ServiceEvent } from '../../kernel/service.ts';
import { uuid } from '../lambda/function-registry.ts';
import type { RecordMetric } from '../perform.ts';
import { parseSchedule } from '../scheduler/schedule-expression.ts';
import { checkTarget, type DeliveryParts, deliver, type RetryPolicy } from './delivery.ts';
import { compilePattern, type EventPattern } from './event-pattern.ts';
import { type TargetInput, targetText } from './target-input.ts';

export interface RuleTarget extends TargetInput {
  readonly arn: string;
  readonly roleArn?: string | undefined;
  readonly retry: RetryPolicy;
  readonly deadLetterArn?: string | undefined;
}

export interface RuleSettings {
  readonly name: string;
  readonly enabled: boolean;
  readonly pattern?: EventPattern | undefined;
  /** `rate(…)` or `cron(…)` */
  readonly schedule?: string | undefined;
  readonly targets: readonly RuleTarget[];
}

/** An event as rules see it. */
export type Envelope = Readonly<Record<string, unknown>>;

export interface Events extends Service {
  /** Puts an event on the default bus; its delivery follows about a second later, if faults let it. */
  emit(event: ServiceEvent): void;
  /** Creates or replaces a rule. @throws Error on patterns and targets that EventBridge or this simulation does not take. */
  deploy(settings: RuleSettings): void;
  remove(name: string): void;
  /** Names of all rules. */
  names(): readonly string[];
  /** Enables or disables a rule, as a person would in the console. @throws Error when there is none of that name. */
  setEnabled(name: string, enabled: boolean): void;
  /** Everything that reached the bus, in order of delivery. */
  readonly delivered: readonly Envelope[];
  /** What could not be delivered and had no dead-letter queue. */
  readonly lost: readonly unknown[];
}

export interface EventsParts extends Omit<DeliveryParts, 'clock' | 'onLost'> {
  readonly recordMetric: RecordMetric;
}

interface Rule {
  readonly settings: RuleSettings;
  readonly arn: string;
  readonly matches: (event: Envelope) => boolean;
  cancel(): void;
}

interface Bus {
  readonly kernel: Kernel;
  readonly parts: EventsParts & DeliveryParts;
  readonly rules: Map<string, Rule>;
  readonly delivered: Envelope[];
  readonly newId: () => string;
  readonly delayMs: () => number;
}

function envelope(bus: Bus, event: ServiceEvent, timeMs: number): Envelope {
  return {
    version: '0',
    id: bus.newId(),
    'detail-type': event.detailType,
    source: event.source,
    account: bus.kernel.account,
    time: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    region: bus.kernel.regionName,
    resources: event.resources,
    detail: JSON.parse(JSON.stringify(event.detail)) as unknown,
  };
}

async function trigger(bus: Bus, rule: Rule, target: RuleTarget, event: Envelope): Promise<void> {
  const { name } = rule.settings;
  const text = targetText(event, target, { ruleName: name, ruleArn: rule.arn });
  const delivered = await deliver(bus.parts, {
    targetArn: target.arn,
    roleArn: target.roleArn,
    principal: 'events.amazonaws.com',
    sourceArn: rule.arn,
    callerName: `rule:${name}`,
    text: () => text,
    retry: target.retry,
    deadLetterArn: target.deadLetterArn,
  });
  bus.parts.recordMetric('AWS/Events', delivered ? 'Invocations' : 'FailedInvocations', { RuleName: name }, 1);
}

function triggerAll(bus: Bus, rule: Rule, event: Envelope): void {
  bus.parts.recordMetric('AWS/Events', 'TriggeredRules', { RuleName: rule.settings.name }, 1);
  for (const target of rule.settings.targets) void trigger(bus, rule, target, event);
}

/** When copies of an event arrive: none when dropped, two when doubled. */
function arrivals(bus: Bus, event: ServiceEvent): readonly number[] {
  const outcome = bus.kernel.faults.event(event);
  if (outcome === 'drop') return [];
  if (outcome === 'deliver') return [bus.delayMs()];
  return outcome === 'double' ? [bus.delayMs(), bus.delayMs()] : [bus.delayMs() + outcome.delayMs];
}

function send(bus: Bus, event: ServiceEvent, timeMs: number, receive: (event: Envelope) => void): void {
  const sealed = envelope(bus, event, timeMs);
  for (const delayMs of arrivals(bus, event)) {
    bus.kernel.clock.at(bus.kernel.clock.nowMs() + delayMs, () => {
      bus.delivered.push(sealed);
      receive(sealed);
    });
  }
}

function emit(bus: Bus, event: ServiceEvent): void {
  send(bus, event, bus.kernel.clock.nowMs(), (sealed) => {
    const matching = [...bus.rules.values()].filter((rule) => rule.settings.enabled && rule.matches(sealed));
    for (const rule of matching) triggerAll(bus, rule, sealed);
  });
}

/** Fires the rule at each of its times until cancelled. */
function runOnSchedule(bus: Bus, rule: Rule, expression: string): () => void {
  const { clock } = bus.kernel;
  const next = parseSchedule(expression, clock.nowMs());
  let cancel = () => {};
  const arm = (afterMs: number): void => {
    const timeMs = next(afterMs);
    if (timeMs === undefined) return;
    cancel = clock.at(timeMs, () => {
      const event = { source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], detail: {} };
      send(bus, event, timeMs, (sealed) => triggerAll(bus, rule, sealed));
      arm(timeMs);
    });
  };
  arm(clock.nowMs());
  return () => cancel();
}

function deploy(bus: Bus, settings: RuleSettings): void {
  for (const target of settings.targets) checkTarget(target.arn);
  if (settings.targets.length > 5) throw new Error(`${settings.name}: at most 5 targets a rule`);
  bus.rules.get(settings.name)?.cancel();
  const rule: Rule = {
    settings,
    arn: arn(bus.kernel, 'events', `rule/${settings.name}`),
    matches: settings.pattern ? compilePattern(settings.pattern) : () => false,
    cancel: () => {},
  };
  if (settings.schedule && settings.enabled) rule.cancel = runOnSchedule(bus, rule, settings.schedule);
  bus.rules.set(settings.name, rule);
}

function setEnabled(bus: Bus, name: string, enabled: boolean): void {
  const rule = bus.rules.get(name);
  if (!rule) throw new Error(`there is no rule ${name}`);
  deploy(bus, { ...rule.settings, enabled });
}

function putEvents(bus: Bus, input: PutEventsCommandInput): Omit<PutEventsCommandOutput, '$metadata'> {
  const entries = (input.Entries ?? []).map((entry) => {
    if (entry.Source?.startsWith('aws.')) {
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    }
    const detail = JSON.parse(entry.Detail ?? '{}') as Readonly<Record<string, unknown>>;
    const { Source: source = '', DetailType: detailType = '', Resources: resources = [] } = entry;
    emit(bus, { source, detailType, resources, detail });
    return { EventId: bus.newId() };
  });
  return { Entries: entries, FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length };
}

/** A default bus without rules. */
export function createEvents(kernel: Kernel, parts: EventsParts): Events {
  const random = kernel.random.fork('events');
  const lost: unknown[] = [];
  const onLost = (reason: unknown) => void lost.push(reason);
  const bus: Bus = {
    kernel,
    parts: { ...parts, clock: kernel.clock, onLost },
    rules: new Map(),
    delivered: [],
    newId: () => uuid(random),
    delayMs: () => Math.round(random.between(700, 1300)),
  };
  return {
    name: 'events',
    client: () => import('@aws-sdk/client-eventbridge'),
    operations: { PutEvents: (input: PutEventsCommandInput) => putEvents(bus, input) },
    access: (operation) => [{ action: `events:${operation}`, resource: arn(kernel, 'events', 'event-bus/default') }],
    emit: (event) => emit(bus, event),
    deploy: (settings) => deploy(bus, settings),
    remove: (name) => {
      bus.rules.get(name)?.cancel();
      bus.rules.delete(name);
    },
    names: () => [...bus.rules.keys()],
    setEnabled: (name, enabled) => setEnabled(bus, name, enabled),
    delivered: bus.delivered,
    lost,
  };
}
