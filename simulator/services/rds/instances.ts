/** DB instances: launched, restored, joined to clusters, changed, renamed. What they hold is a list of rows. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import { joinedSettings, launchedDefaults, modifiedSettings, restoredDefaults } from './instance-settings.ts';
import { known, type RdsContext, type RdsOptions, tagList, tagMap } from './rds.ts';
import { createRenaming, type Named } from './renaming.ts';
import { Rows } from './rows.ts';
import { refusePerformance, withPerformance } from './storage.ts';

export interface DatabaseSpec {
  readonly name: string;
  /** Default `postgres`. */
  readonly engine?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings?: Partial<Rds.DBInstance>;
  /** Whether the engine tells the time of its last transaction (`SnapshotDatabaseTime`). Default true. */
  readonly tellsDatabaseTime?: boolean;
}

export interface Instance extends Named {
  readonly resourceId: string;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  settings: Partial<Rds.DBInstance>;
  readonly tellsDatabaseTime: boolean;
  /** What has been written, oldest first. */
  readonly rows: Rows;
  /** From when on its automated backups reach; undefined: they are off. */
  backedUpSinceMs?: number | undefined;
}

const joinMs = 420_000;
/** Of the first automated backup, once the instance is there or backups are switched on. */
const firstBackupMs = 240_000;

export type Instances = ReturnType<typeof createInstances>;

