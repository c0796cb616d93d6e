/** `holdfast region`: a simulated AWS region on loopback, to try the other commands in. */
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import type { Region } from '#simulator/region.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { mischief, mischiefHelp } from './mischief.ts';
import { validPolicy } from './policy.ts';
import { Problem } from './problem.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';

/** Options are checked where they are declared, in `commands.ts`. */
const input = z.object({
  port: z._default(z.coerce.number(), 4599),
  at: z.optional(z.string()),
  speed: z._default(z.coerce.number(), 60),
});

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const { at, port, speed } = z.parse(input, typed);
  const startMs = at === undefined ? Date.now() : Date.parse(at);
  const { policy } = validPolicy(settings.policy);
  terminal.line('Deploying the stack to a simulated region ...');
  const { openAccount } = await import('#demo/account.ts');
  const account = await openAccount(settings.policy, { startMs, ...regionName(settings.region) });
  const server = await listen(account.region, port, speed);
  greet(terminal, {
    url: server.url,
    region: account.region.regionName,
    speed,
    workloads: policy.workloads.map(({ name }) => name),
  });
  await untilInterrupted(terminal, (line) => terminal.line(mischief(account.region, line)));
  await server.close();
  account.close();
  return exitCodes.done;
}

const regionName = (name: string | undefined) => (name === undefined ? {} : { regionName: name });

const listen = (region: Region, port: number, speed: number) =>
  region.serve({ port, speed }).catch((error: unknown) => {
    throw new Problem({
      exitCode: exitCodes.usage,
      what: `Port ${port} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      next: 'Give another one with --port, or 0 for any.',
    });
  });

interface Greeting {
  readonly url: string;
  readonly region: string;
  readonly speed: number;
  readonly workloads: readonly string[];
}

function greet(terminal: Terminal, { url, region, speed, workloads }: Greeting): void {
  // The default Region is what boto3 and the AWS CLI read.
  const place = { AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const keys = { AWS_ACCESS_KEY_ID: 'simulated', AWS_SECRET_ACCESS_KEY: 'simulated' };
  terminal.event({ event: 'serving', speed, workloads, environment: { ...place, ...keys } });
  terminal.line(
    `A ${terminal.paint('bold', 'simulated')} AWS region, ${speed} times as fast as the clock on the wall. In another terminal:`,
  );
  terminal.line();
  for (const variables of [place, keys]) {
    const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    terminal.line(`export ${assignments.join(' ')}`);
  }
  terminal.line();
  terminal.line(
    'This key may do everything. With AWS_ACCESS_KEY_ID=readers or =operators you are who the stack’s policies say.',
  );
  for (const line of lessons(workloads[0] ?? 'appliance')) terminal.line(line);
  terminal.line();
  terminal.line(`Here you can do mischief: ${mischiefHelp}. Ctrl-C ends the region and forgets everything.`);
}

const lessons = (workload: string) => [
  'npx holdfast plan                      what would be backed up',
  `npx holdfast backup ${workload.padEnd(19)}take a point now`,
  'npx holdfast points --evidence         what can be recovered, and how far it can be trusted',
  `npx holdfast recover ${workload.padEnd(18)}bring it back (shows the plan first)`,
  'npx holdfast status --watch            how everything stands',
];

/** Standard input may be closed or absent; only Ctrl-C (or a signal) ends it. */
async function untilInterrupted(terminal: Terminal, onLine: (line: string) => void): Promise<void> {
  const reader = createInterface({ input: process.stdin });
  reader.on('line', onLine);
  await new Promise<void>((resolve) => {
    terminal.onInterrupt(resolve);
    process.once('SIGTERM', resolve);
  });
  reader.close();
}
