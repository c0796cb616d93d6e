/** The mail about a sealed point that has less than the one before it. */
import type { Losses } from '../lesser-point.ts';
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, type Mail, type Paragraph, pointLines, quoted } from './layout.ts';

const mostListed = 10;

export function pointLesser(about: About & { readonly point: Point; readonly losses: Losses }): Mail {
  const { workload, point, losses } = about;
  const { before } = losses;
  return compose(`${workload.name}: a recovery point is LESS than the one before`, [
    ['APPLICATION: not concerned. The point is sealed, and can be recovered from.'],
    [`What is less: point ${point.id} of ${atWords(point.takenAt)}, than ${before.id} of ${atWords(before.takenAt)}.`],
    consistencyLines(point, losses),
    missingLines(losses),
    [
      'If the policy, or what it selects, was changed to that, all is well. This is told once: the next point is compared with this one.',
      `If not, a recovery of what is missing takes the other: --point ${before.id}`,
    ],
    pointLines(about),
    [
      'What each point is and why, what a run would take now, and a fresh point:',
      command(`points ${workload.name} --evidence`),
      command(`plan ${workload.name}`),
      command(`backup ${workload.name}`),
    ],
  ]);
}

function consistencyLines({ verdict }: Point, { before, isLessConsistent }: Losses): Paragraph {
  if (!isLessConsistent) return [];
  return [
    `It is ${verdict.consistency}, and that one is ${before.verdict.consistency}. Why:`,
    ...listed(verdict.evidence.map(quoted)),
  ];
}

function missingLines({ missing }: Losses): Paragraph {
  if (missing.length === 0) return [];
  return [
    'It has fewer parts: the workload’s selectors no longer find all that they did. Not in it:',
    ...listed(missing.map(({ kind, source, id }) => quoted(`${kind} ${source} (there it is ${id})`))),
  ];
}

const listed = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostListed ? lines : [...lines.slice(0, mostListed), `And ${lines.length - mostListed} more.`];
