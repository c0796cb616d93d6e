/** A scenario in which nothing goes wrong, taken down: every place where something could. */
import type { CallRecord } from '#simulator/kernel/call-log.ts';
import type { Invocation } from '#simulator/services/lambda/create-lambda.ts';
import { dayMs, executions, type Stage } from '../scenario/stage.ts';
import type { Scenario } from './scenarios.ts';
import { stepOf } from './step-of.ts';

/** One call of one function: the `nth` (from 0) of that operation that the function makes in the scenario. */
export interface CallPoint {
  readonly functionName: string;
  /** `BeginTiers` */
  readonly step: string;
  readonly service: string;
  readonly operation: string;
  readonly nth: number;
}

/** One invocation of a function: the `nth`, from 0. */
export interface InvocationPoint {
  readonly functionName: string;
  readonly step: string;
  readonly nth: number;
  readonly calls: number;
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
  readonly invocations: readonly InvocationPoint[];
  readonly states: readonly StatePoint[];
  readonly events: readonly EventPoint[];
}

const recordings = new Map<string, Promise<Recording>>();

/** Once a process: the same seed makes the same night. */
export function recordingOf(scenario: Scenario): Promise<Recording> {
  const known = recordings.get(scenario.name) ?? record(scenario);
  recordings.set(scenario.name, known);
  return known;
}

async function record(scenario: Scenario): Promise<Recording> {
  const stage = await scenario.open(1);
  try {
    await scenario.prepare(stage);
    const from = marks(stage);
    await scenario.live(stage);
    const { calls, services } = stage;
    return {
      calls: callPoints(calls.all().slice(from.calls)),
      invocations: invocationPoints(services.lambda.invocations.slice(from.invocations)),
      states: statePoints(stage, scenario),
      events: eventPoints(services.events.delivered.slice(from.events)),
    };
  } finally {
    stage.close();
  }
}

const marks = ({ calls, services }: Stage) => ({
  calls: calls.all().length,
  invocations: services.lambda.invocations.length,
  events: services.events.delivered.length,
});

/** Of calls that a function makes again and again in the same words, the first and the last: what is between them is alike. */
function callPoints(records: readonly CallRecord[]): readonly CallPoint[] {
  const counts = new Map<string, number>();
  const likes = new Map<string, CallPoint[]>();
  for (const { call, input } of records) {
    const { service, operation, caller } = call;
    if (!caller.name.startsWith('function:')) continue;
    const functionName = caller.name.replace('function:', '');
    const nth = counts.get(`${functionName} ${service} ${operation}`) ?? 0;
    counts.set(`${functionName} ${service} ${operation}`, nth + 1);
    const likeness = `${functionName} ${service} ${operation} ${wordsOf(input)}`;
    const point = { functionName, step: stepOf(functionName), service, operation, nth };
    likes.set(likeness, [...(likes.get(likeness) ?? []), point]);
  }
  return [...likes.values()].flatMap((points) =>
    [...new Set([points[0], points.at(-1)])].filter((each) => each !== undefined),
  );
}

/** What tells calls of one operation apart: the ledger's key, the kind of command, the names of the input's fields. */
function wordsOf(input: unknown): string {
  const { Key, Item, IndexName, ExpressionAttributeValues, Parameters, DocumentName } = Object(input);
  const key = Key ?? (Item ? { pk: Item.pk, sk: Item.sk } : { IndexName, ExpressionAttributeValues });
  const words = JSON.stringify([Object.keys(Object(input)).sort(), key, DocumentName, Parameters?.action]);
  return words.replaceAll(/[0-9a-f]{8,}|\d+/g, '#');
}

/** Of a function's invocations, one for each number of calls that it makes. */
function invocationPoints(invocations: readonly Invocation[]): readonly InvocationPoint[] {
  const counts = new Map<string, number>();
  const kinds = new Map<string, InvocationPoint>();
  for (const { functionName, calls } of invocations) {
    const nth = counts.get(functionName) ?? 0;
    counts.set(functionName, nth + 1);
    const kind = `${functionName} ${calls}`;
    if (!kinds.has(kind)) kinds.set(kind, { functionName, step: stepOf(functionName), nth, calls });
  }
  return [...kinds.values()];
}

function statePoints(stage: Stage, { machine }: Scenario): readonly StatePoint[] {
  const [execution] = executions(stage, machine);
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
