/**
 * Virtual time for everything in this process: the global Date and timers are faked, so that the product's own code, the
 * SDK's retries and the simulated region all live on one clock that jumps from timer to timer.
 */
import { install } from '@sinonjs/fake-timers';
import { LONGEST_TIMER_MS } from './clock.ts';
import { realWorkUnderWay } from './real-work.ts';

export interface VirtualTime {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Lives through the next `ms` milliseconds, and everything due by their end. */
  advance(ms: number): Promise<void>;
  /**
   * Fires timers one by one until `condition` holds (true), or `limitMs` milliseconds of virtual time have passed
   * without it (false).
   */
  until(condition: () => boolean, limitMs: number): Promise<boolean>;
  /**
   * Lets virtual time pass until `work` has settled, and answers or throws as it does.
   * @throws after `limitMs` milliseconds of virtual time without it; default: an hour
   */
  drive<Result>(work: Promise<Result>, limitMs?: number): Promise<Result>;
  /** Lets virtual time follow the wall clock, `speed` times as fast. Returns a function that stops it. */
  paceRealTime(speed: number): () => void;
  /** Gives the real Date and timers back. */
  uninstall(): void;
}

/** Turns of the real event loop without any sign of life after which nothing more can happen at this instant. */
const QUIET_TURNS = 10;
const PACE_EVERY_MS = 10;
const DRIVE_LIMIT_MS = 3_600_000;
const FAKED = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const;
/** Real I/O of this process, as `process.getActiveResourcesInfo()` names it: the SDK reads its configuration files on first use, `import()` reads modules. */
const FILE_IO = /^(FSReq|CloseReq|FileHandle|RandomBytesRequest)/;

function isAtWork(): boolean {
  return realWorkUnderWay() || process.getActiveResourcesInfo().some((resource) => FILE_IO.test(resource));
}

/** Waits until all that can still happen at this instant has happened. */
async function settleInstant(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet = isAtWork() ? 0 : quiet + 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Intervals = Pick<typeof globalThis, 'setInterval' | 'clearInterval'>;

function pace(advance: (ms: number) => Promise<void>, speed: number, real: Intervals): () => void {
  let behindSinceMs = performance.now();
  let running = false;
  const timer = real.setInterval(async () => {
    if (running) return;
    running = true;
    const elapsedMs = Math.floor((performance.now() - behindSinceMs) * speed);
    behindSinceMs += elapsedMs / speed;
    await advance(elapsedMs);
    running = false;
  }, PACE_EVERY_MS);
  return () => real.clearInterval(timer);
}

/**
 * Fakes the global Date, setTimeout and setInterval from `startMs` (epoch milliseconds) on. setImmediate, nextTick,
 * microtasks and `performance` stay real. One at a time; uninstall before installing again.
 */
export function installVirtualTime(options: { readonly startMs: number }): VirtualTime {
  const real: Intervals = { setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval };
  const fake = install({ now: options.startMs, toFake: [...FAKED], shouldClearNativeTimers: true });

  // A timer of our own marks the limit, so that no internals of the library are needed to look ahead.
  const untilWithin = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    let passed = false;
    const limit = fake.setTimeout(() => {
      passed = true;
    }, limitMs);
    for (;;) {
      await settleInstant();
      if (condition()) break;
      if (passed) return false;
      fake.next();
    }
    fake.clearTimeout(limit);
    return true;
  };

  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    const endMs = fake.now + limitMs;
    while (endMs - fake.now > LONGEST_TIMER_MS) if (await untilWithin(condition, LONGEST_TIMER_MS)) return true;
    return untilWithin(condition, endMs - fake.now);
  };

  /** Fires what is due at this very instant, and what that makes due at it. */
  const finishInstant = async (): Promise<void> => {
    for (let alone = false; !alone; ) {
      let marked = false;
      fake.setTimeout(() => {
        marked = true;
      }, 0);
      fake.next();
      alone = marked;
      while (!marked) {
        await settleInstant();
        fake.next();
      }
      await settleInstant();
    }
  };

  const advance = async (ms: number): Promise<void> => {
    await until(() => false, ms);
    await finishInstant();
  };

  const drive = async <Result>(work: Promise<Result>, limitMs = DRIVE_LIMIT_MS): Promise<Result> => {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    work.then(settle, settle);
    if (!(await until(() => isSettled, limitMs))) throw new Error(`not done within ${limitMs} ms of virtual time`);
    return work;
  };

  return {
    nowMs: () => fake.now,
    advance,
    until,
    drive,
    paceRealTime: (speed) => pace(advance, speed, real),
    uninstall: () => fake.uninstall(),
  };
}
