/**
 * The design of most samples, as the baseline: one state machine, an inline Map over the volumes (Step Functions runs 40 of its
 * iterations at a time), in each a CreateSnapshot, then Wait 30 s, DescribeSnapshots, Choice. It meets the same simulated EC2.
 */
import { StateMachine } from 'aws-local-stepfunctions';
import { createRegion, type Region } from '#simulator/region.ts';
import { historyEntries } from '#simulator/services/states/execution.ts';
import { launch, machines } from './fleet.ts';

export interface Textbook {
  readonly volumes: number;
  readonly snapshots: number;
  readonly lastAskedSeconds: number;
  readonly finishedSeconds: number;
  readonly transitions: number;
  /** Step Functions ends an execution at 25,000: beyond that the run is only this engine's. */
  readonly historyEvents: number;
  readonly failed: boolean;
}

const inlineMapConcurrency = 40;
const pollSeconds = 30;
const retry = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: 60, MaxAttempts: 10 },
];
const definition = {
  StartAt: 'EachVolume',
  States: {
    EachVolume: {
      Type: 'Map',
      ItemsPath: '$.volumes',
      MaxConcurrency: inlineMapConcurrency,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'CreateSnapshot',
        States: {
          CreateSnapshot: { Type: 'Task', Resource: 'create', Retry: retry, Next: 'Wait' },
          Wait: { Type: 'Wait', Seconds: pollSeconds, Next: 'Describe' },
          Describe: { Type: 'Task', Resource: 'describe', Retry: retry, Next: 'Done?' },
          'Done?': {
            Type: 'Choice',
            Choices: [{ Variable: '$.state', StringEquals: 'completed', Next: 'Done' }],
            Default: 'Wait',
          },
          Done: { Type: 'Succeed' },
        },
      },
      End: true,
    },
  },
};

/** @param meanCompletionSeconds as in the nights it is compared with */
export async function measureTextbook(volumes: number, meanCompletionSeconds: number): Promise<Textbook> {
  const region = await createRegion({
    ec2: { durations: { completeSnapshot: meanCompletionSeconds * 1000, completeSnapshotPerGib: 0 } },
  });
  const ids = launchedVolumes(region, volumes);
  const fromMs = region.clock.nowMs();
  const run = begin(region, ids);
  const counting = countOf(run.eventLogs);
  const { endMs, failed } = await livedThrough(region, run.result);
  const counts = await counting;
  const snapshots = [...region.services.ec2.world.snapshots.values()];
  const since = (values: readonly number[]) => (values.reduce((a, b) => Math.max(a, b), 0) - fromMs) / 1000;
  region.close();
  return {
    volumes,
    snapshots: snapshots.length,
    lastAskedSeconds: since(snapshots.map(({ startTimeMs }) => startTimeMs)),
    finishedSeconds: since([endMs]),
    ...counts,
    failed,
  };
}

function launchedVolumes(region: Region, volumes: number): readonly string[] {
  const fleet = machines(volumes);
  launch(region, fleet);
  return fleet.flatMap(({ name, devices }) =>
    devices.map((device) => region.services.ec2.world.volumeAt(name, device).id),
  );
}

function begin(region: Region, volumes: readonly string[]) {
  const caller = { kind: 'service', arn: 'textbook', name: 'textbook' } as const;
  const ask = async (operation: string, input: object): Promise<Record<string, unknown>> =>
    Object(await region.gateway.perform({ caller, service: 'ec2', operation, input }));
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });
  const taskResourceLocalHandlers = {
    CreateSnapshot: async (volumeId: unknown) => {
      const { SnapshotId = '' } = await ask('CreateSnapshot', { VolumeId: String(volumeId) });
      return { id: String(SnapshotId), state: 'pending' };
    },
    Describe: async (item: unknown) => {
      const { id = '' } = Object(item) as { readonly id?: string };
      const { Snapshots } = await ask('DescribeSnapshots', { Filters: [{ Name: 'snapshot-id', Values: [id] }] });
      const [found] = Array.isArray(Snapshots) ? Snapshots : [];
      return { id, state: String(Object(found).State ?? 'pending') };
    },
  };
  return machine.run({ volumes: [...volumes] }, { overrides: { taskResourceLocalHandlers } });
}

async function countOf(events: AsyncIterable<unknown>): Promise<Pick<Textbook, 'transitions' | 'historyEvents'>> {
  const counts = { transitions: 0, historyEvents: 0 };
  for await (const event of events) {
    const { type, stateType } = event as { readonly type: string; readonly stateType?: string };
    if (type === 'StateEntered' || type === 'StateRetried') counts.transitions += 1;
    counts.historyEvents += historyEntries({ timeMs: 0, type, ...(stateType ? { stateType } : {}) });
  }
  return counts;
}

/** Hour by hour: the log of all calls would fill the memory. */
async function livedThrough(region: Region, result: Promise<unknown>) {
  let failed = false;
  let endMs: number | undefined;
  const end = () => {
    endMs = region.clock.nowMs();
  };
  result.then(end, () => {
    failed = true;
    end();
  });
  while (endMs === undefined) {
    await region.time.until(() => endMs !== undefined, 3_600_000);
    region.calls.clear();
  }
  return { endMs, failed };
}
