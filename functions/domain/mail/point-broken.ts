/** The mails about a sealed point that has lost a part, and has it again. */
import type { Artifact } from '../artifact.ts';
import type { Point } from '../point.ts';
import {
  type About,
  atWords,
  command,
  compose,
  indented,
  type Mail,
  type Paragraph,
  pointLines,
  quoted,
} from './layout.ts';

/** @param about with the newest point that is whole; `point.broken` says what is missing, and `missing` which artifacts that are */
export function pointBroken(about: About & { readonly point: Point; readonly missing: readonly Artifact[] }): Mail {
  const { workload, point, missing } = about;
  return compose(`${workload.name}: a recovery point is BROKEN; a part of it is gone`, [
    ['APPLICATION: not concerned. Backups go on; but this point cannot be recovered from any more.'],
    [
      `What is broken: point ${point.id} of ${atWords(point.takenAt)}. It was whole when it was sealed, and Holdfast has deleted nothing of it.`,
      quoted(point.broken?.problem ?? 'The record does not say what is missing.'),
    ],
    [whyOf(point)],
    wayBack(missing),
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

/**
 * What AWS's Recycle Bin keeps, where the account has a rule for it.
 * https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin.html
 */
const fromRecycleBin: Readonly<Record<string, (id: string) => string>> = {
  ebs: (id) => `aws ec2 restore-snapshot-from-recycle-bin --snapshot-id ${id}`,
  ami: (id) => `aws ec2 restore-image-from-recycle-bin --image-id ${id}`,
};

function wayBack(missing: readonly Artifact[]): Paragraph {
  const lines = missing.flatMap(({ kind, id }) => fromRecycleBin[kind]?.(id) ?? []);
  if (lines.length === 0) return [];
  return [
    'If the Recycle Bin of this Region has what is missing, bring it back. Holdfast looks every hour, and offers the point again once it is whole:',
    ...lines.map(indented),
  ];
}

/** All that it had lost is there again. @param about with the newest point, this one among them */
export function pointWhole(about: About & { readonly point: Point }): Mail {
  const { workload, point } = about;
  return compose(`${workload.name}: a recovery point is whole again`, [
    ['APPLICATION: not concerned. The point can be recovered from as before.'],
    [
      `What is whole: point ${point.id} of ${atWords(point.takenAt)}. Every part of it is there and complete; it counts, and is retired, as before.`,
    ],
    pointLines(about),
    ['What can be recovered:', command(`points ${workload.name}`)],
  ]);
}
