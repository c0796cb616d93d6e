/** Mails about one backup. */
import { durationWords } from '../duration.ts';
import type { Hold, Run } from '../run.ts';
import {
  type About,
  atWords,
  command,
  compose,
  failureLines,
  type Mail,
  type Paragraph,
  pointLines,
  quoted,
} from './layout.ts';
import { byHandLines, releaseLines, releaseWords } from './release-words.ts';

const ran = ({ scheduledAt, id }: Run) => `the backup of ${atWords(scheduledAt)} (${id})`;

const nextSteps = ({ workload }: About): Paragraph => [
  'Once the cause is gone, take the backup that is missing:',
  command(`backup ${workload.name}`),
  'See all of it:',
  command(`status ${workload.name}`),
];

/** A run ended without a point. `run.failure` says why. */
export function runFailed(about: About & { readonly run: Run }): Mail {
  const { workload, run, nowMs } = about;
  const broken = run.artifacts.filter((artifact) => artifact.problem !== undefined);
  return compose(`${workload.name}: backup FAILED; application ${releaseWords(run)}`, [
    releaseLines(run, nowMs),
    [`What failed: ${ran(run)} of workload ${workload.name}.`],
    run.failure === undefined ? ['The record does not say why.'] : failureLines(run.failure),
    broken.flatMap((artifact) => [`${artifact.id}, the copy of ${artifact.source}:`, quoted(artifact.problem ?? '')]),
    pointLines(about),
    nextSteps(about),
  ]);
}

const lateSteps = ({ workload }: About): Paragraph => [
  'Nothing more comes of it before the next scheduled time. To take it now, which holds the application still:',
  command(`backup ${workload.name}`),
  'See all of it:',
  command(`status ${workload.name}`),
];

/** A run was due and not begun, because something else of the workload was under way (`busy`), or its time had passed (`late`). */
export function runRefused(
  about: About & { readonly scheduledAt: string; readonly reason: string; readonly cause: 'busy' | 'late' },
): Mail {
  const { workload, scheduledAt, reason, cause } = about;
  return compose(`${workload.name}: backup REFUSED; application not touched`, [
    ['APPLICATION: not touched. The refused backup has done nothing to it.'],
    [`What was refused: the backup of ${atWords(scheduledAt)} of workload ${workload.name}. Why:`, quoted(reason)],
    pointLines(about),
    cause === 'late' ? lateSteps(about) : nextSteps(about),
  ]);
}

const heldLines = ({ hook, problem, armedGuestMs }: Hold): Paragraph => [
  `${hook.kind} hook on ${hook.instanceId}, deadline ${hook.deadlineSeconds} s`,
  armedGuestMs === undefined
    ? undefined
    : `Its timer was armed at ${atWords(new Date(armedGuestMs).toISOString())} by the guest's clock.`,
  problem === undefined ? undefined : quoted(problem),
];

/** So long after the deadline, in minutes, nobody's word is waited for. */
export const unconfirmedMinutes = 60;

const sealedAllTheSame = [
  'All its artifacts are begun. Once they are complete the point is sealed: at once when the release is confirmed, else as',
  `crash-consistent ${unconfirmedMinutes} minutes after the deadline. Stopping the instance confirms it, too.`,
];

/** A release was sent, and some guest has not confirmed it: the one mail that is worth waking for at once. */
export function releaseUnconfirmed(about: About & { readonly run: Run }): Mail {
  const { workload, run, nowMs } = about;
  const held = run.window?.holds.filter((hold) => hold.state !== 'free') ?? [];
  return compose(`${workload.name}: RELEASE NOT CONFIRMED, the application may be held still`, [
    releaseLines(run, nowMs),
    [`Not confirmed in ${ran(run)} of workload ${workload.name}:`, ...held.flatMap(heldLines)],
    byHandLines(run),
    run.state === 'settling' ? sealedAllTheSame : [],
    pointLines(about),
    ['See whether it has been confirmed since:', command(`status ${workload.name}`)],
  ]);
}

/** A run sealed after at least one that failed or was missed. */
export function runBack(
  about: About & { readonly run: Run; readonly failedBefore: number; readonly sinceAt: string },
): Mail {
  const { workload, run, failedBefore, sinceAt, nowMs } = about;
  const nights = failedBefore === 1 ? 'one that did' : `${failedBefore} that did`;
  return compose(`${workload.name}: backups are back`, [
    releaseLines(run, nowMs),
    [
      `What worked: ${ran(run)} of workload ${workload.name}, after ${nights} not, since ${atWords(sinceAt)}.`,
      `For ${durationWords(nowMs - Date.parse(sinceAt))} there was no new point. Nothing needs to be done.`,
    ],
    run.verdict === undefined ? [] : [`Verdict: ${run.verdict.consistency}.`, ...run.verdict.evidence.map(quoted)],
    pointLines(about),
    [command(`points ${workload.name}`)],
  ]);
}
