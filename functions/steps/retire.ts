/**
 * Deletes what has expired. Plans first, as data in the log and in the ledger, then deletes; only what the ledger and the
 * tags both say is ours (the role may delete nothing without the stack's tag).
 */
import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import { daysAfter, failedRunDays } from '#domain/expiry.ts';
import type { Fault } from '#domain/faults.ts';
import { retireBlocked } from '#domain/mail/retire-blocked.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { planRetire } from '#domain/retention.ts';
import type { Run } from '#domain/run.ts';
import { tidyRecoveries } from '#flows/tidy-recoveries.ts';
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

/** @throws the first error, once every workload has been gone through: what is wrong with one must not keep the others' */
export async function retire(): Promise<Output> {
  const totals = { retired: 0, blocked: 0 };
  const errors: unknown[] = [];
  for (const workload of deployedPolicy().workloads) {
    try {
      for (const point of await planned(workload)) totals[await retirePoint(workload, point)] += 1;
      for (const run of await leftByFailure(workload)) await discardLeftovers(run);
      for (const problem of await tidyRecoveries(workload.name)) logger.warn(problem);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return totals;
}

/**
 * Points to delete now: those of earlier plans that are not done, and those of today's. Intent is in the ledger before the first
 * deletion; a recovery that began before it could see that is looked for afterwards, and what it uses stays as long as it does.
 */
async function planned({ name, retention }: Workload): Promise<readonly Point[]> {
  const plan = planRetire(await pointsOf(name), retention, Date.now(), await inUse(name));
  logger.info(`${name}: ${plan.retire.length} points to retire, ${plan.keep.length} kept`, {
    retire: plan.retire.map(({ point, reason }) => `${point.id}: ${reason}`),
    keep: plan.keep.map(({ point, reason }) => `${point.id}: ${reason}`),
  });
  const plannedAt = new Date().toISOString();
  for (const { point, reason } of plan.retire) {
    await changePoint(name, point.id, (now) => (now.retire ? undefined : { ...now, retire: { reason, plannedAt } }));
  }
  const used = await inUse(name);
  const due = (await pointsOf(name)).filter(({ retire }) => retire !== undefined && retire.doneAt === undefined);
  return due.filter(({ id }) => !used.has(id));
}

/** Ids of the points that recoveries read now. */
async function inUse(workload: string): Promise<ReadonlySet<string>> {
  const open = (await recoveriesOf(workload)).filter((recovery) => !hasEnded(recovery));
  return new Set(open.map(({ pointId }) => pointId));
}

async function retirePoint(workload: Workload, point: Point): Promise<keyof Output> {
  const problems = await discardAll(point.artifacts);
  const now = new Date().toISOString();
  if (problems.length > 0) {
    await tellBlocked(workload, point, problems, now);
    return 'blocked';
  }
  await changePoint(
    point.workload,
    point.id,
    (stored) => stored.retire && { ...stored, retire: { ...stored.retire, doneAt: now } },
  );
  return 'retired';
}

/** What passes by itself is not worth a mail: it is tried again within the hour. */
async function tellBlocked(workload: Workload, point: Point, problems: readonly Fault[], now: string): Promise<void> {
  for (const { message } of problems) logger.warn(`${point.id}: ${message}`);
  const lasting = problems.filter(({ name }) => name !== 'TransientFault');
  if (lasting.length === 0) return;
  const problem = lasting.map(({ message }) => message).join('; ');
  const mail = retireBlocked({ ...(await aboutWorkload(workload)), point, problem });
  const owed = { audience: 'failures', workloads: [workload.name], createdAt: now } as const;
  await oweNotice({ ...owed, id: `point/${point.id}/retire-blocked`, ...mail });
}

/** Failed runs whose time to be looked at is over, each with what it still has. */
async function leftByFailure({ name }: Workload): Promise<readonly Run[]> {
  const failed = (await runsOf(name)).filter(({ state, endedAt }) => state === 'failed' && isDayOld(endedAt));
  const withStrays = await Promise.all(failed.map(adoptStrays));
  return withStrays.filter(({ artifacts }) => artifacts.some(({ state }) => state !== 'gone'));
}

const isDayOld = (endedAt: string | undefined, days = failedRunDays): boolean =>
  endedAt !== undefined && daysAfter(endedAt, days) < new Date().toISOString();

/** A run can fail before it learns what its calls made; the tags know it. They are asked for a day, not for ever. */
async function adoptStrays(run: Run): Promise<Run> {
  if (isDayOld(run.endedAt, failedRunDays + 1)) return run;
  const kinds = [...new Set(run.plan?.members.map(({ kind }) => kind))];
  const found = (await Promise.all(kinds.map((kind) => providerOf(kind).find(run.id)))).flat();
  const strays = found.filter(({ id }) => !run.artifacts.some((known) => known.id === id));
  if (strays.length === 0) return run;
  const adopted = (now: Run): Run => ({ ...now, artifacts: [...now.artifacts, ...strays] });
  return (await changeRun(run.workload, run.id, adopted)) ?? run;
}

async function discardLeftovers(run: Run): Promise<void> {
  const problems = await discardAll(run.artifacts.filter(({ state }) => state !== 'gone'));
  for (const { message } of problems) logger.warn(`${run.id}: ${message}`);
  if (problems.length > 0) return;
  await changeRun(run.workload, run.id, (now) => ({
    ...now,
    artifacts: now.artifacts.map((artifact) => ({ ...artifact, state: 'gone' })),
  }));
}

/** Deletes artifacts one by one, and returns why some could not be. */
async function discardAll(artifacts: readonly Artifact[]): Promise<readonly Fault[]> {
  const problems: Fault[] = [];
  for (const artifact of artifacts) {
    try {
      await providerOf(artifact.kind).discard(artifact);
    } catch (error) {
      problems.push(asFault(error, `deleting ${artifact.id}`));
    }
  }
  return problems;
}

export const handler = step('retire', input, retire);
