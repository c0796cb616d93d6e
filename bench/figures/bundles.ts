/**
 * Size of each function's bundle, and how long it takes to load beside a reference: the SDK's client and one command of each AWS
 * service that the function calls, nothing else, built by the same settings in the same run. In the reference a client is as it comes; in
 * a function it has the operations and errors alone that are named (`infra/used-parts.ts`).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Bundle, bundle } from '#infra/bundle.ts';
import { bundleSettings } from '#infra/bundle-settings.ts';

export interface BundleFigure {
  readonly step: string;
  readonly bytes: number;
  /** AWS services that it calls. */
  readonly services: readonly string[];
  /** Bytes of its reference. */
  readonly referenceBytes: number;
  /** Processor time of its process while it is imported: the middle of all loads. */
  readonly loadMs: number;
  readonly referenceLoadMs: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Each service's client, and one cheap command of it. */
const commands: Readonly<Record<string, readonly [client: string, command: string]>> = {
  'application-auto-scaling': ['ApplicationAutoScaling', 'DescribeScalableTargets'],
  'auto-scaling': ['AutoScaling', 'DescribeAutoScalingInstances'],
  backup: ['Backup', 'DescribeBackupJob'],
  cloudwatch: ['CloudWatch', 'DescribeAlarms'],
  dynamodb: ['DynamoDB', 'GetItem'],
  ec2: ['EC2', 'DescribeInstances'],
  ecs: ['ECS', 'DescribeServices'],
  efs: ['EFS', 'DescribeFileSystems'],
  elasticache: ['ElastiCache', 'DescribeSnapshots'],
  kms: ['KMS', 'DescribeKey'],
  lambda: ['Lambda', 'Invoke'],
  memorydb: ['MemoryDB', 'DescribeSnapshots'],
  opensearch: ['OpenSearch', 'DescribeDomain'],
  rds: ['RDS', 'DescribeDBSnapshots'],
  'resource-groups-tagging-api': ['ResourceGroupsTaggingAPI', 'GetResources'],
  'route-53': ['Route53', 'GetHostedZone'],
  s3: ['S3', 'HeadBucket'],
  sfn: ['SFN', 'StartExecution'],
  sns: ['SNS', 'Publish'],
  sqs: ['SQS', 'GetQueueAttributes'],
  ssm: ['SSM', 'SendCommand'],
};

/** @param loads fresh processes a bundle */
export async function measureBundles(loads: number): Promise<readonly BundleFigure[]> {
  const { directory, bundles: all } = bundle();
  // What calls no service has no SDK’s client to be compared with.
  const bundles = all.filter(({ services }) => services.length > 0);
  const scratch = mkdtempSync(join(root, 'node_modules', '.bench-'));
  try {
    const keys = [...new Set(bundles.map(keyOf))];
    const references = new Map(
      await Promise.all(keys.map(async (key) => [key, await reference(scratch, key.split(','))] as const)),
    );
    const fileOf = (step: string) => join(directory, step, 'index.mjs');
    const files = [...bundles.map(({ step }) => fileOf(step)), ...[...references.values()].map(({ file }) => file)];
    const middle = middleLoads(files, loads);
    const loadMs = (file: string | undefined) => middle.get(file ?? '') ?? Number.NaN;
    return bundles
      .toSorted((a, b) => a.step.localeCompare(b.step))
      .map((each) => {
        const bare = references.get(keyOf(each));
        const { step, bytes, services } = each;
        const both = { loadMs: loadMs(fileOf(step)), referenceLoadMs: loadMs(bare?.file) };
        return { step, bytes, services, referenceBytes: bare?.bytes ?? 0, ...both };
      });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Clients of ours that have another name than the SDK’s: second ones, of DynamoDB for tables that are members beside the ledger, of the scaling of
 * such tables, and of S3 for what one HEAD tells; and that of the tagging API.
 */
const others: Readonly<Record<string, string>> = {
  'dynamodb-tables': 'dynamodb',
  's3-heads': 's3',
  'table-scaling': 'application-auto-scaling',
  tagging: 'resource-groups-tagging-api',
};

const keyOf = ({ services }: Bundle): string =>
  [...new Set(services.map((service) => others[service] ?? service))].join();

function reference(scratch: string, services: readonly string[]): Promise<Written> {
  const lines = services.map((service) => {
    const [client, command] = commands[service] ?? [];
    if (client === undefined) throw new Error(`bench/figures/bundles.ts knows no command of ${service}.`);
    return `import { ${client}Client, ${command}Command } from '@aws-sdk/client-${service}'; export const ${client} = () => new ${client}Client({}).send(new ${command}Command({}));`;
  });
  return written(scratch, services.join('+'), lines.join('\n'));
}

interface Written {
  readonly file: string;
  readonly bytes: number;
}

async function written(scratch: string, name: string, source: string): Promise<Written> {
  const entry = join(scratch, `${name}.ts`);
  const file = join(scratch, `${name}.mjs`);
  writeFileSync(entry, `${source}\nexport const handler = () => undefined;`);
  const { outputFiles } = await build({ ...bundleSettings, entryPoints: [entry], outfile: file, write: false });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  writeFileSync(file, contents);
  return { file, bytes: contents.length };
}

const loader = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
  process.exit(0)`;

/**
 * In turns, so that whatever else this machine does meets all files alike. Time by the clock on a busy machine tells how busy it is; and
 * of processor time only the sum is exact, since Linux guesses its parts from ticks (`cputime_adjust` in kernel/sched/cputime.c).
 */
function middleLoads(files: readonly string[], loads: number): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>(files.map((file) => [file, []]));
  for (let turn = 0; turn < loads; turn += 1) {
    for (const file of files) {
      const took = execFileSync(process.execPath, ['--input-type=module', '-e', loader, file], {
        env: { ...process.env, HOLDFAST_TABLE: 'bench', HOLDFAST_STACK: 'bench', AWS_REGION: 'eu-west-1' },
        encoding: 'utf8',
      });
      times.get(file)?.push(Number(took));
    }
  }
  return new Map(
    [...times].map(([file, each]) => [file, each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? Number.NaN]),
  );
}
