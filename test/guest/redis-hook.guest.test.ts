import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clonePool, removeClonePool } from './clone-pool.ts';
import { type FileSystemType, failFileSystem, fill, type LoopVolume, loopVolume, thaw, until } from './loop-volume.ts';
import { type RedisServer, redisPassword, redisServer } from './redis-server.ts';
import { type SteadyWriter, steadyWriter } from './steady-writer.ts';
import { type Answer, type Request, type TestGuest, testGuest } from './test-guest.ts';

const systems: readonly [string, FileSystemType][] = [
  ['dash', 'ext4'],
  ['bash', 'xfs'],
  ['busybox', 'ext4'],
];

let guest: TestGuest;
let volume: LoopVolume;
let server: RedisServer;
let writer: SteadyWriter;

/** One transfer from key to key, with its number in a list; in one step, as Redis has it. */
const transfer = (number: number) =>
  `EVAL "redis.call('DECR', KEYS[1]) redis.call('INCR', KEYS[2]) redis.call('RPUSH', 'log', ARGV[1]) return 'ack ' .. ARGV[1]" 2 {a}${number % 10} {a}${(number + 3) % 10} ${number}`;

async function setUp(shell: string, type: FileSystemType, settings: readonly string[] = []): Promise<void> {
  guest = testGuest(shell);
  volume = loopVolume(type, type === 'xfs' ? 320 : 64, clonePool());
  server = redisServer(volume.mount, settings);
  await server.start();
  writeFileSync(`${guest.scripts}/password`, `${redisPassword}\n`, { mode: 0o600 });
  writer = steadyWriter(server.client(), transfer);
  await until(() => writer.acknowledged() > 20);
}

afterAll(removeClonePool);

afterEach(async () => {
  thaw(volume.mount);
  await writer.stop();
  await server.remove();
  for (const pid of guest.timers()) process.kill(-pid);
  volume.remove();
  guest.remove();
});

const request = (changes: Partial<Request> = {}): Request => ({
  kind: 'redis',
  parameters: { port: '6379', socket: server.socket, passwordFile: `${guest.scripts}/password`, volumes: 'all' },
  ...changes,
});

async function expectWritable(): Promise<void> {
  const before = writer.acknowledged();
  await until(() => writer.acknowledged() > before + 2, 2000);
}

/** What every answer must keep to itself. */
async function ask(action: string, changes: Partial<Request> = {}): Promise<Answer> {
  const answer = await guest.ask(action, request(changes));
  expect(answer.stdout + answer.stderr).not.toContain(redisPassword);
  return answer;
}

async function restoredSheet(): Promise<{ readonly sum: number; readonly last: number }> {
  const values = await server.ask('MGET', ...Array.from({ length: 10 }, (_, index) => `{a}${index}`));
  const sum = values.split('\n').reduce((total, value) => total + Number(value), 0);
  const log = (await server.ask('LRANGE', 'log', '0', '-1')).split('\n').map(Number);
  expect(log).toEqual(log.map((_, index) => index + 1));
  return { sum, last: log.length };
}

/** @returns how many transfers had been acknowledged before the quiesce, and sent before the release */
async function holdAndRestore() {
  const before = writer.acknowledged();
  const quiesced = await ask('quiesce');
  expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
  const copy = await volume.copy();
  const sent = writer.sent();
  expect(await ask('release')).toMatchObject({ exitCode: 0, report: { by: 'release' } });
  await writer.stop();
  await server.kill();
  volume.replaceBy(copy);
  await server.start();
  return { before, sent, note: quiesced.report?.note };
}

describe.each(systems)('the redis hook, run by %s on %s', (shell, type) => {
  it('gives a copy with all that was acknowledged before it began, and blocks nobody', async () => {
    await setUp(shell, type);
    const { before, sent, note } = await holdAndRestore();
    expect(note).toMatch(/^saved at 2\d{3}-\d\d-\d\dT[\d:]+Z, \d+ bytes; AOF: no, appendfsync everysec$/);
    const { sum, last } = await restoredSheet();
    expect(sum).toBe(0);
    expect(last).toBeGreaterThanOrEqual(before);
    expect(last).toBeLessThanOrEqual(sent);
    expect(writer.longestPauseMs()).toBeLessThan(1000);
  });

  it('gives a copy with all that was acknowledged before it began where there is an append-only file', async () => {
    await setUp(shell, type, ['--appendonly', 'yes']);
    const { before, sent, note } = await holdAndRestore();
    expect(note).toContain(`AOF: yes, appendfsync everysec; frozen: ${volume.mount}`);
    const { sum, last } = await restoredSheet();
    expect(sum).toBe(0);
    expect(last).toBeGreaterThanOrEqual(before);
    expect(last).toBeLessThanOrEqual(sent);
  });
});

