/** The appliance of `examples/high-availability.yaml`: a moment of an Aurora cluster, a search domain and a cache; then a file system and the disks of an instance. */
import { exampleWorkload } from '../scenario/example.ts';
import { minuteMs, type Stage } from '../scenario/stage.ts';
import { copyMisfortunes } from './misfortunes.ts';
import type { Misfortune, Misfortunes } from './scenario.ts';
import type { Subject } from './subject.ts';

const instanceId = 'i-0a991a9ce00000001';

const domain = 'appliance-search';

function launch({ services: { ec2, efs, elasticache, opensearch, rds, ssm } }: Stage): void {
  rds.world.launchCluster({ name: 'appliance-cases', settings: { BackupRetentionPeriod: 35 } });
  opensearch.world.launch({ name: domain, indices: { findings: ['finding 1'] } });
  elasticache.world.launchGroup({ name: 'appliance-sessions' });
  ssm.parameters.set('/appliance/sessions', 'appliance-sessions:6379');
  efs.world.create({ id: 'fs-0a991a9ce0000001a', files: { '/evidence/1': 'an image' } });
  ssm.parameters.set('/appliance/evidence', 'fs-0a991a9ce0000001a');
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

const misfortunes: Misfortunes = {
  protect: [
    logsStandStill,
    ...(['PARTIAL', 'FAILED', 'never'] as const).map((end) => ({
      name: `domain-snapshot:${end}`,
      arrange: ({ services: { opensearch } }: Stage) => opensearch.arrange.nextSnapshotEndsAs(end),
    })),
    {
      name: 'automated-snapshot-first',
      state: 'Quiesce',
      arrange: ({ services: { opensearch } }) => opensearch.arrange.automatedSnapshotBegins(domain),
    },
    {
      name: 'cache-snapshot-fails',
      arrange: ({ services: { elasticache } }) => elasticache.arrange.nextSnapshotFails(),
    },
    {
      name: 'cache-snapshot-never-ends',
      arrange: ({ services: { elasticache } }) => elasticache.arrange.nextSnapshotNeverEnds(),
    },
    ...copyMisfortunes.protect,
  ],
  recover: [],
};

/** As the file has it, but for its hour, and with a window that is short. */
export const clusteredAppliance: Subject = {
  ...{ workload: 'appliance', instanceId, devices: ['/dev/sdf'], launch, misfortunes },
  typed: exampleWorkload('high-availability', 'appliance', {
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    quiesce: {
      hooks: [{ kind: 'services', units: ['appliance.service'], deadlineSeconds: 1200 }],
      onFailure: 'abort',
    },
    window: '20m',
  }),
  hasMoment: true,
  heldMs: 20 * minuteMs,
};
