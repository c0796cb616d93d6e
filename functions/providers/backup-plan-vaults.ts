/**
 * What is in the vaults of the policy's plans, as AWS Backup lists it.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html
 */
import { paginateListRecoveryPointsByBackupVault, type RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import { type BackupPlanCopy, backupPlanPointId } from '#domain/backup-plan-copy.ts';
import { backup } from '#platform/clients/backup.ts';
import { backupPlanVaults } from '#platform/environment.ts';
import type { ArnOf } from './backup-plan-copies.ts';
import { promised } from './promised.ts';

export interface BackupPlanVault {
  readonly name: string;
  readonly plan: string;
}

/** A vault may hold a million points, so each resource is asked for by itself: no workload has many. */
export async function copiesOf(resourceArns: readonly string[]): Promise<readonly BackupPlanCopy[]> {
  const found = await Promise.all(
    deployedVaults().map(async (vault) => {
      const copies: BackupPlanCopy[] = [];
      for (const ByResourceArn of new Set(resourceArns)) {
        const asked = { BackupVaultName: vault.name, ByResourceArn };
        for await (const page of paginateListRecoveryPointsByBackupVault({ client: backup() }, asked)) {
          copies.push(...(page.RecoveryPoints ?? []).map((point) => copyOf(point, vault)));
        }
      }
      return copies;
    }),
  );
  return found.flat();
}

/** Where the vaults are, other resources of the account and Region are, too. */
export function arnsBesideVaults(): ArnOf {
  const [partition, , region, account] = (backupPlanVaults()[0] ?? '').split(':').slice(1);
  return (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** Of the plans in the deployed policy; their names are as `infra/vault.ts` makes them. */
export function deployedVaults(): readonly BackupPlanVault[] {
  return backupPlanVaults().map((arn) => {
    const name = arn.split(':').at(-1) ?? '';
    return { name, plan: name.replace(/^holdfast-plan-/, '').replace(/-[^-]+$/, '') };
  });
}

function copyOf(point: RecoveryPointByBackupVault, { name, plan }: BackupPlanVault): BackupPlanCopy {
  const { RecoveryPointArn = '', ResourceArn = '', CreatedBy = {}, CalculatedLifecycle = {}, CompletionDate } = point;
  const created = promised(point.CreationDate, 'the time of the recovery point');
  const { BackupRuleName: rule, BackupRuleCron: expression, BackupRuleTimezone: timeZone } = CreatedBy;
  const cold = CalculatedLifecycle.MoveToColdStorageAt;
  return {
    ...{ pointArn: RecoveryPointArn, vault: name, resourceArn: ResourceArn },
    point: backupPlanPointId(
      plan,
      {
        ...(rule === undefined ? {} : { rule }),
        ...(expression === undefined ? {} : { expression }),
        ...(timeZone === undefined ? {} : { timeZone }),
      },
      created.getTime(),
    ),
    cut: {
      lower: created.toISOString(),
      ...(CompletionDate === undefined ? {} : { upper: CompletionDate.toISOString() }),
    },
    ...stateOf(point),
    ...(cold === undefined || cold.getTime() > Date.now() ? {} : { coldSince: cold.toISOString() }),
  };
}

function stateOf({
  Status,
  StatusMessage,
  RecoveryPointArn,
}: RecoveryPointByBackupVault): Pick<Artifact, 'state' | 'problem'> {
  if (Status === 'COMPLETED' || Status === 'AVAILABLE') return { state: 'completed' };
  if (Status === 'CREATING') return { state: 'pending' };
  const why = StatusMessage === undefined ? '' : ` (${StatusMessage})`;
  return { state: 'error', problem: `AWS Backup has ${RecoveryPointArn} as ${Status}${why}` };
}
