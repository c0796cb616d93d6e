/** The operator of the demo: types at the real command line, whose process is this one. */
import { createProgram } from '#cli/program.ts';
import { reportError } from '#cli/report-error.ts';
import type { Settings } from '#cli/shell.ts';
import type { Terminal } from '#cli/terminal.ts';
import type { Narrator } from './narrator.ts';

export interface Operated {
  readonly exitCode: number;
  /** What `--json` would have shown. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : { value };

/** Runs one command line. */
export async function operate(
  narrator: Narrator,
  settings: Settings,
  commandLine: readonly string[],
): Promise<Operated> {
  const events: Readonly<Record<string, unknown>>[] = [];
  const terminal = demoTerminal(narrator, (event) => events.push(event));
  let exitCode = 0;
  terminal.line(`$ npx holdfast ${commandLine.map(shellWord).join(' ')}`);
  const program = createProgram('demo', async (spec, typed) => {
    try {
      const { run } = await spec.load();
      exitCode = await run(typed, { terminal, settings });
    } catch (error) {
      exitCode = reportError(error, settings.debug, terminal);
    }
  });
  await program.parseAsync([...commandLine], { from: 'user' });
  narrator.event({ command: commandLine, exitCode });
  return { exitCode, events };
}

const shellWord = (word: string) => (/^[\w./:=-]+$/.test(word) ? word : `"${word}"`);

function demoTerminal(narrator: Narrator, take: (event: Readonly<Record<string, unknown>>) => void): Terminal {
  return {
    json: narrator.json,
    interactive: false,
    paint: (_, text) => text,
    line: (text = '') => (narrator.json ? undefined : narrator.block(text)),
    clear: () => undefined,
    remark: () => undefined,
    complain: (text) => (narrator.json ? undefined : narrator.block(text)),
    document: (value) => {
      take(record(value));
      narrator.event({ output: value });
    },
    event: (value) => {
      take(record(value));
      narrator.event({ output: value });
    },
    takeProgress: progressLines(narrator),
    ask: async () => undefined,
    onInterrupt: () => () => undefined,
  };
}

/** A line whenever the phase changes. */
function progressLines(narrator: Narrator): NonNullable<Terminal['takeProgress']> {
  let shown = '';
  return ({ phase, detail, failed }) => {
    if (phase === shown) return;
    shown = phase;
    if (failed !== undefined) narrator.moment(Date.now(), `failed: ${failed}`);
    narrator.moment(Date.now(), detail === undefined ? phase : `${phase}: ${detail}`);
  };
}
