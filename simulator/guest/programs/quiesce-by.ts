import type { Guest, ProgramResult } from '../guest.ts';
import {
  alreadyHeld,
  armHold,
  endHold,
  failure,
  isTwinAtIt,
  type LetGo,
  quiescedAnswer,
  TWIN_POLL_MS,
} from './hold.ts';

/** One way of holding an application still. */
export interface Holding {
  readonly kind: string;
  /** Undefined once it holds, else why not. */
  readonly hold: () => Promise<string | undefined>;
  readonly letGo: LetGo;
  /** What the answer says of the hold. */
  readonly note?: string;
}

/** `quiesce` of a hook that holds an application: the timer first, then the hold, undone when it fails or the timer was faster. */
export async function quiesceBy(
  guest: Guest,
  { run = '', deadlineSeconds }: Readonly<Record<string, string>>,
  { kind, hold: holdStill, letGo, note }: Holding,
): Promise<ProgramResult> {
  while (isTwinAtIt(guest, kind, run)) {
    await guest.sleep(TWIN_POLL_MS);
  }
  const held = alreadyHeld(guest, kind, run);
  if (held) {
    return held;
  }
  if (!(Number(deadlineSeconds) > 0)) {
    return failure(2, `deadlineSeconds is no positive number`);
  }
  const hold = armHold(guest, kind, run, Number(deadlineSeconds), letGo);
  const problem = await holdStill();
  if (problem === undefined && !hold.ended) {
    hold.heldAtMs = guest.clock.nowMs();
    hold.note = note;
    return quiescedAnswer(hold);
  }
  if (hold.ended) {
    // The application may have been held only after the timer had let it go.
    await letGo();
    return failure(1, 'released while it was being held still');
  }
  await endHold(guest, hold, 'undone', letGo);
  return failure(1, problem ?? '');
}
