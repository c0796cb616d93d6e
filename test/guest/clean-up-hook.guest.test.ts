import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isData } from '#domain/policy-fields.ts';
import { type FileSystemType, type LoopVolume, loopVolume, until } from './loop-volume.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

const systems: readonly [string, FileSystemType][] = [
  ['dash', 'ext4'],
  ['bash', 'xfs'],
  ['busybox', 'ext4'],
];

describe.each(systems)('the clean-up hook, run by %s on %s', (shell, type) => {
  let guest: TestGuest;
  let data: LoopVolume;
  let request: Request;
  const asking = (parameters: Readonly<Record<string, string>>): Request => ({
    kind: 'clean-up',
    parameters: {
      roots: data.mount,
      files: 'TEMP.*',
      folders: 'tmp,DR_TMP_DIR,pending',
      moveTo: 'none',
      ...parameters,
    },
  });

  beforeEach(() => {
    guest = testGuest(shell);
    data = loopVolume(type, undefined, '/srv');
    request = asking({});
  });

  afterEach(async () => {
    await guest.ask('release', request);
    for (const pid of guest.timers()) process.kill(-pid);
    data.remove();
    guest.remove();
  });

  const write = (...paths: readonly string[]) => {
    for (const path of paths) {
      mkdirSync(dirname(join(data.mount, path)), { recursive: true });
      writeFileSync(join(data.mount, path), path);
    }
  };
  const files = (folder = data.mount) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted();

  it('takes away files by base name, and all that lies in folders by name, at any depth', async () => {
    write(
      'TEMP.1',
      'a/TEMP.usage.csv',
      'a/tmp/x',
      'a/b/tmp/deep/er/x',
      'DR_TMP_DIR/x',
      'pending/-rf',
      'pending/a b\nc',
    );
    const kept = [
      'a/TEMP.folder/x',
      'a/TEMPORARY',
      'a/b/x.TEMP',
      'a/my-tmp/x',
      'a/notpending/x',
      'a/temp.1',
      'tmpfile',
    ];
    write(...kept);
    expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(files()).toEqual(kept);
    expect(existsSync(join(data.mount, 'a/tmp'))).toBe(true);
    expect(existsSync(join(data.mount, 'a/b/tmp/deep'))).toBe(false);
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    await until(() => guest.timers().length === 0);
  });

  it('follows no symbolic link, and enters no other file system', async () => {
    const other = loopVolume(type);
    try {
      mkdirSync(join(other.mount, 'tmp'));
      writeFileSync(join(other.mount, 'TEMP.other'), '');
      writeFileSync(join(other.mount, 'tmp/other'), '');
      write('a/tmp/x');
      symlinkSync(other.mount, join(data.mount, 'a/tmp/link'));
      symlinkSync(join(other.mount, 'tmp'), join(data.mount, 'tmp'));
      mkdirSync(join(data.mount, 'mounted'));
      execFileSync('mount', ['--bind', other.mount, join(data.mount, 'mounted')]);
      expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 0 });
      expect(files(other.mount)).toEqual(['TEMP.other', 'tmp/other']);
      expect(readdirSync(join(data.mount, 'a/tmp'))).toEqual([]);
    } finally {
      execFileSync('umount', [join(data.mount, 'mounted')]);
      other.remove();
    }
  });

  it('moves them to a folder of root’s, where they can be found again', async () => {
    const moveTo = mkdtempSync('/root/holdfast-attic-');
    try {
      write('a/TEMP.1', 'a/tmp/deep/x', 'a/tmp/y', 'kept');
      expect(await guest.ask('quiesce', asking({ moveTo }))).toMatchObject({ exitCode: 0 });
      expect(files()).toEqual(['kept']);
      const attic = `orders-20261121T030000Z/1${data.mount}`;
      expect(files(moveTo)).toEqual([`${attic}/a/TEMP.1`, `${attic}/a/tmp/deep/x`, `${attic}/a/tmp/y`]);
      await guest.ask('release', asking({ moveTo }));
    } finally {
      rmSync(moveTo, { recursive: true });
    }
  });

  it('looks again, and takes away what was written meanwhile', async () => {
    write('kept', 'TEMP.1');
    const real = execFileSync('sh', ['-c', 'command -v find'], { encoding: 'utf8' }).trim();
    const once = `[ "$1" = . ] && mkdir ${guest.scripts}/wrote 2>/dev/null && echo again >${data.mount}/TEMP.again`;
    guest.install(`${guest.programs}/find`, `#!/bin/sh\n${real} "$@"\nstatus=$?\n${once}\nexit $status\n`);
    expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(files()).toEqual(['kept']);
  });

  it('refuses when a writer is faster, and names what is left', async () => {
    write('kept');
    const real = execFileSync('sh', ['-c', 'command -v find'], { encoding: 'utf8' }).trim();
    const writer = `[ "$1" = . ] && echo again >${data.mount}/TEMP.again`;
    guest.install(`${guest.programs}/find`, `#!/bin/sh\n${real} "$@"\nstatus=$?\n${writer}\nexit $status\n`);
    const refused = await guest.ask('quiesce', request);
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain(`somebody is still writing temporary files`);
    expect(refused.stderr).toContain(`${data.mount}/TEMP.again`);
  });

  it('refuses, before anything is taken away, a guest whose find cannot work from within each folder', async () => {
    write('TEMP.1');
    const other = 'case "$*" in *-execdir*) echo "unrecognized: -execdir" >&2; exit 1 ;; esac';
    guest.install(`${guest.programs}/find`, `#!/bin/sh\n${other}\nexec busybox find "$@"\n`);
    const refused = await guest.ask('quiesce', request);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('GNU findutils are needed') });
    expect(files()).toEqual(['TEMP.1']);
  });

  it('refuses when something cannot be taken away', async () => {
    write('TEMP.stuck', 'TEMP.2');
    execFileSync('chattr', ['+i', join(data.mount, 'TEMP.stuck')]);
    try {
      const refused = await guest.ask('quiesce', request);
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('TEMP.stuck') });
      expect(files()).toEqual(['TEMP.stuck']);
    } finally {
      execFileSync('chattr', ['-i', join(data.mount, 'TEMP.stuck')]);
    }
  });

  it('stops taking away when a release comes meanwhile', async () => {
    write('TEMP.1');
    const real = execFileSync('sh', ['-c', 'command -v find'], { encoding: 'utf8' }).trim();
    const slow = `#!/bin/sh\n[ "$1" = . ] && { touch ${guest.scripts}/finding; exec sleep 30; }\nexec ${real} "$@"\n`;
    guest.install(`${guest.programs}/find`, slow);
    const quiesce = guest.start('quiesce', request).answer;
    await until(() => existsSync(`${guest.scripts}/finding`));
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'none' } });
    expect(await quiesce).toMatchObject({
      exitCode: 1,
      report: undefined,
      tookMs: expect.toSatisfy((ms) => ms < 5000),
    });
    expect(files()).toEqual(['TEMP.1']);
  });

  it('purges at once for a recovery, holds nothing after it, and answers again when asked again', async () => {
    write('a/TEMP.1', 'pending/x', 'kept');
    const [first, twin] = await Promise.all([guest.ask('purge', request), guest.ask('purge', request)]);
    expect(first).toMatchObject({ exitCode: 0, report: { result: 'released', by: 'release' } });
    expect(twin).toMatchObject({ exitCode: 0, report: first.report });
    expect(files()).toEqual(['kept']);
    expect(await guest.ask('purge', request)).toMatchObject({ exitCode: 0, report: first.report });
    expect((await guest.ask('check', request)).report).toEqual({ result: 'free' });
    await until(() => guest.timers().length === 0);
  });

  it('fails to purge when something is left, again when asked again, and names it', async () => {
    write('TEMP.stuck', 'TEMP.2');
    execFileSync('chattr', ['+i', join(data.mount, 'TEMP.stuck')]);
    try {
      const failed = await guest.ask('purge', request);
      expect(failed).toMatchObject({ exitCode: 1, report: undefined, stderr: expect.stringContaining('TEMP.stuck') });
      expect(await guest.ask('purge', request)).toMatchObject({ exitCode: 1, report: undefined });
      expect((await guest.ask('check', request)).report).toEqual({ result: 'free' });
    } finally {
      execFileSync('chattr', ['-i', join(data.mount, 'TEMP.stuck')]);
    }
  });

  it('gives a purge up at its deadline', async () => {
    write('TEMP.1');
    const real = execFileSync('sh', ['-c', 'command -v find'], { encoding: 'utf8' }).trim();
    guest.install(`${guest.programs}/find`, `#!/bin/sh\n[ "$1" = . ] && exec sleep 30\nexec ${real} "$@"\n`);
    const late = await guest.ask('purge', { ...request, deadlineSeconds: 2 });
    expect(late).toMatchObject({ exitCode: 1, report: undefined, tookMs: expect.toSatisfy((ms) => ms < 10_000) });
    expect(files()).toEqual(['TEMP.1']);
  });

  it('refuses roots and places to move to that it cannot vouch for, before anything is taken away', async () => {
    write('a/TEMP.1');
    symlinkSync(join(data.mount, 'a'), join(data.mount, 'link'));
    mkdirSync(join(data.mount, 'attic'));
    const open = mkdtempSync('/root/holdfast-open-');
    chmodSync(open, 0o777);
    const cases: readonly [Readonly<Record<string, string>>, string][] = [
      [{ roots: `${data.mount}/link` }, 'leads through a symbolic link'],
      [{ roots: `${data.mount}/nowhere` }, 'is not a folder'],
      [{ moveTo: `${data.mount}/nowhere` }, 'is not a folder'],
      [{ moveTo: `${data.mount}/attic` }, 'would be in the backup'],
      [{ moveTo: open }, 'must belong to root'],
    ];
    for (const [index, [parameters, reason]] of cases.entries()) {
      const asked = { ...asking(parameters), run: `orders-${index}` };
      const refused = await guest.ask('quiesce', asked);
      expect(refused).toMatchObject({ exitCode: 1, report: undefined, stderr: expect.stringContaining(reason) });
      expect((await guest.ask('doctor', { ...asked, run: 'doctor' })).stderr).toContain(reason);
    }
    rmSync(open, { recursive: true });
    expect(files()).toContain('a/TEMP.1');
  });

  it('refuses, whoever asks, what no policy may have: the system’s folders, and names that stand for every file', async () => {
    write('TEMP.1');
    const trees = '/boot /usr /bin /sbin /lib /lib64 /etc /run /dev /proc /sys /snap /var/tmp /tmp /var/run'.split(' ');
    const agents = ['/var/lib/amazon', '/var/log/amazon', '/opt/aws', '/opt/amazon'];
    const refused = ['/', '/var', '/var/lib', '/var/log', '/opt', ...agents, ...trees, '/etc/ssh', '/usr/lib/x'];
    const others = [data.mount, '/srv', '/opt/app', '/var/lib/mysql', '/etcetera', '/tmpfiles'];
    expect([...refused, ...others].filter((path) => !isData(path))).toEqual(refused);
    // Even if they were let in, nothing of this machine has such a name.
    const harmless = { files: 'holdfast-nothing', folders: 'none' };
    const roots = asking({ roots: [...refused, ...others].join(','), ...harmless });
    for (const [action, run] of [
      ['doctor', 'd'],
      ['quiesce', 'q'],
      ['purge', 'p'],
    ] as const) {
      const { exitCode, stderr } = await guest.ask(action, { ...roots, run });
      expect(exitCode).toBe(1);
      const named = [...stderr.matchAll(/^holdfast: (\S+) is never cleaned up/gm)].map(([, path]) => path);
      expect(named).toEqual(refused);
      const all = await guest.ask(action, { ...asking({ files: 'TEMP.*,*' }), run: `${run}-all` });
      expect(all).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('* would take every file away') });
    }
    expect(files()).toEqual(['TEMP.1']);
  });

  it('never names anything outside of the root by a pattern', () => {
    expect(() => guest.ask('quiesce', asking({ files: '../*' }))).toThrow('files');
    expect(() => guest.ask('quiesce', asking({ folders: 'a/b' }))).toThrow('folders');
    expect(() => guest.ask('quiesce', asking({ folders: '*' }))).toThrow('folders');
  });
});
