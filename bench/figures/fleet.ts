/** Fleets of any size: four data volumes an instance, one workload an instance for as long as a policy takes so many. */
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { Region } from '#simulator/region.ts';

export const volumesPerInstance = 4;
const devices = ['f', 'g', 'h', 'i'].map((letter) => `/dev/sd${letter}`);

/** Workloads that one policy takes (docs/policy.md). */
const mostWorkloads = 200;

export interface Machine {
  readonly name: string;
  readonly instanceId: string;
  readonly devices: readonly string[];
  readonly workload: string;
}

/** Machines that together have so many data volumes. Where a policy has no room for a workload each, some share one. */
export function machines(volumes: number): readonly Machine[] {
  const instances = Math.ceil(volumes / volumesPerInstance);
  const perWorkload = Math.ceil(instances / mostWorkloads);
  return Array.from({ length: instances }, (_, index) => ({
    name: `machine-${padded(index)}`,
    workload: `workload-${padded(Math.floor(index / perWorkload))}`,
    instanceId: `i-0${index.toString(16).padStart(16, '0')}`,
    devices: devices.slice(0, Math.min(volumesPerInstance, volumes - index * volumesPerInstance)),
  }));
}

const padded = (index: number): string => String(index + 1).padStart(5, '0');

/** Names of the workloads. */
export const workloadsOf = (fleet: readonly Machine[]): readonly string[] => [
  ...new Set(fleet.map(({ workload }) => workload)),
];

export type Timetable = 'one minute' | 'a minute each';

/**
 * Nightly, file systems frozen: one Run Command to quiesce and one to release an instance.
 * @param timetable all at 03:00 UTC, or one after another from then on
 */
export const policyOf = (fleet: readonly Machine[], timetable: Timetable): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'], reports: ['backups@example.com'] },
  workloads: Object.fromEntries(
    workloadsOf(fleet).map((workload, index) => [
      workload,
      {
        schedule: { cron: cronOf(timetable === 'one minute' ? 0 : index), timeZone: 'UTC' },
        members: fleet
          .filter((machine) => machine.workload === workload)
          .map(({ instanceId }) => ({ kind: 'ebs' as const, instance: { id: instanceId }, volumes: 'data' as const })),
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
