/** Mails about one backup. */
import { durationWords } from '../duration.ts';
import { holdsEverywhere, runsOnNoGuest } from '../hook-proof.ts';
import { putBackCommand } from '../put-back-command.ts';
import type { Hold, Run } from '../run.ts';
import {
  type About,
  atWords,
  command,
  compose,
  failureLines,
  indented,
  type Mail,
  type Paragraph,
  pointLines,
  quoted,
  releaseLines,
  releaseWords,
} from './layout.ts';

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

/** A run was due and not begun, because something else of the workload was under way, or the plan was refused. */
export function runRefused(
  about: About & { readonly scheduledAt: string; readonly reason: string; readonly otherRunId?: string },
): Mail {
  const { workload, scheduledAt, reason, otherRunId } = about;
  return compose(`${workload.name}: backup REFUSED; application not touched`, [
    ['APPLICATION: running. The refused backup has not touched it.'],
    [
      `What was refused: the backup of ${atWords(scheduledAt)} of workload ${workload.name}. Why:`,
      quoted(reason),
      otherRunId === undefined ? undefined : `Under way instead: ${otherRunId}.`,
    ],
    pointLines(about),
    nextSteps(about),
  ]);
}

const heldLines = ({ hook, problem, armedGuestMs }: Hold): Paragraph => [
  `${hook.kind} hook on ${hook.instanceId}, deadline ${hook.deadlineSeconds} s`,
  armedGuestMs === undefined
    ? undefined
    : `Its timer was armed at ${atWords(new Date(armedGuestMs).toISOString())} by ${runsOnNoGuest(hook.kind) ? 'its own' : "the guest's"} clock.`,
  problem === undefined ? undefined : quoted(problem),
];

function wayToRelease(holds: readonly Hold[]): Paragraph {
  const byHand = holds.flatMap((hold) => putBackCommand(hold.hook) ?? []);
  if (byHand.length > 0) {
    return [
      'Holdfast goes on asking. Nothing in ECS starts the tasks again by itself. By hand, with the count that the plan found:',
      ...byHand.map(indented),
    ];
  }
  const hook = holds[0]?.hook;
  const asking =
    'Holdfast goes on asking. Look whether the application answers. If it does not, and the timer is past,';
  if (hook !== undefined && holdsEverywhere(hook.kind)) {
    return [asking, `resume it by hand: your function ${hook.instanceId} knows how, and its log says why it has not.`];
  }
  return [
    `${asking} log in on`,
    `${hook?.instanceId ?? 'the instance'} and run the release script of the hook, fsfreeze --unfreeze its mounts, or end its database session.`,
  ];
}

/** A release was sent, and some guest has not confirmed it: the one mail that is worth waking for at once. */
/** So long after the deadline, in minutes, nobody's word is waited for. */
export const unconfirmedMinutes = 60;

const sealedAllTheSame = [
  'All its artifacts are begun. Once they are complete the point is sealed: at once when the release is confirmed, else as',
  `crash-consistent ${unconfirmedMinutes} minutes after the deadline. Stopping the instance confirms it, too.`,
];

export function releaseUnconfirmed(about: About & { readonly run: Run }): Mail {
  const { workload, run, nowMs } = about;
  const held = run.window?.holds.filter((hold) => hold.state !== 'free') ?? [];
  return compose(`${workload.name}: RELEASE NOT CONFIRMED, the application may be held still`, [
    releaseLines(run, nowMs),
    [`Not confirmed in ${ran(run)} of workload ${workload.name}:`, ...held.flatMap(heldLines)],
    wayToRelease(held),
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
