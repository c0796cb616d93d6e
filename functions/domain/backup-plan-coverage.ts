/** What the rules of a plan of AWS Backup should have begun, and what came of it. */
import type { BackupPlan, BackupRule } from './backup-plan.ts';
import { backupPlanTypeOf } from './backup-plan-types.ts';
import { previousDue } from './schedule.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A job of AWS Backup into a plan's vault. */
export interface BackupPlanJob {
  readonly id: string;
  /** ARN of what it copies. */
  readonly resource: string;
  readonly state: string;
  /** AWS Backup's own words. */
  readonly message?: string;
  readonly createdAt: string;
}

const badEnds: readonly string[] = ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'];

/**
 * How a job ended that came to no good end; undefined for others. "Completed with issues" is COMPLETED with a message.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function troubleOf({ state, message = '' }: BackupPlanJob): string | undefined {
  if (badEnds.includes(state)) return state;
  return state === 'COMPLETED' && message !== '' ? 'COMPLETED with issues' : undefined;
}

/** What a plan has been seen to reach: by ARN, since when, ISO. */
export type Seen = Readonly<Record<string, string>>;

export interface MissedCopies {
  /** When the rules were due, ISO. */
  readonly dueAt: string;
  /** ARNs of what no job was begun of. Empty: the plan reached nothing. */
  readonly resources: readonly string[];
}

interface Known {
  /** Of at least `jobsReachMs` before now. */
  readonly jobs: readonly BackupPlanJob[];
  readonly seen: Seen;
  /** Since when the plan has reached nothing; absent: it reaches something. ISO. */
  readonly emptySince?: string | undefined;
  readonly nowMs: number;
}

/** Begun within the start window; a job is there from the rule's time on. */
const graceMs = 10 * minuteMs;
/** So long after its start window a due time is looked at. */
const lookBackMs = dayMs;

const startMs = ({ startMinutes }: BackupRule) => startMinutes * minuteMs;
const longestStartMs = ({ rules }: BackupPlan) => Math.max(...rules.map(startMs));

/** How far back jobs must be known. Two start windows: of two rules that overlap, the earlier one's job may count for both. */
export const jobsReachMs = (plan: BackupPlan): number => lookBackMs + 2 * longestStartMs(plan) + graceMs;

/**
 * What the newest due time of each rule whose start window is over should have begun, and has not. Whether what was begun came to a good end
 * is another question (`troubleOf`).
 */
export function missedCopies(plan: BackupPlan, { jobs, seen, emptySince, nowMs }: Known): readonly MissedCopies[] {
  const due = new Set(plan.rules.flatMap((rule) => newestDue(rule, nowMs) ?? []));
  return [...due].toSorted().flatMap((dueMs): MissedCopies[] => {
    const dueAt = new Date(dueMs).toISOString();
    if (emptySince !== undefined) return emptySince < dueAt ? [{ dueAt, resources: [] }] : [];
    const fromAt = new Date(dueMs - longestStartMs(plan)).toISOString();
    const begun = new Set(jobs.filter(({ createdAt }) => createdAt >= fromAt).map(({ resource }) => resource));
    const resources = Object.entries(seen)
      .filter(([arn, since]) => since < dueAt && !begun.has(arn) && isSurelyTaken(arn, jobs))
      .map(([arn]) => arn);
    return resources.length === 0 ? [] : [{ dueAt, resources: resources.toSorted() }];
  });
}

function newestDue(rule: BackupRule, nowMs: number): number | undefined {
  const doneMs = nowMs - startMs(rule) - graceMs;
  const dueMs = previousDue(rule, doneMs + 1);
  return dueMs !== undefined && dueMs > doneMs - lookBackMs ? dueMs : undefined;
}

/** An instance of a cluster looks as any DB instance does, and is copied with its cluster: only one of which there was a job is surely none. */
const isSurelyTaken = (arn: string, jobs: readonly BackupPlanJob[]): boolean =>
  backupPlanTypeOf(arn) !== 'rds' || jobs.some(({ resource }) => resource === arn);
