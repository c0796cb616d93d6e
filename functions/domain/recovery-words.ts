/** What a recovery is about, in words for mails and the command line alike. */
import type { Carriers } from './application-state.ts';
import type { Recovery, RecoveryRequest } from './recovery.ts';

/** Of a plan whose targets are not known, volumes are the likeliest. */
const hasVolumes = ({ plan: { targets } }: Recovery): boolean =>
  targets.length === 0 || targets.some(({ kind }) => kind === 'ebs');

/** What carries the application's data. */
export const carriers = ({ plan: { targets } }: Recovery): Carriers =>
  targets.every(({ kind }) => kind === 'ebs') ? 'volumes' : 'resources';

/** Where what was replaced is now, once a recovery is committed: a sentence each. */
export const keptLines = (recovery: Recovery): readonly string[] => [
  ...(hasVolumes(recovery)
    ? [
        `The replaced volumes are kept for ${recovery.plan.keepReplacedDays} days, tagged holdfast:recovery = ${recovery.id}.`,
      ]
    : []),
  ...recovery.plan.targets.flatMap(({ keeps }) => keeps ?? []),
];

/** `Holdfast deleted no volume`, or nothing at all. */
export const deletedNothing = (recovery: Recovery): string =>
  `Holdfast deleted ${hasVolumes(recovery) ? 'no volume' : 'nothing'}`;

/** The command, without `npx holdfast`, that asks for the same from a point. */
export const recoverAgain = (
  { workload, toInstance, volumes, replace, rdb }: RecoveryRequest,
  pointId: string,
): string =>
  [
    `recover ${workload} ${rdb === undefined ? `--point ${pointId}` : `--rdb ${rdb.join(' ')}`}`,
    ...(toInstance === undefined ? [] : [`--to-instance ${toInstance}`]),
    ...(volumes === undefined ? [] : [`--volume ${volumes.join(' ')}`]),
    ...(replace === true ? ['--replace'] : []),
  ].join(' ');
