/**
 * The dog that didn't bark: compares what the schedules should have produced with the ledger. Independent of the scheduler
 * and of the runs themselves. One mail when a workload falls behind, one a day while it misses more, one when it is back. Dead letters are
 * counted, too.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type Missing, missing } from '#domain/expectation.ts';
import { runBack } from '#domain/mail/run-mails.ts';
import { missedRun } from '#domain/mail/watch-mails.ts';
import type { Schedule, Workload } from '#domain/policy.ts';
import { dueTimes } from '#domain/schedule.ts';
import { tellDeadLetters } from '#flows/tell-dead-letters.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { alarmed, clearAlarm, raiseAlarm, standingAlarms } from '#ledger/alarms.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { runsSince } from '#ledger/runs.ts';
import { type OpenRun, unfinished } from '#ledger/unfinished.ts';
import { type LastLook, readLooks, watchedUntil, watchOf, writeLooks } from '#ledger/watches.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { step } from '#platform/step.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** Whatever the rules carry, the hour or that the stack has been deployed: it is not read. */
export const input = z.unknown();

export interface Output {
  readonly missing: number;
}

/** What Scheduler and the beginning of a run may take. */
const graceMs = 10 * 60_000;
const kind = 'missing';
/** Every workload is looked at so often, whatever was due. */
const allMs = 20 * 3_600_000;
/** What is missed by a schedule of many times a day is told again after so long. */
const tellAgainMs = 20 * 3_600_000;
/** Workloads looked at at the same time. */
const atOnce = 50;
/** What has been looked at is looked at again for so long: a run costs less to read than the mark to move. */
const remarkMs = 20 * 3_600_000;
/** A run can become late an RPO after its time, and is looked at for so long from then on. An RPO is no less than the time between two runs. */
const lateForMs = 2 * 86_400_000;

/** @throws the first error, once every workload has been looked at: what is wrong with one must not hide the others */
export async function watch(): Promise<Output> {
  const { all, now, lastLook, names, policy, workloads } = await toLookAt(Date.now());
  const outcomes: PromiseSettledResult<Standing>[] = [];
  for (let from = 0; from < workloads.length; from += atOnce) {
    outcomes.push(
      ...(await Promise.allSettled(
        workloads.slice(from, from + atOnce).map((each) => watchWorkload(each, lastLook(each))),
      )),
    );
  }
  const [letters] = await Promise.allSettled([tellDeadLetters(now)]);
  await wakeReport();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const standings = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const isOwed = standings.some((each) => each.isOwed);
  await writeLooks({ lookedAt: now, allAt: all, names, ...(isOwed ? {} : { policy }) });
  if (letters.status === 'rejected') throw letters.reason;
  return { missing: standings.filter(({ isBehind }) => isBehind).length };
}

/**
 * Workloads of which something was due since the last look, that are late, or for which an alarm stands; all of them when a look is
 * not known, after a deployment, and once a day. A rate's times are known from its runs only, so it is always looked at.
 */
async function toLookAt(nowMs: number) {
  const { workloads } = deployedPolicy();
  const now = new Date(nowMs).toISOString();
  const policy = createHash('sha256')
    .update(JSON.stringify(workloads.map(({ name, schedule }) => [name, schedule])))
    .digest('hex');
  const looks = await readLooks();
  const lookedAt = looks?.lookedAt ?? now;
  const known = looks?.names && new Set(looks.names);
  const lastLook = ({ name }: Workload): LastLook => ({ at: lookedAt, hadIt: known?.has(name) ?? true });
  const common = { now, lastLook, names: workloads.map(({ name }) => name), policy };
  const isKnown = looks?.policy === policy && nowMs - Date.parse(looks.allAt) < allMs;
  if (!isKnown) return { ...common, all: now, workloads };
  const suspects = new Set([...(await alarmed()), ...(await overdue(nowMs))]);
  const wasDue = new Map<string, boolean>();
  const chosen = workloads.filter(({ name, schedule }) => {
    const key = JSON.stringify(schedule);
    const isDue = wasDue.get(key) ?? mayBeDue(schedule, Date.parse(lookedAt) - graceMs, nowMs - graceMs);
    wasDue.set(key, isDue);
    return isDue || suspects.has(name);
  });
  return { ...common, all: looks.allAt, workloads: chosen };
}

