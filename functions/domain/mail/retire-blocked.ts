/** The mail about points that should go and cannot. */
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, type Mail, pointLines, quoted } from './layout.ts';

/** @param problem why the point cannot be deleted, in AWS's words (an image uses the snapshot, a lock, a denied call) */
export function retireBlocked(about: About & { readonly point: Point; readonly problem: string }): Mail {
  const { workload, point, problem } = about;
  return compose(`${workload.name}: an old point cannot be deleted`, [
    ['APPLICATION: not concerned. Backups go on; only the storage of an old point is still being paid for.'],
    [
      `What is stuck: point ${point.id} of ${atWords(point.takenAt)}, ${point.retire?.reason ?? 'to be retired'}. Its artifacts:`,
      ...point.artifacts.map((artifact) => `    ${artifact.id} (copy of ${artifact.source})`),
      'It cannot be deleted because:',
      quoted(problem),
    ],
    pointLines(about),
    ['Holdfast tries again by itself. What it would delete next:', command(`points ${workload.name}`)],
  ]);
}
