import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { layDown } from './prepared-data.ts';
import { type TestServer, testServer } from './test-server.ts';

export interface PostgresqlServer extends TestServer {
  /** Folder of its socket. */
  readonly socket: string;
}

const programs = '/usr/lib/postgresql/15/bin';
const asPostgres = ['runuser', '-u', 'postgres', '--'] as const;
const clientOptions = ['-XAtqw', '-v', 'ON_ERROR_STOP=1', '-d', 'postgres'];

function initialise(folder: string): void {
  const [runuser, ...user] = asPostgres;
  const initial = ['-N', '-A', 'peer', '--wal-segsize=1', '-D', folder];
  execFileSync(runuser, [...user, `${programs}/initdb`, ...initial], { cwd: '/', stdio: 'ignore' });
}

/**
 * A PostgreSQL server; clients are its superuser.
 * @param data an empty folder on a volume; `wal` another, for the write-ahead log
 */
export function postgresqlServer(data: string, wal?: string, settings: readonly string[] = []): PostgresqlServer {
  const folder = `${data}/pg`;
  const sizes = ['max_wal_size=16MB', 'shared_buffers=16MB'];
  const server = testServer(
    {
      ...{ user: 'postgres', program: `${programs}/postgres`, sign: ['SELECT 1', '1'] },
      args: (home) => {
        const options = ['listen_addresses=', `unix_socket_directories=${home}`, ...sizes, ...settings];
        return ['-D', folder, ...options.flatMap((option) => ['-c', option])];
      },
      client: (home) => [...asPostgres, `${programs}/psql`, ...clientOptions, '-h', home],
      question: (sql = '') => ['-c', sql],
      killSignal: 'SIGQUIT', // Killed, it would leave its children behind.
      beforeStart: () => rmSync(`${folder}/postmaster.pid`, { force: true }), // A copy's: on another machine it would name nobody.
    },
    [data, ...(wal === undefined ? [] : [wal])],
  );
  layDown('postgres', initialise, folder);
  if (wal !== undefined) {
    execFileSync('mv', [`${folder}/pg_wal`, `${wal}/wal`]);
    symlinkSync(`${wal}/wal`, `${folder}/pg_wal`);
  }
  return { ...server, socket: server.home };
}