const isRate = ({ expression }: Schedule): boolean => expression.startsWith('rate');

const mayBeDue = (schedule: Schedule, fromMs: number, toMs: number): boolean =>
  isRate(schedule) || dueTimes(schedule, fromMs, toMs).length > 0;

/** Workloads whose run is past its window, or waits or settles though its RPO is missed. The index tells when they began. */
async function overdue(nowMs: number): Promise<readonly string[]> {
  const isPast = ({ since }: OpenRun) => Date.parse(since) < nowMs;
  const { waiting, inWindow, settling } = await unfinished();
  return [...waiting.filter(isPast), ...inWindow, ...settling].map(({ workload }) => workload);
}

interface Standing {
  readonly isBehind: boolean;
  /** Whether what was due by a schedule that has changed can be told with the next look only. */
  readonly isOwed: boolean;
}

async function watchWorkload(workload: Workload, last: LastLook): Promise<Standing> {
  const nowMs = Date.now();
  const now = new Date(nowMs).toISOString();
  const until = new Date(nowMs - graceMs).toISOString();
  const { before, ...expected } = await watchOf(workload.name, workload.schedule, last, now);
  const spans = [...(before ? [before] : []), { ...expected, until }];
  const runs = await runsSince(workload.name, lookBackTo(workload, (before ?? expected).since));
  const [first] = spans.flatMap(({ schedule, since, from = '', until: to }) => {
    const untilMs = Math.min(Date.parse(to), nowMs - graceMs);
    const own = { ...workload, schedule };
    return missing(own, runs, nowMs, Date.parse(since), { graceMs: nowMs - untilMs, fromMs: Date.parse(from) || 0 });
  });
  if (first !== undefined) await tellMissing(workload, first, now);
  else await tellBack(workload, now);
  const isOwed = before !== undefined && before.until > until;
  const isSettled = before !== undefined && !isOwed;
  if (first !== undefined || isSettled || nowMs - Date.parse(expected.since) > remarkMs) {
    await watchedUntil(workload.name, until);
  }
  return { isBehind: first !== undefined, isOwed };
}

async function tellMissing(workload: Workload, first: Missing, now: string): Promise<void> {
  const subject = first.kind === 'missed' ? first.dueAt : first.run.id;
  // A run that is late is one failure, however long it stays so; each time that was missed is one more.
  const toldAfter = first.kind === 'missed' ? new Date(Date.parse(now) - tellAgainMs).toISOString() : '';
  const alarm = await raiseAlarm({ workload: workload.name, kind, since: now, subject }, toldAfter);
  const mail = missedRun({ ...(await aboutWorkload(workload)), missing: first });
  await oweFailureMail(workload.name, idOf(workload, alarm?.subject ?? subject), mail, now);
}

const lookBackTo = ({ objectives }: Workload, since: string): string =>
  new Date(Date.parse(since) - objectives.rpoMinutes * 60_000 - lateForMs).toISOString();

/** Of what is told there is one mail, however often it is owed. */
const idOf = ({ name }: Workload, subject: string): string => `watch/${name}/${subject}`;

/** Back means a good point sealed since the alarm, not merely that nothing more is missing. */
async function tellBack(workload: Workload, now: string): Promise<void> {
  const alarm = (await standingAlarms(workload.name)).find((standing) => standing.kind === kind);
  if (alarm === undefined) return;
  const runs = await runsSince(workload.name, lookBackTo(workload, alarm.since));
  const about = await aboutWorkload(workload);
  const { id, sealedAt = '' } = about.newestPoint ?? {};
  const run = runs.find((each) => each.id === id);
  if (run === undefined || sealedAt <= alarm.since) return;
  const failedBefore = 1 + runs.filter(({ state, startedAt }) => state === 'failed' && startedAt > alarm.since).length;
  const mail = runBack({ ...about, run, failedBefore, sinceAt: alarm.since });
  await oweFailureMail(workload.name, `${idOf(workload, alarm.subject)}/back`, mail, now);
  await clearAlarm(workload.name, kind, now);
}

export const handler = step('watch', input, watch);
