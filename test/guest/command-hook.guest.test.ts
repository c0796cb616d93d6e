import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './loop-volume.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

describe.each(['dash', 'bash', 'busybox'])('the command hook, run by %s', (shell) => {
  let guest: TestGuest;
  let request: Request;
  let log: string;

  /** Installs both scripts; each notes what it was called for. */
  const scripts = (quiesce: string, release: string) => {
    guest.install(`${guest.scripts}/quiesce`, `#!/bin/sh\necho "quiesce $HOLDFAST_RUN" >>${log}\n${quiesce}\n`);
    guest.install(`${guest.scripts}/release`, `#!/bin/sh\necho "release $HOLDFAST_RUN" >>${log}\n${release}\n`);
  };
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  const bothCalls = ['quiesce orders-20261121T030000Z', 'release orders-20261121T030000Z'];

  beforeEach(() => {
    guest = testGuest(shell);
    log = `${guest.scripts}/log`;
    request = {
      kind: 'command',
      parameters: { quiesceScript: `${guest.scripts}/quiesce`, releaseScript: `${guest.scripts}/release` },
    };
  });

  afterEach(async () => {
    await guest.ask('release', request);
    for (const pid of guest.timers()) process.kill(-pid);
    guest.remove();
  });

  it('runs one script to hold still and the other to let go, once each, with the run’s name', async () => {
    scripts('echo hello', 'echo goodbye');
    const quiesced = await guest.ask('quiesce', request);
    expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(quiesced.stderr).toContain('hello');
    expect((await guest.ask('quiesce', request)).report).toEqual(quiesced.report);
    expect(calls()).toEqual(bothCalls.slice(0, 1));
    const released = await guest.ask('release', request);
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'release', heldSince: quiesced.report?.at } });
    expect(released.stderr).toContain('goodbye');
    expect((await guest.ask('release', request)).report).toEqual(released.report);
    expect(calls()).toEqual(bothCalls);
    await guest.disarmed();
  });

  it('runs the release script by itself at the deadline', async () => {
    scripts('', '');
    const { report } = await guest.ask('quiesce', { ...request, deadlineSeconds: 5 });
    await pause(Number(report?.until) - Date.now() - 500);
    expect(calls()).toEqual(bothCalls.slice(0, 1));
    await pause(1200);
    expect(calls()).toEqual(bothCalls);
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'timer', heldSince: report?.at });
    expect(calls()).toEqual(bothCalls);
  });

  it('runs the release script when the quiesce script fails', async () => {
    scripts('echo no luck >&2; exit 3', '');
    const failed = await guest.ask('quiesce', request);
    expect(failed).toMatchObject({ exitCode: 1, report: undefined });
    expect(failed.stderr).toContain('no luck');
    expect(calls()).toEqual(bothCalls);
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'none' });
    expect(calls()).toEqual(bothCalls);
  });

  it('stops a quiesce script at the deadline, and runs the release script', async () => {
    scripts('sleep 30; echo late >>$0.late', '');
    const failed = await guest.ask('quiesce', { ...request, deadlineSeconds: 5 });
    expect(failed).toMatchObject({ exitCode: 1, report: undefined });
    expect(failed.tookMs).toBeLessThan(6500);
    await until(() => calls().length === 2, 2000);
    expect(calls()).toEqual(bothCalls);
  });

  it('stops a quiesce script for a release that comes meanwhile', async () => {
    scripts('sleep 30', '');
    const quiesce = guest.start('quiesce', request).answer;
    await until(() => calls().length === 1);
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'none' } });
    expect(calls()).toEqual(bothCalls);
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
  });

  it('lets a release script run to its end, once, whoever else wants to let go meanwhile', async () => {
    scripts('sleep 30', 'sleep 1; echo let go');
    const quiesce = guest.start('quiesce', request).answer;
    await until(() => calls().length === 1);
    const [first, second] = await Promise.all([guest.ask('release', request), guest.ask('release', request)]);
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
    expect(first).toMatchObject({ exitCode: 0, report: { by: 'none' } });
    expect(second).toMatchObject({ exitCode: 0, report: first.report });
    expect(calls()).toEqual(bothCalls);
  });

  it('runs the release script at the deadline when all of its own script is killed', async () => {
    scripts('sleep 30', '');
    const { process: script, answer } = guest.start('quiesce', { ...request, deadlineSeconds: 5 });
    await until(() => calls().length === 1);
    process.kill(-Number(script.pid), 'SIGKILL');
    await answer;
    await until(() => calls().length === 2, 7000);
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'timer' });
    expect(calls()).toEqual(bothCalls);
  });

  it('runs the release script once there are processes again, when there were none at the deadline', async () => {
    scripts('', '');
    await guest.ask('quiesce', { ...request, deadlineSeconds: 5 });
    const few = mkdtempSync(
      `${existsSync('/sys/fs/cgroup/pids') ? '/sys/fs/cgroup/pids' : '/sys/fs/cgroup'}/holdfast-`,
    );
    const [timer] = guest.timers();
    writeFileSync(`${few}/cgroup.procs`, String(timer));
    writeFileSync(`${few}/pids.max`, '0');
    await pause(6500);
    expect(calls()).toEqual(bothCalls.slice(0, 1));
    // It becomes itself again and again, so that its name may not be there to be read.
    expect(existsSync(`/proc/${timer}`)).toBe(true);
    writeFileSync(`${few}/pids.max`, 'max');
    await until(() => readFileSync(`${few}/cgroup.procs`, 'utf8') === '', 20_000);
    rmdirSync(few);
    expect(calls()).toEqual(bothCalls);
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'timer' });
  });

  it('runs the release script after a reboot, which does not end what the quiesce script did, and calls it no hold', async () => {
    scripts('', '');
    await guest.ask('quiesce', request);
    guest.reboot();
    const another = await guest.ask('release', { ...request, run: 'billing-20261121T030000Z' });
    expect(another.report).toMatchObject({ by: 'none' });
    expect(calls()).toEqual(bothCalls.slice(0, 1));
    const released = await guest.ask('release', request);
    expect(released.report).toMatchObject({ by: 'none', heldSince: null });
    expect(calls()).toEqual(bothCalls);
    guest.reboot();
    await guest.ask('release', request);
    expect(calls()).toEqual(bothCalls);
  });

  it.each([
    ['release', 20],
    ['timer', 5],
  ])('gives what the release script starts, run by the %s, nothing of its own', async (by, deadlineSeconds) => {
    scripts('', `{ umask; cat /proc/self/oom_score_adj; ls /proc/self/fd | grep -c '^[78]$' || true; } >>${log}`);
    await guest.ask('quiesce', { ...request, deadlineSeconds });
    if (by === 'timer') await until(() => guest.timers().length === 0, 8000);
    expect((await guest.ask('release', request)).report).toMatchObject({ by });
    expect(calls().slice(2)).toEqual(['0022', '0', '0']);
  });

  it('does not wait for what a quiesce script leaves running, nor drown in what it says', async () => {
    scripts('head -c 1000000 /dev/zero | tr "\\0" x; sleep 4 & exit 0', '');
    const quiesced = await guest.ask('quiesce', request);
    expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(quiesced.tookMs).toBeLessThan(2000);
    expect(quiesced.stderr.length).toBeLessThan(5000);
    const released = await guest.ask('release', request);
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    expect(released.tookMs).toBeLessThan(2000);
  });

  it('says that it still holds when the release script fails, and runs it again when asked again', async () => {
    scripts('', `[ -e ${guest.scripts}/repaired ]`);
    await guest.ask('quiesce', request);
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 1, report: undefined });
    expect((await guest.ask('check', request)).report).toMatchObject({ result: 'held' });
    guest.install(`${guest.scripts}/repaired`, '');
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'release' } });
  });

  it('runs nothing that others could have put there', async () => {
    scripts('', '');
    chmodSync(`${guest.scripts}/quiesce`, 0o777);
    expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 1, report: undefined });
    chmodSync(`${guest.scripts}/quiesce`, 0o755);
    chownSync(`${guest.scripts}/release`, 65_534, 65_534);
    const other = { ...request, run: 'orders-20261122T030000Z' };
    expect(await guest.ask('quiesce', other)).toMatchObject({ exitCode: 1, report: undefined });
    chownSync(`${guest.scripts}/release`, 0, 0);
    chmodSync(guest.scripts, 0o777);
    const third = { ...request, run: 'orders-20261123T030000Z' };
    expect(await guest.ask('quiesce', third)).toMatchObject({ exitCode: 1, report: undefined });
    chmodSync(guest.scripts, 0o700);
    expect(calls()).toEqual([]);
  });

  it('tells before any night what speaks against it, and runs nothing', async () => {
    const doctor: Request = { ...request, run: 'doctor-1' };
    scripts('', '');
    expect((await guest.ask('doctor', doctor)).report).toEqual({ result: 'fit' });
    guest.install(`${guest.scripts}/release`, '#!/usr/bin/env bash\nif true; then\n');
    const unreadable = await guest.ask('doctor', doctor);
    expect(unreadable).toMatchObject({ exitCode: 1, report: undefined });
    expect(unreadable.stderr).toContain(`${guest.scripts}/release is not understood by /usr/bin/env bash`);
    // What else is named like a shell may take -n for something else than looking.
    const asked = `${guest.scripts}/asked`;
    guest.install(`${guest.scripts}/flush`, `#!/bin/sh\ntouch ${asked}\n`);
    guest.install(`${guest.scripts}/release`, `#!${guest.scripts}/flush\n`);
    expect((await guest.ask('doctor', doctor)).report).toEqual({ result: 'fit' });
    expect(existsSync(asked)).toBe(false);
    guest.install(`${guest.scripts}/release`, '#!/usr/bin/python3\nif True:\n  pass\n');
    expect((await guest.ask('doctor', doctor)).report).toEqual({ result: 'fit' });
    chmodSync(`${guest.scripts}/quiesce`, 0o777);
    expect((await guest.ask('doctor', doctor)).stderr).toContain('writable by nobody else');
    chmodSync(`${guest.scripts}/quiesce`, 0o755);
    await guest.ask('quiesce', request);
    expect((await guest.ask('doctor', doctor)).stderr).toContain('held by run orders-20261121T030000Z');
    expect(calls()).toEqual(bothCalls.slice(0, 1));
    expect((await guest.ask('check', request)).report).toMatchObject({ result: 'held' });
  });

  it('leaves the hold of a run alone that the doctor is asked under the name of', async () => {
    scripts('', '');
    const { report } = await guest.ask('quiesce', { ...request, deadlineSeconds: 5 });
    const [doctor, twin] = await Promise.all([guest.ask('doctor', request), guest.ask('doctor', request)]);
    for (const { exitCode, stderr } of [doctor, twin]) {
      expect(exitCode).toBe(1);
      expect(stderr).toContain('held by run orders-20261121T030000Z');
    }
    expect((await guest.ask('check', request)).report).toMatchObject({ result: 'held', until: report?.until });
    await until(() => calls().length === 2, 7000);
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'timer', heldSince: report?.at });
    expect(calls()).toEqual(bothCalls);
    expect((await guest.ask('doctor', request)).report).toEqual({ result: 'fit' });
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'timer' });
  });

  it('lets two pairs of scripts of one run hold side by side', async () => {
    scripts('', '');
    guest.install(`${guest.scripts}/release-too`, `#!/bin/sh\necho "too $HOLDFAST_RUN" >>${log}\n`);
    const second: Request = {
      ...request,
      parameters: { ...request.parameters, releaseScript: `${guest.scripts}/release-too` },
    };
    expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 0 });
    expect(await guest.ask('quiesce', second)).toMatchObject({ exitCode: 0 });
    expect(await guest.ask('release', second)).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    expect((await guest.ask('check', request)).report).toMatchObject({ result: 'held' });
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'release' } });
  });
});
