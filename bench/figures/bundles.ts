/** Size of each function's bundle, and how long it takes to load beside a bare bundle of the same AWS clients built in the same run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundle } from '#infra/bundle.ts';

export interface BundleFigure {
  readonly step: string;
  readonly bytes: number;
  /** AWS clients in it, without `@aws-sdk/client-`. */
  readonly clients: readonly string[];
  /** Bytes of a bundle with one command of each of these clients and nothing else. */
  readonly referenceBytes: number;
  readonly loadMs: number;
  readonly referenceLoadMs: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** One cheap command of each client. */
const commands: Readonly<Record<string, string>> = {
  'auto-scaling': 'DescribeAutoScalingInstances',
  dynamodb: 'GetItem',
  ec2: 'DescribeInstances',
  kms: 'DescribeKey',
  lambda: 'Invoke',
  sfn: 'StartExecution',
  sns: 'Publish',
  ssm: 'SendCommand',
};
const clientNames: Readonly<Record<string, string>> = {
  'auto-scaling': 'AutoScaling',
  dynamodb: 'DynamoDB',
  ec2: 'EC2',
  kms: 'KMS',
  lambda: 'Lambda',
  sfn: 'SFN',
  sns: 'SNS',
  ssm: 'SSM',
};

/** As `infra/bundle.ts` builds the functions. */
const settings = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'] as string[],
  logLevel: 'silent',
  banner: {
    js: "import { createRequire as holdfastRequire } from 'node:module'; const require = holdfastRequire(import.meta.url);",
  },
} as const;

/** @param loads fresh processes a bundle; the middle one counts */
export function measureBundles(loads: number): readonly BundleFigure[] {
  const { directory, bytes } = bundle();
  const scratch = mkdtempSync(join(root, 'node_modules', '.bench-'));
  try {
    const steps = Object.keys(bytes).toSorted();
    const clients = new Map(steps.map((step) => [step, clientsOf(step)]));
    const references = new Map(
      [...new Set([...clients.values()].map((names) => names.join()))].map((key) => [key, reference(scratch, key)]),
    );
    const files = new Set([
      ...steps.map((step) => join(directory, step, 'index.mjs')),
      ...[...references.values()].map(({ file }) => file),
    ]);
    const loadMs = medianLoads([...files], loads);
    return steps.map((step) => {
      const names = clients.get(step) ?? [];
      const bare = references.get(names.join());
      return {
        step,
        bytes: bytes[step] ?? 0,
        clients: names,
        referenceBytes: bare?.bytes ?? 0,
        loadMs: loadMs.get(join(directory, step, 'index.mjs')) ?? Number.NaN,
        referenceLoadMs: loadMs.get(bare?.file ?? '') ?? Number.NaN,
      };
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function clientsOf(step: string): readonly string[] {
  const { metafile } = buildSync({
    ...settings,
    absWorkingDir: root,
    entryPoints: [join('functions', 'steps', `${step}.ts`)],
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const found = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) => {
    const name = /@aws-sdk\/client-([a-z0-9-]+)\//.exec(path)?.[1];
    return name !== undefined && bytesInOutput > 0 ? [name] : [];
  });
  return [...new Set(found)].toSorted();
}

function reference(scratch: string, key: string): { readonly file: string; readonly bytes: number } {
  const names = key === '' ? [] : key.split(',');
  const lines = names.map((name) => {
    const [client, command] = [`${clientNames[name]}Client`, `${commands[name]}Command`];
    return `import { ${client}, ${command} } from '@aws-sdk/client-${name}'; export const ${clientNames[name]} = () => new ${client}({}).send(new ${command}({}));`;
  });
  const entry = join(scratch, `${names.join('+') || 'none'}.ts`);
  const file = entry.replace(/\.ts$/, '.mjs');
  writeFileSync(entry, [...lines, 'export const handler = () => undefined;'].join('\n'));
  const { outputFiles } = buildSync({
    ...settings,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    write: false,
  });
  const contents = outputFiles?.[0]?.contents ?? new Uint8Array();
  writeFileSync(file, contents);
  return { file, bytes: contents.length };
}

const loader =
  'const from = performance.now(); await import(process.argv[1]); process.stdout.write(String(performance.now() - from)); process.exit(0)';

/** In turns, so that whatever else this machine does meets all files alike. */
function medianLoads(files: readonly string[], loads: number): ReadonlyMap<string, number> {
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
    [...times].map(([file, each]) => [file, each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0]),
  );
}
