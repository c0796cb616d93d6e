/** One night of a fleet whose workloads share one minute: what it took, and what became of it. */
import type { Run } from '#domain/run.ts';
import { functionTable, pascalCase, type Step } from '#infra/function-table.ts';
import { unfinished } from '#ledger/unfinished.ts';
import { historyEntries, jsonBytes, transitions } from '#simulator/services/states/execution.ts';
import {
  dayMs,
  executions,
  failuresAddress,
  minuteMs,
  openStage,
  runsIn,
  type Stage,
  subjects,
} from '../../test/scenario/stage.ts';
import { type Bill, dollars } from '../prices.ts';
import { capacityMeter } from './capacity.ts';
import { backUpBefore, launch, machines, policyOf, type Timetable, workloadsOf } from './fleet.ts';
import { meanCompletionSeconds } from './setting.ts';
import { count, newTally, type Tally, take } from './tally.ts';

export interface Night {
  readonly volumes: number;
  readonly workloads: number;
  readonly sealed: number;
  readonly failed: number;
  readonly refused: number;
  /** Runs still under way when the measurement gave up. */
  readonly open: number;
  readonly snapshots: number;
  /** How long its snapshots took: all together, and the longest. */
  readonly completion: { readonly sumSeconds: number; readonly longestSeconds: number };
  /** From the scheduled minute, seconds. */
  readonly lastAskedSeconds: number;
  readonly finishedSeconds: number;
  readonly tally: Tally;
  /** Control plane, from counted calls and `prices.ts`. */
  readonly dollars: number;
  readonly billed: Bill;
  readonly transitionsPerWorkload: number;
  readonly longestHistory: number;
  readonly largestStateBytes: number;
  readonly peakHeapBytes: number;
  readonly longestWindowMs: number;
  readonly failureMails: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly wallSeconds: number;
}

const dueMs = Date.UTC(2026, 0, 15, 3);

export interface NightOptions {
  readonly timetable: Timetable;
  /** Give up, or look on, for so long. */
  readonly hours: number;
  /** Go on to the end of `hours` although nothing is left to do: for the bill of a whole day. */
  readonly wholeDay?: boolean;
}

export async function measureNight(
  volumes: number,
  { timetable, hours, wholeDay = false }: NightOptions,
): Promise<Night> {
  const fromMs = performance.now();
  const fleet = machines(volumes);
  const stage = await openStage({
    policy: policyOf(fleet, timetable),
    ec2: { durations: { completeSnapshot: meanCompletionSeconds * 1000, completeSnapshotPerGib: 0 } },
  });
  launch(stage, fleet);
  await stage.drive(backUpBefore(fleet, dueMs - dayMs));
  await stage.time.advance(dueMs - Date.now() - 1000);
  const meter = capacityMeter();
  take(newTally(), stage.calls, meter);
  const tally = newTally();
  let peakHeapBytes = 0;
  for (let minutes = 0; minutes < hours * 60; minutes += 1) {
    await stage.time.advance(minuteMs);
    take(tally, stage.calls, meter);
    if (minutes % 5 === 0) peakHeapBytes = Math.max(peakHeapBytes, heapBytes());
    if (process.env.BENCH_TRACE) trace(stage, minutes, fromMs);
    if (wholeDay || minutes <= 2 || !isOver(stage, workloadsOf(fleet).length)) continue;
    const { waiting, inWindow, settling } = await stage.drive(unfinished());
    if (waiting.length + inWindow.length + settling.length === 0) break;
  }
  peakHeapBytes = Math.max(peakHeapBytes, heapBytes());
  const billed = billOf(stage, tally);
  return {
    ...(await outcome(stage, volumes)),
    tally,
    dollars: dollars(billed),
    billed,
    peakHeapBytes,
    wallSeconds: (performance.now() - fromMs) / 1000,
  };
}

function trace(stage: Stage, minutes: number, fromMs: number): void {
  const all = [...stage.services.ec2.world.snapshots.values()];
  const pending = all.filter(({ state }) => state === 'pending').length;
  const running = executions(stage, 'protect').filter(({ status }) => status === 'RUNNING').length;
  process.stderr.write(
    `${minutes} min: ${all.length} asked, ${pending} pending, ${running} running, ${Math.round((performance.now() - fromMs) / 1000)} s of wall time\n`,
  );
}

