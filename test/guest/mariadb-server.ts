import { execFileSync } from 'node:child_process';
import { layDown } from './prepared-data.ts';
import { type TestServer, testServer } from './test-server.ts';

export interface MariadbServer extends TestServer {
  readonly socket: string;
}

const sizes = ['--innodb-log-file-size=8M', '--innodb-buffer-pool-size=16M'];

function initialise(folder: string): void {
  const options = ['--no-defaults', '--user=mysql', `--datadir=${folder}`, ...sizes];
  const install = ['--auth-root-authentication-method=socket', '--skip-test-db', '--skip-name-resolve'];
  execFileSync('mariadb-install-db', [...options, ...install], { stdio: 'ignore' });
}

/**
 * A MariaDB server; clients are root.
 * @param data an empty folder on a volume; `logs` another, for InnoDB's redo log
 */
export function mariadbServer(data: string, logs?: string, settings: readonly string[] = []): MariadbServer {
  const socketOf = (home: string) => `${home}/socket`;
  const places = [`--datadir=${data}/mariadb`, ...(logs === undefined ? [] : [`--innodb-log-group-home-dir=${logs}`])];
  const clientOptions = ['--no-defaults', '--batch', '--skip-column-names', '--unbuffered'];
  const server = testServer(
    {
      ...{ user: 'mysql', program: '/usr/sbin/mariadbd', sign: ['SELECT 1', '1'] },
      args: (home) => [
        ...['--no-defaults', ...places, ...sizes, `--socket=${socketOf(home)}`, `--pid-file=${home}/pid`],
        ...['--skip-networking', ...settings],
      ],
      client: (home) => ['mariadb', ...clientOptions, `--socket=${socketOf(home)}`],
      question: (sql = '') => [`--execute=${sql}`],
    },
    [data, ...(logs === undefined ? [] : [logs])],
  );
  layDown('mysql', initialise, `${data}/mariadb`);
  if (logs !== undefined) execFileSync('mv', [`${data}/mariadb/ib_logfile0`, logs]);
  return { ...server, socket: socketOf(server.home) };
}
