/** Aurora DB clusters: shared storage with rows, and instances that are DB instances with the cluster's name in them. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import { launchedDefaults, type Restoring, restoredDefaults, restoredSettings } from './cluster-settings.ts';
import type { Instances } from './instances.ts';
import { known, type RdsContext, type RdsOptions, tagList, tagMap } from './rds.ts';
import { createRenaming, type Named } from './renaming.ts';
import { Rows } from './rows.ts';

export interface ClusterSpec {
  readonly name: string;
  /** Default 1. The instances are called `<name>-1` (the writer) and so on. */
  readonly readers?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings?: Partial<Rds.DBCluster>;
}

export interface Cluster extends Named {
  readonly resourceId: string;
  readonly tags: Map<string, string>;
  settings: Partial<Rds.DBCluster>;
  /** What has been written, oldest first. */
  readonly rows: Rows;
  /** From when on its continuous backup reaches: a cluster always has one. */
  readonly backedUpSinceMs: number;
}

export type Clusters = ReturnType<typeof createClusters>;

export function createClusters(
  { kernel, arnOf }: RdsContext,
  instances: Instances,
  account: Account,
  options: RdsOptions,
) {
  const { restoreMs = 600_000, modifyMs = 90_000 } = options;
  const all = new Map<string, Cluster>();
  const { refuseTaken, ...rename } = createRenaming(kernel, options, {
    all,
    taken: (name) => new ApiError('DBClusterAlreadyExistsFault', `DB Cluster ${name} already exists.`),
    follow: ({ name }, to) => {
      for (const instance of instances.inCluster(name))
        instance.settings = { ...instance.settings, DBClusterIdentifier: to };
    },
  });
  const random = kernel.random.fork('rds-clusters');
  const after = (ms: number, then: () => void) => kernel.clock.at(kernel.clock.nowMs() + ms, then);
  const resourceId = () => `cluster-${random.hex(26).toUpperCase()}`;
  const arrive = (cluster: Cluster, afterMs: number) =>
    after(afterMs, () => {
      cluster.status = 'available';
    });

  const launch = ({ name, readers = 1, tags = {}, settings = {} }: ClusterSpec): void => {
    all.set(name, {
      ...{ name, status: 'available', resourceId: resourceId() },
      ...{ rows: new Rows(kernel.clock.nowMs), backedUpSinceMs: kernel.clock.nowMs() },
      tags: new Map(Object.entries(tags)),
      settings: { ...launchedDefaults, ...settings },
    });
    for (let ordinal = 1; ordinal <= readers + 1; ordinal += 1) {
      const member = { DBClusterIdentifier: name, Engine: 'aurora-postgresql', PromotionTier: ordinal - 1 };
      instances.launch({ name: `${name}-${ordinal}`, tags, settings: { ...member, MultiAZ: false } });
    }
  };

  const named = (name = ''): Cluster => {
    const found = all.get(name);
    if (found === undefined) throw new ApiError('DBClusterNotFoundFault', `DBCluster ${name} not found.`, 404);
    return found;
  };

  const refuseUnlessAvailable = ({ name, status }: Cluster): void => {
    if (status !== 'available')
      throw new ApiError('InvalidDBClusterStateFault', `DBCluster ${name} is ${status}, and not available.`);
  };

  const modify = (input: Rds.ModifyDBClusterMessage) => {
    const { DBClusterIdentifier, NewDBClusterIdentifier: to, PreferredMaintenanceWindow, ...more } = input;
    const { BackupRetentionPeriod, DeletionProtection } = more;
    const cluster = named(DBClusterIdentifier);
    refuseUnlessAvailable(cluster);
    if (cluster.pendingName !== undefined)
      throw new ApiError('InvalidDBClusterStateFault', `DBCluster ${cluster.name} is about to be renamed.`);
    if (to !== undefined) refuseTaken(to);
    cluster.settings = {
      ...cluster.settings,
      ...known({ PreferredMaintenanceWindow, BackupRetentionPeriod, DeletionProtection }),
    };
    if (to === undefined) {
      cluster.status = 'modifying';
      arrive(cluster, modifyMs);
    } else rename.to(cluster, to);
    return { DBCluster: shown(cluster) };
  };

  /** The cluster alone: its instances are for CreateDBInstance. */
  const restore = (
    input: Restoring,
    from: {
      tags: Cluster['tags'];
      rows: readonly string[];
      engine: Partial<Rds.DBCluster>;
      keyArn: string | undefined;
    },
  ) => {
    const { DBClusterIdentifier: name = '', Tags } = input;
    refuseTaken(name);
    account.refuseBeyondQuota('DBClusters', all.size);
    const cluster: Cluster = {
      ...{ name, status: 'creating', resourceId: resourceId() },
      ...{ rows: new Rows(kernel.clock.nowMs, from.rows), backedUpSinceMs: kernel.clock.nowMs() + restoreMs },
      tags: Tags === undefined ? new Map(from.tags) : tagMap(Tags),
      settings: {
        ...{ ...restoredDefaults, ...known(from.engine), ...restoredSettings(input) },
        ...known({ KmsKeyId: from.keyArn, StorageEncrypted: from.keyArn !== undefined }),
      },
    };
    all.set(name, cluster);
    arrive(cluster, restoreMs);
    return { DBCluster: shown(cluster) };
  };

  const shown = (cluster: Cluster): Rds.DBCluster => {
    const { name } = cluster;
    const host = `c0ffee.${kernel.regionName}.rds.amazonaws.com`;
    return {
      ...cluster.settings,
      ...{ DBClusterIdentifier: name, Status: cluster.status, DbClusterResourceId: cluster.resourceId },
      ...(cluster.pendingName === undefined
        ? {}
        : { PendingModifiedValues: { DBClusterIdentifier: cluster.pendingName } }),
      ...{ Endpoint: `${name}.cluster-${host}`, ReaderEndpoint: `${name}.cluster-ro-${host}` },
      DBClusterArn: arnOf('cluster', name),
      DBClusterMembers: instances.inCluster(name).map((instance, index) => ({
        ...{ DBInstanceIdentifier: instance.name, IsClusterWriter: index === 0 },
        PromotionTier: instance.settings.PromotionTier,
      })),
      TagList: tagList(cluster.tags),
    };
  };

  return {
    ...{ all, launch, named, restore, refuseUnlessAvailable },
    byArn: (resourceArn: string) => [...all.values()].find(({ name }) => arnOf('cluster', name) === resourceArn),
    operations: {
      DescribeDBClusters: ({ DBClusterIdentifier: name }: Rds.DescribeDBClustersMessage) => ({
        DBClusters: (name === undefined ? [...all.values()] : [named(name)]).map(shown),
      }),
      ModifyDBCluster: modify,
      CreateDBInstance: (input: Rds.CreateDBInstanceMessage) => {
        if (input.DBClusterIdentifier === undefined)
          throw new ApiError('InvalidParameterCombination', 'Simulated for instances of clusters only.');
        refuseUnlessAvailable(named(input.DBClusterIdentifier));
        return instances.join(input);
      },
    },
  };
}
