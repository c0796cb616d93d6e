/** DB instances: launched, restored, joined to clusters, changed, renamed. What they hold is a list of rows. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import { known, type RdsContext, tagList, tagMap } from './context.ts';
import { joinedSettings, launchedDefaults, modifiedSettings, restoredDefaults } from './instance-settings.ts';
import type { RdsOptions } from './rds.ts';
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

interface State extends RdsContext {
  readonly account: Account;
  readonly restoreMs: number;
  readonly modifyMs: number;
  readonly all: Map<string, Instance>;
  readonly renaming: ReturnType<typeof createRenaming<Instance>>;
  readonly newResourceId: () => string;
  /** The next that is made from something ends as incompatible. */
  nextFails: boolean;
}

function launch(state: State, spec: DatabaseSpec): void {
  const { name, engine, tags = {}, settings = {}, tellsDatabaseTime = true } = spec;
  const { nowMs } = state.kernel.clock;
  const own = { ...launchedDefaults, ...(engine === undefined ? {} : { Engine: engine }), ...settings };
  add(state, {
    ...{ name, status: 'available', tellsDatabaseTime, tags: new Map(Object.entries(tags)) },
    settings: withPerformance(own),
    rows: new Rows(nowMs),
    backedUpSinceMs: (settings.BackupRetentionPeriod ?? 1) > 0 ? nowMs() : undefined,
  });
}

function add(state: State, instance: Omit<Instance, 'resourceId' | 'createdMs'>): Instance {
  const added = { ...instance, resourceId: state.newResourceId(), createdMs: state.kernel.clock.nowMs() };
  state.all.set(added.name, added);
  return added;
}

function become(instance: Instance, status: string, afterMs: number, { kernel: { clock } }: State): void {
  clock.at(clock.nowMs() + afterMs, () => {
    instance.status = status;
  });
}

/** Whether the one that is being made is the one that was to fail. */
function failsNow(state: State): boolean {
  const fails = state.nextFails;
  state.nextFails = false;
  return fails;
}

/** A restored one has of its source what the call says, and defaults else. */
function restore(
  state: State,
  name: string,
  settings: Partial<Rds.DBInstance>,
  tags: ReadonlyMap<string, string>,
  rows: readonly string[],
) {
  const { account, all, restoreMs } = state;
  const { nowMs } = state.kernel.clock;
  state.renaming.refuseTaken(name);
  account.refuseBeyondQuota('DBInstances', all.size);
  account.refuseBeyondQuota('AllocatedStorage', storageGib(state), settings.AllocatedStorage);
  const whole = { ...restoredDefaults, ...settings };
  refusePerformance(settings, whole);
  const instance = add(state, {
    ...{ name, status: 'creating', tellsDatabaseTime: true, tags: new Map(tags) },
    settings: withPerformance(whole),
    rows: new Rows(nowMs, rows),
    backedUpSinceMs: nowMs() + restoreMs + firstBackupMs,
  });
  become(instance, failsNow(state) ? 'incompatible-restore' : 'available', restoreMs, state);
  return { DBInstance: shown(state, instance) };
}

/** A cluster's is not its instances'. */
const storageGib = ({ all }: State): number =>
  [...all.values()]
    .filter(({ settings }) => settings.DBClusterIdentifier === undefined)
    .reduce((sum, { settings: { AllocatedStorage: gib = 0 } }) => sum + gib, 0);

const inCluster = ({ all }: State, cluster: string): readonly Instance[] =>
  [...all.values()].filter(({ settings }) => settings.DBClusterIdentifier === cluster);

/** The first to join an empty cluster is its writer. */
function join(state: State, input: Rds.CreateDBInstanceMessage) {
  const { DBInstanceIdentifier: name = '', Tags = [] } = input;
  state.renaming.refuseTaken(name);
  state.account.refuseBeyondQuota('DBInstances', state.all.size);
  const instance = add(state, {
    ...{ name, status: 'creating', tellsDatabaseTime: false, tags: tagMap(Tags) },
    settings: joinedSettings(input),
    rows: new Rows(state.kernel.clock.nowMs),
  });
  become(instance, failsNow(state) ? 'incompatible-parameters' : 'available', joinMs, state);
  return { DBInstance: shown(state, instance) };
}

