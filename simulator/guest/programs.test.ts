import { describe, expect, it } from 'vitest';
import { createManualKernel, type ManualKernel } from '../services/ec2/manual-kernel.ts';
import { createDisk } from './disk.ts';
import { createGuest, type Guest, type ProgramResult } from './guest.ts';
import { scriptModel } from './programs.ts';

function machine(kernel: ManualKernel): Guest {
  const mounts = { '/dev/xvda': '/', '/dev/sdf': '/data', '/dev/sdg': '/log' };
  const guest = createGuest({ clock: kernel.clock, random: kernel.random, rootDevice: '/dev/xvda', mounts });
  for (const device of Object.keys(mounts)) {
    guest.attach(device, createDisk('xfs'));
  }
  guest.boot();
  return guest;
}

async function run(
  kernel: ManualKernel,
  guest: Guest,
  marker: string,
  parameters: Record<string, string>,
): Promise<ProgramResult> {
  const running = scriptModel(`#!/bin/sh\n# holdfast-guest: ${marker}\n`)(guest, parameters);
  await kernel.advance(1_000);
  return running;
}

function answerOf(result: ProgramResult): unknown {
  const last = result.stdout.trimEnd().split('\n').at(-1) ?? '';
  return JSON.parse(last.replace(/^holdfast /, ''));
}

const quiesce = { action: 'quiesce', run: 'night-1', deadlineSeconds: '30', mounts: 'auto' };
const release = { action: 'release', run: 'night-1', deadlineSeconds: '30', mounts: 'auto' };

describe('the file system hook', () => {
  it('freezes all mounts but the root, and says since when and until when', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const startedMs = kernel.clock.nowMs();
    const result = await run(kernel, guest, 'filesystem-hook', quiesce);
    expect(result.exitCode).toBe(0);
    expect(answerOf(result)).toEqual({
      ...{ result: 'quiesced', armedAt: startedMs, at: startedMs + 70, until: startedMs + 30_000 },
    });
    expect([guest.isFrozen('/'), guest.isFrozen('/data'), guest.isFrozen('/log')]).toEqual([false, true, true]);
  });

  it('gives the same answer to the same run, and exit 75 to another', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const first = await run(kernel, guest, 'filesystem-hook', quiesce);
    expect(await run(kernel, guest, 'filesystem-hook', quiesce)).toEqual(first);
    const other = await run(kernel, guest, 'filesystem-hook', { ...quiesce, run: 'night-2' });
    expect(other.exitCode).toBe(75);
    expect(other.stderr).toContain('night-1');
  });

  it('releases, twice without harm, and tells how long it held', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const { at } = Object(answerOf(await run(kernel, guest, 'filesystem-hook', quiesce)));
    const releasedMs = kernel.clock.nowMs();
    const expected = { result: 'released', at: releasedMs, heldSince: at, by: 'release' };
    expect(answerOf(await run(kernel, guest, 'filesystem-hook', release))).toEqual(expected);
    expect(guest.isFrozen('/data')).toBe(false);
    expect(answerOf(await run(kernel, guest, 'filesystem-hook', release))).toEqual(expected);
  });

  it('lets go by itself at the deadline, and a late release says so', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const { at, until } = Object(answerOf(await run(kernel, guest, 'filesystem-hook', quiesce)));
    await kernel.advance(30_000);
    expect(guest.isFrozen('/data')).toBe(false);
    expect(answerOf(await run(kernel, guest, 'filesystem-hook', release))).toEqual({
      result: 'released',
      at: until,
      heldSince: at,
      by: 'timer',
    });
  });

  it('answers none where nothing was ever held, and leaves another run alone', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    await run(kernel, guest, 'filesystem-hook', quiesce);
    const other = await run(kernel, guest, 'filesystem-hook', { ...release, run: 'night-2' });
    expect(answerOf(other)).toMatchObject({ by: 'none', heldSince: null });
    expect(guest.isFrozen('/data')).toBe(true);
  });

  it.each([
    ['/data,/nowhere', 'not mounted'],
    ['/data,/', 'never frozen'],
    ['/data,/log', 'Device or resource busy'],
  ])('undoes everything when it cannot freeze one of %s', async (mounts, reason) => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    guest.freeze('/log');
    const result = await run(kernel, guest, 'filesystem-hook', { ...quiesce, mounts });
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(reason) });
    expect(guest.isFrozen('/data')).toBe(false);
    expect(guest.isFrozen('/log')).toBe(true);
    expect(answerOf(await run(kernel, guest, 'filesystem-hook', { ...quiesce, action: 'check' }))).toEqual({
      result: 'free',
    });
  });

  it('a release that overtakes the freezing leaves nothing frozen', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const freezing = scriptModel('# holdfast-guest: filesystem-hook')(guest, quiesce);
    await kernel.advance(40);
    await run(kernel, guest, 'filesystem-hook', release);
    expect((await freezing).exitCode).toBe(1);
    expect([guest.isFrozen('/data'), guest.isFrozen('/log')]).toEqual([false, false]);
  });

  it('holds nothing for a run that is over: a quiesce that comes late, or again, is refused', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    await run(kernel, guest, 'filesystem-hook', release);
    expect((await run(kernel, guest, 'filesystem-hook', quiesce)).exitCode).toBe(1);
    expect(guest.isFrozen('/data')).toBe(false);
  });

  it('answers a twin that comes while the first is still at it as it answers the first', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const both = await Promise.all([
      run(kernel, guest, 'filesystem-hook', quiesce),
      run(kernel, guest, 'filesystem-hook', quiesce),
    ]);
    expect(both[1]).toEqual(both[0]);
    expect(both[0]?.exitCode).toBe(0);
  });

  it('holds beyond its deadline when the timers of the guest are killed', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    guest.killTimers();
    await run(kernel, guest, 'filesystem-hook', quiesce);
    await kernel.advance(60_000);
    expect(guest.isFrozen('/data')).toBe(true);
  });

  it('holds nothing any more after a reboot', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    await run(kernel, guest, 'filesystem-hook', quiesce);
    guest.reboot();
    expect(guest.isFrozen('/data')).toBe(false);
    expect(answerOf(await run(kernel, guest, 'filesystem-hook', release))).toMatchObject({ by: 'none' });
  });
});

