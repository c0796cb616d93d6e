import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { run, until } from './loop-volume.ts';
import { layDown } from './prepared-data.ts';

/** A PostgreSQL server of the tests' own, as the user postgres, on a unix socket only. */
export interface PostgresqlServer {
  /** Folder of its socket. */
  readonly socket: string;
  start(): Promise<void>;
  /** As by a power cut, but for what the system has in its page cache. */
  kill(): Promise<void>;
  /** Command line of a client. */
  client(...args: string[]): [string, ...string[]];
  /** One value. */
  ask(sql: string): Promise<string>;
  remove(): Promise<void>;
}

const programs = '/usr/lib/postgresql/15/bin';
const asPostgres = ['-u', 'postgres', '--'];

/** What `npm run test:guest` installs; the files' owner, `postgres`, comes with it. */
export function needPostgresql(): void {
  if (!existsSync(`${programs}/postgres`)) throw new Error(`No PostgreSQL 15 in ${programs}: run test/guest/setup.sh`);
}

function initialise(folder: string): void {
  const initial = ['-N', '-A', 'peer', '--wal-segsize=1', '-D', folder];
  execFileSync('runuser', [...asPostgres, `${programs}/initdb`, ...initial], { cwd: '/', stdio: 'ignore' });
}

/** @param data an empty folder on a volume; `wal` another, for the write-ahead log */
export function postgresqlServer(data: string, wal?: string, settings: readonly string[] = []): PostgresqlServer {
  needPostgresql();
  const socket = mkdtempSync('/tmp/holdfast-postgresql-');
  const owner = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  for (const folder of [socket, data, ...(wal === undefined ? [] : [wal])]) chownSync(folder, owner, -1);
  const folder = `${data}/pg`;
  layDown('postgres', initialise, folder);
  if (wal !== undefined) {
    execFileSync('mv', [`${folder}/pg_wal`, `${wal}/wal`]);
    symlinkSync(`${wal}/wal`, `${folder}/pg_wal`);
  }
  const options = [
    'listen_addresses=',
    `unix_socket_directories=${socket}`,
    'max_wal_size=16MB',
    'shared_buffers=16MB',
    ...settings,
  ];
  const control = (...args: string[]) =>
    run('runuser', [...asPostgres, `${programs}/pg_ctl`, '-s', '-D', folder, ...args], { cwd: '/' });
  const client = (...args: string[]): [string, ...string[]] => [
    'runuser',
    ...asPostgres,
    `${programs}/psql`,
    ...['-XAtqw', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-d', 'postgres', ...args],
  ];
  const ask = async (sql: string) => {
    const [file, ...args] = client('-c', sql);
    return (await run(file, args, { cwd: '/' })).stdout.trim();
  };
  const kill = async () => {
    await control('stop', '-m', 'immediate').catch(() => {}); // It does not run.
  };
  return {
    socket,
    start: async () => {
      rmSync(`${folder}/postmaster.pid`, { force: true }); // A copy's: on another machine it would name nobody.
      const line = options.map((option) => `-c ${option}`).join(' ');
      await control('start', '-W', '-l', `${socket}/log`, '-o', line);
      await until(async () => (await ask('SELECT 1').catch(() => '')) === '1', 20_000);
    },
    kill,
    client,
    ask,
    remove: async () => {
      await kill();
      rmSync(socket, { recursive: true });
    },
  };
}