function isOver(stage: Stage, workloads: number): boolean {
  const all = executions(stage, 'protect');
  const isPending = [...stage.services.ec2.world.snapshots.values()].some(({ state }) => state === 'pending');
  return all.length >= workloads && !isPending && all.every(({ status }) => status !== 'RUNNING');
}

const heapBytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

async function outcome(stage: Stage, volumes: number) {
  const fleet = machines(volumes);
  const runs: Run[] = [];
  for (const workload of workloadsOf(fleet)) runs.push(...(await runsIn(stage, workload)));
  const snapshots = [...stage.services.ec2.world.snapshots.values()];
  const all = executions(stage, 'protect');
  const ended = runs.flatMap(({ endedAt, state }) => (endedAt && state === 'sealed' ? [Date.parse(endedAt)] : []));
  const failures: Record<string, number> = {};
  for (const { failure } of runs) {
    if (failure) failures[failure.name] = (failures[failure.name] ?? 0) + 1;
  }
  return {
    volumes,
    workloads: workloadsOf(fleet).length,
    sealed: of(runs, 'sealed'),
    failed: of(runs, 'failed'),
    refused: of(runs, 'refused'),
    open: runs.length - of(runs, 'sealed') - of(runs, 'failed') - of(runs, 'refused'),
    snapshots: snapshots.length,
    completion: completionOf(snapshots),
    lastAskedSeconds: (most(snapshots.map(({ startTimeMs }) => startTimeMs)) - dueMs) / 1000,
    finishedSeconds: (most(ended) - dueMs) / 1000,
    transitionsPerWorkload: all.reduce((sum, each) => sum + transitions(each), 0) / Math.max(1, all.length),
    longestHistory: most(all.map(({ events }) => events.reduce((sum, event) => sum + historyEntries(event), 0))),
    largestStateBytes: most(
      all.flatMap(({ events }) => events.map(({ input, output }) => Math.max(jsonBytes(input), jsonBytes(output)))),
    ),
    longestWindowMs: most(runs.map(({ verdict }) => verdict?.windowMs ?? 0)),
    failureMails: subjects(stage, failuresAddress).length,
    failures,
  };
}

/** Simulated durations are what functions wait; this is added for what they compute. */
const computeMs = 100;
/** Bytes that Lambda itself logs of an invocation (START, END, REPORT). */
const platformLogBytes = 400;

function billOf(stage: Stage, tally: Tally): Bill {
  const { lambda } = stage.services;
  const invocations = lambda.invocations.filter(({ endMs }) => endMs >= dueMs);
  const gbSeconds = invocations.reduce(
    (sum, { functionName, durationMs }) => sum + ((durationMs + computeMs) / 1000) * (memoryMb(functionName) / 1024),
    0,
  );
  const lines = lambda
    .names()
    .flatMap((name) => lambda.logs(name))
    .filter(({ timeMs }) => timeMs >= dueMs);
  const logBytes = lines.reduce((sum, { text }) => sum + text.length, 0) + invocations.length * platformLogBytes;
  return {
    stateTransition: executions(stage, 'protect').reduce((sum, each) => sum + transitions(each), 0),
    lambdaInvocation: invocations.length,
    lambdaGbSecond: gbSeconds,
    dynamodbWriteUnit: tally.writeUnits,
    dynamodbReadUnit: tally.readUnits,
    scheduledInvocation: count(tally, /^schedule /),
    snsPublish: count(tally, / sns:Publish /),
    snsEmail: 2 * count(tally, / sns:Publish /),
    logsGb: logBytes / 1e9,
  };
}

const memoryMb = (functionName: string): number => {
  const step = Object.keys(functionTable).find((name): name is Step =>
    functionName.includes(`-${pascalCase(name)}Function`),
  );
  return step === undefined ? 512 : functionTable[step].memoryMb;
};

function completionOf(snapshots: readonly { readonly startTimeMs: number; readonly completesAtMs: number }[]) {
  const seconds = snapshots.map(({ startTimeMs, completesAtMs }) => (completesAtMs - startTimeMs) / 1000);
  return { sumSeconds: seconds.reduce((a, b) => a + b, 0), longestSeconds: most(seconds) };
}

const of = (runs: readonly Run[], state: Run['state']): number => runs.filter((run) => run.state === state).length;
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
