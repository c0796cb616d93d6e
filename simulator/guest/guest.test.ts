import { describe, expect, it } from 'vitest';
import { createManualKernel, type ManualKernel } from '../services/ec2/manual-kernel.ts';
import { readTransaction } from './application.ts';
import { copyDisk, createDisk, type Disk } from './disk.ts';
import { createGuest, type Guest } from './guest.ts';
import { installApplications } from './machine.ts';

const DATA = '/dev/sdf';
const LOG = '/dev/sdg';

function machine(kernel: ManualKernel): { guest: Guest; disks: Map<string, Disk>; copy: () => Map<string, Disk> } {
  const mounts = { '/dev/xvda': '/', [DATA]: '/data', [LOG]: '/log' };
  const applications = [{ name: 'shop', files: ['/data/table', '/log/journal'], transactionsPerSecond: 5 }];
  const disks = new Map(['/dev/xvda', DATA, LOG].map((device) => [device, createDisk('xfs')] as const));
  installApplications({ mounts, applications }, disks);
  const guest = createGuest({
    clock: kernel.clock,
    random: kernel.random,
    rootDevice: '/dev/xvda',
    mounts,
    applications,
  });
  for (const [device, disk] of disks) {
    guest.attach(device, disk);
  }
  guest.boot();
  const copy = () => {
    guest.catchUp();
    return new Map([...disks].map(([device, disk]) => [device, copyDisk(disk)] as const));
  };
  return { guest, disks, copy };
}

