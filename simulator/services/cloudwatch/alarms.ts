/**
 * Alarms in virtual time. An alarm is looked at only when its answer can have changed: in the minute after an observation,
 * and whenever an observation leaves one of its periods; so a quiet year costs nothing.
 */
import type { Kernel } from '../../kernel/service.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { type AlarmState, type AlarmVerdict, evaluateAlarm } from './evaluate-alarm.ts';
import type { Metrics } from './metrics.ts';

export interface Alarm {
  readonly definition: AlarmDefinition;
  readonly state: AlarmState;
  readonly reason: string;
  readonly changedMs: number;
}

export interface Alarms {
  /** Adds or replaces an alarm; a replaced one keeps its state. */
  put(definition: AlarmDefinition): void;
  remove(name: string): void;
  find(name: string): Alarm | undefined;
  all(): readonly Alarm[];
  /** Looks at an observation's alarms when they can change. */
  observed(metric: string): void;
  /** Sets a state by hand, with its actions, until the next evaluation. */
  force(name: string, verdict: AlarmVerdict): void;
}

export type OnTransition = (alarm: Alarm, from: AlarmState) => void;

interface Watched {
  definition: AlarmDefinition;
  state: AlarmState;
  reason: string;
  changedMs: number;
  readonly due: Set<number>;
}

const MINUTE_MS = 60_000;

function nextMinute(timeMs: number): number {
  return (Math.floor(timeMs / MINUTE_MS) + 1) * MINUTE_MS;
}

function watch(definition: AlarmDefinition, nowMs: number): Watched {
  const reason = 'Unchecked: Initial alarm creation';
  return { definition, state: 'INSUFFICIENT_DATA', reason, changedMs: nowMs, due: new Set() };
}

/** No alarms. `onTransition` is told of every change of state. */
export function createAlarms(kernel: Kernel, metrics: Metrics, onTransition: OnTransition): Alarms {
  const { clock } = kernel;
  const alarms = new Map<string, Watched>();

  const change = (alarm: Watched, { state, reason }: AlarmVerdict): void => {
    const from = alarm.state;
    if (from === state) return;
    Object.assign(alarm, { state, reason, changedMs: clock.nowMs() });
    onTransition(alarm, from);
  };

  const evaluateAt = (alarm: Watched, timeMs: number): void => {
    if (alarm.due.has(timeMs)) return;
    alarm.due.add(timeMs);
    clock.at(timeMs, () => {
      alarm.due.delete(timeMs);
      if (alarms.get(alarm.definition.name) === alarm)
        change(alarm, evaluateAlarm(alarm.definition, metrics, timeMs, alarm.state));
    });
  };

  const evaluateWhenItCanChange = (alarm: Watched): void => {
    const { periodMs, evaluationPeriods } = alarm.definition;
    const firstMs = nextMinute(clock.nowMs());
    for (let period = 0; period <= evaluationPeriods; period += 1) evaluateAt(alarm, firstMs + period * periodMs);
  };

  return {
    put(definition) {
      const alarm = alarms.get(definition.name) ?? watch(definition, clock.nowMs());
      alarm.definition = definition;
      alarms.set(definition.name, alarm);
      evaluateWhenItCanChange(alarm);
    },
    remove: (name) => void alarms.delete(name),
    find: (name) => alarms.get(name),
    all: () => [...alarms.values()],
    observed(metric) {
      for (const alarm of alarms.values()) if (alarm.definition.metric === metric) evaluateWhenItCanChange(alarm);
    },
    force(name, verdict) {
      const alarm = alarms.get(name);
      if (alarm) change(alarm, verdict);
    },
  };
}
