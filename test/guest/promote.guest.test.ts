/** The script that moves restored files of EFS to their place. A bind mount of a folder on a file system of its own stands for the NFS mount. */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoopVolume, loopVolume } from './loop-volume.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';

const nothing = { roots: '/', files: 'none', folders: 'none' };
const folder = 'aws-backup-restore_2026-11-21T03-00-00-000Z';

describe.each(['dash', 'bash', 'busybox'])('the promotion of restored files, run by %s', (shell) => {
  let guest: TestGuest;
  let volume: LoopVolume;
  let stateFolder: string;
  let request: Request;

  beforeEach(() => {
    guest = testGuest(shell);
    volume = loopVolume('ext4');
    rmSync(join(volume.mount, 'lost+found'), { recursive: true });
    stateFolder = mkdtempSync('/dev/shm/holdfast-promote-');
    request = { kind: 'promote', parameters: { server: '10.0.0.17', ...nothing }, run: 'fs-0a1b-new-1', stateFolder };
    mountsTree();
  });
  afterEach(() => {
    guest.remove();
    rmSync(stateFolder, { recursive: true });
    volume.remove();
  });

  /** As `mount -t nfs4 -o … 10.0.0.17:/ TOP`, what a bind mount knows of the options too, which it notes; whatever else is asked for fails. */
  function mountsTree(): void {
    const real = execFileSync('sh', ['-c', 'command -v mount'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh
[ "$1 $2 $3 $5" = "-t nfs4 -o 10.0.0.17:/" ] || exit 32
${real} --bind ${volume.mount} "$6" || exit 32
for option in ro nosuid nodev; do
  case ,$4, in *,$option,*) ${real} -o "remount,bind,$option" "$6" ;; esac
done
grep " $6 " /proc/self/mounts >${join(stateFolder, 'mounted')}
`;
    guest.install(`${guest.programs}/mount`, script);
  }

  const write = (...paths: readonly string[]) => {
    for (const path of paths) {
      mkdirSync(dirname(join(volume.mount, path)), { recursive: true });
      writeFileSync(join(volume.mount, path), path);
    }
  };
  /** Options of the last mount. */
  const mountedWith = () => readFileSync(join(stateFolder, 'mounted'), 'utf8').split(' ')[3]?.split(',') ?? [];
  const root = () => readdirSync(volume.mount).toSorted();
  const promote = () => guest.ask('promote', request);
  const isUnmounted = () => !readFileSync('/proc/self/mounts', 'utf8').includes(stateFolder);

  it('moves all that was restored to the root, hidden and odd names too, and takes the folder away', async () => {
    const names = ['orders/1', '.hidden', '..odd', '...odder', '-rf', 'a b\nc', '*', 'äö'];
    write(...names.map((name) => `${folder}/${name}`));
    symlinkSync('/nowhere', join(volume.mount, folder, 'dangling'));
    mkdirSync(join(volume.mount, folder, 'empty'));
    execFileSync('chown', ['1000:1000', join(volume.mount, folder, 'orders')]);
    const { ino } = lstatSync(join(volume.mount, folder, 'orders/1'));
    expect(await promote()).toMatchObject({ exitCode: 0, stdout: `moved to the root from ${folder}\n`, stderr: '' });
    expect(root()).toEqual([...names.slice(1), 'dangling', 'empty', 'orders'].toSorted());
    expect(lstatSync(join(volume.mount, 'orders'))).toMatchObject({ uid: 1000, gid: 1000 });
    expect(lstatSync(join(volume.mount, 'orders/1')).ino).toBe(ino);
    expect(mountedWith()).toEqual(expect.arrayContaining(['rw', 'nosuid', 'nodev']));
    expect(isUnmounted()).toBe(true);
  });

  it('tells the doctor whether it could mount the file system, and moves nothing', async () => {
    write(`${folder}/orders/1`);
    expect(await guest.ask('doctor', request)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(root()).toEqual([folder]);
    expect(mountedWith()).toEqual(expect.arrayContaining(['ro', 'nosuid', 'nodev']));
    expect(isUnmounted()).toBe(true);
    const elsewhere = { ...request, parameters: { server: '10.0.0.99', ...nothing } };
    const { exitCode, stderr } = await guest.ask('doctor', elsewhere);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('holdfast: cannot mount 10.0.0.99:/');
  });

  it('does nothing more when it is run again', async () => {
    write(`${folder}/orders/1`, `${folder}/aws-backup-restore_of-old/orders/1`);
    expect((await promote()).exitCode).toBe(0);
    const after = root();
    expect(await promote()).toMatchObject({ exitCode: 0 });
    expect(root()).toEqual(after);
    expect(readdirSync(join(volume.mount, 'orders'))).toEqual(['1']);
  });

  it('goes on where an earlier one was cut off', async () => {
    write('orders/1', `${folder}/invoices/1`);
    expect((await promote()).exitCode).toBe(0);
    expect(root()).toEqual(['invoices', 'orders']);
  });

  it('moves nothing when anything is in the way, not even into a folder of that name', async () => {
    write(`${folder}/a`, `${folder}/orders/1`, 'orders/2');
    expect(await promote()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('/orders is there already') });
    expect(root()).toEqual([folder, 'orders']);
    expect(readdirSync(join(volume.mount, folder)).toSorted()).toEqual(['a', 'orders']);
    expect(isUnmounted()).toBe(true);
  });

  it('never moves over a link that leads nowhere', async () => {
    write(`${folder}/orders`);
    symlinkSync('/nowhere', join(volume.mount, 'orders'));
    expect((await promote()).exitCode).toBe(1);
    expect(root()).toEqual([folder, 'orders']);
  });

  it('leaves what AWS Backup could not place, and what earlier restores left, and says so', async () => {
    write(
      'aws-backup-lost+found-1/x',
      `${folder}/aws-backup-lost+found/y`,
      `${folder}/aws-backup-restore_old/z`,
      `${folder}/orders/1`,
    );
    const { exitCode, stdout } = await promote();
    expect(exitCode).toBe(0);
    expect(root()).toEqual(['aws-backup-lost+found-1', folder, 'orders'].toSorted());
    expect(stdout).toContain(`left in ${folder}: aws-backup-lost+found aws-backup-restore_old`);
    expect(stdout).toContain('left at the root: aws-backup-lost+found-1');
  });

  it('refuses to choose between two restores', async () => {
    write(`${folder}/a`, 'aws-backup-restore_2026-11-22T03-00-00-000Z/a');
    expect(await promote()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there are several') });
  });

  it('then deletes temporary files, where they are named, and nothing that a link leads to', async () => {
    write(`${folder}/orders/1`, `${folder}/orders/TEMP.usage`, `${folder}/orders/tmp/a/7`, `${folder}/kept/TEMP.2`);
    write(`${folder}/aws-backup-lost+found/TEMP.9`);
    symlinkSync('../../kept', join(volume.mount, folder, 'orders/tmp/link'));
    const temporary = { roots: '/orders', files: 'TEMP.*', folders: 'tmp' };
    const cleaning = { ...request, parameters: { ...request.parameters, ...temporary } };
    expect(await guest.ask('promote', cleaning)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readdirSync(join(volume.mount, 'orders')).toSorted()).toEqual(['1', 'tmp']);
    expect(readdirSync(join(volume.mount, 'orders/tmp'))).toEqual([]);
    expect(readdirSync(join(volume.mount, 'kept'))).toEqual(['TEMP.2']);
    expect(await guest.ask('promote', cleaning)).toMatchObject({ exitCode: 0, stdout: 'done before\n' });
    expect(isUnmounted()).toBe(true);
  });

  it('deletes temporary files of the whole file system, but none that AWS Backup could not place', async () => {
    write(
      `${folder}/TEMP.1`,
      `${folder}/tmp/7`,
      `${folder}/aws-backup-lost+found/TEMP.9`,
      'aws-backup-lost+found-1/tmp/8',
    );
    const parameters = { ...request.parameters, files: 'TEMP.*', folders: 'tmp' };
    expect((await guest.ask('promote', { ...request, parameters })).exitCode).toBe(0);
    expect(root()).toEqual(['aws-backup-lost+found-1', folder, 'tmp'].toSorted());
    expect(readdirSync(join(volume.mount, 'tmp'))).toEqual([]);
    expect(readdirSync(join(volume.mount, 'aws-backup-lost+found-1/tmp'))).toEqual(['8']);
    expect(readdirSync(join(volume.mount, folder, 'aws-backup-lost+found'))).toEqual(['TEMP.9']);
  });

  it('fails where a folder to clean up is not there, and is not done', async () => {
    write(`${folder}/orders/1`);
    const parameters = { ...request.parameters, roots: '/order', files: 'TEMP.*' };
    const refused = await guest.ask('promote', { ...request, parameters });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('/order is not a folder') });
    expect((await promote()).stdout).toBe('nothing to move\n');
  });

  it('says what is missing when it cannot mount', async () => {
    const elsewhere = { ...request, parameters: { server: '10.0.0.99', ...nothing } };
    const refused = await guest.ask('promote', elsewhere);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('cannot mount 10.0.0.99:/') });
    expect(readdirSync(stateFolder)).toEqual(['promote.lock']);
  });

  it('two at a time do it once', async () => {
    write(...Array.from({ length: 50 }, (_, index) => `${folder}/orders-${index}`));
    const answers = await Promise.all([promote(), promote()]);
    expect(answers.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(root()).toHaveLength(50);
    expect(isUnmounted()).toBe(true);
  });

  it('takes no address with room for anything else', () => {
    expect(() => guest.ask('promote', { ...request, parameters: { server: '10.0.0.1; rm', ...nothing } })).toThrow(
      'server',
    );
  });
});
