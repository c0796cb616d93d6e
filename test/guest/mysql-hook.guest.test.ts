import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountTables, balanceSheet, expectConsistent, transfer } from './bank.ts';
import { clonePool, removeClonePool } from './clone-pool.ts';
import { type FileSystemType, failFileSystem, fill, type LoopVolume, loopVolume, until } from './loop-volume.ts';
import { type MariadbServer, mariadbServer } from './mariadb-server.ts';
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
let server: MariadbServer;
let writer: SteadyWriter;

/** A server with a client that writes all the time: into InnoDB tables, and then a line into a MyISAM table. */
async function setUp(shell: string, types: FileSystemType[], settings: readonly string[] = []): Promise<void> {
  guest = testGuest(shell);
  volumes = types.map((type) => loopVolume(type, 400, clonePool()));
  const [data = '', logs] = volumes.map(({ mount }) => mount);
  server = mariadbServer(data, logs, settings);
  await server.start();
  await server.ask(`CREATE DATABASE bank; USE bank; ${accountTables} CREATE TABLE audit (n int) ENGINE=MyISAM`);
  writer = steadyWriter(
    server.client('bank'),
    (number) => `${transfer(number)} INSERT INTO audit VALUES (${number}); SELECT 'ack ${number}';`,
  );
  await until(() => writer.acknowledged() > 20);
}

afterAll(removeClonePool);

afterEach(async () => {
  await writer.stop();
  await server.remove();
  for (const pid of guest.timers()) process.kill(-pid);
  for (const volume of volumes) volume.remove();
  guest.remove();
});

const request = (changes: Partial<Request> = {}): Request => ({
  kind: 'mysql',
  parameters: { socket: server.socket, patienceSeconds: '2', volumes: 'all' },
  ...changes,
});
const brief = () => request({ deadlineSeconds: 5 });

async function expectWritable(): Promise<void> {
  const before = writer.acknowledged();
  await until(() => writer.acknowledged() > before + 2, 3000);
}

async function expectHeld(): Promise<void> {
  const before = writer.acknowledged();
  await pause(300);
  expect(writer.acknowledged()).toBe(before);
}

/** A client of its own that runs a statement in the background. */
function inBackground(sql: string): () => void {
  const [file, ...args] = server.client('bank', `--execute=${sql}`);
  const client = spawn(file, args, { stdio: 'ignore' });
  return () => client.kill('SIGKILL');
}

async function expectGoodCopy(): Promise<void> {
  expect(await guest.ask('quiesce', request())).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
  const acknowledged = writer.acknowledged();
  const copies: string[] = [];
  for (const volume of volumes) copies.push(await volume.copy());
  const sent = writer.sent();
  expect(await guest.ask('release', request())).toMatchObject({ exitCode: 0, report: { by: 'release' } });
  await expectWritable();
  await writer.stop();
  await server.kill();
  for (const [index, volume] of volumes.entries()) volume.replaceBy(copies[index] ?? '');
  await server.start();
  expectConsistent(await server.ask(`USE bank; ${balanceSheet}`), { acknowledged, sent });
  const audited = Number(await server.ask('SELECT max(n) FROM bank.audit'));
  expect(audited).toBeGreaterThanOrEqual(acknowledged);
  expect(audited).toBeLessThanOrEqual(sent);
  expect(await server.ask('CHECK TABLE bank.audit')).toMatch(/status\tOK$/);
}

describe.each(systems)('the mysql hook with MariaDB, run by %s on %s', (shell, type) => {
  it('gives a copy with all that was acknowledged before, MyISAM too', async () => {
    await setUp(shell, [type]);
    await expectGoodCopy();
  });

  it('blocks writers from quiesce to release, and answers again when asked again', async () => {
    await setUp(shell, [type]);
    const [first, twin] = await Promise.all([guest.ask('quiesce', request()), guest.ask('quiesce', request())]);
    expect(first.report).toMatchObject({ result: 'quiesced', note: expect.stringContaining('BLOCK_COMMIT') });
    expect(twin.report).toEqual(first.report);
    await expectHeld();
    const released = await guest.ask('release', request());
    expect(released.report).toMatchObject({ by: 'release', heldSince: first.report?.at });
    expect((await guest.ask('release', request())).report).toEqual(released.report);
    await expectWritable();
    await guest.disarmed();
  });
});

