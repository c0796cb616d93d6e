/** The queue and the sessions of `examples/cache.yaml` as one workload. Nothing in ECS ends a hold by itself. */

import { exampleWorkload } from '../scenario/example.ts';
import { databaseId } from '../scenario/policy.ts';
import { minuteMs, type Stage } from '../scenario/stage.ts';
import { clusterMisfortunes } from './misfortunes.ts';
import type { Misfortunes } from './scenario.ts';
import type { Subject } from './subject.ts';

const cname = { zone: 'Z0INTERNAL', name: 'sessions.internal.example.com', ttlSeconds: 60 };
/** ElastiCache writes files of the sessions there. */
const bucket = 'session-files';
const service = { cluster: 'shop', name: 'workers' } as const;

const copiesUnder = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001';

/** ElastiCache User Guide, "Grant ElastiCache access to your Amazon S3 bucket" */
const lettingElastiCacheWrite = {
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { Service: 'eu-west-1.elasticache-snapshot.amazonaws.com' } },
      Action: [
        's3:PutObject',
        's3:GetObject',
        's3:ListBucket',
        's3:GetBucketAcl',
        's3:ListMultipartUploadParts',
        's3:ListBucketMultipartUploads',
      ],
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    },
  ],
};

function launch({ services }: Stage): void {
  const { ecs, elasticache, kms, memorydb, route53, s3, ssm } = services;
  kms.createKey({ id: copiesUnder.split('/')[1] ?? '' });
  ecs.world.launch({ ...service, desiredCount: 2 });
  elasticache.world.launchGroup({ name: 'sessions', shards: 2 });
  s3.world.create({ name: bucket, policy: lettingElastiCacheWrite });
  memorydb.world.launch({ name: 'jobs' });
  const record = { Name: `${cname.name}.`, Type: 'CNAME', TTL: 60 } as const;
  const ResourceRecords = [{ Value: 'clustercfg.sessions.c0ffee.cache.amazonaws.com' }];
  route53.zones.set(cname.zone, new Map([[`${cname.name}. CNAME`, { ...record, ResourceRecords }]]));
  ssm.parameters.set('/jobs/queue', 'clustercfg.jobs.c0ffee.memorydb.eu-west-1.amazonaws.com:6379');
}

const cacheMisfortunes: Misfortunes = {
  protect: [
    { name: 'cache-snapshot-fails', arrange: ({ services }) => services.elasticache.arrange.nextSnapshotFails() },
    {
      name: 'cache-snapshot-never-ends',
      arrange: ({ services }) => services.elasticache.arrange.nextSnapshotNeverEnds(),
    },
    { name: 'export-stops', arrange: ({ services }) => services.elasticache.arrange.nextExportStops() },
  ],
  recover: [
    { name: 'cache-restore-fails', arrange: ({ services }) => services.elasticache.arrange.nextRestoreFails() },
  ],
};

const queue = exampleWorkload('cache', 'jobs');

/** As the file has them, with a window that is short, and the sessions found by a CNAME record. */
export const jobs: Subject = {
  ...{ workload: 'jobs', instanceId: databaseId, devices: [], launch },
  typed: {
    ...queue,
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    members: [
      {
        ...{ kind: 'elasticache', resource: 'replicationgroup:sessions', cname },
        automatic: { retentionDays: 0 },
        export: { bucket },
      },
      ...queue.members.map((member) => ({ ...member, copy: { kmsKey: copiesUnder } })),
    ],
    quiesce: { hooks: [{ kind: 'ecs-service', cluster: 'shop', service: 'workers', deadlineSeconds: 360 }] },
    window: '6m',
  },
  exportsTo: bucket,
  copiesUnder,
  heldMs: 6 * minuteMs,
  isHeld: ({ services: { ecs } }) => ecs.world.services.get('shop/workers')?.desiredCount === 0,
  misfortunes: {
    protect: [...cacheMisfortunes.protect, ...clusterMisfortunes.protect],
    recover: [...cacheMisfortunes.recover, ...clusterMisfortunes.recover],
  },
};
