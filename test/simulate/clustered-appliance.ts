/** The appliance of `examples/high-availability.yaml`: a moment of an Aurora cluster, a search domain and a cache; then a file system and the disks of an instance. */
import { exampleWorkload } from '../scenario/example.ts';
import { runsOn, writeNumbers } from '../scenario/numbered.ts';
import { minuteMs, type Stage } from '../scenario/stage.ts';
import type { Content } from './content.ts';
import { copyMisfortunes } from './misfortunes.ts';
import { fittingNumbers } from './numbered-content.ts';
import type { Misfortune, Misfortunes } from './scenario.ts';
import type { Subject } from './subject.ts';

const instanceId = 'i-0a991a9ce00000001';

const cluster = 'appliance-cases';
const domain = 'appliance-search';
/** Of indices of the domain. */
const alias = 'findings';
const sessionsParameter = '/appliance/sessions';
const evidenceParameter = '/appliance/evidence';
const verify = '/opt/holdfast/verify-appliance';
/** AWS Backup reads them one after another. */
const evidenceFiles = ['/evidence/first', '/evidence/last'];

function launch(stage: Stage): void {
  const { ec2, efs, elasticache, opensearch, rds, ssm } = stage.services;
  rds.world.launchCluster({ name: cluster, settings: { BackupRetentionPeriod: 35 } });
  opensearch.world.launch({ name: domain, indices: { 'findings-1': [] }, aliases: { 'findings-1': [alias] } });
  elasticache.world.launchGroup({ name: 'appliance-sessions', shards: 1 });
  ssm.parameters.set(sessionsParameter, 'clustercfg.appliance-sessions.c0ffee.cache.amazonaws.com:6379');
  efs.world.create({ id: 'fs-0a991a9ce0000001a', files: Object.fromEntries(evidenceFiles.map((path) => [path, '0'])) });
  ssm.parameters.set(evidenceParameter, 'fs-0a991a9ce0000001a');
  ec2.world.launchInstance({
    ...{ id: instanceId, name: 'appliance-1', tags: { Role: 'appliance' } },
    volumes: [{ device: '/dev/sdf', sizeGib: 100 }],
    applications: [{ name: 'appliance', files: ['/mnt/sdf/evidence'] }],
  });
  ec2.world.guest(instanceId).installProgram(verify, () => 0);
  writeNumbers(stage, {
    isAtWork: () => runsOn(stage, instanceId),
    write: (number) => {
      for (const path of evidenceFiles) filesOf(stage).set(path, String(number));
      for (const rows of rowsOf(stage)) rows.push(String(number));
    },
  });
}

const filesOf = ({ services: { efs, ssm } }: Stage): Map<string, string> =>
  efs.world.fileSystem(ssm.parameters.get(evidenceParameter) ?? '').files;

/** Cases, what is found in them, and sessions: of whatever its names lead to. */
function rowsOf({ services: { elasticache, opensearch, rds, ssm } }: Stage): readonly string[][] {
  const indices = [...(opensearch.world.domains.get(domain)?.indices.values() ?? [])];
  const sessions = elasticache.world.groups.get(ssm.parameters.get(sessionsParameter)?.split('.')[1] ?? '');
  return [
    rds.world.cluster(cluster).rows,
    ...indices.flatMap(({ aliases, documents }) => (aliases.has(alias) ? [documents] : [])),
    ...(sessions?.shards ?? []),
  ];
}

const content: Content = {
  inUse: (stage) => ({ rows: rowsOf(stage), files: filesOf(stage) }),
  unfitting: fittingNumbers(evidenceFiles),
};

const logsStandStill: Misfortune = {
  ...{ name: 'logs-stand-still', state: 'Release' },
  arrange: ({ services: { rds } }) => rds.arrange.clusterLogsStandStill(cluster),
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
  recover: [
    { name: 'cluster-restore-fails', arrange: ({ services: { rds } }) => rds.arrange.nextRestoreFails() },
    { name: 'indices-stay-red', arrange: ({ services: { opensearch } }) => opensearch.arrange.nextRestoreNeverEnds() },
    { name: 'cache-restore-fails', arrange: ({ services }) => services.elasticache.arrange.nextRestoreFails() },
    ...copyMisfortunes.recover,
  ],
};

/** As the file has it, but for its hour, with a window that is short, and what was replaced kept for a day. */
export const clusteredAppliance: Subject = {
  ...{ workload: 'appliance', instanceId, devices: ['/dev/sdf'], content, launch, misfortunes },
  typed: exampleWorkload('high-availability', 'appliance', {
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    quiesce: {
      hooks: [{ kind: 'services', units: ['appliance.service'], deadlineSeconds: 1200 }],
      onFailure: 'abort',
    },
    window: '20m',
    recovery: { verify, keepReplacedDays: 1 },
  }),
  hasMoment: true,
  heldMs: 20 * minuteMs,
};
