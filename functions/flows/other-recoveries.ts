/** Recoveries of other workloads that change what this one would. Of a workload its lease lets one in at a time; an instance may have volumes of several. */
import { isOfInstances } from '#domain/member-kinds.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { hasEnded } from '#domain/recovery-progress.ts';
import { readLease } from '#ledger/lease.ts';
import { readRecovery } from '#ledger/recoveries.ts';
import { openRecoveries } from '#ledger/unfinished.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { inTurns } from '#providers/in-turns.ts';

/** @returns one sentence each */
export async function otherRecoveries(
  workload: string,
  targets: readonly RecoveryTarget[],
): Promise<readonly string[]> {
  const others = deployedPolicy().workloads.filter(({ name }) => name !== workload);
  const found = await inTurns(others, ({ name }) => atWorkOn(name));
  return inTheWay(
    targets,
    found.filter((recovery) => recovery !== undefined),
  );
}

/**
 * For a run, which waits until they have ended: as the index of what is unfinished tells them, a moment late. What a stranded one has left is no
 * run's to wait for.
 * @param members as planned
 * @returns one sentence each
 */
export async function recoveriesUnderWay(workload: string, members: readonly Part[]): Promise<readonly string[]> {
  const others = (await openRecoveries()).filter((open) => open.workload !== workload);
  const found = await Promise.all(others.map((open) => readRecovery(open.workload, open.recoveryId)));
  return inTheWay(
    members,
    found.flatMap((recovery) => (recovery === undefined || hasEnded(recovery) ? [] : [recovery])),
  );
}

/** What a run takes, or a recovery changes. */
type Part = Pick<RecoveryTarget, 'kind' | 'resource'>;

function inTheWay(parts: readonly Part[], recoveries: readonly Recovery[]): readonly string[] {
  const own = new Set(parts.map(whatIs));
  return recoveries.flatMap((recovery) => {
    const shared = recovery.plan.targets.find((target) => own.has(whatIs(target)));
    return shared === undefined ? [] : [wordsOf(recovery, shared)];
  });
}

/** Also one that is stranded, and has left things half done. */
async function atWorkOn(workload: string): Promise<Recovery | undefined> {
  const lease = await readLease(workload);
  if (lease?.kind !== 'recovery' || lease.untilAt < new Date().toISOString()) return undefined;
  const recovery = await readRecovery(workload, lease.holder);
  return recovery === undefined || (hasEnded(recovery) && recovery.state !== 'stranded') ? undefined : recovery;
}

/** An instance is one, whatever kind of member it carries. */
const whatIs = ({ kind, resource }: Part): string => (isOfInstances(kind) ? resource : `${kind} ${resource}`);

const wordsOf = ({ id, workload, state }: Recovery, { resource }: Part): string =>
  state === 'stranded'
    ? `The recovery ${id} of the workload ${workload} is stranded, and has left ${resource} half done: finish that first (npx holdfast recover ${workload} --undo).`
    : `The recovery ${id} of the workload ${workload} is at work on ${resource}, and would be disturbed: wait until it has ended (npx holdfast status ${workload}).`;
