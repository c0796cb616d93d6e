/** RDS API Reference, API_AccountQuota, API_DescribeDBEngineVersions, API_DescribePendingMaintenanceActions. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';

/** Of an account in a Region. RDS User Guide, "Quotas and constraints" */
const most = {
  ...{ ManualSnapshots: 100, ManualClusterSnapshots: 100, DBInstances: 40, DBClusters: 40 },
  AllocatedStorage: 100_000,
} as const;
type Quota = keyof typeof most;

/** The service's code, HTTP's, and what there can be no more of. */
const refusals: Readonly<Record<Quota, readonly [code: string, status: number, of: string]>> = {
  ManualSnapshots: ['SnapshotQuotaExceeded', 400, 'manual snapshots'],
  ManualClusterSnapshots: ['SnapshotQuotaExceeded', 400, 'manual snapshots'],
  DBInstances: ['InstanceQuotaExceeded', 400, 'DB instances'],
  DBClusters: ['DBClusterQuotaExceededFault', 403, 'DB clusters'],
  AllocatedStorage: ['StorageQuotaExceeded', 400, 'GiB of storage'],
};

const quotas = ['ManualSnapshots', 'ManualClusterSnapshots', 'DBInstances', 'DBClusters', 'AllocatedStorage'] as const;

export type Account = ReturnType<typeof createAccount>;

export function createAccount() {
  const ofOthers: Record<Quota, number> = {
    ManualSnapshots: 0,
    ManualClusterSnapshots: 0,
    DBInstances: 0,
    DBClusters: 0,
    AllocatedStorage: 0,
  };
  const ended = new Map<string, readonly string[]>();
  const pending = new Map<string, Rds.PendingMaintenanceAction[]>();
  return {
    /** @param known how many there are, or how much. @param more is to be made */
    refuseBeyondQuota: (quota: Quota, known: number, more = 1): void => {
      const [code, status, of] = refusals[quota];
      if (known + ofOthers[quota] + more > most[quota])
        throw new ApiError(code, `Cannot create more than ${most[quota]} ${of}`, status);
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
        Object.assign(ofOthers, { ManualSnapshots: count, ManualClusterSnapshots: count });
      },
      instancesOfOthers: (count: number): void => {
        ofOthers.DBInstances = count;
      },
      clustersOfOthers: (count: number): void => {
        ofOthers.DBClusters = count;
      },
      storageOfOthers: (gib: number): void => {
        ofOthers.AllocatedStorage = gib;
      },
    },
    /** @param taken how many there are, or how much, by the quota's name */
    operations: (taken: Readonly<Record<Quota, () => number>>) => ({
      DescribeAccountAttributes: () => ({
        AccountQuotas: quotas.map((name) => ({
          ...{ AccountQuotaName: name, Used: taken[name]() + ofOthers[name], Max: most[name] },
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
