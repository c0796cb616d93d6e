import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import { type RdsContext, type RdsOptions, tagList, tagMap } from './rds.ts';
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

export interface Instance {
  name: string;
  status: string;
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

/** A renaming shows after this share of its time. */
const takeover = 1 / 6;
const joinMs = 420_000;
/** Of the first automated backup, once the instance is there or backups are switched on. */
const firstBackupMs = 240_000;

const restoredDefaults: Partial<Rds.DBInstance> = {
  StorageType: 'gp3',
  MultiAZ: false,
  DeletionProtection: false,
  BackupRetentionPeriod: 1,
  PreferredBackupWindow: '23:00-23:30',
  PreferredMaintenanceWindow: 'mon:02:00-mon:03:00',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-default', Status: 'active' }],
  DBSubnetGroup: { DBSubnetGroupName: 'default' },
  DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-16', Status: 'in-sync' }],
  CopyTagsToSnapshot: false,
  AutoMinorVersionUpgrade: true,
  IAMDatabaseAuthenticationEnabled: false,
  EnabledCloudwatchLogsExports: [],
  PerformanceInsightsEnabled: false,
  DatabaseInsightsMode: 'standard',
  NetworkType: 'IPV4',
  DedicatedLogVolume: false,
  CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  EngineLifecycleSupport: 'open-source-rds-extended-support',
};

/** Members of the request that a description has under another name. */
const modified = (input: Rds.ModifyDBInstanceMessage): Partial<Rds.DBInstance> => ({
  ...(input.BackupRetentionPeriod === undefined ? {} : { BackupRetentionPeriod: input.BackupRetentionPeriod }),
  ...(input.PreferredBackupWindow === undefined ? {} : { PreferredBackupWindow: input.PreferredBackupWindow }),
  ...(input.PreferredMaintenanceWindow === undefined
    ? {}
    : { PreferredMaintenanceWindow: input.PreferredMaintenanceWindow }),
  ...(input.DeletionProtection === undefined ? {} : { DeletionProtection: input.DeletionProtection }),
  ...(input.MaxAllocatedStorage === undefined ? {} : { MaxAllocatedStorage: input.MaxAllocatedStorage }),
  ...(input.EnablePerformanceInsights === undefined
    ? {}
    : { PerformanceInsightsEnabled: input.EnablePerformanceInsights }),
  ...(input.PerformanceInsightsKMSKeyId === undefined
    ? {}
    : { PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId }),
  ...(input.PerformanceInsightsRetentionPeriod === undefined
    ? {}
    : { PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod }),
  ...(input.DatabaseInsightsMode === undefined ? {} : { DatabaseInsightsMode: input.DatabaseInsightsMode }),
});

const defaults: Partial<Rds.DBInstance> = {
  DBInstanceClass: 'db.r6g.large',
  Engine: 'postgres',
  EngineVersion: '16.4',
  AllocatedStorage: 100,
  StorageType: 'gp3',
  ...{ StorageEncrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/orders' },
  MultiAZ: true,
  DeletionProtection: true,
  BackupRetentionPeriod: 7,
  PreferredBackupWindow: '01:00-01:30',
  PreferredMaintenanceWindow: 'sun:05:00-sun:06:00',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0db', Status: 'active' }],
  DBSubnetGroup: { DBSubnetGroupName: 'databases' },
  DBParameterGroups: [{ DBParameterGroupName: 'postgres16-tuned', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-16', Status: 'in-sync' }],
  CopyTagsToSnapshot: true,
  AutoMinorVersionUpgrade: true,
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['postgresql'],
  PerformanceInsightsEnabled: true,
  PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/insights',
  PerformanceInsightsRetentionPeriod: 465,
  DatabaseInsightsMode: 'advanced',
  NetworkType: 'DUAL',
  CACertificateIdentifier: 'rds-ca-rsa4096-g1',
  EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
};

export type Instances = ReturnType<typeof createInstances>;

export function createInstances(context: RdsContext, account: Account, options: RdsOptions) {
  const { restoreMs = 600_000, modifyMs = 90_000, renameMs = 120_000 } = options;
  const { kernel, arnOf } = context;
  const all = new Map<string, Instance>();
  const random = kernel.random.fork('rds');
  const fates = new Set<'incompatible'>();

  const launch = ({ name, engine, tags = {}, settings = {}, tellsDatabaseTime = true }: DatabaseSpec): void => {
    all.set(name, {
      name,
      status: 'available',
      resourceId: `db-${random.hex(26).toUpperCase()}`,
      createdMs: kernel.clock.nowMs(),
      tags: new Map(Object.entries(tags)),
      settings: withPerformance({ ...defaults, ...(engine === undefined ? {} : { Engine: engine }), ...settings }),
      tellsDatabaseTime,
      rows: new Rows(kernel.clock.nowMs),
      backedUpSinceMs: (settings.BackupRetentionPeriod ?? 1) > 0 ? kernel.clock.nowMs() : undefined,
    });
  };

  const after = (ms: number, instance: Instance, status: string): void => {
    kernel.clock.at(kernel.clock.nowMs() + ms, () => {
      instance.status = status;
    });
  };

  /** A restored one has of its source what the call says, and defaults else. RDS user guide, "Restoring from a DB snapshot". */
  const restore = (
    name: string,
    settings: Partial<Rds.DBInstance>,
    tags: ReadonlyMap<string, string>,
    rows: readonly string[],
  ) => {
    if (all.has(name)) throw new ApiError('DBInstanceAlreadyExists', `DB instance ${name} already exists.`);
    account.refuseBeyondQuota('DBInstances', all.size);
    const whole = { ...restoredDefaults, ...settings };
    refusePerformance(settings, whole);
    const instance: Instance = {
      ...{ name, status: 'creating', createdMs: kernel.clock.nowMs(), tellsDatabaseTime: true },
      resourceId: `db-${random.hex(26).toUpperCase()}`,
      tags: new Map(tags),
      settings: withPerformance(whole),
      rows: new Rows(kernel.clock.nowMs, rows),
      backedUpSinceMs: kernel.clock.nowMs() + restoreMs + firstBackupMs,
    };
    all.set(name, instance);
    after(restoreMs, instance, fates.delete('incompatible') ? 'incompatible-restore' : 'available');
    return { DBInstance: shown(instance) };
  };

  const inCluster = (cluster: string): readonly Instance[] =>
    [...all.values()].filter(({ settings }) => settings.DBClusterIdentifier === cluster);

  /** The first to join an empty cluster is its writer. */
  const join = (input: Rds.CreateDBInstanceMessage) => {
    const { DBInstanceIdentifier: name = '', DBParameterGroupName: group, Tags = [] } = input;
    if (all.has(name)) throw new ApiError('DBInstanceAlreadyExists', `DB instance ${name} already exists.`);
    account.refuseBeyondQuota('DBInstances', all.size);
    const instance: Instance = {
      ...{ name, status: 'creating', createdMs: kernel.clock.nowMs(), tellsDatabaseTime: false },
      rows: new Rows(kernel.clock.nowMs),
      resourceId: `db-${random.hex(26).toUpperCase()}`,
      tags: tagMap(Tags),
      settings: {
        ...{ DBClusterIdentifier: input.DBClusterIdentifier, DBInstanceClass: input.DBInstanceClass },
        ...{ Engine: input.Engine, PromotionTier: input.PromotionTier, PubliclyAccessible: input.PubliclyAccessible },
        ...(group === undefined ? {} : { DBParameterGroups: [{ DBParameterGroupName: group }] }),
        PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
        PerformanceInsightsEnabled: input.EnablePerformanceInsights,
        PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId,
        PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
        CACertificateIdentifier: input.CACertificateIdentifier ?? 'rds-ca-rsa2048-g1',
        AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
      },
    };
    all.set(name, instance);
    after(joinMs, instance, fates.delete('incompatible') ? 'incompatible-parameters' : 'available');
    return { DBInstance: shown(instance) };
  };

  const modify = (input: Rds.ModifyDBInstanceMessage) => {
    const { DBInstanceIdentifier = '', NewDBInstanceIdentifier: to, ApplyImmediately } = input;
    const instance = named(DBInstanceIdentifier);
    if (instance.status !== 'available')
      throw new ApiError('InvalidDBInstanceState', `Database instance is not in available state.`);
    if (to !== undefined && all.has(to))
      throw new ApiError('DBInstanceAlreadyExists', `DB instance ${to} already exists.`);
    if (ApplyImmediately !== true) return { DBInstance: shown(instance) };
    instance.settings = { ...instance.settings, ...modified(input) };
    if (input.BackupRetentionPeriod === 0) instance.backedUpSinceMs = undefined;
    else if (input.BackupRetentionPeriod !== undefined)
      instance.backedUpSinceMs ??= kernel.clock.nowMs() + modifyMs + firstBackupMs;
    instance.status = to === undefined ? 'modifying' : 'renaming';
    kernel.clock.at(kernel.clock.nowMs() + renameMs * takeover, () => {
      if (to === undefined) return;
      all.delete(instance.name);
      instance.name = to;
      all.set(to, instance);
    });
    after(to === undefined ? modifyMs : renameMs, instance, 'available');
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
