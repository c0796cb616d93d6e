/** What a restored DB instance still needs: settings that the restoring call has no parameter for. */
import type { DatabaseInsightsMode, DBInstance, ModifyDBInstanceMessage } from '@aws-sdk/client-rds';
import type { Change } from '../replacement/replacement-service.ts';
import { type RdsSettings, settingsOf } from './settings.ts';

export type RdsChange = Change & Partial<ModifyDBInstanceMessage>;

/** One change with all of them, since each makes the instance `modifying`; none when it is as it should be. */
export function changesOf(instance: DBInstance, wanted: RdsSettings): readonly RdsChange[] {
  const now = settingsOf(instance);
  const differing = parts.filter(({ key }) => wanted[key] !== undefined && now[key] !== wanted[key]);
  if (differing.length === 0) return [];
  const what = differing.map(({ words }) => words).join(', ');
  return [Object.assign({ what }, ...differing.map(({ change }) => change(wanted)))];
}

interface Part {
  readonly key: keyof RdsSettings;
  readonly words: string;
  change(wanted: RdsSettings): Partial<ModifyDBInstanceMessage>;
}

const parts: readonly Part[] = [
  {
    key: 'backupRetentionDays',
    words: 'backup retention',
    change: ({ backupRetentionDays }) => ({ BackupRetentionPeriod: backupRetentionDays }),
  },
  {
    key: 'backupWindow',
    words: 'backup window',
    change: ({ backupWindow }) => ({ PreferredBackupWindow: backupWindow }),
  },
  {
    key: 'maintenanceWindow',
    words: 'maintenance window',
    change: ({ maintenanceWindow }) => ({ PreferredMaintenanceWindow: maintenanceWindow }),
  },
  {
    key: 'maxAllocatedStorageGib',
    words: 'storage autoscaling',
    change: ({ maxAllocatedStorageGib }) => ({ MaxAllocatedStorage: maxAllocatedStorageGib }),
  },
  {
    key: 'performanceInsights',
    words: 'Performance Insights',
    // Its key cannot be changed afterwards.
    change: ({ performanceInsights, performanceInsightsKey: key }) => ({
      EnablePerformanceInsights: performanceInsights,
      ...(key === undefined ? {} : { PerformanceInsightsKMSKeyId: key }),
    }),
  },
  {
    key: 'performanceInsightsRetentionDays',
    words: 'retention of Performance Insights',
    change: ({ performanceInsightsRetentionDays }) => ({
      PerformanceInsightsRetentionPeriod: performanceInsightsRetentionDays,
    }),
  },
  {
    key: 'databaseInsightsMode',
    words: 'mode of Database Insights',
    // A word of AWS's own, as its description had it.
    change: ({ databaseInsightsMode }) => ({ DatabaseInsightsMode: databaseInsightsMode as DatabaseInsightsMode }),
  },
];
