/** What the demo plays: a policy in an account of its own, and acts. */
import { fileURLToPath } from 'node:url';
import type { Region, RegionOptions } from '#simulator/region.ts';
import { coldNight } from './acts/cold-night.ts';
import { deploy } from './acts/deploy.ts';
import { disaster } from './acts/disaster.ts';
import { dryRun } from './acts/dry-run.ts';
import { failedColdWindow } from './acts/failed-cold-window.ts';
import { failedNight } from './acts/failed-night.ts';
import { firstNight } from './acts/first-night.ts';
import { inbox } from './acts/inbox.ts';
import { points } from './acts/points.ts';
import { recovery } from './acts/recovery.ts';
import { rollBack } from './acts/roll-back.ts';
import { setRecovery } from './acts/set-recovery.ts';
import { launchFleet } from './fleet.ts';
import { openPlatform } from './mediation/open-platform.ts';
import type { Act } from './stage.ts';

export interface Story {
  /** Path. */
  readonly policy: string;
  readonly options: RegionOptions;
  /** Puts what the policy protects into the region. @returns what happens to it there */
  begin(region: Region): Promise<readonly Act[]>;
}

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const machines: Story = {
  policy: pathOf('holdfast.yaml'),
  options: {},
  begin: async (region) => {
    launchFleet(region);
    return [deploy, firstNight, points, failedNight, disaster, dryRun, recovery, rollBack, inbox];
  },
};

/** From shortly before its night on. It is a small platform: every minute of its services is asked about, and costs the reader time. */
const mediation: Story = {
  policy: pathOf('examples/mediation.yaml'),
  options: {
    startMs: Date.UTC(2026, 0, 15, 1, 44),
    rds: { snapshotMs: 130_000, restoreMs: 100_000, modifyMs: 10_000, renameMs: 15_000 },
    memorydb: { snapshotMs: 60_000 },
    backup: { jobMs: 120_000 },
  },
  begin: async (region) => {
    const platform = await openPlatform(region);
    return [coldNight(platform), failedColdWindow(platform), setRecovery(platform)];
  },
};

export const stories: readonly Story[] = [machines, mediation];
