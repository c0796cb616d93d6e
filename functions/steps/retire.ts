/**
 * Deletes what has expired, here and where points are copied to, looks whether the rest is still there and could be decrypted, keeps the services' own
 * snapshots as the policy says, and tells of copies elsewhere that are behind, of what the plans of AWS Backup left undone, and of
 * who gets no mail. Plans first, as data in the log and in the ledger, then deletes; only what the ledger and the tags both say is
 * ours (the role may delete nothing without the stack's tag).
 */
import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import { copiesUnderKeys } from '#domain/artifact-export.ts';
import { daysAfter, failedRunDays } from '#domain/expiry.ts';
import { type Fault, transientFault } from '#domain/faults.ts';
import { leftOverBy } from '#domain/left-over.ts';
import type { Point } from '#domain/point.ts';
import { isCopying } from '#domain/point-copy.ts';
import type { Workload } from '#domain/policy.ts';
import type { Recovery } from '#domain/recovery.ts';
import { hasEnded } from '#domain/recovery-progress.ts';
import { planRetire } from '#domain/retention.ts';
import type { Run } from '#domain/run.ts';
import { alignAutomatic } from '#flows/align-automatic.ts';
import { checkCopies } from '#flows/check-copies.ts';
import { checkKeys } from '#flows/check-keys.ts';
import { checkPoints, mendPoints } from '#flows/check-points.ts';
import { retireCopies } from '#flows/retire-copies.ts';
import { isDue, sparePoints } from '#flows/spare-points.ts';
import { stopUnderWay } from '#flows/stop-under-way.ts';
import { tellRetireBlocked } from '#flows/tell-retire-blocked.ts';
import { tellUnheard } from '#flows/tell-unheard.ts';
import { tidyRecoveries } from '#flows/tidy-recoveries.ts';
import { watchBackupPlan } from '#flows/watch-backup-plan.ts';
import { watchCopies } from '#flows/watch-copies.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { recoveriesOf } from '#ledger/recoveries.ts';
import { changeRun, readRun } from '#ledger/runs.ts';
import { failedRuns } from '#ledger/unfinished.ts';
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

/** Workloads gone through at the same time. */
const atOnce = 20;
/**
 * Points are begun to be deleted for so long: EC2 has a few snapshots a second go, and what follows is due in this hour, too. What is left is the next
 * hour's: a thousand snapshots go in each.
 */
const retiresForMs = 300_000;

/** @throws the first error, once every workload and plan has been gone through: what is wrong with one must not keep the others' */
export async function retire(): Promise<Output> {
  const totals = { retired: 0, blocked: 0 };
  const untilMs = Date.now() + retiresForMs;
  const errors: unknown[] = [];
  await tellUnheard(new Date().toISOString()).catch((error: unknown) => errors.push(error));
  const { workloads, plans = [] } = deployedPolicy();
  for (let from = 0; from < workloads.length; from += atOnce) {
    const outcomes = await Promise.allSettled(
      workloads.slice(from, from + atOnce).map((each) => retireOf(each, untilMs)),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') errors.push(outcome.reason);
      else for (const end of outcome.value) totals[end] += 1;
    }
  }
  const looked = workloads.filter((each) => hoursSinceLook(each) === 0);
  await checkPoints(looked).catch((error: unknown) => errors.push(error));
  await checkCopies(looked).catch((error: unknown) => errors.push(error));
  await checkKeys(looked).catch((error: unknown) => errors.push(error));
  // A cache may be busy with its own run in one of the two hours, every day.
  const aligned = workloads.filter((each) => hoursSinceLook(each) % 12 === 0);
  await alignAutomatic(aligned).catch((error: unknown) => errors.push(error));
  await discardLeftovers().catch((error: unknown) => errors.push(error));
  for (const plan of plans) await watchBackupPlan(plan).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
  return totals;
}

/** Each workload is looked at in an hour of its own, so that AWS is not asked for all at once. */
const hoursSinceLook = ({ name }: Workload): number => {
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return (new Date(Date.now()).getUTCHours() + 24 - (sum % 24)) % 24;
};

/** What has parts of a kind that has left the policy is out of reach. `status` and the digest say so, and what changes it. */
const within = (points: readonly Point[]): readonly Point[] => {
  const isLeftOver = leftOverBy(deployedPolicy());
  return points.filter((point) => !isLeftOver(point));
};

/** What became of each point that was due, up to that time. */
async function retireOf(workload: Workload, untilMs: number): Promise<readonly (keyof Output)[]> {
  const ends: (keyof Output)[] = [];
  const recoveries = await recoveriesOf(workload.name);
  const points = within(await mendPoints(workload, within(await pointsOf(workload.name))));
  for (const point of await planned(workload, points, recoveries)) {
    if (Date.now() < untilMs) ends.push(await retirePoint(workload, point));
  }
  for (const problem of await tidyRecoveries(recoveries)) logger.warn(problem);
  await watchCopies(workload, points);
  ends.push(...(await retireCopies(workload, points, untilMs)));
  return ends;
}

