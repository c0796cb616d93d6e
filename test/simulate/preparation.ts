/**
 * What was before a scenario begins. The deployed functions do it once a process; after that the calls by which they changed something
 * are made again, each at its time: a region comes to the same state by the same calls, and nobody has to find them out anew.
 */
import { DEFAULT_LATENCY_MS } from '#simulator/gateway.ts';
import type { CallRecord } from '#simulator/kernel/call-log.ts';
import type { Stage } from '../scenario/stage.ts';
import type { Scenario } from './scenario.ts';
import { sleepUntil } from './sleep.ts';

interface Preparation {
  readonly changes: readonly CallRecord[];
  /** Virtual time at which the scenario begins, epoch milliseconds. */
  readonly endMs: number;
}

/** What brings a stage that has just been opened to where its scenario begins. One region at a time: asked for before it is opened. */
export type Prepare = (scenario: Scenario, seed: number) => Promise<(stage: Stage) => Promise<void>>;

/** By the deployed functions. Sweeps count anew from its end. */
export const preparedByFunctions: Prepare = async (scenario) => async (stage) => {
  await scenario.prepare(stage);
  await sleepUntil(stage, stage.clock.nowMs());
};

/** By their calls alone: no event reaches a function meanwhile. */
export const preparedByCalls: Prepare = async (scenario, seed) => {
  const { changes, endMs } = await preparationOf(scenario, seed);
  return async (stage) => {
    const wake = stage.faults.add({ times: Infinity, outcome: 'drop' });
    const made = Promise.all(changes.map((change) => madeAgain(stage, change)));
    await sleepUntil(stage, endMs);
    await stage.drive(made);
    wake();
  };
};

/** Nights before it are lived through once. */
export const prepared: Prepare = (scenario, seed) =>
  scenario.nights === undefined ? preparedByFunctions(scenario, seed) : preparedByCalls(scenario, seed);

async function madeAgain({ clock, gateway }: Stage, { call, input }: CallRecord): Promise<void> {
  // It was noted when it was accepted, and some services' ids have that time in them.
  await clock.sleep(call.timeMs - DEFAULT_LATENCY_MS - clock.nowMs());
  const { caller, service, operation } = call;
  await gateway.perform({ caller, service, operation, input: structuredClone(input) });
}

const preparations = new Map<string, Promise<Preparation>>();

/** The same seed makes the same ids. */
function preparationOf(scenario: Scenario, seed: number): Promise<Preparation> {
  const key = `${scenario.name}@${seed}`;
  const known = preparations.get(key) ?? preparation(scenario, seed);
  preparations.set(key, known);
  return known;
}

async function preparation(scenario: Scenario, seed: number): Promise<Preparation> {
  const prepare = await preparedByFunctions(scenario, seed);
  const stage = await scenario.open(seed);
  try {
    await prepare(stage);
    const changes = stage.calls.mutating().filter(({ call, outcome }) => outcome === 'ok' && isOfFunction(call));
    return { changes, endMs: stage.clock.nowMs() };
  } finally {
    stage.close();
  }
}

/** Functions and executions that a function began have made their own calls. */
const isOfFunction = ({ caller, service }: CallRecord['call']): boolean =>
  caller.name.startsWith('function:') && service !== 'lambda' && service !== 'states';
