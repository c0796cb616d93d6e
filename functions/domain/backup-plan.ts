/** A plan of AWS Backup, complete: it runs at its own hours, in no order, and holds nothing still. */
import type { BackupPlanShape, RuleShape } from './backup-plan-shape.ts';
import { durationMinutes } from './duration.ts';

export interface BackupPlan {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: whatever AWS Backup can copy. */
  readonly types?: readonly BackupPlanType[];
  readonly rules: readonly BackupRule[];
  readonly lock?: VaultLock;
}

export type BackupPlanType = NonNullable<BackupPlanShape['select']['types']>[number];

export interface BackupRule {
  /** Which rule of its plan, from 1: `1-day`. */
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly startMinutes: number;
  readonly completeMinutes?: number;
  readonly keepDays: number;
  readonly coldAfterDays?: number;
  readonly continuous: boolean;
}

export interface VaultLock {
  readonly minDays: number;
  readonly maxDays?: number;
  readonly changeableDays?: number;
}

/** AWS Backup's cron has the fields of EventBridge's. */
const defaults = {
  day: { cron: '0 5 ? * * *', keepDays: 30 },
  week: { cron: '0 5 ? * 1 *', keepDays: 120, coldAfterDays: 30 },
  month: { cron: '0 5 1 * ? *', keepDays: 365, coldAfterDays: 30 },
} as const;

/** @param typed of the right shape, and without mistakes where it is to be used */
export function completeBackupPlan(name: string, { select, rules, lock }: BackupPlanShape): BackupPlan {
  const { tags, types } = select;
  return {
    ...{ name, tags, rules: rules.map(completeRule) },
    ...(types === undefined ? {} : { types }),
    ...(lock === undefined ? {} : { lock: defined(lock) }),
  };
}

export function completeRule(typed: RuleShape, index: number): BackupRule {
  const { every, timeZone, continuous } = typed;
  const { cron, keepDays, ...cold } = defaults[every];
  const completeMinutes = durationMinutes(typed.completeWithin ?? '');
  // Who says how long copies are kept says when they are moved, if at all.
  const usesDefault = typed.keepDays === undefined && !continuous;
  const coldAfterDays =
    typed.coldAfterDays ?? (usesDefault && 'coldAfterDays' in cold ? cold.coldAfterDays : undefined);
  return {
    name: `${index + 1}-${every}`,
    expression: `cron(${typed.cron ?? cron})`,
    timeZone,
    startMinutes: durationMinutes(typed.startWithin) ?? 0,
    ...(completeMinutes === undefined ? {} : { completeMinutes }),
    keepDays: typed.keepDays ?? (continuous ? 35 : keepDays),
    ...(coldAfterDays === undefined ? {} : { coldAfterDays }),
    continuous,
  };
}

function defined({ minDays, maxDays, changeableDays }: NonNullable<BackupPlanShape['lock']>): VaultLock {
  return {
    minDays,
    ...(maxDays === undefined ? {} : { maxDays }),
    ...(changeableDays === undefined ? {} : { changeableDays }),
  };
}