export function createInstances(context: RdsContext, account: Account, options: RdsOptions) {
  const { restoreMs = 600_000, modifyMs = 90_000 } = options;
  const { kernel, arnOf } = context;
  const all = new Map<string, Instance>();
  const { refuseTaken, ...rename } = createRenaming(kernel, options, {
    all,
    taken: (name) => new ApiError('DBInstanceAlreadyExists', `DB instance ${name} already exists.`),
  });
  const random = kernel.random.fork('rds');
  const fates = new Set<'incompatible'>();

  const launch = ({ name, engine, tags = {}, settings = {}, tellsDatabaseTime = true }: DatabaseSpec): void => {
    const own = { ...launchedDefaults, ...(engine === undefined ? {} : { Engine: engine }), ...settings };
    add({
      ...{ name, status: 'available', tellsDatabaseTime, tags: new Map(Object.entries(tags)) },
      settings: withPerformance(own),
      rows: new Rows(kernel.clock.nowMs),
      backedUpSinceMs: (settings.BackupRetentionPeriod ?? 1) > 0 ? kernel.clock.nowMs() : undefined,
    });
  };

  const add = (instance: Omit<Instance, 'resourceId' | 'createdMs'>): Instance => {
    const added = {
      ...instance,
      ...{ resourceId: `db-${random.hex(26).toUpperCase()}`, createdMs: kernel.clock.nowMs() },
    };
    all.set(added.name, added);
    return added;
  };

  const after = (ms: number, instance: Instance, status: string): void => {
    kernel.clock.at(kernel.clock.nowMs() + ms, () => {
      instance.status = status;
    });
  };

  /** A restored one has of its source what the call says, and defaults else. */
  const restore = (
    name: string,
    settings: Partial<Rds.DBInstance>,
    tags: ReadonlyMap<string, string>,
    rows: readonly string[],
  ) => {
    refuseTaken(name);
    account.refuseBeyondQuota('DBInstances', all.size);
    account.refuseBeyondQuota('AllocatedStorage', storageGib(), settings.AllocatedStorage);
    const whole = { ...restoredDefaults, ...settings };
    refusePerformance(settings, whole);
    const instance = add({
      ...{ name, status: 'creating', tellsDatabaseTime: true, tags: new Map(tags) },
      settings: withPerformance(whole),
      rows: new Rows(kernel.clock.nowMs, rows),
      backedUpSinceMs: kernel.clock.nowMs() + restoreMs + firstBackupMs,
    });
    after(restoreMs, instance, fates.delete('incompatible') ? 'incompatible-restore' : 'available');
    return { DBInstance: shown(instance) };
  };

  /** A cluster's is not its instances'. */
  const storageGib = (): number =>
    [...all.values()]
      .filter(({ settings }) => settings.DBClusterIdentifier === undefined)
      .reduce((sum, { settings: { AllocatedStorage: gib = 0 } }) => sum + gib, 0);

  const inCluster = (cluster: string): readonly Instance[] =>
    [...all.values()].filter(({ settings }) => settings.DBClusterIdentifier === cluster);

  /** The first to join an empty cluster is its writer. */
  const join = (input: Rds.CreateDBInstanceMessage) => {
    const { DBInstanceIdentifier: name = '', Tags = [] } = input;
    refuseTaken(name);
    account.refuseBeyondQuota('DBInstances', all.size);
    const instance = add({
      ...{ name, status: 'creating', tellsDatabaseTime: false, tags: tagMap(Tags) },
      settings: joinedSettings(input),
      rows: new Rows(kernel.clock.nowMs),
    });
    after(joinMs, instance, fates.delete('incompatible') ? 'incompatible-parameters' : 'available');
    return { DBInstance: shown(instance) };
  };

  const modify = (input: Rds.ModifyDBInstanceMessage) => {
    const { DBInstanceIdentifier = '', NewDBInstanceIdentifier: to, ApplyImmediately } = input;
    const instance = named(DBInstanceIdentifier);
    if (instance.status !== 'available' || instance.pendingName !== undefined)
      throw new ApiError('InvalidDBInstanceState', `Database instance is not in available state.`);
    if (to !== undefined) refuseTaken(to);
    if (ApplyImmediately !== true) return { DBInstance: shown(instance) };
    instance.settings = { ...instance.settings, ...modifiedSettings(input) };
    if (input.BackupRetentionPeriod === 0) instance.backedUpSinceMs = undefined;
    else if (input.BackupRetentionPeriod !== undefined)
      instance.backedUpSinceMs ??= kernel.clock.nowMs() + modifyMs + firstBackupMs;
    if (to === undefined) {
      instance.status = 'modifying';
      after(modifyMs, instance, 'available');
    } else rename.to(instance, to);
    return { DBInstance: shown(instance) };
  };

  const named = (name: string): Instance => {
    const found = all.get(name);
    if (found === undefined) throw new ApiError('DBInstanceNotFound', `DBInstance ${name} not found.`, 404);
    return found;
  };

  const filteredBy = (filters: readonly Rds.Filter[]): readonly Instance[] => {
    const unknown = filters.find(({ Name }) => Name !== 'db-cluster-id');
    if (unknown !== undefined) throw new ApiError('InvalidParameterValue', `Not simulated: the filter ${unknown.Name}`);
    return filters.length === 0 ? [...all.values()] : filters.flatMap(({ Values = [] }) => Values.flatMap(inCluster));
  };

  const shown = (instance: Instance): Rds.DBInstance => ({
    ...instance.settings,
    DBInstanceIdentifier: instance.name,
    DBInstanceStatus: instance.status,
    PendingModifiedValues: known({ DBInstanceIdentifier: instance.pendingName }),
    DBInstanceArn: arnOf('db', instance.name),
    DbiResourceId: instance.resourceId,
    InstanceCreateTime: new Date(instance.createdMs),
    Endpoint: { Address: `${instance.name}.c0ffee.${kernel.regionName}.rds.amazonaws.com`, Port: 5432 },
    TagList: tagList(instance.tags),
  });

  return {
    all,
    launch,
    named,
    restore,
    join,
    inCluster,
    storageGib,
    arrange: {
      nextRestoreFails: () => {
        fates.add('incompatible');
      },
    },
    byArn: (resourceArn: string) => [...all.values()].find(({ name }) => arnOf('db', name) === resourceArn),
    operations: {
      DescribeDBInstances: ({ DBInstanceIdentifier: name, Filters = [] }: Rds.DescribeDBInstancesMessage) => {
        const filtered = filteredBy(Filters);
        return { DBInstances: (name === undefined ? filtered : [named(name)]).map(shown) };
      },
      ModifyDBInstance: modify,
    },
  };
}
