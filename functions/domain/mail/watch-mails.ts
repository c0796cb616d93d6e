/** Mails about what should exist and does not. */
import type { Missing } from '../expectation.ts';
import { type About, atWords, command, compose, type Mail, pointLines } from './layout.ts';
import { releaseLines, releaseWords } from './release-words.ts';

/** A due time without a run, or a run that is still open when its point should long be sealed. */
export function missedRun(about: About & { readonly missing: Missing }): Mail {
  return about.missing.kind === 'missed' ? neverBegan(about, about.missing) : stillOpen(about, about.missing);
}

function neverBegan(about: About, { dueAt }: Extract<Missing, { kind: 'missed' }>): Mail {
  const { workload } = about;
  return compose(`${workload.name}: backup MISSED, it never began`, [
    ['APPLICATION: not touched. No backup of it has begun.'],
    [
      `What is missing: the backup of workload ${workload.name} that was due at ${atWords(dueAt)}`,
      `by ${workload.schedule.expression} in ${workload.schedule.timeZone}. There is no trace that it was begun.`,
      'The usual causes: the schedule is disabled or deleted, or its role may not start the function (see its dead-letter queue).',
    ],
    pointLines(about),
    ['Take it now, and see the rest:', command(`backup ${workload.name}`), command(`status ${workload.name}`)],
  ]);
}

function stillOpen(about: About, { run, reason, sinceAt }: Extract<Missing, { kind: 'late' }>): Mail {
  const { workload, nowMs } = about;
  const expected = reason === 'window' ? 'its window should have ended' : 'its point should have been sealed';
  return compose(`${workload.name}: backup LATE, still ${run.state}; application ${releaseWords(run)}`, [
    releaseLines(run, nowMs),
    [
      `What is late: the backup of ${atWords(run.scheduledAt)} (${run.id}) of workload ${workload.name}.`,
      `It is still ${run.state}; by ${atWords(sinceAt)} ${expected}.`,
    ],
    pointLines(about),
    ['See what it waits for:', command(`status ${workload.name}`)],
  ]);
}
