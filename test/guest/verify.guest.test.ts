import { chmodSync, existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

describe.each(['dash', 'bash', 'busybox'])('the verify document, run by %s', (shell) => {
  let guest: TestGuest;
  let request: Request;

  beforeEach(() => {
    guest = testGuest(shell);
    request = { kind: 'verify', parameters: { path: `${guest.scripts}/verify` } };
  });
  afterEach(() => guest.remove());

  it('answers with the exit code and the words of the owner’s script', async () => {
    guest.install(`${guest.scripts}/verify`, '#!/bin/sh\necho 3 rows; exit 0\n');
    expect(await guest.ask('verify', request)).toMatchObject({ exitCode: 0, stdout: '3 rows\n' });
    guest.install(`${guest.scripts}/verify`, '#!/bin/sh\necho no rows >&2; exit 4\n');
    expect(await guest.ask('verify', request)).toMatchObject({ exitCode: 4, stderr: 'no rows\n' });
  });

  it('fails when the script takes too long', async () => {
    guest.install(`${guest.scripts}/verify`, '#!/bin/sh\nsleep 30\n');
    expect(await guest.ask('verify', { ...request, deadlineSeconds: 1 })).toMatchObject({ exitCode: 124 });
  });

  it('runs nothing that is missing or that others could have put there', async () => {
    expect((await guest.ask('verify', request)).exitCode).not.toBe(0);
    guest.install(`${guest.scripts}/verify`, '#!/bin/sh\nexit 0\n');
    chmodSync(`${guest.scripts}/verify`, 0o757);
    expect((await guest.ask('verify', request)).exitCode).not.toBe(0);
  });

  it('tells beforehand whether the script could be asked, and does not ask it', async () => {
    expect(await guest.ask('doctor', request)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is not there'),
    });
    guest.install(`${guest.scripts}/verify`, `#!/bin/sh\ntouch ${guest.scripts}/asked; exit 4\n`);
    expect(await guest.ask('doctor', request)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(existsSync(`${guest.scripts}/asked`)).toBe(false);
    guest.install(`${guest.scripts}/verify`, '#!/bin/sh -e\ncase x in\n');
    const { exitCode, stderr } = await guest.ask('doctor', request);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is not understood by /bin/sh'),
    });
  });
});
