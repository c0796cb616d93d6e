/** A scenario in which nothing goes wrong, taken down: every place where something could. */
import { type CallRecord, isRead } from '#simulator/kernel/call-log.ts';
import type { Invocation } from '#simulator/services/lambda/create-lambda.ts';
import type { Execution } from '#simulator/services/states/execution.ts';
import { dayMs, executions } from '../scenario/stage.ts';
import { failuresOf } from './failures.ts';
import type { Scenario } from './scenario.ts';
import { openScene, type Scene } from './scene.ts';
import { stepOf } from './step-of.ts';

/** One call of one function: the `nth` (from 0) of that operation that the function makes in the scenario. */
export interface CallPoint {
  readonly functionName: string;
  /** `BeginTiers` */
  readonly step: string;
  readonly service: string;
  readonly operation: string;
  readonly nth: number;
  /** Points of the same likeness make the same call in the same words. */
  readonly likeness: string;
}

/** The function dies once its `nth` invocation (from 0) has made so many calls. */
export interface CrashPoint {
  readonly functionName: string;
  readonly step: string;
  readonly nth: number;
  readonly afterCalls: number;
  /** Points of the same likeness have changed the same before. */
  readonly likeness: string;
}

export interface StatePoint {
  readonly state: string;
  readonly durationMs: number;
}

/** Events of one kind; those of rules on schedules by their rule. */
export interface EventPoint {
  readonly name: string;
  readonly source: string;
  readonly detailType: string;
  /** Part of the rule's ARN. */
  readonly rule?: string;
}

export interface Recording {
  readonly calls: readonly CallPoint[];
  readonly crashes: readonly CrashPoint[];
  readonly states: readonly StatePoint[];
  readonly events: readonly EventPoint[];
  /** Nights without a point and recoveries that were not committed, though nothing more went wrong than the scenario itself. */
  readonly failures: number;
}

const recordings = new Map<string, Promise<Recording>>();

/** Once a process: the same seed makes the same night. */
export function recordingOf(scenario: Scenario): Promise<Recording> {
  const known = recordings.get(scenario.name) ?? record(scenario);
  recordings.set(scenario.name, known);
  return known;
}

async function record(scenario: Scenario): Promise<Recording> {
  const scene = await openScene({ scenario, mishaps: [], seed: 1, failures: 0 });
  const { stage } = scene;
  try {
    const from = marks(scene);
    await scenario.live(stage);
    const { calls, services } = stage;
    const made = wordedCalls(calls.all().slice(from.calls), scenario);
    return {
      calls: callPoints(made),
      crashes: crashPoints(services.lambda.invocations.slice(from.invocations).filter(isStep), made),
      states: statePoints(executions(stage, scenario.machine).toReversed()[from.executions]),
      events: eventPoints(services.events.delivered.slice(from.events)),
      failures: failuresOf(scene),
    };
  } finally {
    stage.close();
  }
}

const marks = ({ stage, scenario }: Scene) => ({
  calls: stage.calls.all().length,
  invocations: stage.services.lambda.invocations.length,
  events: stage.services.events.delivered.length,
  executions: executions(stage, scenario.machine).length,
});

/** Not a function of the owner's. */
const isStep = ({ functionName }: Invocation): boolean => stepOf(functionName) !== functionName;

/** A function's call, and what tells it from others. */
interface WordedCall {
  readonly functionName: string;
  readonly service: string;
  readonly operation: string;
  readonly words: string;
}

const wordedCalls = (records: readonly CallRecord[], scenario: Scenario): readonly WordedCall[] =>
  records
    .filter(({ call }) => /^function:Holdfast-/.test(call.caller.name))
    .map(({ call: { service, operation, caller }, input }) => ({
      functionName: caller.name.replace('function:', ''),
      service,
      operation,
      words: `${service}.${operation} ${wordsOf(input, scenario)}`,
    }));

