import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { beginOnce } from './begin-once.ts';
import { scriptedTerminal } from './scripted-terminal.ts';

const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const denied = Object.assign(new Error('not you'), {
  name: 'AccessDeniedException',
  $metadata: { httpStatusCode: 400 },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Begins with calls that end like this, one after another, then the last again. */
async function begun(...ends: readonly unknown[]) {
  let calls = 0;
  const stop = new AbortController();
  const terminal = scriptedTerminal();
  const beginning = { what: 'the recovery r-1', next: 'npx holdfast status orders-db', signal: stop.signal };
  const ended = beginOnce(terminal, beginning, async () => {
    const end = ends[Math.min(calls++, ends.length - 1)];
    if (end instanceof Error) throw end;
    if (end === 'Ctrl-C') {
      stop.abort();
      throw lost;
    }
    return end;
  }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(120_000);
  return { ended: await ended, calls, lines: terminal.lines };
}

test('a lost reply is asked for again, and said once', async () => {
  const { ended, calls, lines } = await begun(lost, lost, 'started');
  expect([ended, calls]).toEqual(['started', 3]);
  expect(lines).toEqual([expect.stringContaining('AWS does not answer (socket hang up)'), 'AWS answers again.']);
});

test('what AWS refuses at once has changed nothing', async () => {
  const { ended, calls } = await begun(denied);
  expect(calls).toBe(1);
  expect(ended).toMatchObject({ exitCode: 5, safe: 'Nothing was changed.' });
});

test.each([
  ['no answer for a minute', [lost], 5],
  ['a denial after an answer that was lost', [lost, denied], 5],
  ['Ctrl-C before an answer', ['Ctrl-C'], 130],
])('after %s it is not known whether it has begun, and that is said', async (_, ends, exitCode) => {
  const { ended } = await begun(...ends);
  expect(ended).toMatchObject({
    exitCode,
    message: expect.stringContaining('It is not known whether the recovery r-1 has begun'),
    safe: 'If it has, it goes on without anybody watching.',
    next: 'npx holdfast status orders-db',
  });
});
