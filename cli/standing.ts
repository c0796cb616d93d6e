/** How one workload stands, from the ledger. */
import { type RpoState, rpoState } from '#domain/expectation.ts';
import { type KeyCopyStanding, keyCopyStanding } from '#domain/key-copy-standing.ts';
import { type LeftOver, leftOversOf } from '#domain/left-over.ts';
import { releaseWords } from '#domain/mail/release-words.ts';
import type { Point } from '#domain/point.ts';
import { type CopyStanding, copyStanding } from '#domain/point-copy.ts';
import type { Policy, Workload } from '#domain/policy.ts';
import { hasEnded } from '#domain/recovery-progress.ts';
import { newestOf } from '#domain/retention.ts';
import { nextDue } from '#domain/schedule.ts';
import { type StandingAlarm, standingAlarms } from '#ledger/alarms.ts';
import { type Lease, readLease } from '#ledger/lease.ts';
import { pointsOf } from '#ledger/points.ts';
import { recoveriesOf } from '#ledger/recoveries.ts';
import { runsOf } from '#ledger/runs.ts';

interface ShownPoint {
  readonly id: string;
  readonly takenAt: string;
  readonly consistency: string;
}

type CopiedPoint = Pick<ShownPoint, 'id' | 'takenAt'>;

export interface Standing {
  readonly workload: string;
  readonly timeZone: string;
  readonly lastRun?: {
    readonly id: string;
    readonly state: string;
    readonly scheduledAt: string;
    readonly endedAt?: string;
    readonly failure?: string;
    readonly release: string;
  };
  /** The newest whose times are in order: the RPO is measured from it. */
  readonly newestPoint?: ShownPoint;
  /** Newer ones, whose times contradict each other; newest first. */
  readonly doubtful: readonly ShownPoint[];
  readonly rpo: RpoState;
  /** In another Region; absent: nothing is copied there. */
  readonly copies?: {
    readonly region: string;
    readonly newestPoint?: CopiedPoint;
    readonly rpo: RpoState;
    readonly isBehind: boolean;
  };
  /** Of caches, under other keys; absent: no point shall have any. */
  readonly keyCopies?: {
    /** The newest that has all of its own. */
    readonly newestPoint?: CopiedPoint;
    /** The newest point has not got its own, and will not. */
    readonly isFailed: boolean;
  };
  /** Of kinds that have left the policy: nothing retires them. */
  readonly leftOvers: readonly LeftOver[];
  /** ISO time; absent when the schedule is never due again, or not deployed. */
  readonly nextRunAt?: string;
  /** Whatever holds it still or down now. */
  readonly heldBy?: Lease;
  readonly alarms: readonly StandingAlarm[];
  /** One that is under way, or the last one if it is stranded. */
  readonly recovery?: {
    readonly id: string;
    readonly state: string;
    readonly startedAt: string;
    readonly leftovers: readonly string[];
  };
}

/** @param policy that it is of */
export async function standingOf(workload: Workload, policy: Policy, nowMs: number): Promise<Standing> {
  const { name, schedule } = workload;
  const [[run], points, lease, alarms, recoveries] = await Promise.all([
    runsOf(name, 1),
    pointsOf(name),
    readLease(name),
    standingAlarms(name),
    recoveriesOf(name),
  ]);
  const { newestPoint: newest, doubtful } = newestOf(points);
  const copies = copyStanding(workload, points, nowMs);
  const keyCopies = keyCopyStanding(points);
  const nextMs = nextDue(schedule, nowMs);
  const held = lease !== undefined && Date.parse(lease.untilAt) > nowMs ? lease : undefined;
  const recovery = recoveries.find((each, index) => !hasEnded(each) || (index === 0 && each.state === 'stranded'));
  return {
    workload: name,
    timeZone: schedule.timeZone,
    ...(run === undefined ? {} : { lastRun: lastRun(run) }),
    ...(newest === undefined ? {} : { newestPoint: pointShown(newest) }),
    doubtful: doubtful.map(pointShown),
    rpo: rpoState(workload, newest, nowMs),
    ...(copies === undefined ? {} : { copies: copiesShown(copies) }),
    ...(keyCopies === undefined ? {} : { keyCopies: copiesShown(keyCopies) }),
    leftOvers: leftOversOf(policy, points),
    ...(nextMs === undefined ? {} : { nextRunAt: new Date(nextMs).toISOString() }),
    ...(held === undefined ? {} : { heldBy: held }),
    alarms,
    ...(recovery === undefined ? {} : { recovery: openRecovery(recovery) }),
  };
}

function lastRun(run: Awaited<ReturnType<typeof runsOf>>[number]): NonNullable<Standing['lastRun']> {
  const { id, state, scheduledAt, endedAt, failure } = run;
  const ended = endedAt === undefined ? {} : { endedAt };
  return {
    id,
    state,
    scheduledAt,
    ...ended,
    ...(failure === undefined ? {} : { failure: failure.message }),
    release: releaseWords(run),
  };
}

const pointShown = ({ id, takenAt, verdict }: Point): ShownPoint => ({
  ...{ id, takenAt, consistency: verdict.consistency },
});

function copiesShown<Copies extends CopyStanding | KeyCopyStanding>({ newest, ...standing }: Copies) {
  return { ...standing, ...(newest === undefined ? {} : { newestPoint: { id: newest.id, takenAt: newest.takenAt } }) };
}

const openRecovery = ({ id, state, startedAt, leftovers = [] }: Awaited<ReturnType<typeof recoveriesOf>>[number]) => ({
  ...{ id, state, startedAt, leftovers },
});
