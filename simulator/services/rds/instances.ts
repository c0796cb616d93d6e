import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import { type RdsContext, tagList } from './rds.ts';

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
  readonly rows: string[];
}

const defaults: Partial<Rds.DBInstance> = {
  DBInstanceClass: 'db.r6g.large',
  Engine: 'postgres',
  EngineVersion: '16.4',
  AllocatedStorage: 100,
  StorageType: 'gp3',
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
};

export type Instances = ReturnType<typeof createInstances>;

export function createInstances(context: RdsContext) {
  const { kernel, arnOf } = context;
  const all = new Map<string, Instance>();
  const random = kernel.random.fork('rds');

  const launch = ({ name, engine, tags = {}, settings = {}, tellsDatabaseTime = true }: DatabaseSpec): void => {
    all.set(name, {
      name,
      status: 'available',
      resourceId: `db-${random.hex(26).toUpperCase()}`,
      createdMs: kernel.clock.nowMs(),
      tags: new Map(Object.entries(tags)),
      settings: { ...defaults, ...(engine === undefined ? {} : { Engine: engine }), ...settings },
      tellsDatabaseTime,
      rows: [],
    });
  };

  const named = (name: string): Instance => {
    const found = all.get(name);
    if (found === undefined) throw new ApiError('DBInstanceNotFound', `DBInstance ${name} not found.`, 404);
    return found;
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
    byArn: (resourceArn: string) => [...all.values()].find(({ name }) => arnOf('db', name) === resourceArn),
    operations: {
      DescribeDBInstances: ({ DBInstanceIdentifier: name }: Rds.DescribeDBInstancesMessage) => ({
        DBInstances: (name === undefined ? [...all.values()] : [named(name)]).map(shown),
      }),
    },
  };
}
