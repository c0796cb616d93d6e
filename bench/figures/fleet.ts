/** Fleets of any size: four data volumes an instance, one workload an instance, all due at the same minute of the night. */
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { Region } from '#simulator/region.ts';

export const volumesPerInstance = 4;
const devices = ['f', 'g', 'h', 'i'].map((letter) => `/dev/sd${letter}`);

export interface Machine {
  readonly name: string;
  readonly instanceId: string;
  readonly devices: readonly string[];
}

/** Machines that together have so many data volumes. */
export const machines = (volumes: number): readonly Machine[] =>
  Array.from({ length: Math.ceil(volumes / volumesPerInstance) }, (_, index) => ({
    name: `workload-${String(index + 1).padStart(5, '0')}`,
    instanceId: `i-0${index.toString(16).padStart(16, '0')}`,
    devices: devices.slice(0, Math.min(volumesPerInstance, volumes - index * volumesPerInstance)),
  }));

/** Nightly at 03:00 UTC, file systems frozen: one Run Command to quiesce and one to release an instance. */
export const policyOf = (fleet: readonly Machine[]): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'], reports: ['backups@example.com'] },
  workloads: Object.fromEntries(
    fleet.map(({ name, instanceId }) => [
      name,
      {
        schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
        members: [{ kind: 'ebs', instance: { id: instanceId }, volumes: 'data' }],
        quiesce: { hooks: [{ kind: 'filesystem', mounts: 'auto', deadlineSeconds: 30 }], onFailure: 'abort' },
        retention: { days: 30, minimum: 7 },
        objectives: { rpo: '26h', rto: '45m' },
      },
    ]),
  ),
});

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
