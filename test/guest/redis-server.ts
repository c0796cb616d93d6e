import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { run, until } from './loop-volume.ts';

/** A Redis server of the tests' own, as the user redis, on a unix socket only. */
export interface RedisServer {
  readonly socket: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Command line of a client. */
  client(...args: string[]): [string, ...string[]];
  ask(...command: string[]): Promise<string>;
  remove(): Promise<void>;
}

export const redisPassword = 'correct-horse-battery-staple';

/** @param data an empty folder on a volume */
export function redisServer(data: string, settings: readonly string[] = []): RedisServer {
  if (!existsSync('/usr/bin/redis-server')) throw new Error('No Redis in /usr/bin: run test/guest/setup.sh');
  const home = mkdtempSync('/tmp/holdfast-redis-');
  const socket = `${home}/socket`;
  const owner = Number(execFileSync('id', ['-u', 'redis'], { encoding: 'utf8' }));
  for (const folder of [home, data]) chownSync(folder, owner, -1);
  const client = (...args: string[]): [string, ...string[]] => [
    'redis-cli',
    ...['-s', socket, '--pass', redisPassword, '--no-auth-warning', ...args],
  ];
  const ask = async (...command: string[]) => {
    const [file, ...args] = client(...command);
    return (await run(file, args)).stdout.trim();
  };
  let server: ChildProcess | undefined;
  const kill = async () => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return {
    socket,
    start: async () => {
      const options = ['--port', '0', '--unixsocket', socket, '--dir', data, '--requirepass', redisPassword];
      const line = ['redis-server', ...options, '--save', '3600 1', ...settings];
      server = spawn('setpriv', ['--reuid', 'redis', '--clear-groups', ...line], { stdio: 'ignore', cwd: '/' });
      await until(async () => (await ask('PING').catch(() => '')) === 'PONG', 20_000);
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
