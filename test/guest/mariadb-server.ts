import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { run, until } from './loop-volume.ts';
import { layDown } from './prepared-data.ts';

/** A MariaDB server of the tests' own, as the user mysql, on a unix socket only. */
export interface MariadbServer {
  readonly socket: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Command line of a client, as root. */
  client(...args: string[]): [string, ...string[]];
  /** One value. */
  ask(sql: string): Promise<string>;
  remove(): Promise<void>;
}

const sizes = ['--innodb-log-file-size=8M', '--innodb-buffer-pool-size=16M'];

function initialise(folder: string): void {
  const options = ['--no-defaults', '--user=mysql', `--datadir=${folder}`, ...sizes];
  const install = ['--auth-root-authentication-method=socket', '--skip-test-db', '--skip-name-resolve'];
  execFileSync('mariadb-install-db', [...options, ...install], { stdio: 'ignore' });
}

/** @param data an empty folder on a volume; `logs` another, for InnoDB's redo log */
export function mariadbServer(data: string, logs?: string, settings: readonly string[] = []): MariadbServer {
  if (!existsSync('/usr/sbin/mariadbd')) throw new Error('No MariaDB in /usr/sbin: run test/guest/setup.sh');
  const home = mkdtempSync('/tmp/holdfast-mariadb-');
  const socket = `${home}/socket`;
  const owner = Number(execFileSync('id', ['-u', 'mysql'], { encoding: 'utf8' }));
  for (const folder of [home, data, ...(logs === undefined ? [] : [logs])]) chownSync(folder, owner, -1);
  const options = [
    '--no-defaults',
    '--user=mysql',
    `--datadir=${data}/mariadb`,
    ...(logs === undefined ? [] : [`--innodb-log-group-home-dir=${logs}`]),
    ...sizes,
  ];
  layDown('mysql', initialise, `${data}/mariadb`);
  if (logs !== undefined) execFileSync('mv', [`${data}/mariadb/ib_logfile0`, logs]);
  const client = (...args: string[]): [string, ...string[]] => [
    'mariadb',
    ...['--no-defaults', `--socket=${socket}`, '--batch', '--skip-column-names', '--unbuffered', ...args],
  ];
  const ask = async (sql: string) => {
    const [file, ...args] = client(`--execute=${sql}`);
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
      const line = [...options, `--socket=${socket}`, `--pid-file=${home}/pid`, '--skip-networking', ...settings];
      server = spawn('mariadbd', line, { stdio: 'ignore' });
      await until(async () => (await ask('SELECT 1').catch(() => '')) === '1', 20_000);
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
