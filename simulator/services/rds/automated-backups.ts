/** Automated backups of DB instances: what an instance had at any second of the last days, also after it was deleted. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Instance, Instances } from './instances.ts';
import { type RdsContext, tagMap } from './rds.ts';
import { restoredSettings } from './restored-settings.ts';

/** Logs are stored so often. RDS User Guide, USER_PIT: "uploads transaction logs to Amazon S3 every five minutes". */
const storeMs = 300_000;
const dayMs = 86_400_000;
const deletingMs = 180_000;

export function createAutomatedBackups({ kernel, arnOf }: RdsContext, instances: Instances) {
  /** Of deleted instances, with when they were. */
  const retained = new Map<string, { readonly instance: Instance; readonly endedMs: number }>();
  const stillSinceMs = new Map<string, number>();
  const { nowMs } = kernel.clock;

  const daysOf = ({ settings }: Instance) => settings.BackupRetentionPeriod ?? 0;
  const storedMs = (ms: number) => Math.floor(ms / storeMs) * storeMs;

  const windowOf = (instance: Instance) => {
    const { backedUpSinceMs: sinceMs = Number.POSITIVE_INFINITY, resourceId } = instance;
    const endedMs = retained.get(resourceId)?.endedMs ?? nowMs();
    const latestMs = Math.min(storedMs(endedMs), stillSinceMs.get(resourceId) ?? Number.POSITIVE_INFINITY);
    return { earliestMs: Math.max(sinceMs, nowMs() - daysOf(instance) * dayMs), latestMs };
  };

  const kept = (): readonly Instance[] => [...retained.values()].map(({ instance }) => instance).filter(isKept);
  /** Until what was stored last expires. */
  const isKept = (instance: Instance) => windowOf(instance).earliestMs < windowOf(instance).latestMs;
  const living = () => [...instances.all.values()].filter(({ backedUpSinceMs, settings }) => backedUpSinceMs !== undefined && settings.DBClusterIdentifier === undefined);
  const ofResource = (id: string | undefined) =>
    [...living(), ...kept()].find(({ resourceId }) => resourceId.toLowerCase() === id?.toLowerCase());
  const backupArn = ({ resourceId }: Instance) => arnOf('auto-backup', `ab-${resourceId.slice(3)}`);

  const shown = (instance: Instance): Rds.DBInstanceAutomatedBackup => {
    const { earliestMs, latestMs } = windowOf(instance);
    const isThere = latestMs >= earliestMs;
    return {
      ...{ DBInstanceIdentifier: instance.name, DbiResourceId: instance.resourceId, Engine: instance.settings.Engine },
      DBInstanceAutomatedBackupsArn: backupArn(instance),
      BackupRetentionPeriod: daysOf(instance),
      Status: retained.has(instance.resourceId) ? 'retained' : isThere ? 'active' : 'creating',
      ...(isThere ? { RestoreWindow: { EarliestTime: new Date(earliestMs), LatestTime: new Date(latestMs) } } : {}),
    };
  };

  const describe = ({ DBInstanceIdentifier: name, DbiResourceId }: Rds.DescribeDBInstanceAutomatedBackupsMessage) => {
    if (DbiResourceId === undefined) {
      const all = [...living(), ...kept()].filter((instance) => name === undefined || instance.name === name);
      return { DBInstanceAutomatedBackups: all.map(shown) };
    }
    return { DBInstanceAutomatedBackups: [shown(backedUp(DbiResourceId))] };
  };

  const backedUp = (id: string): Instance => {
    const found = ofResource(id);
    if (found !== undefined) return found;
    throw new ApiError('DBInstanceAutomatedBackupNotFound', `No automated backup of ${id} was found.`, 404);
  };

  const restore = (input: Rds.RestoreDBInstanceToPointInTimeMessage) => {
    const { SourceDBInstanceIdentifier: name, SourceDbiResourceId: id = '', RestoreTime, Tags } = input;
    const source = name === undefined ? backedUp(id) : instances.named(name);
    if (source.backedUpSinceMs === undefined)
      throw new ApiError('PointInTimeRestoreNotEnabled', `Automated backups of ${source.name} are not enabled.`);
    const { earliestMs, latestMs } = windowOf(source);
    const atMs = input.UseLatestRestorableTime ? latestMs : (RestoreTime?.getTime() ?? Number.NaN);
    if (!(atMs >= earliestMs && atMs <= latestMs))
      throw new ApiError('InvalidRestoreFault', `${source.name} cannot be restored to ${RestoreTime?.toISOString()}.`);
    const { Engine, EngineVersion, BackupRetentionPeriod } = source.settings;
    return instances.restore(
      input.TargetDBInstanceIdentifier ?? '',
      { Engine, EngineVersion, BackupRetentionPeriod, ...restoredSettings(input) },
      Tags === undefined ? source.tags : tagMap(Tags),
      source.rows.asOf(atMs),
    );
  };

  /** Its automated backups go with it unless the caller says otherwise. */
  const remove = (input: Rds.DeleteDBInstanceMessage) => {
    const { DBInstanceIdentifier: name = '', DeleteAutomatedBackups: takesBackups = true } = input;
    const instance = instances.named(name);
    if (instance.settings.DeletionProtection)
      throw new ApiError('InvalidParameterCombination', `Cannot delete protected DB Instance ${name}.`);
    const isKeeping = !takesBackups && instance.backedUpSinceMs !== undefined;
    if (isKeeping) retained.set(instance.resourceId, { instance, endedMs: nowMs() });
    instance.status = 'deleting';
    kernel.clock.at(nowMs() + deletingMs, () => void instances.all.delete(instance.name));
    return {};
  };

  return {
    arrange: {
      logsStandStill: (name: string) => {
        stillSinceMs.set(instances.named(name).resourceId, storedMs(nowMs()));
      },
    },
    operations: {
      DescribeDBInstanceAutomatedBackups: describe,
      RestoreDBInstanceToPointInTime: restore,
      DeleteDBInstance: remove,
    },
  };
}
