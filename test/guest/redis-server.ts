import { type TestServer, testServer } from './test-server.ts';

export interface RedisServer extends TestServer {
  readonly socket: string;
}

export const redisPassword = 'correct-horse-battery-staple';

/** @param data an empty folder on a volume */
export function redisServer(data: string, settings: readonly string[] = []): RedisServer {
  const socketOf = (home: string) => `${home}/socket`;
  const server = testServer(
    {
      ...{ user: 'redis', program: '/usr/bin/redis-server', sign: ['PING', 'PONG'] },
      args: (home) => [
        ...['--port', '0', '--unixsocket', socketOf(home), '--dir', data, '--requirepass', redisPassword],
        ...['--save', '3600 1', ...settings],
      ],
      client: (home) => ['redis-cli', '-s', socketOf(home), '--pass', redisPassword, '--no-auth-warning'],
      question: (...command) => command,
    },
    [data],
  );
  return { ...server, socket: socketOf(server.home) };
}
