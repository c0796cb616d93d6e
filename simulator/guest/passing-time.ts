import type { Application } from './application.ts';
import type { MountedFileSystem } from './file-system.ts';

/** Linux writes dirty pages back about this often; file systems do it at different moments. */
const WRITE_BACK_MS = 5_000;
/** Older than this, single writes cannot matter: all that is left of them is their last content, long on the disk. */
const REPLAYED_MS = 12_000;

/**
 * Plays what writers and the kernel's write-back did between two moments, in order, nothing of it on timers: a year
 * that nobody looks at costs as much as twelve seconds.
 */
export function advanceWriters(
  applications: readonly Application[],
  fileSystems: readonly MountedFileSystem[],
  fromMs: number,
  toMs: number,
): void {
  let startMs = fromMs;
  if (toMs - fromMs > 2 * REPLAYED_MS) {
    startMs = toMs - REPLAYED_MS;
    for (const application of applications) {
      application.skipTo(startMs);
    }
    flushAll(fileSystems);
  }
  const ticks = fileSystems.map((fileSystem, index) => ({
    fileSystem,
    atMs: firstTickAfter(startMs, (index * 1_700) % WRITE_BACK_MS),
  }));
  for (;;) {
    const application = earliest(applications, (each) => each.nextAtMs());
    const tick = earliest(ticks, (each) => each.atMs);
    const writeMs = application?.nextAtMs() ?? Number.POSITIVE_INFINITY;
    const tickMs = tick?.atMs ?? Number.POSITIVE_INFINITY;
    if (Math.min(writeMs, tickMs) > toMs) {
      return;
    }
    if (writeMs <= tickMs) {
      application?.step();
    } else if (tick) {
      tick.fileSystem.flush();
      tick.atMs += WRITE_BACK_MS;
    }
  }
}

function flushAll(fileSystems: readonly MountedFileSystem[]): void {
  for (const fileSystem of fileSystems) {
    fileSystem.flush();
  }
}

function firstTickAfter(timeMs: number, phaseMs: number): number {
  return Math.floor((timeMs - phaseMs) / WRITE_BACK_MS) * WRITE_BACK_MS + phaseMs + WRITE_BACK_MS;
}

function earliest<Item>(items: readonly Item[], timeOf: (item: Item) => number | undefined): Item | undefined {
  let best: Item | undefined;
  for (const item of items) {
    const timeMs = timeOf(item);
    if (timeMs !== undefined && timeMs < ((best && timeOf(best)) ?? Number.POSITIVE_INFINITY)) {
      best = item;
    }
  }
  return best;
}
