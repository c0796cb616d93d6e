/** The mail about a point that has lost a snapshot, of which there is a copy under another key. */
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, type Mail, pointLines, quoted } from './layout.ts';

export interface StandIn {
  readonly point: Point;
  /** The copy's name. */
  readonly copy: string;
  /** What is lost, in a sentence. */
  readonly problem: string;
}

export function copyStandsIn(about: About & StandIn): Mail {
  const { workload, point, copy, problem } = about;
  return compose(`${workload.name}: a point has lost a snapshot; its copy stands in for it`, [
    ['APPLICATION: not concerned. Backups go on, and the point can be recovered from: a recovery takes the copy.'],
    [
      `What is lost: of point ${point.id} of ${atWords(point.takenAt)}, and nothing that Holdfast has deleted. The copy is all that is left of it.`,
      quoted(`${problem}; the copy is ${copy}`),
    ],
    [
      'Somebody, or a rule of somebody’s, deletes snapshots: CloudTrail says who. Until that ends, the copy may go too, and the point with it.',
    ],
    pointLines(about),
    [
      'What can be recovered, and a fresh point:',
      command(`points ${workload.name} --evidence`),
      command(`backup ${workload.name}`),
    ],
  ]);
}
