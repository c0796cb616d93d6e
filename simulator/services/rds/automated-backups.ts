/** Automated backups of DB instances, also of deleted ones. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import { type RdsContext, tagMap } from './context.ts';
import { restoredSettings } from './instance-settings.ts';
import type { Instance, Instances } from './instances.ts';
import { createRestorables } from './restorables.ts';

const deletingMs = 180_000;

export function createAutomatedBackups({ kernel, arnOf }: RdsContext, instances: Instances) {
  const { clock } = kernel;
  const daysOf = ({ settings }: Instance) => settings.BackupRetentionPeriod ?? 0;
  // Those of a cluster are backed up with it.
  const alone = () => [...instances.all.values()].filter(({ settings }) => settings.DBClusterIdentifier === undefined);
  const backups = createRestorables(clock, alone, daysOf);

  const shown = (instance: Instance): Rds.DBInstanceAutomatedBackup => {
    const { name, resourceId, settings } = instance;
    const RestoreWindow = backups.windowOf(instance);
    return {
      ...{ DBInstanceIdentifier: name, DbiResourceId: resourceId, Engine: settings.Engine },
      DBInstanceAutomatedBackupsArn: arnOf('auto-backup', `ab-${resourceId.slice(3)}`),
      BackupRetentionPeriod: daysOf(instance),
      Status: backups.isRetained(instance) ? 'retained' : RestoreWindow === undefined ? 'creating' : 'active',
      ...(RestoreWindow === undefined ? {} : { RestoreWindow }),
    };
  };

  const backedUp = (id: string): Instance => {
    const found = backups.ofResource(id);
    if (found !== undefined) return found;
    throw new ApiError('DBInstanceAutomatedBackupNotFound', `No automated backup of ${id} was found.`, 404);
  };

  const describe = ({
    DBInstanceIdentifier: name,
    DbiResourceId: id,
  }: Rds.DescribeDBInstanceAutomatedBackupsMessage) => {
    const named = () => backups.all().filter((instance) => name === undefined || instance.name === name);
    return { DBInstanceAutomatedBackups: (id === undefined ? named() : [backedUp(id)]).map(shown) };
  };

  const restore = (input: Rds.RestoreDBInstanceToPointInTimeMessage) => {
    const { SourceDBInstanceIdentifier: name, SourceDbiResourceId: id = '', RestoreTime, Tags } = input;
    const source = name === undefined ? backedUp(id) : instances.named(name);
    if (source.backedUpSinceMs === undefined)
      throw new ApiError('PointInTimeRestoreNotEnabled', `Automated backups of ${source.name} are not enabled.`);
    const rows = backups.rowsAsOf(source, input.UseLatestRestorableTime ? undefined : RestoreTime);
    const { BackupRetentionPeriod } = source.settings;
    const settings = { BackupRetentionPeriod, ...restoredSettings(source.settings, input) };
    const tags = Tags === undefined ? source.tags : tagMap(Tags);
    return instances.restore(input.TargetDBInstanceIdentifier ?? '', settings, tags, rows);
  };

  /** Its automated backups go with it unless the caller says otherwise. */
  const remove = (input: Rds.DeleteDBInstanceMessage) => {
    const { DBInstanceIdentifier: name = '', DeleteAutomatedBackups: takesBackups = true } = input;
    const instance = instances.named(name);
    if (instance.settings.DeletionProtection)
      throw new ApiError('InvalidParameterCombination', `Cannot delete protected DB Instance ${name}.`);
    instance.status = 'deleting';
    clock.at(clock.nowMs() + deletingMs, () => {
      instances.all.delete(instance.name);
      if (!takesBackups && instance.backedUpSinceMs !== undefined) backups.retain(instance);
    });
    return {};
  };

  return {
    arrange: { logsStandStill: (name: string) => backups.standStill(instances.named(name)) },
    operations: {
      DescribeDBInstanceAutomatedBackups: describe,
      RestoreDBInstanceToPointInTime: restore,
      DeleteDBInstance: remove,
    },
  };
}
