/** A copy that AWS Backup has made by itself, by a rule of a plan of the policy, and put into the plan's vault. */
import type { Artifact } from './artifact.ts';
import type { Cut } from './cut.ts';
import { previousDue, scheduleProblem } from './schedule.ts';

export interface BackupPlanCopy extends Pick<Artifact, 'state' | 'problem'> {
  /** ARN of the recovery point. */
  readonly pointArn: string;
  /** Name. */
  readonly vault: string;
  /** Of what it is a copy. */
  readonly resourceArn: string;
  /** Id of the point that it belongs to. */
  readonly point: string;
  /** From the job's creation to its completion. */
  readonly cut: Cut;
  /** ISO time since when it has been in cold storage. */
  readonly coldSince?: string;
}

/** One that is understood: what it gives back. */
export interface CopiedPart {
  readonly copy: BackupPlanCopy;
  readonly artifact: Artifact;
  /** What it is of as the workload has it, whichever volume that is today: `/dev/sdh of i-…`. */
  readonly place: string;
}

/** A job's rule as AWS Backup tells it of a recovery point; all absent of one that no plan asked for. */
export interface CopiedBy {
  readonly rule?: string;
  /** `cron(…)` */
  readonly expression?: string;
  /** IANA name. */
  readonly timeZone?: string;
}

/** Of what somebody has put into a plan's vault. */
const byHand = 'by-hand';

/**
 * What one run of one rule copies is one point: AWS Backup makes a job a resource, each at a moment of its own after the time that is due.
 * @param plan its name
 * @param createdMs when the job was made
 * @returns `<plan>.<rule>.20260115T050000Z`; no run's id has a dot
 */
export function backupPlanPointId(
  plan: string,
  { rule = byHand, expression, timeZone = 'UTC' }: CopiedBy,
  createdMs: number,
) {
  const schedule = expression === undefined ? undefined : { expression, timeZone };
  const isKnown = schedule !== undefined && scheduleProblem(schedule) === undefined;
  // A job may be made at the very time that is due.
  const dueMs = (isKnown ? previousDue(schedule, createdMs + 1) : undefined) ?? createdMs;
  return `${plan}.${rule}.${new Date(dueMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

export const isBackupPlanPoint = (id: string | undefined): id is string =>
  /^[a-z][a-z0-9-]*\..+\.\d{8}T\d{6}Z$/.test(id ?? '');

/** Of a point's id. */
export function backupPlanRunOf(id: string): { readonly plan: string; readonly rule: string } {
  const [plan = '', ...rest] = id.split('.');
  return { plan, rule: rest.slice(0, -1).join('.') };
}