/** What tells calls of one operation apart: the ledger's key, the kind of command, a path, the names of the input's fields. */
function wordsOf(input: unknown, { workload }: Scenario): string {
  const { Key, Item, IndexName, ExpressionAttributeValues, Parameters, DocumentName, Payload, path } = Object(input);
  const { action = Parameters?.action } =
    Payload instanceof Uint8Array ? JSON.parse(Buffer.from(Payload).toString()) : {};
  const key = Key ?? (Item ? { pk: Item.pk, sk: Item.sk } : { IndexName, ExpressionAttributeValues });
  const words = JSON.stringify([Object.keys(Object(input)).sort(), key, DocumentName, action, path]);
  return words.replaceAll(workload, 'workload').replaceAll(/[0-9a-f]{8,}|\d+/g, '#');
}

/** Of calls that a function makes again and again in the same words, the first and the last: what is between them is alike. */
function callPoints(made: readonly WordedCall[]): readonly CallPoint[] {
  const counts = new Map<string, number>();
  const points = made.map(({ functionName, service, operation, words }): CallPoint => {
    const counted = `${functionName} ${service} ${operation}`;
    const nth = counts.get(counted) ?? 0;
    counts.set(counted, nth + 1);
    const step = stepOf(functionName);
    return { functionName, step, service, operation, nth, likeness: `${step} ${words}` };
  });
  return firstsAndLasts(points);
}

/** Before the first call of an invocation and after each; of those that have changed the same before, the first and the last. */
function crashPoints(invocations: readonly Invocation[], made: readonly WordedCall[]): readonly CrashPoint[] {
  const callsOf = Map.groupBy(made, ({ functionName }) => functionName);
  const counts = new Map<string, { nth: number; calls: number }>();
  const points: CrashPoint[] = [];
  for (const { functionName, calls } of invocations) {
    const { nth, calls: before } = counts.get(functionName) ?? { nth: 0, calls: 0 };
    counts.set(functionName, { nth: nth + 1, calls: before + calls });
    const all = (callsOf.get(functionName) ?? []).slice(before, before + calls);
    for (let afterCalls = 0; calls > 0 && afterCalls <= calls; afterCalls += 1) {
      const step = stepOf(functionName);
      // What was only read has left nothing behind.
      const past = all.slice(0, afterCalls).filter(({ operation }) => !isRead(operation));
      const likeness = `${step} dies after ${[...new Set(past.map(({ words }) => words))].join(' ')}`;
      points.push({ functionName, step, nth, afterCalls, likeness });
    }
  }
  return firstsAndLasts(points);
}

const firstsAndLasts = <Point extends { readonly likeness: string }>(points: readonly Point[]): readonly Point[] =>
  [...Map.groupBy(points, ({ likeness }) => likeness).values()].flatMap((alike) =>
    [...new Set([alike[0], alike.at(-1)])].filter((each) => each !== undefined),
  );

/** Tasks of the first execution that began. */
function statePoints(execution: Execution | undefined): readonly StatePoint[] {
  const entered =
    execution?.events.filter(({ type, stateType }) => type === 'StateEntered' && stateType === 'Task') ?? [];
  const first = new Map(entered.toReversed().map(({ state = '', timeMs }) => [state, timeMs]));
  return [...first].map(([state, timeMs]) => {
    const exit = execution?.events.find((each) => each.type === 'StateExited' && each.state === state);
    return { state, durationMs: Math.min(dayMs, (exit?.timeMs ?? timeMs) - timeMs) };
  });
}

function eventPoints(delivered: readonly Readonly<Record<string, unknown>>[]): readonly EventPoint[] {
  const points = new Map<string, EventPoint>([
    ['schedule', { name: 'schedule', source: 'aws.scheduler', detailType: 'Schedule' }],
  ]);
  for (const event of delivered) {
    const [source, detailType] = [String(event.source), String(event['detail-type'])];
    const rule =
      source === 'aws.events' ? /rule\/\w+?-(\w+?)[0-9A-F]{8}/.exec(String(event.resources))?.[1] : undefined;
    const name = (rule ?? detailType).replaceAll(' ', '-');
    points.set(name, { name, source, detailType, ...(rule ? { rule } : {}) });
  }
  return [...points.values()];
}