describe('a copy with all that was acknowledged before', () => {
  it('comes from two file systems, copied one after the other', async () => {
    await setUp('dash', ['ext4', 'xfs']);
    await expectGoodCopy();
  });

  it('comes from a server that writes its log out only every second', async () => {
    await setUp('dash', ['ext4'], ['--innodb-flush-log-at-trx-commit=0']);
    await expectGoodCopy();
  });
});

/**
 * MySQL itself cannot be had from Debian. This client makes MariaDB pass for MySQL 8, so that the global read lock is real; LOCK INSTANCE
 * FOR BACKUP, which MariaDB does not know, is left out.
 */
const fakeMysqlClient = `#!/bin/sh
case "$*" in *'SELECT VERSION()'*) echo 8.4.3; exit ;; *--execute=*) exec mariadb "$@" ;; esac
sed -u -e '/^exit$/q' -e 's/UNLOCK INSTANCE;//' -e 's/LOCK INSTANCE FOR BACKUP;//' | exec mariadb "$@"
`;

describe('the mysql hook with a client that makes MariaDB pass for MySQL 8', () => {
  beforeEach(async () => {
    await setUp('dash', ['ext4']);
    guest.install(`${guest.programs}/mysql`, fakeMysqlClient);
  });

  it('gives a copy with all that was acknowledged before', () => expectGoodCopy());

  it('takes no warning of the client for a part of the version', async () => {
    guest.install(`${guest.programs}/mysql`, fakeMysqlClient.replace('echo', 'echo Deprecated >&2; echo'));
    const { report } = await guest.ask('quiesce', request());
    expect(report?.note).toMatch(/^8\.4\.3: LOCK/);
    expect((await guest.ask('release', request())).report).toMatchObject({ by: 'release' });
  });

  it('holds by the global read lock, and lets go', async () => {
    const { report } = await guest.ask('quiesce', request());
    expect(report?.note).toBe('8.4.3: LOCK INSTANCE FOR BACKUP; FLUSH TABLES WITH READ LOCK');
    await expectHeld();
    expect((await guest.ask('release', request())).report).toMatchObject({ by: 'release' });
    await expectWritable();
  });

  it('does not begin to lock while a long statement is in the way, and kills nothing', async () => {
    inBackground('SELECT sleep(6) FROM account LIMIT 1');
    await pause(1200);
    const refused = await guest.ask('quiesce', request());
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain('in the way of FLUSH TABLES WITH READ LOCK: nothing was locked');
    expect(writer.longestPauseMs()).toBeLessThan(1000);
    expect(
      await server.ask("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT sleep%'"),
    ).toBe('1');
  });

  it('tells a doctor of a statement that is older than patience, and lets no doctor wait', async () => {
    const asked = () => guest.ask('doctor', request({ run: 'doctor-1', parameters: patient('8') }));
    const patient = (patienceSeconds: string) => ({ ...request().parameters, patienceSeconds });
    const end = inBackground('SELECT sleep(30) FROM account LIMIT 1');
    await pause(1200);
    const fit = await asked();
    expect(fit).toMatchObject({ exitCode: 0, report: { result: 'fit' } });
    await pause(9000);
    const unfit = await asked();
    expect(unfit).toMatchObject({ exitCode: 1, report: undefined });
    expect(unfit.stderr).toContain('is in the way of FLUSH TABLES WITH READ LOCK');
    expect(Math.max(fit.tookMs, unfit.tookMs)).toBeLessThan(6000);
    end();
  });
});

