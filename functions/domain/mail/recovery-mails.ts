/** Mails about one recovery. */
import { applicationWords } from '../application-state.ts';
import { durationWords } from '../duration.ts';
import { isOfInstances } from '../member-kinds.ts';
import type { Point } from '../point.ts';
import type { Recovery, RecoveryRequest } from '../recovery.ts';
import { carriers, deletedNothing, keptLines, recoverAgain } from '../recovery-words.ts';
import { slowPaceMinutes } from '../undo-attempts.ts';
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
} from './layout.ts';

type AboutRecovery = About & { readonly recovery: Recovery };

function asked({ requestedBy, reason }: RecoveryRequest): Paragraph {
  return [
    ...(requestedBy === undefined ? [] : ['Asked for by:', quoted(requestedBy)]),
    ...(reason === undefined ? [] : ['Because:', quoted(reason)]),
  ];
}

const took = ({ startedAt, endedAt }: Recovery, nowMs: number) =>
  (endedAt === undefined ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt);

const phaseLines = ({ phases }: Recovery): Paragraph => [
  'Phases:',
  ...phases.map(({ phase, startedAt, endedAt }) => {
    const lasted = endedAt === undefined ? 'not ended' : durationWords(Date.parse(endedAt) - Date.parse(startedAt));
    return `    ${phase.padEnd(12)} ${lasted}`;
  }),
];

const again = ({ recovery: { request, pointId } }: AboutRecovery): Paragraph => [
  'Once the cause is gone, see the plan, then do it:',
  command(`${recoverAgain(request, pointId)} --dry-run`),
  command(recoverAgain(request, pointId)),
];

/** By what was run, not by what is set. */
function verdictLines(recovery: Recovery): Paragraph {
  const { verify, targets } = recovery.plan;
  const started = `APPLICATION: started on the recovered ${carriers(recovery)}.`;
  if (verify === undefined) return [`${started} No verify script is set, so look whether it works.`];
  if (!targets.some(({ verifiedOn }) => verifiedOn !== undefined)) {
    return [
      `${started} The verify script was NOT RUN, since no instance was there to run it on, so look whether it works:`,
      `    ${verify}`,
    ];
  }
  const unasked = targets.filter(({ kind, verifiedOn }) => isOfInstances(kind) && verifiedOn === undefined);
  return [
    `APPLICATION: running on the recovered ${carriers(recovery)}; its verify script says that it works.`,
    ...(unasked.length === 0
      ? []
      : [`It was not run for ${unasked.map(({ resource }) => resource).join(', ')}: look whether that works.`]),
  ];
}

/** The workload is back; `point` is the one that it was recovered from. */
export function recoveryCommitted(about: AboutRecovery & { readonly point: Point }): Mail {
  const { workload, recovery, point, nowMs } = about;
  const { warnings } = recovery.plan;
  const lastedMs = took(recovery, nowMs);
  const rtoMs = workload.objectives.rtoMinutes * 60_000;
  return compose(`${workload.name}: RECOVERED to ${atWords(point.takenAt)}`, [
    verdictLines(recovery),
    [
      `What was done: recovery ${recovery.id} of workload ${workload.name} from point ${point.id}.`,
      `Its data is of ${atWords(point.takenAt)}, ${point.verdict.consistency}. What was written later is not in it.`,
      `It took ${durationWords(lastedMs)}, ${lastedMs <= rtoMs ? 'within' : 'PAST'} the RTO of ${durationWords(rtoMs)}.`,
      ...keptLines(recovery),
    ],
    warnings.length === 0 ? [] : ['Warnings of the plan:', ...warnings.map(quoted)],
    asked(recovery.request),
    phaseLines(recovery),
    pointLines(about),
    ['Take a fresh point of what runs now:', command(`backup ${workload.name}`), command(`status ${workload.name}`)],
  ]);
}

/** It failed, and the workload is as it was before. */
export function recoveryRolledBack(about: AboutRecovery): Mail {
  const { workload, recovery } = about;
  return compose(`${workload.name}: recovery FAILED and was rolled back`, [
    [`APPLICATION: as it was before the recovery, on the ${carriers(recovery)} that it had.`],
    [`What failed: recovery ${recovery.id} of workload ${workload.name} from point ${recovery.pointId}.`],
    recovery.failure === undefined ? ['The record does not say why.'] : failureLines(recovery.failure),
    recovery.plan.targets.flatMap(({ leaves }) => leaves ?? []),
    asked(recovery.request),
    phaseLines(recovery),
    pointLines(about),
    again(about),
  ]);
}