describe('the command hook', () => {
  const parameters = { ...quiesce, quiesceScript: '/opt/hold', releaseScript: '/opt/let-go' };

  it('runs the machine’s own programs, and the release program at the deadline', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const ran: string[] = [];
    guest.installProgram('/opt/hold', () => ran.push('hold') * 0);
    guest.installProgram('/opt/let-go', () => ran.push('let go') * 0);
    const result = await run(kernel, guest, 'command-hook', parameters);
    expect(answerOf(result)).toMatchObject({ result: 'quiesced' });
    await kernel.advance(30_000);
    expect(ran).toEqual(['hold', 'let go']);
    const late = await run(kernel, guest, 'command-hook', { ...parameters, action: 'release' });
    expect(answerOf(late)).toMatchObject({ by: 'timer' });
    expect(ran).toEqual(['hold', 'let go']);
  });

  it('lets go again when the quiesce program fails', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const ran: string[] = [];
    guest.installProgram('/opt/hold', () => 3);
    guest.installProgram('/opt/let-go', () => ran.push('let go') * 0);
    expect((await run(kernel, guest, 'command-hook', parameters)).exitCode).toBe(1);
    expect(ran).toEqual(['let go']);
  });

  it('keeps trying to let go when the release program fails at the deadline', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    let tries = 0;
    guest.installProgram('/opt/hold', () => 0);
    guest.installProgram('/opt/let-go', () => {
      tries += 1;
      return tries < 3 ? 1 : 0;
    });
    await run(kernel, guest, 'command-hook', parameters);
    await kernel.advance(60_000);
    expect(tries).toBe(3);
  });
});

describe('the services hook', () => {
  const parameters = { ...quiesce, units: 'shop.service,idle.service' };

  function machineWithShop(kernel: ManualKernel): Guest {
    const guest = createGuest({
      ...{ clock: kernel.clock, random: kernel.random, rootDevice: '/dev/xvda', mounts: { '/dev/xvda': '/' } },
      applications: [
        { name: 'shop', files: ['/srv/table'] },
        { name: 'idle', files: ['/srv/nothing'] },
      ],
    });
    const disk = createDisk('xfs');
    disk.files.set('/srv/table', 'transaction 0');
    guest.attach('/dev/xvda', disk);
    guest.boot();
    return guest;
  }
  const statuses = (guest: Guest) => guest.inspect().applications.map(({ status }) => status);

  it('stops the applications that run, and starts just these again', async () => {
    const kernel = createManualKernel();
    const guest = machineWithShop(kernel);
    expect(answerOf(await run(kernel, guest, 'services-hook', parameters))).toMatchObject({ result: 'quiesced' });
    expect(statuses(guest)).toEqual(['held', 'failed']);
    const released = await run(kernel, guest, 'services-hook', { ...parameters, action: 'release' });
    expect(answerOf(released)).toMatchObject({ by: 'release' });
    expect(statuses(guest)).toEqual(['running', 'failed']);
  });

  it('holds nothing when a unit is not there', async () => {
    const kernel = createManualKernel();
    const guest = machineWithShop(kernel);
    const result = await run(kernel, guest, 'services-hook', { ...parameters, units: 'shop.service,none.service' });
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('none.service') });
    expect(statuses(guest)).toEqual(['running', 'failed']);
  });
});

