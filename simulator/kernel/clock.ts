/** The region's only source of time. In simulations the globals below are faked, so everything follows the virtual clock. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Resolves after `ms` milliseconds of virtual time. */
  sleep(ms: number): Promise<void>;
  /**
   * Runs `run` at that virtual time (at once, but never synchronously, when it has passed). Returns a function that
   * cancels. A rejection of `run` is left unhandled on purpose: a broken service must be loud.
   */
  at(timeMs: number, run: () => void | Promise<void>): () => void;
}

/** setTimeout's own limit: a longer delay would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

function schedule(timeMs: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const arm = () => {
    const remainingMs = Math.max(0, Math.ceil(timeMs - Date.now()));
    timer = remainingMs > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(run, remainingMs);
  };
  arm();
  return () => clearTimeout(timer);
}

/** A clock over the global Date and setTimeout, looked up at each call, so that faking them fakes the clock. */
export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => schedule(Date.now() + ms, resolve)),
    at: (timeMs, run) => schedule(timeMs, () => void run()),
  };
}

/** The same, until `stop`: from then on nothing that is asked of it ever happens. */
export function stoppableClock(): Clock & { stop(): void } {
  const clock = systemClock();
  let stopped = false;
  const at: Clock['at'] = (timeMs, run) => (stopped ? () => undefined : clock.at(timeMs, run));
  return {
    at,
    nowMs: clock.nowMs,
    sleep: (ms) => new Promise((resolve) => at(clock.nowMs() + ms, resolve)),
    stop: () => {
      stopped = true;
    },
  };
}

/** A clock that is wrong by so much: what a machine of its own reads and sets its timers by. */
export function skewedClock(clock: Clock, skewMs: number): Clock {
  return {
    nowMs: () => clock.nowMs() + skewMs,
    sleep: clock.sleep,
    at: (timeMs, run) => clock.at(timeMs - skewMs, run),
  };
}
