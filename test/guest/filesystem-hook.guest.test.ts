import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileSystemType, fill, type LoopVolume, loopVolume, run, thaw, until } from './loop-volume.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

const systems: readonly [string, FileSystemType][] = [
  ['dash', 'ext4'],
  ['bash', 'xfs'],
  ['busybox', 'ext4'],
];
const systemFsfreeze = execFileSync('sh', ['-c', 'command -v fsfreeze'], { encoding: 'utf8' }).trim();

describe.each(systems)('the filesystem hook, run by %s on %s', (shell, type) => {
  let guest: TestGuest;
  let data: LoopVolume;
  let logs: LoopVolume;
  let both: Request;

  beforeEach(() => {
    guest = testGuest(shell);
    data = loopVolume(type);
    logs = loopVolume(type);
    both = { kind: 'filesystem', parameters: { mounts: `${data.mount},${logs.mount}`, volumes: 'all' } };
  });

  afterEach(async () => {
    thaw(data.mount);
    thaw(logs.mount);
    await guest.ask('release', both);
    for (const pid of guest.timers()) process.kill(-pid);
    data.remove();
    logs.remove();
    guest.remove();
  });

  const [dataVolume, logsVolume] = ['vol-0123456789abcdef0', 'vol-0123456789abcdef1'];

  /** As on Nitro: each disk shows the id of its volume. Loop devices have no serial number of their own. */
  function showSerials(): void {
    const device = (mount: string) =>
      execFileSync('findmnt', ['-n', '-o', 'SOURCE', mount], { encoding: 'utf8' }).trim();
    const serial = (mount: string, volume: string) =>
      `  ${device(mount)}) echo 'TYPE="disk" SERIAL="${volume.replace('-', '')}"' ;;`;
    const cases = [serial(data.mount, dataVolume), serial(logs.mount, logsVolume)].join('\n');
    guest.install(`${guest.programs}/lsblk`, `#!/bin/sh\nfor last; do :; done\ncase $last in\n${cases}\nesac\n`);
  }

  const automatic = (volumes: string, sees: readonly string[]): Request => ({
    kind: 'filesystem',
    parameters: { mounts: 'auto', volumes },
    sees,
  });

  /** A freeze that takes its time, as it does while writers are in its way. */
  const slowDown = (mount: string, seconds: number) =>
    guest.install(
      `${guest.programs}/fsfreeze`,
      `#!/bin/sh\n[ "$1 $2" = "-f ${mount}" ] && sleep ${seconds}\nexec ${systemFsfreeze} "$@"\n`,
    );

  it('blocks writers from quiesce to release, and tells when', async () => {
    const before = Date.now();
    const quiesced = await guest.ask('quiesce', both);
    expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(quiesced.report?.at).toBeGreaterThanOrEqual(before);
    expect(Number(quiesced.report?.until)).toBeLessThanOrEqual(Date.now() + 20_000);
    expect(await data.writable()).toBe(false);
    expect(await logs.writable()).toBe(false);

    const released = await guest.ask('release', both);
    expect(released).toMatchObject({
      exitCode: 0,
      report: { result: 'released', by: 'release', heldSince: quiesced.report?.at },
    });
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(true);
    await guest.disarmed();
    expect((await guest.ask('release', both)).report).toEqual(released.report);
  });

  it('lets go by itself at the deadline, and says so afterwards', async () => {
    const request = { ...both, deadlineSeconds: 5 };
    const quiesced = await guest.ask('quiesce', request);
    expect(await data.writable()).toBe(false);
    await pause(Number(quiesced.report?.until) - Date.now() + 500);
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(true);
    const { report } = await guest.ask('release', request);
    expect(report).toMatchObject({ result: 'released', by: 'timer', heldSince: quiesced.report?.at });
    expect(Number(report?.at) - Number(quiesced.report?.until)).toBeLessThan(1000);
    expect(Number(report?.at)).toBeGreaterThanOrEqual(Number(quiesced.report?.until));
  });

  it('answers the same when it is asked to quiesce twice', async () => {
    const [first, second] = await Promise.all([guest.ask('quiesce', both), guest.ask('quiesce', both)]);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(second.report).toEqual(first.report);
    expect((await guest.ask('quiesce', both)).report).toEqual(first.report);
  });

  it('refuses a second run while the first holds, which stays held', async () => {
    await guest.ask('quiesce', both);
    const other = await guest.ask('quiesce', { ...both, run: 'billing-20261121T030000Z' });
    expect(other).toMatchObject({ exitCode: 75, report: undefined });
    expect(other.stderr).toContain('orders-20261121T030000Z');
    expect(await data.writable()).toBe(false);
    const released = await guest.ask('release', { ...both, run: 'billing-20261121T030000Z' });
    expect(released.report).toMatchObject({ by: 'none', heldSince: null });
    expect(await data.writable()).toBe(false);
  });

  it('never holds still for a run that was released before', async () => {
    expect((await guest.ask('release', both)).report).toMatchObject({
      result: 'released',
      by: 'none',
      heldSince: null,
    });
    expect(await guest.ask('quiesce', both)).toMatchObject({ exitCode: 1, report: undefined });
    expect(await data.writable()).toBe(true);
    await guest.disarmed();
  });

  it.each(['knows no single file system', 'names them as busybox does'])(
    'writes out with a sync that %s',
    async (which) => {
      const noted = `${guest.programs}/synced`;
      const help = which.includes('busybox') ? 'Usage: sync [-df] [FILE]...' : 'Usage: sync [OPTION]';
      const refusal = which.includes('busybox') ? '' : '[ $# = 0 ] || { echo "invalid option" >&2; exit 1; }';
      guest.install(
        `${guest.programs}/sync`,
        `#!/bin/sh\n[ "$1" != --help ] || { echo '${help}'; exit 0; }\n${refusal}\necho "$@" >>${noted}\n`,
      );
      expect(await guest.ask('quiesce', both)).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
      const written = readFileSync(noted, 'utf8').split('\n').slice(0, 2);
      expect(written).toEqual(which.includes('busybox') ? [`-f ${data.mount}`, `-f ${logs.mount}`] : ['', '']);
    },
  );

  it('loses to a release that comes while it is still freezing', async () => {
    slowDown(logs.mount, 1.5);
    const quiesce = guest.start('quiesce', both).answer;
    await until(async () => !(await data.writable(100)));
    const released = await guest.ask('release', both);
    expect(released).toMatchObject({ exitCode: 0, report: { result: 'released', by: 'none' } });
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(true);
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
    await pause(2000);
    expect(await logs.writable()).toBe(true);
    await guest.disarmed();
  });

  it('does not begin to freeze after a release that came while it was still flushing', async () => {
    guest.install(`${guest.programs}/sync`, '#!/bin/sh\nexec sleep 0.7\n');
    slowDown(data.mount, 0.3);
    const quiesce = guest.start('quiesce', both).answer;
    await until(() => guest.timers().length === 1);
    expect((await guest.ask('release', both)).report).toMatchObject({ by: 'none' });
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(true);
    await guest.disarmed();
  });

  it('keeps the deadline also when a freeze itself hangs', async () => {
    slowDown(logs.mount, 7);
    const quiesce = guest.start('quiesce', { ...both, deadlineSeconds: 5 }).answer;
    await until(async () => !(await data.writable(100)));
    await until(() => data.writable(100), 6000);
    await pause(3500);
    expect(await logs.writable()).toBe(true);
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
    expect((await guest.ask('release', both)).report).toMatchObject({ by: 'timer', heldSince: null });
  });

  it('is thawed by the timer when the script is killed with its whole process group', async () => {
    slowDown(logs.mount, 3);
    const quiesce = guest.start('quiesce', { ...both, deadlineSeconds: 5 });
    await until(async () => !(await data.writable(100)));
    process.kill(-Number(quiesce.process.pid), 'SIGKILL');
    await quiesce.answer;
    expect(await data.writable()).toBe(false);
    await until(() => data.writable(100), 6000);
    expect(await logs.writable()).toBe(true);
  });

  it('does not call it a hold when somebody else thawed a mount meanwhile', async () => {
    await guest.ask('quiesce', both);
    thaw(logs.mount);
    const released = await guest.ask('release', both);
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    expect(released.stderr).toContain(`${logs.mount} was not frozen any more`);
    expect(await data.writable()).toBe(true);
    expect((await guest.ask('release', both)).report).toEqual(released.report);
  });

  it('undoes everything, but nobody else’s freeze, when one mount cannot be frozen', async () => {
    execFileSync('fsfreeze', ['-f', logs.mount]);
    const quiesced = await guest.ask('quiesce', { ...both, deadlineSeconds: 5 });
    expect(quiesced).toMatchObject({ exitCode: 1, report: undefined });
    expect(quiesced.stderr).toContain('Device or resource busy');
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(false);
    await guest.disarmed();
    expect((await guest.ask('release', both)).report).toMatchObject({ by: 'none' });
    await pause(10_500); // Longer than anything of ours lasts.
    expect(await logs.writable()).toBe(false);
  });

  it.each(['/proc', '/nowhere'])('does not freeze anything when it is told to freeze %s too', async (mount) => {
    const refused = await guest.ask('quiesce', {
      ...both,
      parameters: { mounts: `${data.mount},${mount}`, volumes: 'all' },
    });
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain(mount);
    expect(await data.writable()).toBe(true);
  });

  it('never freezes what it needs itself', async () => {
    const refused = await guest.ask('quiesce', { ...both, stateFolder: `${logs.mount}/state` });
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain(`${logs.mount} is never frozen`);
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(true);
  });

  it.each(['/var/log/audit', '/var/log/journal'])(
    'never freezes %s: whatever is written there holds up the whole system',
    async (folder) => {
      const made = mkdirSync(folder, { recursive: true });
      execFileSync('mount', ['--bind', logs.mount, folder]);
      try {
        const refused = await guest.ask('quiesce', both);
        expect(refused).toMatchObject({ exitCode: 1, report: undefined });
        expect(refused.stderr).toContain(`${logs.mount} is never frozen`);
        expect(await data.writable()).toBe(true);
      } finally {
        await guest.ask('release', both);
        execFileSync('umount', [folder]);
        if (made !== undefined) rmSync(made, { recursive: true });
      }
    },
  );

  it('finds the data file systems by itself, and leaves the system’s alone', async () => {
    const auto = automatic('all', [data.mount, logs.mount]);
    try {
      const quiesced = await guest.ask('quiesce', auto);
      expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
      expect(quiesced.stdout).toContain(`frozen: ${logs.mount} ${data.mount}\n`);
      expect(await data.writable()).toBe(false);
      expect(await logs.writable()).toBe(false);
    } finally {
      expect((await guest.ask('release', auto)).report).toMatchObject({ by: 'release' });
    }
    expect(await data.writable()).toBe(true);
    expect(await logs.writable()).toBe(true);
  });

  it('by itself freezes only what lies on volumes of the set, where the disks tell', async () => {
    showSerials();
    const auto = automatic(dataVolume, [data.mount, logs.mount]);
    const quiesced = await guest.ask('quiesce', auto);
    expect(quiesced.stdout).toContain(`frozen: ${data.mount}\n`);
    expect(await logs.writable()).toBe(true);
    expect((await guest.ask('release', auto)).report).toMatchObject({ by: 'release' });
  });

  it('by itself freezes also what no disk tells the volume of', async () => {
    guest.install(`${guest.programs}/lsblk`, '#!/bin/sh\necho \'TYPE="disk" SERIAL=""\'\n');
    const auto = automatic(dataVolume, [data.mount, logs.mount]);
    expect((await guest.ask('quiesce', auto)).stdout).toContain(`frozen: ${logs.mount} ${data.mount}\n`);
    expect((await guest.ask('release', auto)).report).toMatchObject({ by: 'release' });
  });

  it('refuses to freeze a part of the set, and names the rest', async () => {
    showSerials();
    const part = (volumes: string): Request => ({ ...both, parameters: { mounts: data.mount, volumes } });
    const refused = await guest.ask('quiesce', part(`${dataVolume},${logsVolume}`));
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain(`${logs.mount} lies on a volume of the set and is not to be frozen`);
    expect(await data.writable()).toBe(true);
    const whole = { ...part(dataVolume), run: 'orders-20261122T030000Z' };
    expect((await guest.ask('quiesce', whole)).report).toMatchObject({ result: 'quiesced' });
    expect((await guest.ask('release', whole)).report).toMatchObject({ by: 'release' });
  });

  it('does not claim to hold still where there is nothing to freeze', async () => {
    const auto = automatic('all', []);
    const refused = await guest.ask('quiesce', auto);
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain('no data file system');
  });

  it('holds also while the disk is full', async () => {
    const empty = fill(data.mount);
    expect(await guest.ask('quiesce', both)).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect((await guest.ask('release', both)).report).toMatchObject({ by: 'release' });
    empty();
    expect(await data.writable()).toBe(true);
  });

  it('keeps to its word when somebody wants the disk read-only meanwhile, and refuses it afterwards', async () => {
    await guest.ask('quiesce', both);
    expect(() => execFileSync('mount', ['-o', 'remount,ro', data.mount], { stdio: 'ignore' })).toThrow();
    expect((await guest.ask('release', both)).report).toMatchObject({ by: 'release' });
    expect(await data.writable()).toBe(true);
    execFileSync('mount', ['-o', 'remount,ro', data.mount]);
    const refused = await guest.ask('quiesce', { ...both, run: 'orders-20261122T030000Z' });
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain(`${data.mount} is not a writable file system`);
    expect(await logs.writable()).toBe(true);
  });

  it('lets go at the release, when the timer was killed', async () => {
    await guest.ask('quiesce', both);
    for (const pid of guest.timers()) process.kill(-pid, 'SIGKILL');
    expect((await guest.ask('release', both)).report).toMatchObject({ by: 'release' });
    expect(await data.writable()).toBe(true);
  });

  it('tells what is held', async () => {
    expect((await guest.ask('check', both)).report).toEqual({ result: 'free' });
    const { report } = await guest.ask('quiesce', both);
    const asOther = { ...both, run: 'watcher' };
    expect((await guest.ask('check', asOther)).report).toEqual({
      result: 'held',
      since: report?.at,
      until: report?.until,
      run: 'orders-20261121T030000Z',
    });
    await guest.ask('release', both);
    expect((await guest.ask('check', asOther)).report).toEqual({ result: 'free' });
  });

  it('leaves exactly what was written before in a copy of the disk taken meanwhile', async () => {
    execFileSync('sh', ['-c', `i=0; while [ $i -lt 50 ]; do echo $i >${data.mount}/file-$i; i=$((i+1)); done`]);
    await guest.ask('quiesce', both);
    const late = data.writable(200);
    expect(await late).toBe(false);
    const folder = mkdtempSync('/root/holdfast-copy-');
    const mount = `${folder}/mount`;
    mkdirSync(mount);
    try {
      await run('cp', ['--reflink=auto', data.image, `${folder}/image`]);
      await guest.ask('release', both);
      execFileSync('mount', [
        '-o',
        type === 'xfs' ? 'loop,ro,norecovery,nouuid' : 'loop,ro,noload',
        `${folder}/image`,
        mount,
      ]);
      const names = readdirSync(mount).filter((name) => name !== 'lost+found');
      expect(names).toHaveLength(50);
      const sizes = execFileSync('sh', ['-c', `cat ${mount}/file-* | wc -l`], { encoding: 'utf8' });
      expect(sizes.trim()).toBe('50');
      execFileSync('umount', [mount]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
