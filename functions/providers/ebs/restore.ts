/** In-place recovery of EBS volumes: create all, stop, swap, start, verify; or all the way back. */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import type { Stage } from '#domain/recovery-progress.ts';
import type { PhaseResult, Restorer } from '../restorer.ts';
import { create } from './restore/create.ts';
import { type Decision, drive } from './restore/drive.ts';
import { leftovers } from './restore/leftovers.ts';
import { plan } from './restore/plan.ts';
import { type RestoreDetail, restoreDetail } from './restore/restore-detail.ts';
import { rollBack } from './restore/roll-back.ts';
import { safeguard } from './restore/safeguard.ts';
import { decideAttach, decideDetach, decideStart, decideStop } from './restore/swap-decisions.ts';
import { missingReplacedTags } from './restore/tags.ts';
import { tidy } from './restore/tidy.ts';
import { verify } from './restore/verify.ts';
import { look, lookAtInstance, type VolumeView } from './restore/world.ts';

export const ebsRestore: Restorer = {
  plan,
  create,
  safeguard,
  stop: (target, recovery) => phase(target, recovery, { stage: 'stop', look: lookAtInstance, decide: decideStop }),
  detach: (target, recovery) =>
    phase(target, recovery, {
      ...{ stage: 'detach', look },
      decide: (detail, world) => decideDetach(detail, world, missingMarks(detail, recovery)),
    }),
  attach: (target, recovery) => phase(target, recovery, { stage: 'attach', look, decide: decideAttach }),
  start: (target, recovery) => phase(target, recovery, { stage: 'start', look: lookAtInstance, decide: decideStart }),
  verify,
  commit,
  rollBack,
  tidy,
  leftovers,
};

/** A phase looks at no more than it decides by: it looks every second or so. */
interface Phase<Seen> {
  readonly stage: Stage;
  readonly look: (detail: RestoreDetail) => Promise<Seen>;
  readonly decide: (detail: RestoreDetail, seen: Seen) => Decision;
}

function phase<Seen>(target: RecoveryTarget, recovery: Recovery, { stage, look, decide }: Phase<Seen>) {
  const detail = restoreDetail(target);
  return drive({ target, recovery, stage, look: () => look(detail), decide: (seen) => decide(detail, seen) });
}

const missingMarks =
  ({ instanceId }: RestoreDetail, recovery: Recovery) =>
  ({ tags }: VolumeView) =>
    missingReplacedTags(recovery, instanceId, tags);

/**
 * The last look before the point of no return: every new volume in its place, the instance as it was found. One look: who changes the
 * instance within EC2's lag before it, or at any time after it, changes what is theirs again, and more looks would only move that moment.
 */
async function commit(target: RecoveryTarget): Promise<PhaseResult> {
  const detail = restoreDetail(target);
  const world = await look(detail);
  const expected = detail.wasRunning ? 'running' : world.state;
  const misplaced = detail.swaps.filter(
    ({ device, restored }) => world.devices.get(device)?.volumeId !== restored?.volumeId,
  );
  if (misplaced.length === 0 && world.state === expected) return { done: true, target };
  const devices = misplaced.map(({ device }) => device).join(', ');
  throw providerFault(
    `${detail.instanceId} is ${world.state}${devices === '' ? '' : ` and does not have the restored volume under ${devices}`}: something changed it after it was verified.`,
  );
}
