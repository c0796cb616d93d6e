/**
 * How much longer a mediation platform is held still than its services and the guard take: `examples/mediation.yaml` as it is, with services
 * that take as long as chance says.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { guardMs } from '#domain/cut.ts';
import { seededRandom } from '#simulator/kernel/random.ts';
import { transitions } from '#simulator/services/states/execution.ts';
import { executions, hourMs, minuteMs, openStage, pointsIn, type Stage, window } from '../../test/scenario/stage.ts';

export interface ColdWindow {
  /** From the reply that the application is suspended to the reply that it is resumed. */
  readonly heldMs: number;
  /** What the services and the guard take by themselves. */
  readonly floorMs: number;
  readonly transitions: number;
  readonly consistency: string;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const functionName = 'suspend-mediation';

/** @param seeds regions measured, each with durations and latencies of its own */
export async function measureColdWindow(seeds: number): Promise<readonly ColdWindow[]> {
  const each = [];
  for (let seed = 1; seed <= seeds; seed += 1) each.push(await once(seed));
  return each;
}

/** Minutes: small and large databases and caches, few files and many; as often below the middle, by ratio, as above. */
const minutes = { database: [2, 20], cluster: [1, 12], files: [2, 60] } as const;

function durations(seed: number) {
  const chance = seededRandom(seed).fork('cold-window');
  const drawn = ([least, most]: readonly [number, number]) =>
    Math.round(minuteMs * least * (most / least) ** chance.next());
  return { databaseMs: drawn(minutes.database), clusterMs: drawn(minutes.cluster), filesMs: drawn(minutes.files) };
}

async function once(seed: number): Promise<ColdWindow> {
  const { databaseMs, clusterMs, filesMs } = durations(seed);
  const stage = await openStage({
    ...{ seed, policy: parse(readFileSync(at('../../examples/mediation.yaml'), 'utf8')) },
    ...{ rds: { snapshotMs: databaseMs }, memorydb: { snapshotMs: clusterMs }, backup: { jobMs: filesMs } },
  });
  await launch(stage);
  await window(stage);
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'mediation');
  const [execution] = executions(stage, 'protect');
  const [job] = stage.services.backup.world.jobs.values();
  const measured = {
    heldMs: askedMs(stage, 'release') - askedMs(stage, 'quiesce'),
    floorMs: Math.max(databaseMs, clusterMs + guardMs) + (job?.endedMs ?? Number.NaN) - (job?.createdMs ?? Number.NaN),
    transitions: execution === undefined ? Number.NaN : transitions(execution),
    consistency: point?.verdict.consistency ?? 'none',
  };
  stage.close();
  return measured;
}

async function launch({ services, account, regionName }: Stage): Promise<void> {
  services.rds.world.launch({ name: 'mediation-system' });
  services.memorydb.world.launch({ name: 'mediation-aggregation' });
  services.efs.world.create({ id: 'fs-0a1b2c3d4e5f60718', files: { '/out/1': 'records' } });
  services.ssm.parameters.set('/mediation/aggregation', 'clustercfg.mediation-aggregation:6379');
  await services.lambda.deploy({
    ...{ name: functionName, arn: `arn:aws:lambda:${regionName}:${account}:function:${functionName}` },
    ...{ codeDirectory: at('../suspend-at-once'), handler: 'index.handler', environment: {}, timeoutSeconds: 10 },
    ...{ roleArn: `arn:aws:iam::${account}:role/${functionName}`, accessKeyId: 'AKIASUSPEND', memoryMib: 128 },
  });
}

/** When the application had answered to this action, epoch ms. */
function askedMs({ calls }: Stage, action: string): number {
  const asked = calls.of('lambda', 'Invoke').find(({ input }) => {
    const { FunctionName, Payload = '' } = Object(input);
    return FunctionName === functionName && JSON.parse(Buffer.from(Payload).toString()).action === action;
  });
  return asked?.endedMs ?? Number.NaN;
}