function modify(state: State, input: Rds.ModifyDBInstanceMessage) {
  const { DBInstanceIdentifier = '', NewDBInstanceIdentifier: to, ApplyImmediately } = input;
  const instance = named(state, DBInstanceIdentifier);
  if (instance.status !== 'available' || instance.pendingName !== undefined)
    throw new ApiError('InvalidDBInstanceState', `Database instance is not in available state.`);
  if (to !== undefined) state.renaming.refuseTaken(to);
  if (ApplyImmediately !== true) return { DBInstance: shown(state, instance) };
  instance.settings = { ...instance.settings, ...modifiedSettings(input) };
  if (input.BackupRetentionPeriod !== undefined) switchBackups(state, instance, input.BackupRetentionPeriod > 0);
  if (to === undefined) {
    instance.status = 'modifying';
    become(instance, 'available', state.modifyMs, state);
  } else state.renaming.to(instance, to);
  return { DBInstance: shown(state, instance) };
}

function switchBackups({ kernel, modifyMs }: State, instance: Instance, areOn: boolean): void {
  if (areOn) instance.backedUpSinceMs ??= kernel.clock.nowMs() + modifyMs + firstBackupMs;
  else instance.backedUpSinceMs = undefined;
}

function named({ all }: State, name: string): Instance {
  const found = all.get(name);
  if (found === undefined) throw new ApiError('DBInstanceNotFound', `DBInstance ${name} not found.`, 404);
  return found;
}

function filteredBy(state: State, filters: readonly Rds.Filter[]): readonly Instance[] {
  const unknown = filters.find(({ Name }) => Name !== 'db-cluster-id');
  if (unknown !== undefined) throw new ApiError('InvalidParameterValue', `Not simulated: the filter ${unknown.Name}`);
  if (filters.length === 0) return [...state.all.values()];
  return filters.flatMap(({ Values = [] }) => Values.flatMap((cluster) => inCluster(state, cluster)));
}

const shown = ({ kernel, arnOf }: State, instance: Instance): Rds.DBInstance => ({
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

function stateOf(context: RdsContext, account: Account, options: RdsOptions): State {
  const { restoreMs = 600_000, modifyMs = 90_000 } = options;
  const all = new Map<string, Instance>();
  const taken = (name: string) => new ApiError('DBInstanceAlreadyExists', `DB instance ${name} already exists.`);
  const random = context.kernel.random.fork('rds');
  return {
    ...context,
    ...{ account, restoreMs, modifyMs, all, nextFails: false },
    renaming: createRenaming(context.kernel, options, { all, taken }),
    newResourceId: () => `db-${random.hex(26).toUpperCase()}`,
  };
}

export function createInstances(context: RdsContext, account: Account, options: RdsOptions) {
  const state = stateOf(context, account, options);
  const { all } = state;
  return {
    all,
    launch: (spec: DatabaseSpec) => launch(state, spec),
    named: (name: string) => named(state, name),
    restore: (
      name: string,
      settings: Partial<Rds.DBInstance>,
      tags: ReadonlyMap<string, string>,
      rows: readonly string[],
    ) => restore(state, name, settings, tags, rows),
    join: (input: Rds.CreateDBInstanceMessage) => join(state, input),
    inCluster: (cluster: string) => inCluster(state, cluster),
    storageGib: () => storageGib(state),
    arrange: {
      nextRestoreFails: () => {
        state.nextFails = true;
      },
    },
    byArn: (resourceArn: string) => [...all.values()].find(({ name }) => context.arnOf('db', name) === resourceArn),
    operations: {
      DescribeDBInstances: ({ DBInstanceIdentifier: name, Filters = [] }: Rds.DescribeDBInstancesMessage) => {
        const filtered = filteredBy(state, Filters);
        return { DBInstances: (name === undefined ? filtered : [named(state, name)]).map((one) => shown(state, one)) };
      },
      ModifyDBInstance: (input: Rds.ModifyDBInstanceMessage) => modify(state, input),
    },
  };
}
