/** A set of four kinds that each keep backups in their own way: a table, a cluster and a search domain, and then the machine that works on them. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { executions, minuteMs, type Stage } from '../scenario/stage.ts';
import { reachedFor } from './portrait.ts';
import type { Misfortune, Misfortunes } from './scenario.ts';
import type { Subject } from './subject.ts';

const instanceId = 'i-0e71de0ce00000001';
const name = 'evidence';
const table = 'Evidence.v1';
const tableParameter = '/evidence/table';
const cluster = 'evidence-cases';
const domain = 'evidence';

async function launchTable(stage: Stage): Promise<void> {
  const command = new CreateTableCommand({
    ...{ TableName: table, BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await stage.drive(new DynamoDBClient({}).send(command));
  stage.services.ssm.parameters.set(tableParameter, table);
}

function launchMachine({ services: { ec2 } }: Stage): void {
  ec2.world.launchInstance({
    ...{ id: instanceId, name, elasticIp: '203.0.113.7' },
    volumes: [{ device: '/dev/sdf', sizeGib: 8 }],
    applications: [{ name: 'evidence', files: ['/mnt/sdf/cases'] }],
  });
  const guest = ec2.world.guest(instanceId);
  guest.installProgram('/opt/holdfast/quiesce', (machine) => (machine.holdApplication('evidence') ? 0 : 1));
  guest.installProgram('/opt/holdfast/release', (machine) => {
    machine.resumeApplication('evidence');
    return 0;
  });
}

async function launch(stage: Stage): Promise<void> {
  const { opensearch, rds } = stage.services;
  rds.world.launchCluster({ name: cluster });
  opensearch.world.launch({
    name: domain,
    indices: { 'cases-1': ['case 1'], 'people-1': ['person 1'] },
    aliases: { 'cases-1': ['cases'], 'people-1': ['people'] },
  });
  launchMachine(stage);
  await launchTable(stage);
}

const inRelease = (name: string, arrange: Misfortune['arrange']): Misfortune => ({ name, state: 'Release', arrange });

const misfortunes: Misfortunes = {
  protect: [
    {
      name: 'table-backup-never-ends',
      arrange: ({ services: { dynamodb } }) => dynamodb.arrange.nextBackupNeverEnds(),
    },
    inRelease('table-backup-deleted', ({ services: { dynamodb } }) => {
      for (const arn of dynamodb.world.backups.keys()) dynamodb.arrange.backupDeleted(arn);
    }),
    {
      name: 'aurora-snapshot-fails',
      arrange: ({ services: { rds } }) => rds.arrange.nextClusterSnapshotFails(),
    },
    {
      name: 'aurora-snapshot-never-ends',
      arrange: ({ services: { rds } }) => rds.arrange.nextClusterSnapshotNeverEnds(),
    },
    inRelease('aurora-snapshot-deleted', ({ services: { rds } }) => {
      for (const name of rds.world.clusterSnapshots.keys()) rds.arrange.clusterSnapshotDeleted(name);
    }),
    ...(['PARTIAL', 'FAILED', 'never'] as const).map((end) => ({
      name: `domain-snapshot:${end}`,
      arrange: ({ services: { opensearch } }: Stage) => opensearch.arrange.nextSnapshotEndsAs(end),
    })),
    inRelease('domain-snapshot-deleted', ({ services: { opensearch } }) => opensearch.arrange.loseSnapshots()),
    {
      name: 'automated-snapshot-first',
      state: 'Quiesce',
      arrange: ({ services: { opensearch } }) => opensearch.arrange.automatedSnapshotBegins(domain),
    },
    ...['/dev/xvda', '/dev/sdf'].flatMap((device) => [
      {
        name: `image-fails:${device.slice(-1)}`,
        arrange: ({ services: { ec2 } }: Stage) => ec2.arrange.snapshotFails(ec2.world.volumeAt(instanceId, device).id),
      },
      {
        name: `image-never-ends:${device.slice(-1)}`,
        arrange: ({ services: { ec2 } }: Stage) =>
          ec2.arrange.snapshotNeverEnds(ec2.world.volumeAt(instanceId, device).id),
      },
    ]),
  ],
  recover: [
    { name: 'cluster-restore-fails', arrange: ({ services: { rds } }) => rds.arrange.nextRestoreFails() },
    { name: 'indices-stay-red', arrange: ({ services: { opensearch } }) => opensearch.arrange.nextRestoreNeverEnds() },
    ...['CreateVolumes', 'StopInstance', 'AttachVolumes', 'VerifyRecovery', 'CommitRecovery'].flatMap((state) => [
      {
        ...{ name: 'new-one-terminated', state },
        arrange: ({ services: { ec2 } }: Stage) => {
          for (const { id } of launchedOf(ec2)) ec2.arrange.instanceTerminated(id);
        },
      },
      {
        ...{ name: 'old-one-terminated', state },
        arrange: ({ services: { ec2 } }: Stage) => ec2.arrange.instanceTerminated(instanceId),
      },
    ]),
  ],
};

const launchedOf = ({ world }: Stage['services']['ec2']) =>
  [...world.instances.values()].filter(({ clientToken }) => clientToken !== undefined);

/** Where it has been replaced its operators move its tags, by which the policy knows it, when that has been over for a while. */
export function moveTags(stage: Stage): void {
  const { clock, services } = stage;
  const isOver = () =>
    executions(stage, 'recover').every(({ stopMs = clock.nowMs() }) => clock.nowMs() - stopMs > 10 * minuteMs);
  const look = (): void => {
    if (!isOver()) {
      clock.at(clock.nowMs() + minuteMs, look);
      return;
    }
    const { id, tags } = reachedFor(stage, instanceId);
    if (id === instanceId) return;
    services.ec2.world.instance(instanceId).tags.delete('Name');
    tags.set('Name', name);
  };
  clock.at(clock.nowMs() + 11 * minuteMs, look);
}

export const evidence: Subject = {
  ...{ workload: 'evidence', instanceId, devices: [], launch, misfortunes, request: { replace: true } },
  heldMs: 6 * minuteMs,
  typed: {
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    members: [
      { kind: 'dynamodb', resource: table, parameter: tableParameter },
      { kind: 'aurora', resource: cluster },
      { kind: 'opensearch', resource: domain, repository: 'nightly' },
      { kind: 'ami', instance: { tags: { Name: 'evidence' } }, tier: 2 },
    ],
    quiesce: {
      hooks: [
        { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 360 },
      ],
    },
    window: '6m',
    retention: { days: 30, minimum: 7 },
    objectives: { rpo: '26h', rto: '60m' },
  },
};

/** Of its points the oldest has expired after three nights. */
export const evidenceTwoDays: Subject = {
  ...evidence,
  typed: { ...evidence.typed, retention: { days: 2, minimum: 1 } },
};
