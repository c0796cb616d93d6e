/** How long a guest with four volumes is held still, beside what no orchestrator from outside could avoid. */
import { GetCommandInvocationCommand, ListCommandInvocationsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { transitions } from '#simulator/services/states/execution.ts';
import { appliance, database, databaseId, nightly } from '../../test/scenario/policy.ts';
import { executions, hourMs, openStage, pointsIn, runsIn, type Stage, window } from '../../test/scenario/stage.ts';
import { newTally, take } from './tally.ts';

export interface HeldStill {
  readonly seeds: number;
  /** Worst and middle of the seeds, ms on the guest's clock. */
  readonly windowMs: readonly number[];
  /** Of each: one CreateSnapshots round trip, and the release command from being sent to its script's start. */
  readonly floorMs: readonly number[];
  readonly throttled: number;
  readonly retriesInside: number;
  readonly consistency: readonly string[];
  readonly transitions: readonly number[];
}

const latencyMs = 20;
const insideStates = new Set(['Quiesce', 'BeginTiers', 'Release', 'ReleaseAfterFailure']);

/** @param seeds regions measured, each with its own random latencies */
export async function measureWindow(seeds: number): Promise<HeldStill> {
  const each = [];
  for (let seed = 1; seed <= seeds; seed += 1) each.push(await once(seed));
  return {
    seeds,
    windowMs: each.map((one) => one.windowMs),
    floorMs: each.map((one) => one.floorMs),
    throttled: each.reduce((sum, one) => sum + one.throttled, 0),
    retriesInside: each.reduce((sum, one) => sum + one.retriesInside, 0),
    consistency: [...new Set(each.map((one) => one.consistency))],
    transitions: [...new Set(each.map((one) => one.transitions))],
  };
}

async function once(seed: number) {
  const filesystem = { kind: 'filesystem', mounts: 'auto', deadlineSeconds: 30 } as const;
  const workload = database({ quiesce: { hooks: [filesystem], onFailure: 'abort' } });
  const stage = await openStage({
    seed,
    latencyMs,
    policy: nightly({ appliance: appliance(), 'orders-db': workload }),
  });
  await window(stage);
  const floorMs = latencyMs + (await releaseDeliveryMs(stage));
  await stage.time.advance(hourMs);
  const [run] = await runsIn(stage, 'orders-db');
  const [point] = await pointsIn(stage, 'orders-db');
  const tally = newTally();
  take(tally, stage.calls);
  const execution = executions(stage, 'protect').find(({ name }) => name.startsWith('orders-db'));
  const events = execution?.events ?? [];
  stage.close();
  return {
    windowMs: run?.verdict?.windowMs ?? Number.NaN,
    floorMs,
    consistency: point?.verdict.consistency ?? 'none',
    throttled: tally.throttledInsideWindow,
    retriesInside: events.filter(({ type, state = '' }) => type === 'StateRetried' && insideStates.has(state)).length,
    transitions: execution === undefined ? Number.NaN : transitions(execution),
  };
}

/** From the request of the release command to the start of its script in the guest, as SSM tells it. */
async function releaseDeliveryMs(stage: Stage): Promise<number> {
  const ssm = new SSMClient({});
  const { CommandInvocations = [] } = await stage.drive(
    ssm.send(new ListCommandInvocationsCommand({ InstanceId: databaseId })),
  );
  const last = CommandInvocations.toSorted((a, b) => timeOf(a.RequestedDateTime) - timeOf(b.RequestedDateTime)).at(-1);
  const told = await stage.drive(
    ssm.send(new GetCommandInvocationCommand({ CommandId: last?.CommandId ?? '', InstanceId: databaseId })),
  );
  // The reply of SendCommand and its request's way there are one latency of ours.
  return latencyMs + Date.parse(told.ExecutionStartDateTime ?? '') - timeOf(last?.RequestedDateTime);
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? Number.NaN;
