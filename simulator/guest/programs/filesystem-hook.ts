import type { Guest, ProgramResult } from '../guest.ts';
import type { Hold } from './hold.ts';
import { runHold } from './run-hold.ts';

const KIND = 'filesystem-hook';
/** Measured on XFS: a freeze with little to flush takes about this long. */
const FREEZE_MS = 35;

/** Model of the file system hook: parameter mounts (separated by commas, or `auto`: all but the root). */
export function runFilesystemHook(guest: Guest, parameters: Readonly<Record<string, string>>): Promise<ProgramResult> {
  const { run = '' } = parameters;
  const mounts = mountsOf(guest, parameters.mounts ?? 'auto');
  return runHold(guest, parameters, {
    kind: KIND,
    prepare: () => mounts.flatMap((mount) => unfit(guest, mount) ?? []),
    holdStill: (hold) => freezeAll(guest, mounts, hold),
    letGo: () => thawHeld(guest, run),
  });
}

function mountsOf(guest: Guest, mounts: string): readonly string[] {
  const named = mounts.split(',').filter((each) => each !== '');
  return mounts.trim() === 'auto' ? guest.mountPoints().filter((each) => each !== '/') : named;
}

function unfit(guest: Guest, mount: string): string | undefined {
  if (mount === '/') {
    return 'the root file system is never frozen';
  }
  return guest.mountPoints().includes(mount) ? undefined : `${mount} is not mounted`;
}

async function freezeAll(guest: Guest, mounts: readonly string[], hold: Hold): Promise<string | undefined> {
  for (const mount of mounts) {
    const problem = await freeze(guest, mount);
    if (problem !== undefined) {
      return problem;
    }
    frozenBy(guest, hold.run).add(mount);
    if (hold.ended) {
      return `released while freezing ${mount}`;
    }
  }
  return undefined;
}

async function freeze(guest: Guest, mount: string): Promise<string | undefined> {
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
