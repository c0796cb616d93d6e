import type { Guest, ProgramResult } from '../guest.ts';
import {
  alreadyHeld,
  answer,
  armHold,
  checkHold,
  endBeforeBeginning,
  endHold,
  failure,
  type Hold,
  isTwinAtIt,
  type LetGo,
  lastingHold,
  quiescedAnswer,
  releaseHold,
  TWIN_POLL_MS,
} from './hold.ts';

/** One kind of hook on one guest. Problems are sentences; undefined: there is none. */
export interface HoldModel {
  /** Which holds keep out of each other's way: `command-hook`. */
  readonly kind: string;
  /** Why the hook could not run; nothing is held yet. */
  prepare(): readonly string[];
  /** Holds, step by step as long as `hold` has not ended. */
  holdStill(hold: Hold): Promise<string | undefined>;
  readonly letGo: LetGo;
  /** What the answer says of the hold. */
  readonly note?: string;
}

/** The protocol that all hook scripts speak: parameters action, run, deadlineSeconds, and the kind's own. */
export async function runHold(
  guest: Guest,
  { action, run = '', deadlineSeconds }: Readonly<Record<string, string>>,
  model: HoldModel,
): Promise<ProgramResult> {
  switch (action) {
    case 'quiesce':
      return quiesce(guest, run, Number(deadlineSeconds), model);
    case 'release':
      return releaseHold(guest, model.kind, run, model.letGo);
    case 'check':
      return checkHold(guest, model.kind);
    case 'doctor':
      return examine(guest, model);
    default:
      return failure(2, `unknown action ${action}`);
  }
}

async function quiesce(guest: Guest, run: string, deadlineSeconds: number, model: HoldModel): Promise<ProgramResult> {
  const { kind, letGo } = model;
  while (isTwinAtIt(guest, kind, run)) {
    await guest.sleep(TWIN_POLL_MS);
  }
  const held = alreadyHeld(guest, kind, run);
  if (held) {
    return held;
  }
  const [unfit] = deadlineSeconds > 0 ? model.prepare() : ['deadlineSeconds is no positive number'];
  if (unfit !== undefined) {
    endBeforeBeginning(guest, kind, run);
    return failure(1, unfit);
  }
  const hold = armHold(guest, kind, run, deadlineSeconds, letGo);
  const problem = await model.holdStill(hold);
  if (problem === undefined && !hold.ended) {
    hold.heldAtMs = guest.clock.nowMs();
    hold.note = model.note;
    return quiescedAnswer(hold);
  }
  // Ended meanwhile: the last step may have held something only after everything was let go.
  if (hold.ended) {
    await letGo();
  } else {
    await endHold(guest, hold, 'undone', letGo);
  }
  return failure(1, problem ?? 'released while being held still');
}

function examine(guest: Guest, { kind, prepare }: HoldModel): ProgramResult {
  const lasting = lastingHold(guest, kind);
  const held = lasting ? [`held by run ${lasting.run}: release that first`] : [];
  const findings = [...held, ...prepare()];
  return findings.length === 0
    ? answer({ result: 'fit' })
    : failure(1, findings.map((each) => `holdfast: ${each}`).join('\n'));
}
