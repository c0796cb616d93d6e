/** RDS API Reference, API_AccountQuota, API_DescribeDBEngineVersions, API_DescribePendingMaintenanceActions. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';

/** Manual snapshots of instances in a Region, and as many of clusters. RDS User Guide, "Quotas and constraints" */
const most = 100;

export type Account = ReturnType<typeof createAccount>;

export function createAccount() {
  let ofOthers = 0;
  const ended = new Map<string, readonly string[]>();
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
      versionEnded: (version: string, ...targets: readonly string[]): void => {
        ended.set(version, targets);
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
      /** Of any engine there is any version, until it has ended. */
      DescribeDBEngineVersions: ({ Engine, EngineVersion = '', IncludeAll }: Rds.DescribeDBEngineVersionsMessage) => {
        const targets = ended.get(EngineVersion);
        if (targets !== undefined && !IncludeAll) return { DBEngineVersions: [] };
        const ValidUpgradeTarget = targets?.map((version) => ({ Engine, EngineVersion: version }));
        const Status = targets === undefined ? 'available' : 'deprecated';
        return { DBEngineVersions: [{ Engine, EngineVersion, Status, ValidUpgradeTarget }] };
      },
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
