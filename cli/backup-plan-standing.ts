/** How one plan of AWS Backup stands: from what it reaches, its vault, and its jobs. */
import { paginateListRecoveryPointsByBackupVault } from '@aws-sdk/client-backup';
import type { BackupPlan, BackupPlanType } from '#domain/backup-plan.ts';
import { type BackupPlanJob, troubleOf } from '#domain/backup-plan-coverage.ts';
import { backupPlanTypeOf } from '#domain/backup-plan-types.ts';
import type { LackingTags } from '#domain/lacking-tags.ts';
import { nextDue } from '#domain/schedule.ts';
import { jobsFor, reachedBy, vaultOf } from '#flows/look-at-backup-plan.ts';
import { backup } from '#platform/clients/backup.ts';
import { lackingTags } from './lacking-tags.ts';

export interface BackupPlanStanding {
  readonly plan: string;
  /** Absent: it is not in the deployed policy. */
  readonly vault?: string;
  readonly rules: readonly RuleStanding[];
  readonly resources: readonly ResourceStanding[];
  /** Of the last day, that came to no good end. */
  readonly troubles: readonly (BackupPlanJob & { readonly trouble: string })[];
  /** What ought to be copied, perhaps, and lacks tags. */
  readonly lacking: readonly LackingTags[];
}

interface RuleStanding {
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  /** ISO time; absent: never again. */
  readonly nextAt?: string;
}

export interface ResourceStanding {
  /** ARN. */
  readonly resource: string;
  readonly type: BackupPlanType;
  readonly newestCopy?: Pick<Copy, 'takenAt' | 'state'>;
}

/** A recovery point in a plan's vault. */
interface Copy {
  /** ARN of what it is a copy of. */
  readonly resource: string;
  readonly state: string;
  /** When it was begun, ISO. */
  readonly takenAt: string;
}

const dayMs = 86_400_000;

export async function backupPlanStandingOf(plan: BackupPlan, nowMs: number): Promise<BackupPlanStanding> {
  const vault = vaultOf(plan);
  const [reached, lacking, copies, jobs] = await Promise.all([
    reachedBy(plan),
    lackingTags(plan),
    vault === undefined ? [] : copiesIn(vault),
    vault === undefined ? [] : jobsFor(plan, vault, new Date(nowMs - dayMs)),
  ]);
  const newest = new Map(copies.map((copy) => [copy.resource, copy]));
  return {
    plan: plan.name,
    ...(vault === undefined ? {} : { vault }),
    rules: plan.rules.map((rule) => ruleStanding(rule, nowMs)),
    resources: reached.flatMap((resource) => resourceStanding(resource, newest.get(resource)) ?? []),
    troubles: jobs.flatMap((job) => {
      const trouble = troubleOf(job);
      return trouble === undefined ? [] : [{ ...job, trouble }];
    }),
    lacking,
  };
}

function ruleStanding(rule: BackupPlan['rules'][number], nowMs: number): RuleStanding {
  const { name, expression, timeZone } = rule;
  const nextMs = nextDue(rule, nowMs);
  return { name, expression, timeZone, ...(nextMs === undefined ? {} : { nextAt: new Date(nextMs).toISOString() }) };
}

function resourceStanding(resource: string, copy: Copy | undefined): ResourceStanding | undefined {
  const type = backupPlanTypeOf(resource);
  if (type === undefined) return undefined;
  return { resource, type, ...(copy && { newestCopy: { takenAt: copy.takenAt, state: copy.state } }) };
}

/** Oldest first. */
async function copiesIn(BackupVaultName: string): Promise<readonly Copy[]> {
  const copies: Copy[] = [];
  for await (const page of paginateListRecoveryPointsByBackupVault({ client: backup() }, { BackupVaultName })) {
    for (const { ResourceArn: resource = '', Status: state = '', CreationDate: takenAt } of page.RecoveryPoints ?? []) {
      if (takenAt !== undefined) copies.push({ resource, state, takenAt: takenAt.toISOString() });
    }
  }
  return copies.toSorted((one, other) => (one.takenAt < other.takenAt ? -1 : 1));
}
