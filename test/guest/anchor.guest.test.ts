/** What a file system may go through while it is frozen, and a guest that has lost nearly all of what it needs to thaw it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileSystemType, fill, type LoopVolume, loopVolume, thaw, until } from './loop-volume.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

const systems: readonly [string, FileSystemType][] = [
  ['dash', 'ext4'],
  ['bash', 'xfs'],
  ['busybox', 'ext4'],
];

describe.each(systems)('what is frozen, by %s on %s', (shell, type) => {
  let guest: TestGuest;
  let data: LoopVolume;
  let stateFolder: string;
  let request: Request;

  beforeEach(() => {
    guest = testGuest(shell);
    data = loopVolume(type);
    stateFolder = mkdtempSync('/root/holdfast-state-');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', stateFolder]);
    const parameters = { mounts: data.mount, volumes: 'all' };
    request = { kind: 'filesystem', parameters, deadlineSeconds: 5, stateFolder };
  });

  afterEach(async () => {
    await guest.ask('release', request);
    thaw(data.mount);
    await until(() => guest.timers().length === 0, 10_000);
    data.remove();
    execFileSync('umount', [stateFolder]);
    rmSync(stateFolder, { recursive: true });
    guest.remove();
  });

  const umount = (...words: string[]) => execFileSync('umount', [...words, data.mount], { stdio: 'ignore' });

  it('cannot be unmounted, for it would come back frozen; released, it can at once', async () => {
    await guest.ask('quiesce', request);
    expect(() => umount()).toThrow();
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'release' });
    umount();
    execFileSync('mount', ['-o', 'loop', data.image, data.mount]);
  });

  it('is thawed by the release though it was unmounted lazily', async () => {
    await guest.ask('quiesce', request);
    umount('-l');
    const released = await guest.ask('release', request);
    execFileSync('mount', ['-o', 'loop', data.image, data.mount]);
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    expect(await data.writable()).toBe(true);
  });

  it('is thawed by the release though something was mounted over it', async () => {
    await guest.ask('quiesce', request);
    execFileSync('mount', ['-t', 'tmpfs', 'none', data.mount]);
    const released = await guest.ask('release', request);
    umount();
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    expect(await data.writable()).toBe(true);
  });

  it('is thawed soon after the deadline though the timer was killed and nobody releases it', async () => {
    await guest.ask('quiesce', request);
    for (const pid of guest.timers()) process.kill(-pid, 'SIGKILL');
    await pause(3500);
    expect(await data.writable(100)).toBe(false);
    await until(() => data.writable(200), 9000);
  });

  it('is thawed soon after the deadline though the state of the run was deleted', async () => {
    await guest.ask('quiesce', request);
    execFileSync('sh', ['-c', `rm -r ${stateFolder}/*`]);
    await until(() => data.writable(200), 13_000);
    for (const pid of guest.timers()) process.kill(-pid, 'SIGKILL');
  });

  it('is thawed when the machine shuts down, so that it can be unmounted whole', async () => {
    await guest.ask('quiesce', request);
    const anchors = execFileSync('sh', ['-c', `fuser -m ${data.mount} 2>/dev/null`], { encoding: 'utf8' });
    for (const pid of anchors.trim().split(/\s+/)) process.kill(Number(pid), 'SIGTERM');
    await until(() => data.writable(100), 1000);
  });

  it('is not even frozen when there is no room to remember it', async () => {
    guest.install(
      `${guest.programs}/sync`,
      `#!/bin/sh\ndd if=/dev/zero of=${stateFolder}/filler bs=1k 2>/dev/null || true\n`,
    );
    const refused = await guest.ask('quiesce', request);
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain('no room');
    expect(await data.writable()).toBe(true);
    await pause(6000);
    expect(await data.writable()).toBe(true);
    rmSync(`${stateFolder}/filler`);
    await until(() => guest.timers().length === 0, 6000);
  });

  it.each(['timer', 'release'])('is thawed by the %s though there is no room for its state any more', async (by) => {
    await guest.ask('quiesce', request);
    const empty = fill(stateFolder, 1);
    if (by === 'release') expect(await guest.ask('release', request)).toMatchObject({ exitCode: 1, report: undefined });
    await until(() => data.writable(200), by === 'release' ? 500 : 7000);
    empty();
    expect((await guest.ask('release', request)).report).toMatchObject({ result: 'released' });
    await until(() => guest.timers().length === 0, 6000);
  });
});
