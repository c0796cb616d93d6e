/** The mail about a sealed point that has lost a part. */
import type { Point } from '../point.ts';
import { type About, atWords, command, compose, type Mail, pointLines, quoted } from './layout.ts';

/** @param about with the newest point that is whole; `point.broken` says what is missing */
export function pointBroken(about: About & { readonly point: Point }): Mail {
  const { workload, point } = about;
  return compose(`${workload.name}: a recovery point is BROKEN; a part of it is gone`, [
    ['APPLICATION: not concerned. Backups go on; but this point cannot be recovered from any more.'],
    [
      `What is broken: point ${point.id} of ${atWords(point.takenAt)}. It was whole when it was sealed, and Holdfast has deleted nothing of it.`,
      quoted(point.broken?.problem ?? 'The record does not say what is missing.'),
    ],
    [whyOf(point)],
    pointLines(about),
    [
      'What can be recovered, and a fresh point:',
      command(`points ${workload.name}`),
      command(`backup ${workload.name}`),
    ],
  ]);
}

const whyOf = ({ artifacts }: Point): string =>
  artifacts.some(({ continuous }) => continuous)
    ? 'Somebody, or a rule of somebody’s, deletes snapshots, or has shortened, switched off or deleted a continuous backup: CloudTrail says who. Until that ends, others may go too.'
    : 'Somebody, or a rule of somebody’s, deletes snapshots: CloudTrail says who. Until that ends, others may go too.';
