/** What came of a night, as EC2 and the inboxes show it: this knows documented tags and subjects, and nothing of the product's inside. */
import type { SnapshotRecord } from '#simulator/services/ec2/records.ts';
import { failuresAddress, type Stage } from '../scenario/stage.ts';
import { type Managed, managedBackups } from './managed.ts';

/** Weakest first. */
const consistencies: readonly (string | undefined)[] = [
  'crash-consistent',
  'filesystem-consistent',
  'application-consistent',
];

/** All of one scheduled time. */
export interface BackupGroup {
  readonly runId: string;
  /** Of volumes. */
  readonly snapshots: readonly SnapshotRecord[];
  readonly managed: readonly Managed[];
}

export const livingSnapshots = ({ services: { ec2 } }: Stage, role: string): readonly SnapshotRecord[] =>
  [...ec2.world.snapshots.values()].filter(
    ({ tags, goneAtMs, deleteRequested }) =>
      tags.get('holdfast:role') === role && goneAtMs === undefined && !deleteRequested,
  );

/** Backups that exist, by the run that made them. */
export function backups(stage: Stage): readonly BackupGroup[] {
  const snapshots = livingSnapshots(stage, 'backup').map((snapshot) => ({
    ...{ snapshot, runId: snapshot.tags.get('holdfast:run') ?? '' },
  }));
  const managed = managedBackups(stage);
  const runIds = new Set([...snapshots, ...managed].map(({ runId }) => runId));
  return [...runIds].map((runId) => ({
    runId,
    snapshots: snapshots.flatMap((each) => (each.runId === runId ? [each.snapshot] : [])),
    managed: managed.filter((each) => each.runId === runId),
  }));
}

/** What all of its tags say; what can carry none says nothing. */
export const verdictsOf = ({ snapshots, managed }: BackupGroup): ReadonlySet<string | undefined> =>
  new Set([...snapshots, ...managed].flatMap(({ tags }) => (tags ? [tags.get('holdfast:verdict')] : [])));

/** Whether something of it is not complete yet. */
export const isUnderWay = ({ snapshots, managed }: BackupGroup): boolean =>
  [...snapshots, ...managed].some(({ state }) => state === 'pending');

/** Strength of a verdict; -1 for none. */
export const rankOf = (verdict: string | undefined): number => consistencies.indexOf(verdict);

/** Groups of which all carry a verdict. */
export const sealed = (stage: Stage): readonly BackupGroup[] =>
  backups(stage).filter((group) => {
    const verdicts = [...verdictsOf(group)];
    return verdicts.length > 0 && verdicts.every((verdict) => rankOf(verdict) >= 0);
  });

/** Subjects of Holdfast's own mails about failures, without the product's mark; not of dead letters, which repeat their alarm. */
export const failureMails = (stage: Stage): readonly string[] =>
  stage
    .inbox(failuresAddress)
    .map(({ subject }) => subject)
    .filter((subject) => subject.startsWith('[Holdfast] ') && !subject.endsWith(': dead letters'))
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

/** Of a point that is there, and has less than the one before. */
export const isAboutLess = (subject: string): boolean => subject.endsWith(' is LESS than the one before');
