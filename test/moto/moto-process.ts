/** moto's server as a process: AWS as others have understood it (https://docs.getmoto.org/en/latest/docs/server_mode.html). */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../../node_modules/.cache/moto/bin/moto_server', import.meta.url));

export interface Moto {
  end(): Promise<void>;
}

/**
 * Starts it on a free port of loopback; from then on every client of this process asks it.
 * @throws Error when the Python environment is not there: these tests never pass by being left out
 */
export async function startMoto(): Promise<Moto> {
  if (!existsSync(server)) throw new Error(`${server} is not there. Run: sh test/python-environment.sh test/moto`);
  const child = spawn(server, ['--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: await addressOf(child), AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '1' },
    ...{ AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_SESSION_TOKEN: 'any', HOLDFAST_STACK: 'Holdfast' },
  });
  return {
    end: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stderr) throw new Error('moto has no standard error');
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`moto ended with ${code} before it served`)));
  });
}