describe('the redis hook with an append-only file', () => {
  beforeEach(() => setUp('busybox', 'ext4', ['--appendonly', 'yes', '--appendfsync', 'always']));

  const brief = { deadlineSeconds: 5 };
  const expectHeld = async () => {
    const before = writer.acknowledged();
    await pause(300);
    expect(writer.acknowledged()).toBe(before);
  };

  it('lets writers go by itself at the deadline when no release comes', async () => {
    const { report } = await ask('quiesce', brief);
    await expectHeld();
    await pause(Number(report?.until) - Date.now() + 300);
    await expectWritable();
    const released = await ask('release', brief);
    expect(released.report).toMatchObject({ by: 'timer', heldSince: report?.at });
    expect((await ask('release', brief)).report).toEqual(released.report);
  });

  it('lets writers go by the deadline when its script is killed with its whole process group', async () => {
    const { process: script, answer } = guest.start('quiesce', request(brief));
    await until(() => guest.noted('frozen') !== '');
    process.kill(-Number(script.pid), 'SIGKILL');
    await answer;
    await until(() => guest.timers().length === 0, 7000);
    await expectWritable();
    expect((await ask('release', brief)).report).toMatchObject({ by: 'timer' });
  });

  it('lets writers go at the release, when the timer was killed', async () => {
    const { report } = await ask('quiesce');
    for (const pid of guest.timers()) process.kill(-pid, 'SIGKILL');
    await expectHeld();
    expect((await ask('release')).report).toMatchObject({ by: 'release', heldSince: report?.at });
    await expectWritable();
  });

  it('says that what it froze was thawed by somebody else', async () => {
    await ask('quiesce');
    thaw(volume.mount);
    await expectWritable();
    expect(await ask('release')).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
  });

  it('goes on when the server is killed meanwhile: file and dump are whole', async () => {
    await ask('quiesce');
    const killed = server.kill();
    expect((await ask('release')).report).toMatchObject({ by: 'release' });
    await killed;
    await server.start();
    expect((await restoredSheet()).last).toBeGreaterThan(20);
  });

  it('does not freeze a disk that is too full for a save, nor one that is read-only', async () => {
    await writer.stop();
    await server.ask('CONFIG', 'SET', 'appendfsync', 'everysec'); // It would end when it cannot append.
    const empty = fill(volume.mount);
    const unbegun = await ask('quiesce');
    expect(unbegun).toMatchObject({ exitCode: 1, report: undefined });
    expect(unbegun.stderr).toContain('nothing was begun');
    empty();
    expect(await server.ask('SET', 'there', 'room')).toBe('OK');
    failFileSystem(volume.mount);
    const refused = await ask('quiesce', { run: 'orders-20261122T030000Z' });
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toMatch(/mounted read-only|Errors writing to the AOF file/);
    await guest.disarmed();
  });
});

describe('the redis hook', () => {
  beforeEach(() => setUp('busybox', 'ext4'));

  const refused = async (words: string, changes: Partial<Request> = {}) => {
    const answer = await ask('quiesce', changes);
    expect(answer).toMatchObject({ exitCode: 1, report: undefined });
    expect(answer.stderr).toContain(words);
    await guest.disarmed();
  };

  it('answers again when asked again', async () => {
    const [first, twin] = await Promise.all([ask('quiesce'), ask('quiesce')]);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(twin.report).toEqual(first.report);
    const released = await ask('release');
    expect(released.report).toMatchObject({ by: 'release', heldSince: first.report?.at });
    expect((await ask('release')).report).toEqual(released.report);
    await guest.disarmed();
  });

  it('saves anew although a save has just been made, and waits for one that is under way', async () => {
    const last = await server.ask('LASTSAVE');
    await server.ask('BGSAVE');
    await ask('quiesce');
    expect(Number(guest.noted('saved'))).toBeGreaterThan(Number(last));
    expect(Number(guest.noted('saved'))).toBe(Number(await server.ask('LASTSAVE')));
  });

  it('says that it lost its hold when the dump is gone, and who released when the timer did', async () => {
    await ask('quiesce');
    rmSync(`${volume.mount}/dump.rdb`);
    expect(await ask('release')).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    const late = { run: 'orders-20261122T030000Z', deadlineSeconds: 5 };
    await ask('quiesce', late);
    await until(() => guest.timers().length === 0);
    expect((await ask('release', late)).report).toMatchObject({ by: 'timer' });
  });

  it('still holds when the server stops meanwhile: the dump is whole', async () => {
    await ask('quiesce');
    await server.kill();
    expect((await ask('release')).report).toMatchObject({ by: 'release' });
  });

  it('gives up at a release that comes while it saves', async () => {
    await server.ask('CONFIG', 'SET', 'rdb-key-save-delay', '100000');
    const quiesce = ask('quiesce');
    await until(async () => (await server.ask('INFO', 'persistence')).includes('rdb_bgsave_in_progress:1'));
    expect((await ask('release')).report).toMatchObject({ by: 'none' });
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
    await expectWritable();
    await until(async () => (await server.ask('INFO', 'persistence')).includes('rdb_bgsave_in_progress:0'));
  });

  it('refuses what proves nothing, or could end in a server that refuses writes', async () => {
    guest.install(`${guest.programs}/lsblk`, `#!/bin/sh\necho 'TYPE="disk" SERIAL="vol0123456789abcdef0"'\n`);
    const elsewhere = { ...request().parameters, volumes: 'vol-0fedcba9876543210' };
    await refused('lies on vol-0123456789abcdef0, which is not in the set', { parameters: elsewhere, run: 'a' });
    const empty = fill(volume.mount);
    await refused('nothing was begun', { run: 'b' });
    empty();
    chmodSync(`${guest.scripts}/password`, 0o644);
    await refused('must be readable by root alone', { run: 'c' });
    writeFileSync(`${guest.scripts}/password`, 'wrong\n');
    chmodSync(`${guest.scripts}/password`, 0o600);
    await refused('the server does not answer', { run: 'd' });
    await expectWritable();
    await server.kill();
    await refused('the server does not answer', { run: 'e' });
  });

  it('refuses a file system that has become read-only', async () => {
    await writer.stop();
    await server.ask('CONFIG', 'SET', 'save', '');
    execFileSync('mount', ['-o', 'remount,ro', volume.mount]);
    await refused('mounted read-only');
  });
});
