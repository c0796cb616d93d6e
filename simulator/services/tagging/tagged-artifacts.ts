/** What else carries tags: snapshots and images, which no plan of AWS Backup selects. */
import { arn } from '../../iam/arn.ts';
import type { Kernel } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { ElastiCacheService } from '../elasticache/elasticache.ts';
import type { MemoryDbService } from '../memorydb/memorydb.ts';
import type { RdsService } from '../rds/rds.ts';
import type { TaggedResource, TaggedResources } from './tagged-resources.ts';

interface Services {
  readonly ec2: Ec2;
  readonly rds: RdsService;
  readonly elasticache: ElastiCacheService;
  readonly memorydb: MemoryDbService;
}

type Tagged = Pick<TaggedResource, 'tags'>;

export function taggedArtifacts(kernel: Kernel, { ec2, rds, elasticache, memorydb }: Services): TaggedResources {
  const named = (service: string, type: string, records: Iterable<readonly [string, Tagged]>) =>
    [...records].map(([id, { tags }]) => ({ arn: arn(kernel, service, `${type}${id}`), tags }));
  const there = <Record extends { readonly goneAtMs: number | undefined }>(records: ReadonlyMap<string, Record>) =>
    [...records].filter(([, { goneAtMs }]) => goneAtMs === undefined);
  return () => [
    ...named('ec2', 'snapshot/', there(ec2.world.snapshots)),
    ...named('ec2', 'image/', there(ec2.world.images)),
    ...named('rds', 'snapshot:', rds.world.snapshots),
    ...named('rds', 'cluster-snapshot:', rds.world.clusterSnapshots),
    ...named('elasticache', 'snapshot:', elasticache.world.snapshots),
    ...named('elasticache', 'serverlesscachesnapshot:', elasticache.world.serverlessSnapshots),
    ...named('memorydb', 'snapshot/', memorydb.world.snapshots),
  ];
}
