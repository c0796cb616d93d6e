/** Aurora DB clusters: shared storage with rows, and instances that are DB instances with the cluster's name in them. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import { launchedDefaults, type Restoring, restoredDefaults, restoredSettings } from './cluster-settings.ts';
import { known, type RdsContext, tagList, tagMap } from './context.ts';
import type { Instances } from './instances.ts';
import type { RdsOptions } from './rds.ts';
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

/** What a restored cluster takes from a snapshot or from another's continuous backup. */
interface Origin {
  readonly tags: Cluster['tags'];
  readonly rows: readonly string[];
  readonly engine: Partial<Rds.DBCluster>;
  readonly keyArn: string | undefined;
}

interface State extends RdsContext {
  readonly instances: Instances;
  readonly account: Account;
  readonly restoreMs: number;
  readonly modifyMs: number;
  readonly all: Map<string, Cluster>;
  readonly renaming: ReturnType<typeof createRenaming<Cluster>>;
  readonly newResourceId: () => string;
}

function arrive(cluster: Cluster, afterMs: number, { kernel: { clock } }: State): void {
  clock.at(clock.nowMs() + afterMs, () => {
    cluster.status = 'available';
  });
}

function launch(state: State, { name, readers = 1, tags = {}, settings = {} }: ClusterSpec): void {
  const { kernel, instances, all } = state;
  all.set(name, {
    ...{ name, status: 'available', resourceId: state.newResourceId() },
    ...{ rows: new Rows(kernel.clock.nowMs), backedUpSinceMs: kernel.clock.nowMs() },
    tags: new Map(Object.entries(tags)),
    settings: { ...launchedDefaults, ...settings },
  });
  for (let ordinal = 1; ordinal <= readers + 1; ordinal += 1) {
    const member = { DBClusterIdentifier: name, Engine: 'aurora-postgresql', PromotionTier: ordinal - 1 };
    instances.launch({ name: `${name}-${ordinal}`, tags, settings: { ...member, MultiAZ: false } });
  }
}

function named({ all }: State, name = ''): Cluster {
  const found = all.get(name);
  if (found === undefined) throw new ApiError('DBClusterNotFoundFault', `DBCluster ${name} not found.`, 404);
  return found;
}

function refuseUnlessAvailable({ name, status }: Cluster): void {
  if (status !== 'available')
    throw new ApiError('InvalidDBClusterStateFault', `DBCluster ${name} is ${status}, and not available.`);
}

function modify(state: State, input: Rds.ModifyDBClusterMessage) {
  const { DBClusterIdentifier, NewDBClusterIdentifier: to, PreferredMaintenanceWindow, ...more } = input;
  const { BackupRetentionPeriod, DeletionProtection } = more;
  const cluster = named(state, DBClusterIdentifier);
  refuseUnlessAvailable(cluster);
  if (cluster.pendingName !== undefined)
    throw new ApiError('InvalidDBClusterStateFault', `DBCluster ${cluster.name} is about to be renamed.`);
  if (to !== undefined) state.renaming.refuseTaken(to);
  cluster.settings = {
    ...cluster.settings,
    ...known({ PreferredMaintenanceWindow, BackupRetentionPeriod, DeletionProtection }),
  };
  if (to === undefined) {
    cluster.status = 'modifying';
    arrive(cluster, state.modifyMs, state);
  } else state.renaming.to(cluster, to);
  return { DBCluster: shown(state, cluster) };
}

/** The cluster alone: its instances are for CreateDBInstance. */
function restore(state: State, input: Restoring, from: Origin) {
  const { kernel, account, all, restoreMs } = state;
  const { DBClusterIdentifier: name = '', Tags } = input;
  state.renaming.refuseTaken(name);
  account.refuseBeyondQuota('DBClusters', all.size);
  const cluster: Cluster = {
    ...{ name, status: 'creating', resourceId: state.newResourceId() },
    ...{ rows: new Rows(kernel.clock.nowMs, from.rows), backedUpSinceMs: kernel.clock.nowMs() + restoreMs },
    tags: Tags === undefined ? new Map(from.tags) : tagMap(Tags),
    settings: {
      ...{ ...restoredDefaults, ...known(from.engine), ...restoredSettings(input) },
      ...known({ KmsKeyId: from.keyArn, StorageEncrypted: from.keyArn !== undefined }),
    },
  };
  all.set(name, cluster);
  arrive(cluster, restoreMs, state);
  return { DBCluster: shown(state, cluster) };
}

function shown({ kernel, arnOf, instances }: State, cluster: Cluster): Rds.DBCluster {
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
}

const operationsOf = (state: State) => ({
  DescribeDBClusters: ({ DBClusterIdentifier: name }: Rds.DescribeDBClustersMessage) => ({
    DBClusters: (name === undefined ? [...state.all.values()] : [named(state, name)]).map((one) => shown(state, one)),
  }),
  ModifyDBCluster: (input: Rds.ModifyDBClusterMessage) => modify(state, input),
  CreateDBInstance: (input: Rds.CreateDBInstanceMessage) => {
    if (input.DBClusterIdentifier === undefined)
      throw new ApiError('InvalidParameterCombination', 'Simulated for instances of clusters only.');
    refuseUnlessAvailable(named(state, input.DBClusterIdentifier));
    return state.instances.join(input);
  },
});

function renamingOf(all: Map<string, Cluster>, { kernel }: RdsContext, instances: Instances, options: RdsOptions) {
  return createRenaming(kernel, options, {
    all,
    taken: (name) => new ApiError('DBClusterAlreadyExistsFault', `DB Cluster ${name} already exists.`),
    follow: ({ name }, to) => {
      for (const instance of instances.inCluster(name))
        instance.settings = { ...instance.settings, DBClusterIdentifier: to };
    },
  });
}

export function createClusters(context: RdsContext, instances: Instances, account: Account, options: RdsOptions) {
  const { restoreMs = 600_000, modifyMs = 90_000 } = options;
  const all = new Map<string, Cluster>();
  const random = context.kernel.random.fork('rds-clusters');
  const state: State = {
    ...context,
    ...{ instances, account, restoreMs, modifyMs, all },
    renaming: renamingOf(all, context, instances, options),
    newResourceId: () => `cluster-${random.hex(26).toUpperCase()}`,
  };
  return {
    all,
    launch: (spec: ClusterSpec) => launch(state, spec),
    named: (name?: string) => named(state, name),
    restore: (input: Restoring, from: Origin) => restore(state, input, from),
    refuseUnlessAvailable,
    byArn: (resourceArn: string) =>
      [...all.values()].find(({ name }) => context.arnOf('cluster', name) === resourceArn),
    operations: operationsOf(state),
  };
}