/**
 * Points to delete now: those of earlier plans that are not done, and those of today's. Intent is in the ledger before the first
 * deletion; a recovery that began before it could see that is looked for afterwards, and what it uses stays as long as it does.
 * @param known as the ledger has them: a plan that would delete any is made anew of what AWS has, and of earlier ones nothing is left but what
 * the policy as it is now lets go, too
 * @throws what AWS throws where it does not tell: nothing is deleted then
 */
async function planned(
  workload: Workload,
  known: readonly Point[],
  recoveries: readonly Recovery[],
): Promise<readonly Point[]> {
  const { name, retention } = workload;
  const planOf = (points: readonly Point[]) => planRetire(points, retention, Date.now(), inUse(recoveries, points));
  const going = new Set(planOf(known).retire.map(({ point }) => point.id));
  if (going.size === 0 && !known.some(isDue)) return [];
  // What keeps the others from being the last good ones may have been deleted since the look of the day. What has ended by itself is nobody's loss.
  await checkPoints([workload], ({ id }) => !going.has(id));
  const points = within(await sparePoints(workload, within(await pointsOf(name))));
  const plan = planOf(points);
  logger.info(`${name}: ${plan.retire.length} points to retire, ${plan.keep.length} kept`, {
    retire: plan.retire.map(({ point, reason }) => `${point.id}: ${reason}`),
    keep: plan.keep.map(({ point, reason }) => `${point.id}: ${reason}`),
  });
  const plannedAt = new Date().toISOString();
  for (const { point, reason } of plan.retire) {
    await changePoint(name, point.id, (now) => (now.retire ? undefined : { ...now, retire: { reason, plannedAt } }));
  }
  const now = within(await pointsOf(name));
  const used = inUse(await recoveriesOf(name), now);
  return now.filter((point) => isDue(point) && !used.has(point.id));
}

/** Ids of the points that recoveries read now, and of those that are being copied. */
const inUse = (recoveries: readonly Recovery[], points: readonly Point[]): ReadonlySet<string> =>
  new Set([
    ...recoveries.filter((recovery) => !hasEnded(recovery)).map(({ pointId }) => pointId),
    ...points.filter(isCopying).map(({ id }) => id),
  ]);

async function retirePoint(workload: Workload, point: Point): Promise<keyof Output> {
  const problems = await discardAll([...copiesUnderKeys(point), ...point.artifacts]);
  if (problems.length > 0) {
    await tellRetireBlocked(workload, point, problems);
    return 'blocked';
  }
  const now = new Date().toISOString();
  await changePoint(
    point.workload,
    point.id,
    (stored) => stored.retire && { ...stored, retire: { ...stored.retire, doneAt: now } },
  );
  return 'retired';
}

/** What failed runs left, once the time to look at it is over; what they still have under way is ended before. */
async function discardLeftovers(): Promise<void> {
  for (const { workload, runId, since } of await failedRuns()) {
    const run = await readRun(workload, runId);
    if (run?.state !== 'failed') continue;
    if (isOlder(since, failedRunDays)) await discardLeft(run);
    else await stopUnderWay(run);
  }
}

const isOlder = (at: string, days: number): boolean => daysAfter(at, days) < new Date().toISOString();

/** A run can fail before it learns what its calls made; the tags know it. They are asked for a day, not for ever. */
async function discardLeft(run: Run): Promise<void> {
  const isLast = isOlder(run.endedAt ?? run.startedAt, failedRunDays + 1);
  const strays = isLast ? [] : await straysOf(run);
  const left = [...run.artifacts, ...strays];
  const living = left.filter(({ state }) => state !== 'gone');
  if (living.length === 0 && !isLast) return;
  const problems = await discardAll(living);
  for (const { message } of problems) logger.warn(`${run.id}: ${message}`);
  const isDone = problems.length === 0;
  await changeRun(run.workload, run.id, (now) => ({
    ...now,
    artifacts: isDone ? left.map((artifact) => ({ ...artifact, state: 'gone' })) : left,
    ...(isDone && isLast ? { tidiedAt: new Date().toISOString() } : {}),
  }));
}

async function straysOf(run: Run): Promise<readonly Artifact[]> {
  const kinds = [...new Set(run.plan?.members.map(({ kind }) => kind))];
  const found = await Promise.all(kinds.map((kind) => providerOf(kind).left(run)));
  return found.flat().filter(({ id }) => !run.artifacts.some((known) => known.id === id));
}

/** Deletes artifacts one by one, and returns why some could not be. */
async function discardAll(artifacts: readonly Artifact[]): Promise<readonly Fault[]> {
  const problems: Fault[] = [];
  for (const artifact of artifacts) {
    try {
      const isGone = await providerOf(artifact.kind).discard(artifact);
      if (!isGone) problems.push(transientFault(`${artifact.id} is not gone yet, or cannot be deleted yet.`));
    } catch (error) {
      problems.push(asFault(error, `deleting ${artifact.id}`));
    }
  }
  return problems;
}

export const handler = step('retire', input, retire);
