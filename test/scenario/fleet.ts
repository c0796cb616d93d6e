/** The machines of the scenarios. */
import type { Region } from '#simulator/region.ts';
import type { LaunchSpec } from '#simulator/services/ec2/launch-spec.ts';
import { applianceId, databaseId } from './policy.ts';

const devices = ['f', 'g', 'h', 'i'] as const;

export function launchFleet({ services: { ec2 } }: Pick<Region, 'services'>): void {
  ec2.world.launchInstance({
    id: applianceId,
    name: 'appliance',
    tags: { owner: 'security' },
    volumes: [
      { device: '/dev/sdh', sizeGib: 200, type: 'gp3', iops: 4000, throughput: 250, tags: { Name: 'appliance-data' } },
    ],
    applications: [{ name: 'appliance', files: ['/mnt/sdh/cases.db'] }],
  });
  launchDatabase({ services: { ec2 } }, { id: databaseId, name: 'orders-db' });
}

type DatabaseSpec = Pick<LaunchSpec, 'id' | 'name' | 'availabilityZone' | 'clockSkewMs'> & { readonly id: string };

/** A database on four striped volumes, with the programs of its hooks. */
export function launchDatabase(
  { services: { ec2 } }: { readonly services: Pick<Region['services'], 'ec2'> },
  spec: DatabaseSpec,
): void {
  ec2.world.launchInstance({
    ...spec,
    volumes: devices.map((letter) => ({
      device: `/dev/sd${letter}`,
      sizeGib: 100,
      tags: { Name: `${spec.name}-${letter}` },
    })),
    applications: [{ name: 'postgres', files: devices.map((letter) => `/mnt/sd${letter}/stripe`) }],
  });
  const guest = ec2.world.guest(spec.id);
  guest.installProgram('/opt/holdfast/quiesce', (machine) => (machine.holdApplication('postgres') ? 0 : 1));
  guest.installProgram('/opt/holdfast/release', (machine) => {
    machine.resumeApplication('postgres');
    return 0;
  });
  guest.installProgram('/opt/holdfast/verify', (machine) =>
    machine.inspect().applications.every(({ status }) => status === 'running') ? 0 : 1,
  );
}
