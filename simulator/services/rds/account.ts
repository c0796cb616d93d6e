/** RDS API Reference, API_AccountQuota, API_DescribePendingMaintenanceActions. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';

/** Manual snapshots of instances in a Region, and as many of clusters. RDS User Guide, "Quotas and constraints" */
const most = 100;

export type Account = ReturnType<typeof createAccount>;

export function createAccount() {
  let ofOthers = 0;
  const pending = new Map<string, Rds.PendingMaintenanceAction[]>();
  return {
    /** @param known snapshots that there are */
    refuseBeyondQuota: (known: number): void => {
      if (known + ofOthers >= most)
        throw new ApiError('SnapshotQuotaExceeded', 'Cannot create more than 100 manual snapshots');
    },
    arrange: {
      maintenancePending: (resourceArn: string, Action: string, atMs?: number): void => {
        const actions = pending.get(resourceArn) ?? [];
        const when = atMs === undefined ? {} : { CurrentApplyDate: new Date(atMs) };
        pending.set(resourceArn, [...actions, { Action, ...when }]);
      },
      snapshotsOfOthers: (count: number): void => {
        ofOthers = count;
      },
    },
    /** @param taken by the quota's name */
    operations: (taken: Readonly<Record<string, ReadonlyMap<string, unknown>>>) => ({
      DescribeAccountAttributes: () => ({
        AccountQuotas: Object.entries(taken).map(([AccountQuotaName, { size }]) => ({
          ...{ AccountQuotaName, Used: size + ofOthers, Max: most },
        })),
      }),
      DescribePendingMaintenanceActions: ({
        ResourceIdentifier = '',
      }: Rds.DescribePendingMaintenanceActionsMessage) => ({
        PendingMaintenanceActions: [...pending]
          .filter(([resourceArn]) => resourceArn === ResourceIdentifier)
          .map(([resourceArn, actions]) => ({
            ...{ ResourceIdentifier: resourceArn, PendingMaintenanceActionDetails: actions },
          })),
      }),
    }),
  };
}