describe('what lies in the folder of a MySQL server', () => {
  const asked = (volumeIds = 'all') =>
    guest.ask('doctor', request({ parameters: { ...request().parameters, volumes: volumeIds }, deadlineSeconds: 10 }));
  const data = () => `${volumes[0]?.mount}/mariadb`;

  beforeEach(() => setUp('dash', ['ext4']));

  it('leads to tables elsewhere, which must lie in the set, too', async () => {
    volumes.push(loopVolume('ext4', 40));
    const [, { mount } = { mount: '' }] = volumes;
    execFileSync('chown', ['mysql', mount]);
    await server.ask(`USE bank; CREATE TABLE elsewhere (n int) DATA DIRECTORY='${mount}'`);
    expect((await asked()).report).toEqual({ result: 'fit' });
    const [file = ''] = readdirSync(`${data()}/bank`).filter((name) => name.endsWith('.isl'));
    expect(readFileSync(`${data()}/bank/${file}`, 'utf8')).toContain(mount);
    await server.ask('DROP TABLE bank.elsewhere');
    writeFileSync(`${data()}/bank/one.isl`, '/nowhere/bank/one.ibd');
    writeFileSync(`${data()}/bank/two.isl`, `${mount}/bank/two.ibd\n`);
    expect((await asked()).stderr).toContain('the data is in /nowhere/bank, which is not there');
  });

  it('tells nothing of files that are root’s alone, and nothing there makes root wait', async () => {
    writeFileSync(`${guest.scripts}/secret`, '/the/secret');
    symlinkSync(`${guest.scripts}/secret`, `${data()}/bank/link.isl`);
    execFileSync('mkfifo', [`${data()}/bank/fifo.isl`]);
    expect(await asked()).toMatchObject({
      report: { result: 'fit' },
      stderr: '',
      tookMs: expect.toSatisfy((ms) => ms < 5000),
    });
  });

  it('is looked for where the server says, unless that is no place: nothing a server says is an option of find', async () => {
    const log = `${guest.scripts}/calls`;
    const answers = `case "$*" in *@@datadir*) echo -delete; exit ;; esac\nexec mariadb "$@"`;
    guest.install(`${guest.programs}/mysql`, `#!/bin/sh\necho "$@" >>${log}\n${answers}\n`);
    guest.install(`${guest.programs}/find`, `#!/bin/sh\necho "find $*" >>${log}\n`);
    const { exitCode, stderr } = await asked();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('where its data is: -delete'),
    });
    const calls = readFileSync(log, 'utf8').trim().split('\n');
    expect(calls.filter((call) => call.startsWith('find'))).toEqual([]);
    // By LOAD DATA LOCAL a server can ask its client for any file.
    expect(calls.every((call) => call.includes('--local-infile=0'))).toBe(true);
  });
});

