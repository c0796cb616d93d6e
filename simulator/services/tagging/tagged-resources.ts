/** What carries tags, of the services that AWS Backup's plans and the Resource Groups Tagging API select by them. */
import { arn } from '../../iam/arn.ts';
import type { Kernel } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { EfsService } from '../efs/efs.ts';
import type { RdsService } from '../rds/rds.ts';

export interface TaggedResource {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** As they are now. */
export type TaggedResources = () => readonly TaggedResource[];

export function taggedResources(
  kernel: Kernel,
  { ec2, efs, rds }: { readonly ec2: Ec2; readonly efs: EfsService; readonly rds: RdsService },
): TaggedResources {
  const named = (service: string, type: string, records: Iterable<readonly [string, Tagged]>) =>
    [...records].map(([id, { tags }]) => ({ arn: arn(kernel, service, `${type}${id}`), tags }));
  return () => [
    ...named(
      'ec2',
      'instance/',
      [...ec2.world.instances].filter(([, { state }]) => state !== 'terminated'),
    ),
    ...named('ec2', 'volume/', ec2.world.volumes),
    ...efs.world.fileSystems(),
    ...named('rds', 'db:', rds.world.instances),
    ...named('rds', 'cluster:', rds.world.clusters),
  ];
}

type Tagged = Pick<TaggedResource, 'tags'>;
