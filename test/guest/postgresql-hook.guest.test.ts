import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountTables, balanceSheet, expectConsistent, transfer } from './bank.ts';
import { clonePool, removeClonePool } from './clone-pool.ts';
import { type FileSystemType, failFileSystem, fill, type LoopVolume, loopVolume, thaw, until } from './loop-volume.ts';
import { type PostgresqlServer, postgresqlServer } from './postgresql-server.ts';
import { type SteadyWriter, steadyWriter } from './steady-writer.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';
import { watchedSync } from './watched-sync.ts';

const systems: readonly [string, FileSystemType][] = [
  ['dash', 'ext4'],
  ['bash', 'xfs'],
  ['busybox', 'ext4'],
];

let guest: TestGuest;
let volumes: LoopVolume[];
let server: PostgresqlServer;
let writer: SteadyWriter;

/** A server with a client that writes all the time. */
async function setUp(shell: string, ...types: FileSystemType[]): Promise<void> {
  guest = testGuest(shell);
  volumes = types.map((type) => loopVolume(type, 400, clonePool()));
  const [data = '', wal] = volumes.map(({ mount }) => mount);
  server = postgresqlServer(data, wal);
  await serve();
}

async function serve(): Promise<void> {
  await server.start();
  await server.ask(accountTables);
  await writeSteadily();
}

async function writeSteadily(): Promise<void> {
  writer = steadyWriter(server.client(), (number) => `${transfer(number)}\n\\warn ack ${number}`);
  await until(() => writer.acknowledged() > 20);
}

afterAll(removeClonePool);

afterEach(async () => {
  for (const { mount } of volumes) thaw(mount);
  await writer.stop();
  await server.remove();
  for (const pid of guest.timers()) process.kill(-pid);
  for (const volume of volumes) volume.remove();
  guest.remove();
});

const request = (mode: string, changes: Partial<Request> = {}): Request => ({
  kind: 'postgresql',
  parameters: { port: '5432', socket: server.socket, mode, volumes: 'all' },
  ...changes,
});

const mount = () => volumes[0]?.mount ?? '';

/** Whether the server still has the hook's session. */
const isInBackupMode = async () =>
  (await server.ask(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast' AND pid <> pg_backend_pid()",
  )) !== '0';

/** The client gets on, after whatever was. */
async function expectWritable(): Promise<void> {
  const before = writer.acknowledged();
  await until(() => writer.acknowledged() > before + 2, 2000);
}

async function copyWhileHeld(mode: string) {
  let acknowledged = 0;
  const quiesce = guest.ask('quiesce', request(mode)).then((answer) => {
    acknowledged = writer.acknowledged(); // Frozen, or in backup mode where all of it counts just as well.
    return answer;
  });
  expect(await quiesce).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
  const copies: string[] = [];
  for (const volume of volumes) copies.push(await volume.copy());
  const bounds = { acknowledged, sent: writer.sent() };
  expect(await guest.ask('release', request(mode))).toMatchObject({ exitCode: 0, report: { by: 'release' } });
  await expectWritable();
  await writer.stop();
  await server.kill();
  for (const [index, volume] of volumes.entries()) volume.replaceBy(copies[index] ?? '');
  await server.start();
  return bounds;
}

describe.each(systems)('the postgresql hook, run by %s on %s', (shell, type) => {
  beforeEach(() => setUp(shell, type));

  it.each(['freeze', 'backup-mode'])('gives a copy with all that was acknowledged before, by %s', async (mode) => {
    const bounds = await copyWhileHeld(mode);
    expectConsistent(await server.ask(balanceSheet), bounds);
  });

  it('blocks writers only while it holds, and answers again when asked again', async () => {
    const [first, twin] = await Promise.all([
      guest.ask('quiesce', request('auto')),
      guest.ask('quiesce', request('auto')),
    ]);
    expect(first.report).toMatchObject({ result: 'quiesced', note: expect.stringContaining('frozen') });
    expect(twin.report).toEqual(first.report);
    const before = writer.acknowledged();
    await pause(300);
    expect(writer.acknowledged()).toBe(before);
    const released = await guest.ask('release', request('auto'));
    expect(released.report).toMatchObject({ by: 'release', heldSince: first.report?.at });
    expect((await guest.ask('release', request('auto'))).report).toEqual(released.report);
    await expectWritable();
    await guest.disarmed();
  });
});

it('data and write-ahead log on two file systems, copied one after the other, are one database', async () => {
  await setUp('dash', 'ext4', 'xfs');
  const bounds = await copyWhileHeld('auto');
  expectConsistent(await server.ask(balanceSheet), bounds);
});

