/**
 * RDS: DB instances, Aurora clusters, their manual snapshots and automated backups, as far as backups and recoveries see them. A database's content is a list of rows; a
 * snapshot has those that were there when it was cut.
 */
import type * as Rds from '@aws-sdk/client-rds';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { keyAccess } from '../key-access.ts';
import { rdsAccess } from './access.ts';
import { createAccount } from './account.ts';
import { createAutomatedBackups } from './automated-backups.ts';
import { createClusterBackups } from './cluster-backups.ts';
import { type ClusterSnapshot, createClusterSnapshots } from './cluster-snapshots.ts';
import { type Cluster, type ClusterSpec, createClusters } from './clusters.ts';
import { type RdsContext, tagMap } from './context.ts';
import { type CopyOptions, createCopies } from './copies.ts';
import { createInstances, type DatabaseSpec, type Instance } from './instances.ts';
import { createKeys, sourceKeyAccess } from './keys.ts';
import { createOptionGroups, type OptionGroups } from './option-groups.ts';
import { createSnapshots, type Snapshot } from './snapshots.ts';

/** Durations in virtual milliseconds. */
export interface RdsOptions extends CopyOptions {
  /** From CreateDBSnapshot or CreateDBClusterSnapshot until `available`. Default 6 minutes. */
  readonly snapshotMs?: number;
  /** Of a restore. Default 10 minutes. */
  readonly restoreMs?: number;
  /** Of changed settings. Default 90 seconds. */
  readonly modifyMs?: number;
  /** From an accepted renaming until it begins to show, but for the name that is pending. Default 5 seconds. */
  readonly renameLagMs?: number;
  /** From then on until it is available under the new name. Default 2 minutes. */
  readonly renameMs?: number;
}

export interface RdsService extends Service {
  readonly world: {
    /** Launches an instance that is available at once. */
    launch(spec: DatabaseSpec): void;
    /** @throws Error when there is none of that name */
    instance(name: string): Instance;
    readonly instances: ReadonlyMap<string, Instance>;
    readonly snapshots: ReadonlyMap<string, Snapshot>;
    /** Launches a cluster with its instances, available at once. */
    launchCluster(spec: ClusterSpec): void;
    /** @throws Error when there is none of that name */
    cluster(name: string): Cluster;
    readonly clusters: ReadonlyMap<string, Cluster>;
    readonly clusterSnapshots: ReadonlyMap<string, ClusterSnapshot>;
    readonly optionGroups: OptionGroups;
  };
  readonly arrange: {
    /** The next snapshot ends as `failed` instead of `available`. */
    nextSnapshotFails(): void;
    /** The next snapshot stays `creating` for ever. */
    nextSnapshotNeverEnds(): void;
    /** The next restored instance, or instance of a cluster, ends as incompatible. */
    nextRestoreFails(): void;
    /** The instance's logs are stored no more, so that its latest restorable time stands still. */
    logsStandStill(name: string): void;
    /** Somebody deletes it. */
    snapshotDeleted(name: string): void;
    /** As if somebody else had changed the instance's state. */
    setStatus(name: string, status: string): void;
    /** RDS announces what it will do to an instance or a cluster; without a time it waits until somebody asks for it. */
    maintenancePending(resourceArn: string, action: string, atMs?: number): void;
    /** RDS offers this version of any engine no more; an instance may go to these. */
    versionEnded(version: string, ...targets: readonly string[]): void;
    /** So many of the quota's manual snapshots, of instances and of clusters each, are somebody else's, and not listed. */
    snapshotsOfOthers(count: number): void;
    /** The same of instances, those of clusters included. */
    instancesOfOthers(count: number): void;
    clustersOfOthers(count: number): void;
    storageOfOthers(gib: number): void;
    /** Makes an option group, or gives it these options. */
    optionGroup(name: string, ...options: readonly Rds.Option[]): void;
    /** As those of instances. */
    nextClusterSnapshotFails(): void;
    nextClusterSnapshotNeverEnds(): void;
    clusterSnapshotDeleted(name: string): void;
    clusterLogsStandStill(name: string): void;
    setClusterStatus(name: string, status: string): void;
    /** The next copy of this snapshot of another Region, of an instance or a cluster, ends as `failed`. */
    copyFails(source: string): void;
    /** It stays `copying` for ever. */
    copyNeverEnds(source: string): void;
  };
}

