import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './loop-volume.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

const systemDate = execFileSync('sh', ['-c', 'command -v date'], { encoding: 'utf8' }).trim();
const hours = 3600;

/** A scripted `date` stands for a wall clock that somebody sets: the machine's own is not ours to set. */
describe.each(['dash', 'bash', 'busybox'])('a wall clock that is set while something is held, run by %s', (shell) => {
  let guest: TestGuest;
  let request: Request;

  const setClock = (aheadSeconds: number) => writeFileSync(`${guest.scripts}/ahead`, String(aheadSeconds));

  beforeEach(() => {
    guest = testGuest(shell);
    guest.install(
      `${guest.programs}/date`,
      `#!/bin/sh\nnow=$(${systemDate} +%s.%N)\nexec ${systemDate} -d "@$((\${now%.*} + $(cat ${guest.scripts}/ahead))).\${now#*.}" "$@"\n`,
    );
    for (const name of ['quiesce', 'release']) guest.install(`${guest.scripts}/${name}`, '#!/bin/sh\n');
    request = {
      kind: 'command',
      parameters: { quiesceScript: `${guest.scripts}/quiesce`, releaseScript: `${guest.scripts}/release` },
    };
    setClock(0);
  });

  afterEach(async () => {
    await guest.ask('release', request);
    for (const pid of guest.timers()) process.kill(-pid);
    guest.remove();
  });

  it.each([
    ['back by two hours', -2 * hours],
    ['forward by two hours', 2 * hours],
    ['forward by ten days', 240 * hours],
  ])('%s: the time held is the time that passed', async (_, aheadSeconds) => {
    const { report } = await guest.ask('quiesce', request);
    const heldFrom = Date.now();
    setClock(aheadSeconds);
    await pause(1000);
    const released = await guest.ask('release', request);
    expect(released.report).toMatchObject({ by: 'release', heldSince: report?.at });
    const heldMs = Number(released.report?.at) - Number(report?.at);
    expect(heldMs).toBeGreaterThanOrEqual(990);
    expect(heldMs).toBeLessThan(Date.now() - heldFrom + 1000);
  });

  it.each([
    ['back', -2 * hours],
    ['forward', 2 * hours],
  ])('%s: the deadline stays where it was', async (_, aheadSeconds) => {
    const quiesced = await guest.ask('quiesce', { ...request, deadlineSeconds: 5 });
    const from = Date.now();
    setClock(aheadSeconds);
    await pause(3500);
    expect((await guest.ask('check', request)).report).toMatchObject({ result: 'held' });
    await until(() => guest.timers().length === 0, 4000);
    expect(Date.now() - from).toBeLessThan(6500);
    const { report } = await guest.ask('release', request);
    expect(report).toMatchObject({ by: 'timer', heldSince: quiesced.report?.at });
    expect(Number(report?.at) - Number(quiesced.report?.until)).toBeLessThan(1000);
  });

  it('forward while the quiesce script runs: the script keeps the time it was given', async () => {
    guest.install(`${guest.scripts}/quiesce`, `#!/bin/sh\necho ${2 * hours} >${guest.scripts}/ahead\nsleep 3\n`);
    const quiesced = await guest.ask('quiesce', request);
    expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    const { armedAt, at, until: deadline } = Object(quiesced.report);
    expect(deadline - armedAt).toBe(20_000);
    expect(at - armedAt).toBeGreaterThanOrEqual(2990);
    expect(at - armedAt).toBeLessThan(8000);
  });

  it('forward by ten days: another run does not forget what is held', async () => {
    await guest.ask('quiesce', request);
    setClock(240 * hours);
    const realFind = execFileSync('sh', ['-c', 'command -v find'], { encoding: 'utf8' }).trim();
    // find(1) asks the kernel, not date(1): seen from ten days ahead everything is old.
    guest.install(
      `${guest.programs}/find`,
      `#!/bin/sh\nfor word; do shift; [ "$word" = +7 ] && word=-9; set -- "$@" "$word"; done\nexec ${realFind} "$@"\n`,
    );
    expect(await guest.ask('quiesce', { ...request, run: 'billing-1' })).toMatchObject({ exitCode: 75 });
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'release' });
  });
});
