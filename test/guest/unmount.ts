import { spawnSync } from 'node:child_process';

const patienceMs = 20_000;

/** Unmounts, as soon as the kernel has cleaned up after a server that was killed a moment ago. @throws Error when it stays busy */
export function unmount(mount: string): void {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const { status, stderr } = spawnSync('umount', [mount], { encoding: 'utf8' });
    if (status === 0) return;
    if (Date.now() > endMs) throw new Error(stderr);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
}
