/** What came of a night, as EC2 and the inboxes show it: this knows documented tags and subjects, and nothing of the product's inside. */
import type { Job } from '#simulator/services/backup/jobs.ts';
import type { RecoveryPoint } from '#simulator/services/backup/points.ts';
import type { SnapshotRecord } from '#simulator/services/ec2/records.ts';
import type { Snapshot as DatabaseSnapshot } from '#simulator/services/rds/snapshots.ts';
import { failuresAddress, type Stage } from '../scenario/stage.ts';

/** Weakest first. */
const consistencies: readonly (string | undefined)[] = [
  'crash-consistent',
  'filesystem-consistent',
  'application-consistent',
];

/** Snapshots of one scheduled time. */
export interface SnapshotGroup {
  readonly runId: string;
  readonly snapshots: readonly SnapshotRecord[];
}

export const livingSnapshots = ({ services: { ec2 } }: Stage, role: string): readonly SnapshotRecord[] =>
  [...ec2.world.snapshots.values()].filter(
    ({ tags, goneAtMs, deleteRequested }) =>
      tags.get('holdfast:role') === role && goneAtMs === undefined && !deleteRequested,
  );

/** Snapshots of databases that exist, of one run. */
export const databaseSnapshots = ({ services: { rds } }: Stage, runId: string): readonly DatabaseSnapshot[] =>
  [...rds.world.snapshots.values()].filter(({ tags }) => tags.get('holdfast:run') === runId);

/** Of AWS Backup, of one run; not those that are being deleted. */
export const filePoints = ({ services: { backup } }: Stage, runId: string): readonly RecoveryPoint[] =>
  [...backup.world.points.values()].filter(
    ({ tags, status }) => tags.get('holdfast:run') === runId && status !== 'DELETING',
  );

/** Jobs by which AWS Backup copied what exists of one run. */
export const fileJobs = (stage: Stage, runId: string): readonly Job[] => {
  const made = new Set(filePoints(stage, runId).map(({ arn }) => arn));
  return [...stage.services.backup.world.jobs.values()].filter(({ pointArn = '' }) => made.has(pointArn));
};

/** Backups that exist, by the run that made them. */
export const backups = (stage: Stage): readonly SnapshotGroup[] =>
  [...Map.groupBy(livingSnapshots(stage, 'backup'), ({ tags }) => tags.get('holdfast:run') ?? '')].map(
    ([runId, snapshots]) => ({ runId, snapshots }),
  );

export const isLabelled = ({ tags }: SnapshotRecord): boolean => rankOf(tags.get('holdfast:verdict')) >= 0;

/** Strength of a verdict; -1 for none. */
export const rankOf = (verdict: string | undefined): number => consistencies.indexOf(verdict);

/** Groups of which every snapshot carries a verdict. */
export const sealed = (stage: Stage): readonly SnapshotGroup[] =>
  backups(stage).filter(({ snapshots }) => snapshots.every(isLabelled));

/** Subjects of Holdfast's own mails about failures, without the product's mark. */
export const failureMails = (stage: Stage): readonly string[] =>
  stage
    .inbox(failuresAddress)
    .map(({ subject }) => subject)
    .filter((subject) => subject.startsWith('[Holdfast] '))
    .map((subject) => subject.replace('[Holdfast] ', ''));

/** Subjects of alarms of CloudWatch since then. */
export const alarmsSince = (stage: Stage, sinceMs: number): readonly string[] =>
  stage
    .inbox(failuresAddress)
    .filter(({ timeMs }) => timeMs >= sinceMs)
    .map(({ subject }) => subject)
    .filter((subject) => subject.startsWith('ALARM'));

/** The night has a point, or somebody was told that it has none. */
export const hasSettled = (stage: Stage): boolean =>
  sealed(stage).length > 0 || failureMails(stage).some((subject) => !isAboutRelease(subject));

/** Not of one that also tells of a failed backup, in which the state of the application comes second. */
export const isAboutRelease = (subject: string): boolean => subject.includes(': RELEASE NOT CONFIRMED');
