/** Settings of a cluster as an artifact has kept them in the ledger. */
import * as z from 'zod/mini';
import { lazy } from '#platform/lazy.ts';
import { keptSettings } from '../kept-settings.ts';
import type { AuroraSettings } from './settings.ts';

const text = z.exactOptional(z.string());
const number = z.exactOptional(z.number());
const texts = z.array(z.string());
const tags = z.record(z.string(), z.string());

const instance = lazy(() =>
  z.object({
    ...{ identifier: text, instanceClass: z.string(), availabilityZone: text, parameterGroup: text },
    ...{ promotionTier: number, publiclyAccessible: z.boolean() },
    ...{ performanceInsights: z.boolean(), performanceInsightsKey: text, performanceInsightsRetentionDays: number },
    ...{ certificateAuthority: text, autoMinorVersionUpgrade: z.boolean(), maintenanceWindow: text, tags },
  }),
);

const shape = lazy(() =>
  z.object({
    ...{ engine: z.string(), engineVersion: z.string() },
    ...{ subnetGroup: text, securityGroupIds: texts, parameterGroup: text, port: number, readerEndpoint: text },
    ...{ deletionProtection: z.boolean(), iamAuthentication: z.boolean(), logExports: texts },
    ...{ copyTagsToSnapshot: z.boolean(), storageType: text, networkType: text, engineLifecycleSupport: text },
    backtrackSeconds: number,
    serverlessCapacity: z.exactOptional(
      z.object({ MinCapacity: number, MaxCapacity: number, SecondsUntilAutoPause: number }),
    ),
    ...{ backupRetentionDays: z.number(), backupWindow: text, maintenanceWindow: text, tags },
    ...{ instances: z.array(instance()), differences: texts },
  }),
);

/** @throws as `keptSettings` */
export const auroraSettings = (kept: Readonly<Record<string, unknown>>): AuroraSettings =>
  keptSettings(shape(), kept, { kind: 'aurora', what: 'the cluster', from: String(kept.snapshotArn) });
