/** Undoes a recovery from whatever state it is in. */
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { keepUntil, limitMs, stageLimitMinutes } from '#domain/recovery-progress.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { logger } from '#platform/logger.ts';
import type { PhaseResult } from '../../restorer.ts';
import { undoTwice } from '../../undo-twice.ts';
import { describeVolumes } from '../describe.ts';
import { drive } from './drive.ts';
import { restoreDetail } from './restore-detail.ts';
import { decideUndo } from './undo-decision.ts';
import { look, type World } from './world.ts';

export async function rollBack(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const undone = await undoTwice(() => undo(target, recovery));
  if (undone.done) await expireRestored(target.resource, recovery);
  return undone;
}

function undo(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const detail = restoreDetail(target);
  const decide = (world: World) => decideUndo(detail, world, recovery.id, Date.now() > forceAfterMs(recovery));
  return drive({ target, recovery, stage: 'roll-back', look: () => look(detail), decide });
}

/** Minutes of a roll back after which a detachment that does not end is forced. */
const patienceMinutes = 5;
const forceAfterMs = (recovery: Recovery): number =>
  limitMs(recovery, 'roll-back') - (stageLimitMinutes['roll-back'] - patienceMinutes) * 60_000;

/**
 * Gives the volumes made in vain an end; found by tag, so also those that the ledger never learnt of. By now the workload is as
 * it was, so a refusal here is no reason to call a person at night.
 */
async function expireRestored(instanceId: string, recovery: Recovery): Promise<void> {
  try {
    const made = await describeVolumes([
      { Name: `tag:${tagKeys.recovery}`, Values: [recovery.id] },
      { Name: `tag:${tagKeys.role}`, Values: ['restored'] },
      { Name: `tag:${tagKeys.instance}`, Values: [instanceId] },
    ]);
    const Resources = made.flatMap(({ VolumeId }) => VolumeId ?? []);
    if (Resources.length === 0) return;
    await ec2().send(
      new CreateTagsCommand({ Resources, Tags: [{ Key: tagKeys.expires, Value: keepUntil(recovery) }] }),
    );
  } catch (error) {
    const fault = asFault(error, `giving the volumes made by ${recovery.id} an end`);
    if (fault.name === 'TransientFault') throw fault;
    logger.warn(fault.message);
  }
}