describe('the clean-up hook', () => {
  const parameters = { ...quiesce, roots: '/data', files: 'TEMP.*', folders: 'tmp', moveTo: 'none' };

  it('takes temporary files away, and nothing else', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    for (const path of ['/data/TEMP.1', '/data/a/tmp/b/c', '/data/kept', '/data/XTEMP.1', '/log/TEMP.1']) {
      await guest.write(path, 'x');
    }
    expect(answerOf(await run(kernel, guest, 'clean-up-hook', parameters))).toMatchObject({ result: 'quiesced' });
    expect(guest.paths().toSorted()).toEqual(['/data/XTEMP.1', '/data/kept', '/log/TEMP.1']);
  });

  it('purges in one go, for each set of parameters once, and answers again', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const purge = (changes: object = {}) =>
      run(kernel, guest, 'clean-up-hook', { ...parameters, ...changes, action: 'purge' });
    await guest.write('/data/TEMP.1', 'x');
    await guest.write('/log/TEMP.1', 'x');
    const first = await purge();
    expect(answerOf(first)).toMatchObject({ result: 'released', by: 'release' });
    expect(await purge()).toEqual(first);
    expect(guest.paths()).toEqual(['/log/TEMP.1']);
    expect(answerOf(await purge({ roots: '/log' }))).toMatchObject({ by: 'release' });
    expect(guest.paths()).toEqual([]);
  });

  it('refuses when a writer is faster', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    await guest.write('/data/TEMP.1', 'x');
    const stubborn: Guest = { ...guest, remove: (path) => void guest.write(path, 'again') };
    const result = await run(kernel, stubborn, 'clean-up-hook', parameters);
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('/data/TEMP.1') });
  });
});

describe('the doctor', () => {
  it('finds a guest fit, without holding anything', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const result = await run(kernel, guest, 'doctor', { ...quiesce, kind: 'filesystem' });
    expect(answerOf(result)).toEqual({ result: 'fit' });
    expect(guest.isFrozen('/data')).toBe(false);
  });

  it('names every script that is not there, and who holds', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    const parameters = { ...quiesce, kind: 'command', quiesceScript: '/opt/hold', releaseScript: '/opt/let-go' };
    const missing = await run(kernel, guest, 'doctor', parameters);
    expect(missing.stderr.trim().split('\n')).toEqual([
      'holdfast: /opt/hold is not there or not executable',
      'holdfast: /opt/let-go is not there or not executable',
    ]);
    await run(kernel, guest, 'filesystem-hook', quiesce);
    const verifying = await run(kernel, guest, 'doctor', { kind: 'verify', path: '/opt/verify' });
    expect(verifying.stderr).toBe('holdfast: /opt/verify is not there or not executable\n');
    const held = await run(kernel, guest, 'doctor', { ...quiesce, kind: 'filesystem' });
    expect(held).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('held by run night-1') });
  });
});

describe('scripts', () => {
  it('passes on what a verify program says, and 127 when there is none', async () => {
    const kernel = createManualKernel();
    const guest = machine(kernel);
    guest.installProgram('/opt/verify', () => ({ exitCode: 4, stdout: 'orders: 12\n', stderr: 'bad\n' }));
    expect(await run(kernel, guest, 'verify', { path: '/opt/verify' })).toEqual({
      exitCode: 4,
      stdout: 'orders: 12\n',
      stderr: 'bad\n',
    });
    expect((await run(kernel, guest, 'verify', { path: '/opt/none' })).exitCode).toBe(127);
  });

  it('refuses loudly what nobody modelled', () => {
    expect(() => scriptModel('echo hello')).toThrow('no model');
    expect(() => scriptModel('# holdfast-guest: mystery')).toThrow('mystery');
  });
});
