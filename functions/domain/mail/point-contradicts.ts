/** The mail about a point whose own times contradict each other. */
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, type Mail, pointLines, quoted } from './layout.ts';

const mostListed = 10;

/** @param about `point.contradictions` says what disagrees, at least one sentence */
export function pointContradicts(about: About & { readonly point: Point }): Mail {
  const { workload, point } = about;
  const { contradictions = [] } = point;
  return compose(`${workload.name}: a recovery point CONTRADICTS its own times; application released`, [
    ['APPLICATION: released. Nothing of Holdfast holds it still.'],
    [
      `What is wrong: point ${point.id} of ${atWords(point.takenAt)} is sealed as crash-consistent. The run has held still, taken and let go in order; but AWS has other times:`,
      ...contradictions.slice(0, mostListed).map(quoted),
      contradictions.length > mostListed ? `And ${contradictions.length - mostListed} more.` : undefined,
    ],
    [
      'A clock may be wrong, or somebody else may have made these snapshots. A recovery takes the newest point that has no such trouble;',
      'this one only where it is named with --point, or where there is no other.',
    ],
    pointLines(about),
    [
      'Look at its evidence, and take another:',
      command(`points ${workload.name} --evidence`),
      command(`backup ${workload.name}`),
    ],
  ]);
}
