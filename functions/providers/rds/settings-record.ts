/** Settings of a DB instance as an artifact has kept them in the ledger. */
import * as z from 'zod/mini';
import { lazy } from '#platform/lazy.ts';
import { keptSettings } from '../kept-settings.ts';
import type { RdsSettings } from './settings.ts';

const text = z.exactOptional(z.string());
const number = z.exactOptional(z.number());
const texts = z.array(z.string());

const shape = lazy(() =>
  z.object({
    ...{ instanceClass: z.string(), engine: z.string(), engineVersion: z.string() },
    ...{ subnetGroup: text, securityGroupIds: texts, parameterGroup: text, optionGroup: text, port: number },
    lastingOptions: z.exactOptional(texts),
    ...{ multiAz: z.boolean(), publiclyAccessible: z.boolean(), deletionProtection: z.boolean() },
    ...{ iamAuthentication: z.boolean(), logExports: texts, copyTagsToSnapshot: z.boolean() },
    autoMinorVersionUpgrade: z.boolean(),
    ...{
      storageType: text,
      allocatedStorageGib: number,
      iops: number,
      storageThroughput: number,
      maxAllocatedStorageGib: number,
    },
    ...{ backupRetentionDays: z.number(), backupWindow: text, maintenanceWindow: text },
    ...{ networkType: text, dedicatedLogVolume: z.exactOptional(z.boolean()), certificateAuthority: text },
    processorFeatures: z.exactOptional(z.array(z.object({ Name: text, Value: text }))),
    engineLifecycleSupport: text,
    ...{ performanceInsights: z.boolean(), performanceInsightsKey: text, performanceInsightsRetentionDays: number },
    databaseInsightsMode: text,
    ...{ tags: z.record(z.string(), z.string()), differences: texts },
  }),
);

/** @throws as `keptSettings` */
export const rdsSettings = (kept: Readonly<Record<string, unknown>>): RdsSettings =>
  keptSettings(shape(), kept, { kind: 'rds', what: 'the instance', from: String(kept.snapshotArn) });
