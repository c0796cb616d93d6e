/**
 * Deletes what has expired. Plans first, as data in the log and in the ledger, then deletes; only what the ledger and the
 * tags both say is ours (the role may delete nothing without the stack's tag).
 */
import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import { daysAfter, failedRunDays } from '#domain/expiry.ts';
import { retireBlocked } from '#domain/mail/retire-blocked.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { planRetire } from '#domain/retention.ts';
import type { Run } from '#domain/run.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweNotice } from '#ledger/notices.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { hasEnded, recoveriesOf } from '#ledger/recoveries.ts';
import { changeRun, runsOf } from '#ledger/runs.ts';
import { asFault } from '#platform/aws-errors.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { logger } from '#platform/logger.ts';
import { step } from '#platform/step.ts';
import { providerOf } from '#providers/index.ts';

/** Whatever the rule carries: it is not read. */
export const input = z.unknown();

export interface Output {
  readonly retired: number;
  readonly blocked: number;
}

export async function retire(): Promise<Output> {
  const totals = { retired: 0, blocked: 0 };
  for (const workload of deployedPolicy().workloads) {
    for (const point of await planned(workload)) {
      const isGone = await retirePoint(workload, point);
      totals[isGone ? 'retired' : 'blocked'] += 1;
    }
    for (const run of await leftByFailure(workload)) await discardLeftovers(run);
  }
  return totals;
}

/** Points to delete now: those of earlier plans that are not done, and those of today's. Intent is in the ledger before the first deletion. */
async function planned({ name, retention }: Workload): Promise<readonly Point[]> {
  const points = await pointsOf(name);
  const recoveries = (await recoveriesOf(name)).filter((recovery) => !hasEnded(recovery));
  const inUse = new Set(recoveries.map(({ pointId }) => pointId));
  const plan = planRetire(points, retention, Date.now(), inUse);
  logger.info(`${name}: ${plan.retire.length} points to retire, ${plan.keep.length} kept`, {
    retire: plan.retire.map(({ point, reason }) => `${point.id}: ${reason}`),
    keep: plan.keep.map(({ point, reason }) => `${point.id}: ${reason}`),
  });
  const plannedAt = new Date().toISOString();
  for (const { point, reason } of plan.retire) {
    await changePoint(name, point.id, (now) => (now.retire ? undefined : { ...now, retire: { reason, plannedAt } }));
  }
  return (await pointsOf(name)).filter((point) => point.retire !== undefined && point.retire.doneAt === undefined);
}

async function retirePoint(workload: Workload, point: Point): Promise<boolean> {
  const problems = await discardAll(point.artifacts);
  const now = new Date().toISOString();
  if (problems.length > 0) {
    const mail = retireBlocked({ ...(await aboutWorkload(workload)), point, problem: problems.join('; ') });
    const owed = { audience: 'failures', workloads: [workload.name], createdAt: now } as const;
    await oweNotice({ ...owed, id: `point/${point.id}/retire-blocked`, ...mail });
    return false;
  }
  await changePoint(
    point.workload,
    point.id,
    (stored) => stored.retire && { ...stored, retire: { ...stored.retire, doneAt: now } },
  );
  return true;
}

/** Failed runs that still have artifacts and whose time to be looked at is over. */
async function leftByFailure({ name }: Workload): Promise<readonly Run[]> {
  const now = new Date().toISOString();
  return (await runsOf(name)).filter(
    ({ state, artifacts, endedAt }) =>
      state === 'failed' &&
      endedAt !== undefined &&
      daysAfter(endedAt, failedRunDays) < now &&
      artifacts.some(({ state }) => state !== 'gone'),
  );
}

async function discardLeftovers(run: Run): Promise<void> {
  const problems = await discardAll(run.artifacts.filter(({ state }) => state !== 'gone'));
  if (problems.length > 0) return logger.warn(`${run.id}: ${problems.join('; ')}`);
  await changeRun(run.workload, run.id, (now) => ({
    ...now,
    artifacts: now.artifacts.map((artifact) => ({ ...artifact, state: 'gone' })),
  }));
}

/** Deletes artifacts one by one; what could not be deleted comes back as sentences. */
async function discardAll(artifacts: readonly Artifact[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const artifact of artifacts) {
    try {
      await providerOf(artifact.kind).discard(artifact);
    } catch (error) {
      problems.push(asFault(error, `deleting ${artifact.id}`).message);
    }
  }
  return problems;
}

export const handler = step('retire', input, retire);