/** Undefined: there is nothing of that ARN. */
type TagsOf = (resourceArn: string) => Map<string, string> | undefined;

function tagOperations(tagsOf: TagsOf) {
  const taggedAs = (resourceArn: string) => {
    const tags = tagsOf(resourceArn);
    if (tags === undefined) throw new ApiError('DBSnapshotNotFound', `${resourceArn} not found.`, 404);
    return tags;
  };
  return {
    AddTagsToResource: ({ ResourceName = '', Tags = [] }: Rds.AddTagsToResourceMessage) => {
      const tags = taggedAs(ResourceName);
      for (const [key, value] of tagMap(Tags)) tags.set(key, value);
    },
    RemoveTagsFromResource: ({ ResourceName = '', TagKeys = [] }: Rds.RemoveTagsFromResourceMessage) => {
      const tags = taggedAs(ResourceName);
      for (const key of TagKeys) tags.delete(key);
    },
  };
}

export function createRds(kernel: Kernel, options: RdsOptions = {}): RdsService {
  const { snapshotMs = 360_000 } = options;
  const context: RdsContext = { kernel, arnOf: (type, name) => arn(kernel, 'rds', `${type}:${name}`) };
  const account = createAccount();
  const instances = createInstances(context, account, options);
  const copies = createCopies(context, options);
  const optionGroups = createOptionGroups();
  const snapshots = createSnapshots(context, { instances, account, copies, optionGroups }, snapshotMs);
  const automatedBackups = createAutomatedBackups(context, instances);
  const clusters = createClusters(context, instances, account, options);
  const clusterBackups = createClusterBackups(context, clusters);
  const clusterSnapshots = createClusterSnapshots(context, clusters, account, copies, snapshotMs);
  const parts = [instances, snapshots, clusters, clusterSnapshots];
  const keysOf = createKeys({ instances, snapshots, clusters, clusterSnapshots });
  const tagsOf: TagsOf = (resourceArn) =>
    parts.map(({ byArn }) => byArn(resourceArn)?.tags).find((tags) => tags !== undefined);
  return {
    name: 'rds',
    client: () => import('@aws-sdk/client-rds'),
    operations: {
      ...instances.operations,
      ...snapshots.operations,
      ...automatedBackups.operations,
      ...clusters.operations,
      ...clusterSnapshots.operations,
      ...clusterBackups.operations,
      ...optionGroups.operations,
      ...account.operations({
        ManualSnapshots: () => snapshots.all.size,
        ManualClusterSnapshots: () => clusterSnapshots.all.size,
        DBInstances: () => instances.all.size,
        DBClusters: () => clusters.all.size,
        AllocatedStorage: instances.storageGib,
      }),
      ...tagOperations(tagsOf),
    },
    access: (operation, input) => [
      ...rdsAccess(context, tagsOf, operation, Object(input)),
      ...keyAccess(kernel, 'rds', keysOf(operation, Object(input))),
      ...sourceKeyAccess(kernel, copies, Object(input)),
    ],
    world: {
      launch: instances.launch,
      instance: instances.named,
      instances: instances.all,
      snapshots: snapshots.all,
      launchCluster: clusters.launch,
      cluster: clusters.named,
      clusters: clusters.all,
      clusterSnapshots: clusterSnapshots.all,
      optionGroups: optionGroups.all,
    },
    arrange: {
      ...snapshots.arrange,
      ...instances.arrange,
      ...automatedBackups.arrange,
      ...clusterSnapshots.arrange,
      ...clusterBackups.arrange,
      ...account.arrange,
      ...copies.arrange,
      ...optionGroups.arrange,
      setStatus: (name, status) => {
        instances.named(name).status = status;
      },
      setClusterStatus: (name, status) => {
        clusters.named(name).status = status;
      },
    },
  };
}
