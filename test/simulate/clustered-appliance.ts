/** The appliance of `examples/high-availability.yaml`: a moment of an Aurora cluster, and the disks of an instance. */
import { exampleWorkload } from '../scenario/example.ts';
import { minuteMs, type Stage } from '../scenario/stage.ts';
import type { Misfortune } from './scenario.ts';
import type { Subject } from './subject.ts';

const instanceId = 'i-0a991a9ce00000001';

function launch({ services: { ec2, rds } }: Stage): void {
  rds.world.launchCluster({ name: 'appliance-cases', settings: { BackupRetentionPeriod: 35 } });
  ec2.world.launchInstance({
    ...{ id: instanceId, name: 'appliance-1', tags: { Role: 'appliance' } },
    volumes: [{ device: '/dev/sdf', sizeGib: 100 }],
    applications: [{ name: 'appliance', files: ['/mnt/sdf/evidence'] }],
  });
  ec2.world.guest(instanceId).installProgram('/opt/holdfast/verify-appliance', () => 0);
}

const logsStandStill: Misfortune = {
  ...{ name: 'logs-stand-still', state: 'Release' },
  arrange: ({ services: { rds } }) => rds.arrange.clusterLogsStandStill('appliance-cases'),
};

/** As the file has it, but for its hour. */
export const clusteredAppliance: Subject = {
  ...{ workload: 'appliance', instanceId, devices: ['/dev/sdf'], launch },
  typed: exampleWorkload('high-availability', 'appliance', { schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' } }),
  hasMoment: true,
  heldMs: 5 * minuteMs,
  misfortunes: { protect: [logsStandStill], recover: [] },
};
