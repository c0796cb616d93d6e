/** The process: from arguments to an exit code. */
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import * as z from 'zod/mini';
import type { CommandSpec } from './commands.ts';
import type { ExitCode } from './exit-codes.ts';
import { needPolicy } from './needed-policy.ts';
import { createProgram } from './program.ts';
import { noticeReader } from './reader.ts';
import { reportError } from './report-error.ts';
import type { Settings } from './shell.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const settingsShape = z.object({
  policy: z._default(z.string(), 'holdfast.yaml'),
  stack: z._default(z.string(), 'Holdfast'),
  region: z.optional(z.string()),
  profile: z.optional(z.string()),
  json: z._default(z.boolean(), false),
  color: z._default(z.boolean(), true),
  debug: z._default(z.boolean(), false),
});

const packageShape = z.object({ version: z.string() });

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return z.parse(packageShape, JSON.parse(readFileSync(file, 'utf8'))).version;
}

async function dispatch(spec: CommandSpec, typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { json, color, ...settings } = z.parse(settingsShape, typed);
  // Libraries decide for themselves whether to colour.
  if (!color) process.env.NO_COLOR = '1';
  const terminal = processTerminal({ json, colour: color });
  needPolicy(spec.allowedBy, settings.stack);
  process.exitCode = await runReported(spec, typed, settings, terminal);
}

async function runReported(
  spec: CommandSpec,
  typed: Readonly<Record<string, unknown>>,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    const { run } = await spec.load();
    return await run(typed, { terminal, settings });
  } catch (error) {
    return reportError(error, settings.debug, terminal);
  }
}

/** Before options are known, what was typed tells how to say it. */
function reportUsage(error: unknown): ExitCode {
  const has = (flag: string) => process.argv.includes(flag);
  return reportError(error, has('--debug'), processTerminal({ json: has('--json'), colour: !has('--no-color') }));
}

noticeReader(process.stdout, process.stderr);
try {
  await createProgram(version(), dispatch).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = reportUsage(error);
}
