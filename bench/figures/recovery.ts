/** How much longer a recovery of one instance with four volumes takes than its critical path. */
import { type DurationName, TYPICAL_MS } from '#simulator/services/ec2/durations.ts';
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

/**
 * What people see in us-west-2 and ap-south-1: CreateVolume 1.5 s in the middle, most attachments and detachments 1 to 4 s
 * (aws-ebs-csi-driver: pkg/cloud/cloud.go, and CHANGELOG of its change 2833).
 */
export const seenMs = { createVolumeFromSnapshot: 1_500, attachVolume: 2_500, detachVolume: 2_500 } as const;

/** @param durations milliseconds that replace those of the simulated region (`simulator/services/ec2/durations.ts`) */
export async function measureRecovery(durations: Partial<Record<DurationName, number>> = {}): Promise<Recovered> {
  const stage = await openStage({ ec2: { jitter: 0, durations } });
  const ms = { ...TYPICAL_MS, ...durations };
  const criticalMs =
    Math.max(ms.stopInstance, ms.createVolumeFromSnapshot) +
    ms.detachVolume +
    ms.attachVolume +
    ms.startInstance +
    ms.passStatusChecks;
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
