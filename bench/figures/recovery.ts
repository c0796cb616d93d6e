/** How much longer a recovery of one instance with four volumes takes than its critical path. */
import { TYPICAL_MS } from '#simulator/services/ec2/durations.ts';
import { transitions } from '#simulator/services/states/execution.ts';
import { executions, hourMs, night, openStage, until } from '../../test/scenario/stage.ts';

export interface Recovered {
  readonly tookMs: number;
  readonly criticalMs: number;
  /** From the instance's stop to its being back in use. */
  readonly downMs: number;
  readonly transitions: number;
  readonly phases: readonly { readonly phase: string; readonly ms: number }[];
  readonly calls: number;
}

/** max(stop, create) + detach + attach + start + status checks, with the durations that the region is given. */
const criticalMs =
  Math.max(TYPICAL_MS.stopInstance, TYPICAL_MS.createVolumeFromSnapshot) +
  TYPICAL_MS.detachVolume +
  TYPICAL_MS.attachVolume +
  TYPICAL_MS.startInstance +
  TYPICAL_MS.passStatusChecks;

export async function measureRecovery(): Promise<Recovered> {
  const stage = await openStage({ ec2: { jitter: 0 } });
  await night(stage);
  stage.calls.clear();
  const begun = await stage.startExecution(stage.deployed.HoldfastRecover ?? '', { workload: 'orders-db' }, 'bench');
  const find = () => executions(stage, 'recover').find(({ name }) => name === begun.name);
  await until(stage, 'the recovery ends', () => find()?.status !== 'RUNNING', 6 * hourMs);
  const execution = find();
  if (execution?.status !== 'SUCCEEDED') throw new Error(`the recovery ${execution?.status}: ${execution?.cause}`);
  const calls = stage.calls.all().filter(({ call }) => /function:|state-machine:/.test(call.caller.name)).length;
  const phases = phasesOf(execution.events);
  const stop = phases.findIndex(({ phase }) => phase === 'StopInstance');
  stage.close();
  return {
    tookMs: (execution.stopMs ?? Number.NaN) - execution.startMs,
    criticalMs,
    downMs: phases.slice(stop).reduce((sum, { ms }) => sum + ms, 0),
    transitions: transitions(execution),
    phases,
    calls,
  };
}

/** Each task state with the time until the next task state was entered. */
function phasesOf(
  events: readonly {
    readonly timeMs: number;
    readonly type: string;
    readonly state?: string;
    readonly stateType?: string;
  }[],
) {
  const entered = events.filter(({ type, stateType }) => type === 'StateEntered' && stateType === 'Task');
  const endMs = events.at(-1)?.timeMs ?? 0;
  const spans = entered.map(({ state = '', timeMs }, index) => ({
    phase: state,
    ms: (entered[index + 1]?.timeMs ?? endMs) - timeMs,
  }));
  const sums = new Map<string, number>();
  for (const { phase, ms } of spans) sums.set(phase, (sums.get(phase) ?? 0) + ms);
  return [...sums].map(([phase, ms]) => ({ phase, ms }));
}
