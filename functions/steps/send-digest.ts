/** Once a day: what was backed up, to the people who want to hear of successes. */
import * as z from 'zod/mini';
import { daysAfter } from '#domain/expiry.ts';
import { leftOversOf } from '#domain/left-over.ts';
import { type DigestEntry, digest } from '#domain/mail/digest.ts';
import { copyStanding } from '#domain/point-copy.ts';
import type { Workload } from '#domain/policy.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweNotice } from '#ledger/notices.ts';
import { pointsOf } from '#ledger/points.ts';
import { runsSince } from '#ledger/runs.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { step } from '#platform/step.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** Whatever the rule carries: it is not read. */
export const input = z.unknown();

export interface Output {
  readonly workloads: number;
}

/** Days that a run may take from its scheduled time until it is sealed, to be found here. */
const longestDays = 3;

/** One mail for the workloads that the same people want to hear of. */
export async function sendDigest(): Promise<Output> {
  const concerned = deployedPolicy().workloads.filter(({ mail }) => mail.reports.length > 0);
  const groups = Map.groupBy(concerned, ({ mail }) => [...mail.reports].sort().join(' '));
  for (const workloads of groups.values()) await oweDigest(workloads);
  await wakeReport();
  return { workloads: concerned.length };
}

async function oweDigest(workloads: readonly Workload[]): Promise<void> {
  const now = new Date().toISOString();
  const day = now.slice(0, 10);
  const mail = digest({ day, entries: await Promise.all(workloads.map(entryOf)) });
  const names = workloads.map(({ name }) => name);
  await oweNotice({
    id: `digest/${names[0]}/${day}`, // no workload is in two groups, and all the names of one do not fit into a key
    audience: 'reports',
    workloads: names,
    createdAt: now,
    ...mail,
  });
}

async function entryOf(workload: Workload): Promise<DigestEntry> {
  const about = await aboutWorkload(workload);
  const from = daysAfter(new Date(about.nowMs).toISOString(), -1);
  const sealed = (await runsSince(workload.name, daysAfter(from, -longestDays))).filter(
    ({ state, endedAt }) => state === 'sealed' && endedAt !== undefined && endedAt > from,
  );
  const points = await pointsOf(workload.name);
  const copies = copyStanding(workload, points, about.nowMs);
  const leftOvers = leftOversOf(deployedPolicy(), points);
  return { ...about, sealed, leftOvers, ...(copies === undefined ? {} : { copies }) };
}

export const handler = step('send-digest', input, sendDigest);
