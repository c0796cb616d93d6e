import type { Guest, ProgramResult } from '../guest.ts';
import {
  alreadyHeld,
  armHold,
  checkHold,
  endHold,
  failure,
  isTwinAtIt,
  quiescedAnswer,
  releaseHold,
  TWIN_POLL_MS,
} from './hold.ts';

const KIND = 'filesystem-hook';
/** Measured on XFS: a freeze with little to flush takes about this long. */
const FREEZE_MS = 35;

/** Model of the file system hook: parameters action, run, deadlineSeconds, mounts (separated by commas, or `auto`: all but the root). */
export async function runFilesystemHook(
  guest: Guest,
  parameters: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const { action, run = '' } = parameters;
  const mounts = mountsOf(guest, parameters.mounts ?? 'auto');
  switch (action) {
    case 'quiesce':
      return quiesce(guest, run, Number(parameters.deadlineSeconds), mounts);
    case 'release':
      return releaseHold(guest, KIND, run, () => thawHeld(guest, run));
    case 'check':
      return checkHold(guest, KIND);
    default:
      return failure(2, `unknown action ${action}`);
  }
}

function mountsOf(guest: Guest, mounts: string): readonly string[] {
  const named = mounts.split(',').filter((each) => each !== '');
  return mounts.trim() === 'auto' ? guest.mountPoints().filter((each) => each !== '/') : named;
}

async function quiesce(
  guest: Guest,
  run: string,
  deadlineSeconds: number,
  mounts: readonly string[],
): Promise<ProgramResult> {
  while (isTwinAtIt(guest, KIND, run)) {
    await guest.sleep(TWIN_POLL_MS);
  }
  const held = alreadyHeld(guest, KIND, run);
  if (held) {
    return held;
  }
  if (!(deadlineSeconds > 0)) {
    return failure(2, `deadlineSeconds is no positive number`);
  }
  frozenBy(guest, run).clear();
  const hold = armHold(guest, KIND, run, deadlineSeconds, () => thawHeld(guest, run));
  for (const mount of mounts) {
    const problem = await freeze(guest, mount);
    if (problem === undefined) {
      frozenBy(guest, run).add(mount);
    }
    if (problem !== undefined || hold.ended) {
      await endHold(guest, hold, 'undone', () => thawHeld(guest, run));
      thawHeld(guest, run);
      return failure(1, problem ?? `released while freezing ${mount}`);
    }
  }
  hold.heldAtMs = guest.clock.nowMs();
  return quiescedAnswer(hold);
}

async function freeze(guest: Guest, mount: string): Promise<string | undefined> {
  if (mount === '/') {
    return 'the root file system is never frozen';
  }
  await guest.sleep(FREEZE_MS);
  const outcome = guest.freeze(mount);
  const reasons = {
    ok: undefined,
    EBUSY: 'Device or resource busy',
    EINVAL: 'Invalid argument',
    ENOENT: 'not mounted',
  };
  const reason = reasons[outcome];
  return reason && `fsfreeze: ${mount}: freeze failed: ${reason}`;
}

/** Mounts that this run has frozen itself: what somebody else froze is not for us to thaw. */
function frozenBy(guest: Guest, run: string): Set<string> {
  const key = `${KIND}:${run}:frozen`;
  const known = guest.memory.get(key);
  const frozen: Set<string> = known instanceof Set ? known : new Set();
  guest.memory.set(key, frozen);
  return frozen;
}

/** EINVAL (not frozen any more) and a mount that is gone count as let go. */
function thawHeld(guest: Guest, run: string): boolean {
  for (const mount of frozenBy(guest, run)) {
    guest.thaw(mount);
  }
  frozenBy(guest, run).clear();
  return true;
}
