/** Fleets of any size: four data volumes an instance, and each instance a workload of its own. */
import type { PolicyInput } from '#domain/policy-schema.ts';
import { runIdFor } from '#domain/run-id.ts';
import { createPoint } from '#ledger/points.ts';
import type { Region } from '#simulator/region.ts';

export const volumesPerInstance = 4;
const devices = ['f', 'g', 'h', 'i'].map((letter) => `/dev/sd${letter}`);

export interface Machine {
  readonly name: string;
  readonly instanceId: string;
  readonly devices: readonly string[];
  readonly workload: string;
}

/** Machines that together have so many data volumes. */
export function machines(volumes: number): readonly Machine[] {
  return Array.from({ length: Math.ceil(volumes / volumesPerInstance) }, (_, index) => ({
    name: `machine-${padded(index)}`,
    workload: `workload-${padded(index)}`,
    instanceId: `i-0${index.toString(16).padStart(16, '0')}`,
    devices: devices.slice(0, Math.min(volumesPerInstance, volumes - index * volumesPerInstance)),
  }));
}

const padded = (index: number): string => String(index + 1).padStart(5, '0');

/** Names of the workloads. */
export const workloadsOf = (fleet: readonly Machine[]): readonly string[] => fleet.map(({ workload }) => workload);

export type Timetable = 'one minute' | 'a minute each';

/**
 * Nightly, file systems frozen: one Run Command to quiesce and one to release an instance.
 * @param timetable all at 03:00 UTC, or one after another from then on
 */
export const policyOf = (fleet: readonly Machine[], timetable: Timetable): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'], reports: ['backups@example.com'] },
  workloads: Object.fromEntries(
    fleet.map(({ workload, instanceId }, index) => [
      workload,
      {
        // However long the last of them waits for slots: how long that is, is what the night measures.
        schedule: { cron: cronOf(timetable === 'one minute' ? 0 : index), timeZone: 'UTC', startWithin: '23h' },
        members: [{ kind: 'ebs' as const, instance: { id: instanceId }, volumes: 'data' as const }],
        quiesce: { hooks: [{ kind: 'filesystem', mounts: 'auto', deadlineSeconds: 30 }], onFailure: 'abort' },
        retention: { days: 30, minimum: 7 },
        objectives: { rpo: '26h', rto: '45m' },
      },
    ]),
  ),
});

const cronOf = (minutes: number): string => `${minutes % 60} ${3 + Math.floor(minutes / 60)} * * ? *`;

export function launch({ services }: Pick<Region, 'services'>, fleet: readonly Machine[]): void {
  for (const { name, instanceId, devices: names } of fleet) {
    services.ec2.world.launchInstance({
      id: instanceId,
      name,
      volumes: names.map((device) => ({ device, sizeGib: 100 })),
      applications: [{ name, files: names.map((device) => `/mnt/${device.split('/').at(-1)}/data`) }],
    });
  }
}

/**
 * The night before, as far as this one depends on it: a sealed point of each workload, from which the next run knows how many
 * slots it needs and how urgent it is. Retired, since EC2 has none of its snapshots: nobody is to look for them.
 */
export async function backUpBefore(fleet: readonly Machine[], atMs: number): Promise<void> {
  const at = new Date(atMs).toISOString();
  for (const { workload, devices: names } of fleet) {
    await createPoint({
      id: runIdFor(workload, at),
      workload,
      takenAt: at,
      sealedAt: at,
      artifacts: names.map((device) => ({
        kind: 'ebs',
        id: `snap-of${device}`,
        source: device,
        tier: 1,
        state: 'completed' as const,
        startedAt: at,
        detail: {},
      })),
      verdict: { consistency: 'filesystem-consistent', evidence: [] },
      retire: { reason: 'of the night before', plannedAt: at, doneAt: at },
    });
  }
}
