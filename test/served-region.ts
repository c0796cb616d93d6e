/** `holdfast region` and the other commands as processes of their own: what a newcomer would type. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/holdfast.mjs', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Standard output as one JSON document. */
  json(): unknown;
  /** Standard output as JSON lines. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

export interface Watched {
  readonly signalAt?: string;
  readonly onOutput?: (out: string) => void;
  readonly closeAt?: string;
}

export interface ServedRegion {
  /**
   * Runs a command against the region.
   * `as`: who types it, by the managed policies of the stack that alone say what they may do; default `operators`; `simulated` may do everything.
   * `signalAt`: sends SIGINT once standard output contains it.
   * `through`: address of a relay to the region.
   * `onOutput`: sees all of standard output whenever there is more.
   * `closeAt`: nobody reads standard output any longer once it contains it; empty: nobody ever does.
   */
  holdfast(
    args: readonly string[],
    options?: Watched & { readonly as?: 'operators' | 'readers' | 'simulated'; readonly through?: string },
  ): Promise<Ended>;
  readonly url: string;
  /** Types a line at the region's own terminal, and waits for output that matches. */
  type(line: string, expected: RegExp): Promise<string>;
  /** Ends it with Ctrl-C; its exit code. */
  end(): Promise<number | null>;
}

/** Without AWS settings of this machine, nor those of the test runner. */
const clean = (extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true', ...extra };
};

/** Runs one command to its end. */
export async function holdfast(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { signalAt, onOutput, closeAt }: Watched = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], { cwd: root, env: clean(env) });
  child.stdin.end();
  let isSignalled = false;
  const heard = listen(child, (out) => {
    onOutput?.(out);
    if (closeAt !== undefined && out.includes(closeAt)) child.stdout.destroy();
    // Once: a second Ctrl-C, while the command says its last words, may end it.
    if (signalAt === undefined || isSignalled || !out.includes(signalAt)) return;
    isSignalled = child.kill('SIGINT');
  });
  if (closeAt === '') child.stdout.destroy();
  const code = await ending(child);
  return {
    code,
    ...heard,
    json: () => JSON.parse(heard.out),
    lines: () =>
      heard.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

interface Heard {
  out: string;
  err: string;
}

function listen(child: ChildProcessWithoutNullStreams, onOutput: (out: string) => void = () => undefined): Heard {
  const heard: Heard = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    heard.out += chunk.toString();
    onOutput(heard.out);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    heard.err += chunk.toString();
  });
  return heard;
}

const ending = (child: ChildProcessWithoutNullStreams) =>
  new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));

/**
 * Starts a region on a free port, at ten in the morning: no night falls while it is tried.
 * @param speed as `--speed`
 * @param policy of the region and its commands; default: the example
 */
export async function serveRegion(speed: number, policy = 'holdfast.yaml'): Promise<ServedRegion> {
  const at = ['--at', '2026-01-15T10:00:00Z', '--port', '0', '--speed', String(speed)];
  const withPolicy = ['--policy', policy];
  const child = spawn(process.execPath, [bin, 'region', ...at, ...withPolicy], { cwd: root, env: clean({}) });
  const heard = listen(child);
  const ended = ending(child);
  const until = async (from: number, expected: RegExp) => {
    while (!expected.test(heard.out.slice(from))) {
      if (child.exitCode !== null) throw new Error(`the region ended: ${heard.out}${heard.err}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return heard.out.slice(from);
  };
  const greeting = await until(0, /export .*\n[\s\S]*mischief/);
  const env = Object.fromEntries(
    [...greeting.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
  return {
    url: env.AWS_ENDPOINT_URL ?? '',
    holdfast: (args, { as = 'operators', through, ...watched } = {}) =>
      holdfast(
        args.includes('--policy') ? args : [...args, ...withPolicy],
        { ...env, AWS_ACCESS_KEY_ID: as, ...(through === undefined ? {} : { AWS_ENDPOINT_URL: through }) },
        watched,
      ),
    type: (line, expected) => {
      const from = heard.out.length;
      child.stdin.write(`${line}\n`);
      return until(from, expected);
    },
    end: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
