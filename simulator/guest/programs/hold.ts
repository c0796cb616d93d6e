import type { Guest, ProgramResult } from '../guest.ts';

/** A hold as the hook scripts keep it under /run: gone with the machine. */
export interface Hold {
  readonly run: string;
  readonly armedMs: number;
  readonly untilMs: number;
  /** When everything was held; undefined while the hook is still at it. */
  heldAtMs: number | undefined;
  /** When and by what it ended; undefined while it lasts. */
  ended: { readonly atMs: number; readonly by: 'release' | 'timer' | 'undone' } | undefined;
  cancelTimer: () => void;
  /** What the answer says of how it holds. */
  note?: string | undefined;
}

/** How a hook of one kind lets go of what it holds; false when it could not. */
export type LetGo = () => Promise<boolean> | boolean;

/** Another run's hold: EX_TEMPFAIL of sysexits.h. */
export const EXIT_HELD_BY_ANOTHER = 75;

/** All holds of a hook kind since boot, by run. */
function holdsOf(guest: Guest, kind: string): Map<string, Hold> {
  const known = guest.memory.get(kind);
  if (known instanceof Map) {
    return known;
  }
  const holds = new Map<string, Hold>();
  guest.memory.set(kind, holds);
  return holds;
}

/** The hold of this run, over or not. */
export function holdOfRun(guest: Guest, kind: string, run: string): Hold | undefined {
  return holdsOf(guest, kind).get(run);
}

/** The hold that lasts, whoever's it is. */
export function lastingHold(guest: Guest, kind: string): Hold | undefined {
  return [...holdsOf(guest, kind).values()].find((hold) => hold.ended === undefined);
}

/** Registers a hold and arms its timer: from here on it ends at the deadline, whatever becomes of anybody else. */
export function armHold(guest: Guest, kind: string, run: string, deadlineSeconds: number, letGo: LetGo): Hold {
  const armedMs = guest.clock.nowMs();
  const untilMs = armedMs + deadlineSeconds * 1_000;
  const hold: Hold = { run, armedMs, untilMs, heldAtMs: undefined, ended: undefined, cancelTimer: () => undefined };
  armTimer(guest, hold, untilMs, letGo);
  holdsOf(guest, kind).set(run, hold);
  return hold;
}

/** Timers of scripts try again until they have let go. */
const TIMER_RETRY_MS = 5_000;

function armTimer(guest: Guest, hold: Hold, atMs: number, letGo: LetGo): void {
  hold.cancelTimer = guest.timerAt(atMs, async () => {
    if (!(await endHold(guest, hold, 'timer', letGo))) {
      armTimer(guest, hold, atMs + TIMER_RETRY_MS, letGo);
    }
  });
}

/** Lets go and notes how it ended. When letting go fails the hold lasts, and so does its timer. */
export async function endHold(
  guest: Guest,
  hold: Hold,
  by: 'release' | 'timer' | 'undone',
  letGo: LetGo,
): Promise<boolean> {
  if (hold.ended) {
    return true;
  }
  hold.ended = { atMs: guest.clock.nowMs(), by };
  if (!(await letGo())) {
    hold.ended = undefined;
    return false;
  }
  hold.cancelTimer();
  return true;
}

/** The last line a hook prints, which the product reads. */
export function answer(fields: Readonly<Record<string, unknown>>): ProgramResult {
  return { exitCode: 0, stdout: `holdfast ${JSON.stringify(fields)}\n`, stderr: '' };
}

export function failure(exitCode: number, stderr: string): ProgramResult {
  return { exitCode, stdout: '', stderr: `${stderr}\n` };
}

/** `quiesced` for a hold that is complete. */
export function quiescedAnswer({ armedMs, heldAtMs, untilMs, note }: Hold): ProgramResult {
  return answer({ result: 'quiesced', armedAt: armedMs, at: heldAtMs, until: untilMs, note });
}

/** How often a twin looks. */
export const TWIN_POLL_MS = 100;

/** Whether a twin (the same command, delivered twice) is still at it: to be waited for, its answer is the answer to both. */
export function isTwinAtIt(guest: Guest, kind: string, run: string): boolean {
  const own = holdOfRun(guest, kind, run);
  return own !== undefined && own.ended === undefined && own.heldAtMs === undefined;
}

/** Refusal or repetition when something is held already, or when the run is over on this guest; undefined when the way is free. */
export function alreadyHeld(guest: Guest, kind: string, run: string): ProgramResult | undefined {
  const own = holdOfRun(guest, kind, run);
  if (own?.ended) {
    return failure(1, `run ${run} is already over on this guest: it will not be held still again`);
  }
  const lasting = lastingHold(guest, kind);
  if (!lasting) {
    return undefined;
  }
  if (lasting.run === run && lasting.heldAtMs !== undefined) {
    return quiescedAnswer(lasting);
  }
  return failure(EXIT_HELD_BY_ANOTHER, `held by run ${lasting.run} until ${new Date(lasting.untilMs).toISOString()}`);
}

/** `release` of any hook kind: idempotent, and says when and by what the hold ended. */
export async function releaseHold(guest: Guest, kind: string, run: string, letGo: LetGo): Promise<ProgramResult> {
  const hold = holdOfRun(guest, kind, run) ?? endBeforeBeginning(guest, kind, run);
  if (hold.ended?.by === 'undone') {
    return answer({ result: 'released', at: guest.clock.nowMs(), heldSince: null, by: 'none' });
  }
  if (!(await endHold(guest, hold, 'release', letGo))) {
    return failure(1, `could not let go of what run ${run} holds`);
  }
  const by = hold.ended?.by === 'timer' ? 'timer' : 'release';
  return answer({ result: 'released', at: hold.ended?.atMs, heldSince: hold.heldAtMs ?? null, by });
}

/** Whatever of the run is delivered later will hold nothing: a release came first, or the hook cannot run. */
export function endBeforeBeginning(guest: Guest, kind: string, run: string): Hold {
  const atMs = guest.clock.nowMs();
  const ended = { atMs, by: 'undone' } as const;
  const hold: Hold = { run, armedMs: atMs, untilMs: atMs, heldAtMs: undefined, ended, cancelTimer: () => undefined };
  holdsOf(guest, kind).set(run, hold);
  return hold;
}

/** `check` of any hook kind. */
export function checkHold(guest: Guest, kind: string): ProgramResult {
  const hold = lastingHold(guest, kind);
  return hold
    ? answer({ result: 'held', run: hold.run, at: hold.heldAtMs ?? null, until: hold.untilMs })
    : answer({ result: 'free' });
}