const wentWithIt = {
  volumes: 'What was to go with the instance went with it (DeleteOnTermination)',
  resources: 'What somebody else deleted is gone, and what was to go with it',
} as const;

/** Rolling back failed as well: a person must finish. `recovery.leftovers` says what is where, and what to type. */
export function recoveryStranded(about: AboutRecovery): Mail {
  const { workload, recovery } = about;
  const { leftovers = [], application = 'unknown' } = recovery;
  const { subject, sentence } = applicationWords(application, carriers(recovery));
  return compose(`${workload.name}: recovery STRANDED, ${subject}, act now`, [
    [`APPLICATION: ${sentence}`, 'Neither the recovery nor its roll back could finish. A person must.'],
    [
      application === 'gone'
        ? `${deletedNothing(recovery)}. ${wentWithIt[carriers(recovery)]}; the rest still exists.`
        : `${deletedNothing(recovery)}: the data from before the recovery still exists.`,
    ],
    leftovers.length === 0
      ? ['The record does not say what is where; look for what is tagged', `    holdfast:recovery = ${recovery.id}`]
      : ['What is where, and the commands to finish by hand:', ...leftovers.map(indented)],
    [`What failed: recovery ${recovery.id} of workload ${workload.name} from point ${recovery.pointId}.`],
    recovery.failure === undefined ? [] : failureLines(recovery.failure),
    asked(recovery.request),
    phaseLines(recovery),
    pointLines(about),
    ['See the record:', command(`status ${workload.name}`)],
  ]);
}

/** Phases after which the application works as before the recovery, whatever else there is. */
const harmless: readonly string[] = ['create', 'safeguard'];

/**
 * Its execution is gone, and every attempt to undo it ended without an outcome: the ledger, or AWS, does not let it be written down.
 * Nothing can be asked here, so the mail tells what the ledger knows.
 * @param attempts how often it was tried
 * @param commands as an operator types them: to have it rolled back at once, and to see why the last attempt failed
 */
export function recoveryStuck(
  about: AboutRecovery & {
    readonly attempts: number;
    readonly commands: { readonly again: string; readonly why: string };
  },
): Mail {
  const { workload, recovery, attempts, commands } = about;
  const isUntouched = recovery.phases.every(({ phase }) => harmless.includes(phase));
  const subject = isUntouched ? 'the application was not touched yet' : 'the application may be DOWN';
  return compose(`${workload.name}: recovery STRANDED, ${subject}, act now`, [
    [
      isUntouched
        ? 'APPLICATION: not touched. The recovery has not stopped anything yet.'
        : 'APPLICATION: perhaps DOWN: the recovery has stopped it, or was about to, and nothing has brought it back.',
      `The execution of the recovery is gone, and ${attempts} attempts to roll it back have failed. A person must look.`,
    ],
    [
      `${deletedNothing(recovery)}: the data from before the recovery still exists.`,
      `Holdfast tries again every ${slowPaceMinutes} minutes, and until that has an end it begins no backup and no other recovery of ${workload.name}.`,
    ],
    [
      'Why it failed is at the end of:',
      indented(commands.why),
      'Once the cause is gone, have it rolled back at once:',
      indented(commands.again),
    ],
    [
      'Or by hand. What the recovery was to do, in order; how far it came is below, and what is where only AWS can tell. What it made or replaced is tagged',
      `    holdfast:recovery = ${recovery.id}`,
      ...recovery.plan.calls.map(indented),
    ],
    [`What failed: recovery ${recovery.id} of workload ${workload.name} from point ${recovery.pointId}.`],
    recovery.failure === undefined ? [] : failureLines(recovery.failure),
    asked(recovery.request),
    phaseLines(recovery),
    pointLines(about),
    ['See the record:', command(`status ${workload.name}`)],
  ]);
}

/** It was found impossible before anything was changed. `refusals`: one sentence each. */
export function recoveryRefused(
  about: About & { readonly request: RecoveryRequest; readonly refusals: readonly string[] },
): Mail {
  const { workload, request, refusals } = about;
  return compose(`${workload.name}: recovery REFUSED; nothing was changed`, [
    ['APPLICATION: not touched. The recovery was refused before anything was changed.'],
    [`What was refused: a recovery of workload ${workload.name}. Why:`, ...refusals.map(quoted)],
    asked(request),
    pointLines(about),
    [
      'See the points, then the plan:',
      command(`points ${workload.name}`),
      command(`recover ${workload.name} --dry-run`),
    ],
  ]);
}
