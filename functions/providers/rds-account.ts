/** What RDS tells of an account and of maintenance, in the words that instances and Aurora clusters have in common. */
import {
  DescribeAccountAttributesCommand,
  DescribePendingMaintenanceActionsCommand,
  type PendingMaintenanceAction,
} from '@aws-sdk/client-rds';
import { rds } from '#platform/clients/rds.ts';
import type { Room } from './snapshot-room.ts';

/**
 * Of manual snapshots in this Region: by default 100, which can be raised; those of AWS Backup do not count.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html
 * @param name `ManualSnapshots` or `ManualClusterSnapshots`
 * @returns undefined when RDS does not tell
 */
export async function snapshotRoom(name: string, words: Omit<Room, 'used' | 'most'>): Promise<Room | undefined> {
  const { AccountQuotas = [] } = await rds().send(new DescribeAccountAttributesCommand({}));
  const quota = AccountQuotas.find(({ AccountQuotaName }) => AccountQuotaName === name);
  return quota?.Used === undefined || quota.Max === undefined
    ? undefined
    : { used: quota.Used, most: quota.Max, ...words };
}

/**
 * Changes that wait for a maintenance window, or were asked for at once.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribePendingMaintenanceActions.html
 */
export async function pendingMaintenance(resourceArn: string | undefined): Promise<readonly string[]> {
  const command = new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier: resourceArn });
  const { PendingMaintenanceActions = [] } = await rds().send(command);
  return PendingMaintenanceActions.flatMap(({ PendingMaintenanceActionDetails = [] }) =>
    PendingMaintenanceActionDetails.flatMap(wordsOf),
  );
}

/** Without a date it is not done until somebody asks for it. */
const wordsOf = ({ Action = 'an action', CurrentApplyDate }: PendingMaintenanceAction): readonly string[] =>
  CurrentApplyDate === undefined ? [] : [`${Action} on ${CurrentApplyDate.toISOString()}`];