it('a table in a tablespace on another file system, copied after the data, is of the same database', async () => {
  guest = testGuest('dash');
  volumes = [loopVolume('ext4', 400, clonePool()), loopVolume('xfs', 400, clonePool())];
  server = postgresqlServer(mount());
  const space = volumes[1]?.mount ?? '';
  execFileSync('chown', ['postgres', space]);
  await server.start();
  await server.ask(`CREATE TABLESPACE far LOCATION '${space}'`);
  await server.ask(`SET default_tablespace = far; ${accountTables}`);
  await writeSteadily();
  const bounds = await copyWhileHeld('auto');
  expectConsistent(await server.ask(balanceSheet), bounds);
});

describe('backup mode of the postgresql hook', () => {
  const brief = () => request('backup-mode', { deadlineSeconds: 5 });

  beforeEach(() => setUp('busybox', 'ext4'));

  it('goes on from quiesce to release, writers too, and leaves the label', async () => {
    const { report } = await guest.ask('quiesce', brief());
    expect(report?.note).toContain('backup mode');
    expect(await isInBackupMode()).toBe(true);
    await expectWritable();
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'release' });
    expect(await isInBackupMode()).toBe(false);
    expect(guest.noted('backup-label')).toContain('LABEL: holdfast');
    await guest.disarmed();
  });

  it('ends by itself at the deadline when no release comes', async () => {
    const { report } = await guest.ask('quiesce', brief());
    await pause(Number(report?.until) - Date.now() + 700);
    expect(await isInBackupMode()).toBe(false);
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'timer' });
  });

  it.each([
    ['the holder', (leader: number) => process.kill(leader, 'SIGKILL')],
    ['its whole process group', (leader: number) => process.kill(-leader, 'SIGKILL')],
  ])('ends when %s is killed, which the release says', async (_who, kill) => {
    await guest.ask('quiesce', brief());
    kill(Number(guest.noted('session-leader')));
    await until(async () => !(await isInBackupMode()), 2000);
    const released = await guest.ask('release', brief());
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    expect((await guest.ask('release', brief())).report).toEqual(released.report);
    await guest.disarmed();
  });

  it('does not survive its server, which the release says', async () => {
    await guest.ask('quiesce', request('backup-mode'));
    await server.kill();
    await server.start();
    const released = await guest.ask('release', request('backup-mode'));
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    expect(released.stderr).toContain('the session that held had ended');
  });

  it('is ended by the server itself when timer and client hang', async () => {
    const { report } = await guest.ask('quiesce', brief());
    for (const pid of guest.timers()) process.kill(-pid, 'SIGKILL');
    const leader = Number(guest.noted('session-leader'));
    process.kill(-leader, 'SIGSTOP');
    await pause(Number(report?.until) - Date.now());
    await until(async () => !(await isInBackupMode()), 3000);
    process.kill(-leader, 'SIGKILL');
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'lost' });
  });

  it('is undone by the timer when the script is killed with its whole process group', async () => {
    const quiesce = guest.start('quiesce', brief());
    await until(() => guest.noted('session-leader') !== '');
    process.kill(-Number(quiesce.process.pid), 'SIGKILL');
    await quiesce.answer;
    await until(async () => guest.timers().length === 0, 7000);
    expect(await isInBackupMode()).toBe(false);
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'timer' });
  });

  it('does not wait for a long statement', async () => {
    const [file, ...args] = server.client('-c', 'BEGIN; UPDATE log SET n = n WHERE n = 1; SELECT pg_sleep(8); COMMIT');
    execFileSync('sh', ['-c', '"$@" >/dev/null 2>&1 &', 'sh', file, ...args], { cwd: '/' });
    expect(await guest.ask('quiesce', brief())).toMatchObject({ exitCode: 0 });
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'release' });
  });
});

describe('the postgresql hook holds nothing', () => {
  beforeEach(() => setUp('dash', 'ext4'));

  const refused = async (refusedRequest: Request, words: string | RegExp) => {
    const answer = await guest.ask('quiesce', refusedRequest);
    expect(answer).toMatchObject({ exitCode: 1, report: undefined });
    expect(answer.stderr).toMatch(words);
    await guest.disarmed();
    expect((await guest.ask('release', refusedRequest)).report).toMatchObject({ by: 'none' });
  };

  it('when the server does not run', async () => {
    await server.kill();
    await refused(request('auto'), 'PostgreSQL does not answer');
  });

  it.each([
    ['vol0123456789abcdef0', 'vol-0fedcba9876543210', 'lies on vol-0123456789abcdef0, which is not in the set'],
    [
      'vol0123456789abcdef0" TYPE="disk" SERIAL="vol0fedcba9876543210',
      'vol-0123456789abcdef0+vol-0fedcba9876543210',
      'give them one tier',
    ],
  ])('when its volumes are not what is taken: %s of %s', async (serials, set, words) => {
    const lines = serials.replaceAll('" TYPE', '"\nTYPE');
    guest.install(`${guest.programs}/lsblk`, `#!/bin/sh\necho 'TYPE="lvm" SERIAL=""\nTYPE="disk" SERIAL="${lines}"'\n`);
    const parameters = { ...request('auto').parameters, volumes: set };
    await refused({ ...request('auto'), parameters }, words);
    await expectWritable();
  });

  it('when its file system has become read-only', async () => {
    await writer.stop(); // With something to write, PostgreSQL would not survive it.
    failFileSystem(mount());
    await refused(request('auto'), /mounted read-only|Read-only file system/);
  });
});

