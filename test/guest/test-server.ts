import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { run, until } from './loop-volume.ts';

/** A real server of the tests' own, that listens on a unix socket only. */
export interface TestServer {
  /** Folder of its socket and its log; nothing that it saves is here. */
  readonly home: string;
  start(): Promise<void>;
  /** As by a power cut, but for what the system has in its page cache. */
  kill(): Promise<void>;
  /** Command line of a client. */
  client(...args: string[]): [string, ...string[]];
  /** What the client is answered, trimmed. */
  ask(...question: string[]): Promise<string>;
  remove(): Promise<void>;
}

export interface ServerKind {
  /** The system's user that it runs as. */
  readonly user: string;
  /** What `npm run test:guest` installs: an absolute path. */
  readonly program: string;
  /** Arguments with which it stays in the foreground. */
  readonly args: (home: string) => readonly string[];
  readonly client: (home: string) => readonly [string, ...string[]];
  /** The client's arguments for one question. */
  readonly question: (...question: string[]) => readonly string[];
  /** A question, and its answer by a server that is up. */
  readonly sign: readonly [question: string, answer: string];
  /** Ends it at once, with all its processes. */
  readonly killSignal?: NodeJS.Signals;
  readonly beforeStart?: () => void;
}

/** @param folders of its data, which become its user's */
export function testServer(kind: ServerKind, folders: readonly string[]): TestServer {
  const { user, program, sign } = kind;
  if (!existsSync(program)) throw new Error(`No ${program}: run test/guest/setup.sh`);
  const home = mkdtempSync(`/tmp/holdfast-${user}-`);
  const owner = Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));
  for (const folder of [home, ...folders]) chownSync(folder, owner, -1);
  const client = (...args: string[]): [string, ...string[]] => [...kind.client(home), ...args];
  const ask = async (...question: string[]) => {
    const [file, ...args] = client(...kind.question(...question));
    return (await run(file, args, { cwd: '/' })).stdout.trim();
  };
  let server: ChildProcess | undefined;
  const kill = async () => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(kind.killSignal ?? 'SIGKILL');
    await once(server, 'exit');
  };
  return {
    home,
    start: async () => {
      kind.beforeStart?.();
      const line = ['--reuid', user, '--regid', user, '--init-groups', program, ...kind.args(home)];
      const log = openSync(`${home}/log`, 'a');
      server = spawn('setpriv', line, { stdio: ['ignore', log, log], cwd: '/' });
      await until(async () => (await ask(sign[0]).catch(() => '')) === sign[1], 20_000);
    },
    kill,
    client,
    ask,
    remove: async () => {
      await kill();
      rmSync(home, { recursive: true });
    },
  };
}
