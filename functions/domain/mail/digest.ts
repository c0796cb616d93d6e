/** The mail of what went well. */
import { durationWords } from '../duration.ts';
import { rpoState } from '../expectation.ts';
import { contradictions } from '../judge.ts';
import { type LeftOver, leftOverWords } from '../left-over.ts';
import type { CopyStanding } from '../point-copy.ts';
import type { Run } from '../run.ts';
import { copyLines } from './copy-mails.ts';
import { type About, atWords, command, compose, type Mail, type Paragraph, pointLines } from './layout.ts';

export interface DigestEntry extends About {
  /** Those that were sealed on the day. */
  readonly sealed: readonly Run[];
  /** In another Region; absent: nothing is copied there. */
  readonly copies?: CopyStanding;
  readonly leftOvers?: readonly LeftOver[];
}

const isDoubtful = (run: Run): boolean => contradictions(run).length > 0;

function runLine(run: Run): string {
  const { id, verdict, artifacts } = run;
  const held = verdict?.windowMs === undefined ? '' : `, held still for ${(verdict.windowMs / 1000).toFixed(1)} s`;
  const count = artifacts.length === 1 ? '1 artifact' : `${artifacts.length} artifacts`;
  return `    ${id}: ${verdict?.consistency ?? 'no verdict'}, ${count}${held}${isDoubtful(run) ? '; DOUBTFUL' : ''}`;
}

const entryLines = (entry: DigestEntry): Paragraph => [
  `${entry.workload.name}: ${entry.sealed.length === 0 ? 'no new point' : 'sealed'}`,
  ...entry.sealed.map(runLine),
  ...pointLines(entry),
  ...(entry.copies === undefined ? [] : copyLines(entry.copies)),
  ...(entry.leftOvers ?? []).map((each) => `    ${leftOverWords(each)}`),
];

/**
 * @param day ISO date that it is about, UTC
 * @param entries one a workload, also those without a new point: silence about one would read as health
 */
export function digest({ day, entries }: { readonly day: string; readonly entries: readonly DigestEntry[] }): Mail {
  const sealed = entries.flatMap((entry) => entry.sealed);
  const doubtful = sealed.filter(isDoubtful).length;
  const states = entries.map((entry) => ({ entry, rpo: rpoState(entry.workload, entry.newestPoint, entry.nowMs) }));
  const behind = states.filter(({ rpo }) => rpo.state !== 'met');
  const count = sealed.length === 1 ? '1 new point' : `${sealed.length} new points`;
  const points = doubtful === 0 ? count : `${count}, ${doubtful} of them DOUBTFUL`;
  const objective =
    behind.length === 0 ? 'all within their RPO' : `${behind.length} of ${entries.length} PAST their RPO`;
  return compose(`${day}: ${points}, ${objective}`, [
    [`APPLICATIONS: ${points} on ${day}; ${objective}.`],
    behind.map(({ entry, rpo }) =>
      rpo.state === 'missed'
        ? `${entry.workload.name} is past its RPO by ${durationWords(rpo.overdueMs)}; its newest point is of ${atWords(entry.newestPoint?.takenAt ?? '')}.`
        : `${entry.workload.name} has no ${entry.doubtful?.length ? 'good point' : 'point at all'}.`,
    ),
    ...entries.map(entryLines),
    ['More:', command('status')],
  ]);
}