describe('the postgresql hook by freezing', () => {
  beforeEach(() => setUp('busybox', 'ext4'));
  const brief = () => request('freeze', { deadlineSeconds: 5 });

  it('lets writers go by itself at the deadline when no release comes', async () => {
    const { report } = await guest.ask('quiesce', brief());
    await pause(Number(report?.until) - Date.now() + 300);
    await expectWritable();
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'timer' });
  });

  it('lets writers go by the deadline when its script is killed with its whole process group', async () => {
    const quiesce = guest.start('quiesce', brief());
    await until(() => guest.noted('frozen') !== '');
    process.kill(-Number(quiesce.process.pid), 'SIGKILL');
    await quiesce.answer;
    await until(() => guest.timers().length === 0, 7000);
    await expectWritable();
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'timer' });
  });

  it('goes on when the server is killed meanwhile: what is frozen is as a power cut would leave it', async () => {
    await guest.ask('quiesce', request('freeze'));
    const killed = server.kill();
    await pause(300);
    expect((await guest.ask('release', request('freeze'))).report).toMatchObject({ by: 'release' });
    await killed;
    await server.start();
  });
});

describe('the postgresql hook', () => {
  it('lets go of backup mode, and says so, when the file system became read-only meanwhile', async () => {
    await setUp('dash', 'ext4');
    await writer.stop();
    await guest.ask('quiesce', request('backup-mode'));
    failFileSystem(mount());
    const released = await guest.ask('release', request('backup-mode'));
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    await until(async () => !(await isInBackupMode().catch(() => false)), 2000);
    await guest.disarmed();
  });

  it('holds also while the disk is full, and the client gets on once there is room', async () => {
    await setUp('dash', 'xfs');
    const empty = fill(mount());
    // Writing out what fills the disk is inside the deadline.
    expect(await guest.ask('quiesce', request('auto'))).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect((await guest.ask('release', request('auto'))).report).toMatchObject({ by: 'release' });
    empty();
    await expectWritable();
  });

  it('holds though the server has a warning for whoever connects', async () => {
    await setUp('dash', 'ext4');
    await server.ask("UPDATE pg_database SET datcollversion = 'older'");
    const { exitCode, report } = await guest.ask('quiesce', request('freeze'));
    expect(exitCode).toBe(0);
    expect(report?.note).toMatch(/^PostgreSQL 15\d{4}: checkpoint/);
    expect((await guest.ask('release', request('freeze'))).report).toMatchObject({ by: 'release' });
  });

  it('says that what it froze was thawed by somebody else', async () => {
    await setUp('dash', 'ext4');
    await guest.ask('quiesce', request('freeze'));
    thaw(mount());
    const released = await guest.ask('release', request('freeze'));
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    expect((await guest.ask('release', request('freeze'))).report).toEqual(released.report);
  });

  it('asks for its checkpoint in a quiesce only, and once the timer is armed', async () => {
    await setUp('dash', 'ext4');
    await writer.stop(); // It would fill the log, and so cause checkpoints of its own.
    const syncs = await watchedSync(guest);
    const checkpoint = () => server.ask('SELECT checkpoint_lsn FROM pg_control_checkpoint()');
    const before = await checkpoint();
    await server.ask('CREATE TABLE since_then (n int)');
    expect((await guest.ask('doctor', request('auto', { run: 'doctor-1' }))).report).toEqual({ result: 'fit' });
    expect(await checkpoint()).toBe(before);
    expect(syncs()).toEqual([]);
    expect((await guest.ask('quiesce', request('backup-mode'))).report).toMatchObject({ result: 'quiesced' });
    expect(await checkpoint()).not.toBe(before);
    expect(syncs()).toEqual([true, true]);
    await guest.ask('release', request('backup-mode'));
  });

  it('chooses backup mode, and says why, when its file system is never frozen', async () => {
    guest = testGuest('dash');
    volumes = [];
    const folder = mkdtempSync('/tmp/holdfast-data-');
    server = postgresqlServer(folder);
    await serve();
    const quiesced = await guest.ask('quiesce', request('auto'));
    expect(quiesced).toMatchObject({ exitCode: 0, stderr: '' });
    expect(quiesced.report?.note).toMatch(/backup mode \(.*is never frozen: the system or its agent would hang\)/);
    expect((await guest.ask('release', request('auto'))).report).toMatchObject({ by: 'release' });
    const forced = await guest.ask('quiesce', request('freeze', { run: 'orders-20261122T030000Z' }));
    expect(forced).toMatchObject({ exitCode: 1, report: undefined });
    expect(forced.stderr).toContain('is never frozen');
    await server.kill();
    rmSync(folder, { recursive: true });
  });
});