describe('a guest and its disks', () => {
  it('writes reach the disk only at write-back, so that a copy of a live disk is crash-consistent', async () => {
    const kernel = createManualKernel();
    const { guest, copy } = machine(kernel);
    await kernel.advance(62_300);
    const [judgement] = guest.judge(copy());
    expect(judgement?.consistency).toBe('crash-consistent');
    const seen = readTransaction(guest.read('/data/table'))?.transaction ?? 0;
    expect(seen).toBeGreaterThan(300);
    expect(judgement?.transactions[0]).toBeLessThan(seen);
  });

  it('different file systems are written back at different moments, which tears transactions over volumes', async () => {
    const kernel = createManualKernel();
    const { guest, copy } = machine(kernel);
    await kernel.advance(63_000);
    expect(guest.judge(copy())[0]?.torn).toBe(true);
  });

  it('a freeze flushes everything and closes the journal: the copy is filesystem-consistent', async () => {
    const kernel = createManualKernel();
    const { guest, copy } = machine(kernel);
    await kernel.advance(63_000);
    expect(guest.freeze('/data')).toBe('ok');
    expect(guest.freeze('/log')).toBe('ok');
    await kernel.advance(4_000);
    const [judgement] = guest.judge(copy());
    expect(judgement?.consistency).toBe('filesystem-consistent');
    expect(judgement?.transactions[0]).toBeGreaterThanOrEqual(313);
    expect(judgement?.transactions[0]).toBeLessThanOrEqual(315);
  });

  it('freezing one of two volumes is not enough', async () => {
    const kernel = createManualKernel();
    const { guest, copy } = machine(kernel);
    await kernel.advance(10_000);
    guest.freeze('/data');
    expect(guest.judge(copy())[0]?.consistency).toBe('crash-consistent');
  });

  it('an application that was held leaves no half transaction: the copy is application-consistent', async () => {
    const kernel = createManualKernel();
    const { guest, copy } = machine(kernel);
    await kernel.advance(63_000);
    expect(guest.holdApplication('shop')).toBe(true);
    await kernel.advance(2_000);
    const [judgement] = guest.judge(copy());
    expect(judgement).toMatchObject({ consistency: 'application-consistent', torn: false });
    guest.resumeApplication('shop');
    await kernel.advance(2_000);
    expect(guest.judge(copy())[0]?.consistency).not.toBe('application-consistent');
  });

  it('a frozen file system blocks writers until it is thawed, and they lose nothing', async () => {
    const kernel = createManualKernel();
    const { guest } = machine(kernel);
    await kernel.advance(1_000);
    guest.freeze('/data');
    await kernel.advance(1_000);
    expect(guest.inspect().applications[0]?.status).toBe('blocked');
    const before = guest.read('/data/table');
    let written = false;
    const writing = guest.write('/data/note', 'hello').then(() => {
      written = true;
    });
    await kernel.advance(60_000);
    expect(written).toBe(false);
    expect(guest.read('/data/table')).toBe(before);
    guest.thaw('/data');
    await writing;
    await kernel.advance(1_000);
    expect(guest.read('/data/note')).toBe('hello');
    const after = readTransaction(guest.read('/data/table'))?.transaction ?? 0;
    expect(after - (readTransaction(before)?.transaction ?? 0)).toBeLessThanOrEqual(7);
    expect(after).toBeGreaterThan(readTransaction(before)?.transaction ?? 0);
  });

  it('answers EBUSY to a second freeze and EINVAL to a thaw of what is not frozen', () => {
    const { guest } = machine(createManualKernel());
    expect(guest.freeze('/data')).toBe('ok');
    expect(guest.freeze('/data')).toBe('EBUSY');
    expect(guest.thaw('/data')).toBe('ok');
    expect(guest.thaw('/data')).toBe('EINVAL');
    expect(guest.freeze('/nowhere')).toBe('ENOENT');
  });

  it('an ordered shutdown flushes, a power cut does not', async () => {
    const kernel = createManualKernel();
    const orderly = machine(kernel);
    const cut = machine(kernel);
    await kernel.advance(63_000);
    orderly.guest.shutdown();
    cut.guest.powerOff();
    expect(orderly.guest.judge(orderly.disks)[0]?.consistency).toBe('filesystem-consistent');
    expect(cut.guest.judge(cut.disks)[0]?.consistency).toBe('crash-consistent');
    const lastOf = (each: typeof cut) => each.guest.judge(each.disks)[0]?.transactions[0] ?? 0;
    expect(lastOf(cut)).toBeLessThan(lastOf(orderly));
  });

  it('tells after booting from a copy how consistent it found it, and goes on after the last transaction', async () => {
    const kernel = createManualKernel();
    const { guest, copy } = machine(kernel);
    await kernel.advance(63_000);
    guest.holdApplication('shop');
    const saved = copy();
    guest.resumeApplication('shop');
    await kernel.advance(60_000);
    guest.wipe(DATA);
    expect(guest.read('/data/table')).toBeUndefined();
    guest.shutdown();
    for (const [device, disk] of saved) {
      guest.detach(device);
      guest.attach(device, disk);
    }
    guest.boot();
    expect(guest.inspect().applications[0]?.found).toMatchObject({ consistency: 'application-consistent' });
    await kernel.advance(1_000);
    const { transaction = 0 } = readTransaction(guest.read('/data/table')) ?? {};
    expect(transaction).toBeGreaterThan(314);
    expect(transaction).toBeLessThan(330);
  });

  it('shows a disaster: scrambled files, an application that does not come up again', async () => {
    const kernel = createManualKernel();
    const { guest } = machine(kernel);
    await kernel.advance(10_000);
    guest.corrupt(DATA);
    expect(readTransaction(guest.read('/data/table'))).toBeUndefined();
    guest.reboot();
    expect(guest.inspect().applications[0]).toMatchObject({ status: 'failed', found: { consistency: 'lost' } });
  });

  it('does not come up without its root, and survives a missing data volume', () => {
    const { guest } = machine(createManualKernel());
    guest.shutdown();
    guest.detach(LOG);
    guest.boot();
    expect(guest.state()).toBe('up');
    guest.shutdown();
    guest.wipe('/dev/xvda');
    guest.boot();
    expect(guest.state()).toBe('failed');
  });

  it('lives through a year that nobody looks at as through the same seconds looked at often', async () => {
    const looked = createManualKernel();
    const skipped = createManualKernel();
    const a = machine(looked);
    const b = machine(skipped);
    for (let minute = 0; minute < 60; minute += 1) {
      await looked.advance(60_000);
      a.guest.catchUp();
    }
    await skipped.advance(3_600_000);
    expect(b.guest.read('/data/table')).toBe(a.guest.read('/data/table'));
    const started = performance.now();
    await skipped.advance(365 * 86_400_000);
    b.guest.catchUp();
    expect(performance.now() - started).toBeLessThan(500);
    expect(b.guest.judge(b.copy())[0]?.transactions).toEqual(
      expect.arrayContaining([expect.any(Number), expect.any(Number)]),
    );
  });
});
