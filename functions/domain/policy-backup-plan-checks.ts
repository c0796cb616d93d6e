/**
 * What AWS Backup would refuse of a plan, or, worse, do otherwise than it says. Imported by deploy-time code only.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
 */
import { type BackupRule, completeBackupPlan, type VaultLock } from './backup-plan.ts';
import type { BackupPlanShape } from './backup-plan-shape.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import { checkZone } from './policy-zone-check.ts';
import { scheduleProblem } from './schedule.ts';

/** Cold storage is paid for so long at least. */
const leastColdDays = 90;
const mostContinuousDays = 35;
const continuousTypes: readonly string[] = ['rds', 'cluster', 's3'];

export function checkBackupPlan(path: PolicyPath, typed: BackupPlanShape): Mistake[] {
  const { rules, lock, types } = completeBackupPlan('', typed);
  return [
    ...rules.flatMap((rule, index) => {
      const at = [...path, 'rules', index];
      return [
        ...checkTimes(at, rule),
        ...checkKeeping(at, rule),
        ...checkContinuous(at, rule, types),
        ...checkLocked(at, rule, lock),
      ];
    }),
    ...(lock === undefined ? [] : checkLock([...path, 'lock'], lock)),
  ];
}

function checkTimes(path: PolicyPath, rule: BackupRule): Mistake[] {
  const { expression, timeZone, startMinutes, completeMinutes } = rule;
  const problem = scheduleProblem({ expression, timeZone: 'UTC' });
  const mistakes: Mistake[] = problem === undefined ? [] : [{ path: [...path, 'cron'], message: problem }];
  mistakes.push(...checkZone([...path, 'timeZone'], timeZone));
  if (startMinutes < 60) {
    mistakes.push({ path: [...path, 'startWithin'], message: 'AWS Backup takes an hour at least to begin a job.' });
  }
  if (completeMinutes !== undefined && completeMinutes < startMinutes + 60) {
    const message = `A job may begin ${startMinutes} min late, and needs an hour at least: give it ${startMinutes + 60}m.`;
    mistakes.push({ path: [...path, 'completeWithin'], message });
  }
  return mistakes;
}

function checkKeeping(path: PolicyPath, { keepDays, coldAfterDays }: BackupRule): Mistake[] {
  if (coldAfterDays === undefined || keepDays >= coldAfterDays + leastColdDays) return [];
  const message = `What is in cold storage from day ${coldAfterDays} on stays there ${leastColdDays} days.`;
  return [{ path: [...path, 'keepDays'], message, expected: `at least ${coldAfterDays + leastColdDays}` }];
}

/** AWS Backup says nothing when it cannot: it takes an ordinary copy, at a time of its own. */
function checkContinuous(path: PolicyPath, rule: BackupRule, types: readonly string[] | undefined): Mistake[] {
  if (!rule.continuous) return [];
  const at = [...path, 'continuous'];
  const mistakes: Mistake[] = [];
  if (types === undefined || types.includes('efs')) {
    const message =
      'This rule would reach file systems of EFS, of which there is no continuous backup: AWS Backup would copy them while they change. Name the types it is for: rds, cluster, s3.';
    mistakes.push({ path: at, message });
  } else if (!types.every((type) => continuousTypes.includes(type))) {
    mistakes.push({ path: at, message: 'There are continuous backups of rds, cluster (Aurora) and s3 only.' });
  }
  if (rule.keepDays > mostContinuousDays || rule.coldAfterDays !== undefined) {
    mistakes.push({
      path: at,
      message: `A continuous backup is kept ${mostContinuousDays} days at most, and never cold.`,
    });
  }
  return mistakes;
}

function checkLocked(path: PolicyPath, { keepDays }: BackupRule, lock: VaultLock | undefined): Mistake[] {
  if (lock === undefined || (keepDays >= lock.minDays && keepDays <= (lock.maxDays ?? keepDays))) return [];
  const message = `Copies that are kept ${keepDays} days do not fit the vault's lock, so every job would fail.`;
  return [{ path: [...path, 'keepDays'], message }];
}

function checkLock(path: PolicyPath, { minDays, maxDays = minDays }: VaultLock): Mistake[] {
  if (maxDays >= minDays) return [];
  return [{ path: [...path, 'maxDays'], message: 'It is less than minDays.' }];
}