describe('the locks of the mysql hook', () => {
  beforeEach(() => setUp('busybox', ['ext4']));

  it('end by themselves at the deadline when no release comes', async () => {
    const { report } = await guest.ask('quiesce', brief());
    await expectHeld();
    await pause(Number(report?.until) - Date.now());
    await expectWritable();
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'timer' });
  });

  it.each([
    ['the holder', (leader: number) => process.kill(leader, 'SIGKILL')],
    ['its whole process group', (leader: number) => process.kill(-leader, 'SIGKILL')],
  ])('end when %s is killed, which the release says', async (_who, kill) => {
    await guest.ask('quiesce', brief());
    kill(Number(guest.noted('session-leader')));
    await expectWritable();
    const released = await guest.ask('release', brief());
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    expect((await guest.ask('release', brief())).report).toEqual(released.report);
    await guest.disarmed();
  });

  it('do not survive the server, which the release says', async () => {
    await guest.ask('quiesce', request());
    await server.kill();
    await server.start();
    expect(await guest.ask('release', request())).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
  });

  it('are ended by the server itself when timer and client hang', async () => {
    const { report } = await guest.ask('quiesce', brief());
    for (const pid of guest.timers()) process.kill(-pid, 'SIGKILL');
    const leader = Number(guest.noted('session-leader'));
    process.kill(-leader, 'SIGSTOP');
    await pause(Number(report?.until) - Date.now());
    await expectWritable();
    process.kill(-leader, 'SIGKILL');
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'lost' });
  });

  it('are let go by the timer when the script is killed with its whole process group', async () => {
    const quiesce = guest.start('quiesce', brief());
    await until(() => guest.noted('session-leader') !== '');
    process.kill(-Number(quiesce.process.pid), 'SIGKILL');
    await quiesce.answer;
    await until(() => guest.timers().length === 0, 7000);
    await expectWritable();
    expect((await guest.ask('release', brief())).report).toMatchObject({ by: 'timer' });
  });

  it('do not wait for a long read, and wait no longer than patience for a long change of a table', async () => {
    const endRead = inBackground('SELECT sleep(20) FROM account');
    expect(await guest.ask('quiesce', request())).toMatchObject({ exitCode: 0 });
    await guest.ask('release', request());
    endRead();
    const endChange = inBackground('INSERT INTO audit SELECT sleep(20) FROM seq_1_to_2');
    await pause(500);
    const refused = await guest.ask('quiesce', request({ run: 'orders-20261122T030000Z' }));
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain('Lock wait timeout exceeded');
    endChange();
    await guest.disarmed();
  });

  it('are not believed in when the client is told elsewhere to go on after errors', async () => {
    guest.install(`${guest.programs}/mysql`, '#!/bin/sh\nexec mariadb --force "$@"\n');
    const endChange = inBackground('INSERT INTO audit SELECT sleep(20) FROM seq_1_to_2');
    await pause(500);
    const refused = await guest.ask('quiesce', request());
    endChange();
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    await guest.disarmed();
  });

  it('are not taken by a session that could not be noted down, and so not be ended', async () => {
    const real = execFileSync('sh', ['-c', 'command -v ln'], { encoding: 'utf8' }).trim();
    guest.install(
      `${guest.programs}/ln`,
      `#!/bin/sh\ncase "$*" in *session-leader) exit 1 ;; esac\nexec ${real} "$@"\n`,
    );
    expect(await guest.ask('quiesce', request())).toMatchObject({ exitCode: 1, report: undefined });
    await guest.ask('release', request());
    await expectWritable();
  });

  it('come after writing out under the timer; a doctor writes nothing out', async () => {
    const syncs = await watchedSync(guest);
    expect((await guest.ask('doctor', request({ run: 'doctor-1' }))).report).toEqual({ result: 'fit' });
    expect(syncs()).toEqual([]);
    await guest.ask('quiesce', request());
    expect(syncs().length).toBeGreaterThan(1);
    expect(syncs()).not.toContain(false);
    await guest.ask('release', request());
  });

  it('are not even asked for when it is refused', async () => {
    const refused = async (parameters: Record<string, string>, words: string, run: string) => {
      const answer = await guest.ask(
        'quiesce',
        request({ parameters: { ...request().parameters, ...parameters }, run }),
      );
      expect(answer).toMatchObject({ exitCode: 1, report: undefined });
      expect(answer.stderr).toContain(words);
    };
    guest.install(`${guest.programs}/lsblk`, `#!/bin/sh\necho 'TYPE="disk" SERIAL="vol0123456789abcdef0"'\n`);
    await refused({ volumes: 'vol-0fedcba9876543210' }, 'lies on vol-0123456789abcdef0, which is not in the set', 'a');
    await refused({ patienceSeconds: '20' }, 'leaves nothing of a deadline of 20 s', 'b');
    await expectWritable();
    await server.kill();
    await refused({}, 'the server does not answer', 'c');
  });

  it.each([
    ['the holder is killed', true],
    ['nobody dies', false],
  ])(
    'end, and are not called more than they were, when the disk becomes read-only meanwhile and %s',
    async (_, dies) => {
      await writer.stop(); // With something to write, the server would not survive it.
      await guest.ask('quiesce', request());
      failFileSystem(volumes[0]?.mount ?? '');
      if (dies) process.kill(Number(guest.noted('session-leader')), 'SIGKILL');
      const released = await guest.ask('release', request());
      expect(released).toMatchObject({ exitCode: 0, report: { by: dies ? 'lost' : 'release' } });
      await guest.disarmed();
      const refused = await guest.ask('quiesce', request({ run: 'orders-20261122T030000Z' }));
      expect(refused).toMatchObject({ exitCode: 1, report: undefined });
      expect(refused.stderr).toContain('mounted read-only');
    },
  );

  it('hold also while the disk is full, and the client gets on once there is room', async () => {
    const empty = fill(volumes[0]?.mount ?? '');
    // Writing out what fills the disk is inside the deadline.
    expect(await guest.ask('quiesce', request())).toMatchObject({ exitCode: 0 });
    expect((await guest.ask('release', request())).report).toMatchObject({ by: 'release' });
    empty();
    await until(() => writer.acknowledged() > 0);
  });
});
