/**
 * What each step may do to ElastiCache. Resource types and condition keys after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
 */
import { type CacheForm, checkedCacheName } from '#domain/cache-name.ts';
import { tagKeys } from '#domain/tags.ts';
import type { Permissions, Statement } from '../permissions.ts';

const arn = (type: string, name = '*') => `arn:\${partition}:elasticache:\${region}:\${account}:${type}:${name}`;
/** The only names that Holdfast gives (`named-snapshots.ts`). */
const snapshots = [arn('snapshot', 'holdfast-*'), arn('serverlesscachesnapshot', 'holdfast-*')];
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };

const seeingSnapshots = [
  { actions: ['elasticache:DescribeSnapshots'], resources: [arn('snapshot')] },
  { actions: ['elasticache:DescribeServerlessCacheSnapshots'], resources: [arn('serverlesscachesnapshot')] },
];

const tagging = { actions: ['elasticache:AddTagsToResource'], resources: snapshots };

const caches = [arn('replicationgroup'), arn('cluster'), arn('serverlesscache')];
const seeing = [
  { actions: ['elasticache:DescribeReplicationGroups'], resources: [arn('replicationgroup')] },
  { actions: ['elasticache:DescribeCacheClusters'], resources: [arn('cluster')] },
  { actions: ['elasticache:DescribeServerlessCaches'], resources: [arn('serverlesscache')] },
];
const marking = { actions: ['elasticache:AddTagsToResource'], resources: caches };
const groups = [arn('parametergroup'), arn('subnetgroup')];

const recovery: Permissions = {
  'plan-recovery': [
    ...seeing,
    ...seeingSnapshots,
    { actions: ['elasticache:ListTagsForResource'], resources: snapshots },
  ],
  'create-volumes': [
    ...seeing,
    {
      actions: ['elasticache:CreateReplicationGroup'],
      resources: [arn('replicationgroup'), ...groups, arn('usergroup'), arn('snapshot', 'holdfast-*')],
    },
    {
      actions: ['elasticache:CreateCacheCluster'],
      resources: [arn('cluster'), ...groups, arn('snapshot', 'holdfast-*')],
    },
    {
      actions: ['elasticache:CreateServerlessCache'],
      resources: [arn('serverlesscache'), arn('usergroup'), arn('serverlesscachesnapshot', 'holdfast-*')],
    },
    marking,
  ],
  'detach-volumes': [...seeing, marking],
  'attach-volumes': seeing,
  'verify-recovery': seeing,
  'commit-recovery': seeing,
  'roll-back': [...seeing, { actions: ['elasticache:RemoveTagsFromResource'], resources: caches }],
  'abandon-recovery': seeing,
};

export const permissions: Permissions = {
  'plan-run': [
    ...seeing,
    { actions: ['elasticache:ListTagsForResource'], resources: caches },
    ...seeingSnapshots,
    // Asked for those of one cache.
    { actions: ['elasticache:DescribeServerlessCacheSnapshots'], resources: [arn('serverlesscache')] },
  ],
  'begin-tiers': [
    ...seeingSnapshots,
    {
      actions: ['elasticache:CreateSnapshot'],
      resources: [arn('replicationgroup'), arn('cluster'), arn('snapshot', 'holdfast-*')],
    },
    {
      actions: ['elasticache:CreateServerlessCacheSnapshot'],
      resources: [arn('serverlesscache'), arn('serverlesscachesnapshot', 'holdfast-*')],
    },
    tagging,
  ],
  settle: [...seeingSnapshots, { ...tagging, conditions: ours }],
  ...recovery,
  retire: [
    ...seeingSnapshots,
    { actions: ['elasticache:DeleteSnapshot'], resources: [arn('snapshot', 'holdfast-*')], conditions: ours },
    {
      actions: ['elasticache:DeleteServerlessCacheSnapshot'],
      resources: [arn('serverlesscachesnapshot', 'holdfast-*')],
      conditions: ours,
    },
  ],
};

const automaticActions: Readonly<Record<CacheForm, readonly string[]>> = {
  replicationgroup: ['elasticache:DescribeReplicationGroups', 'elasticache:ModifyReplicationGroup'],
  cluster: ['elasticache:DescribeCacheClusters', 'elasticache:ModifyCacheCluster'],
  serverlesscache: ['elasticache:DescribeServerlessCaches', 'elasticache:ModifyServerlessCache'],
};

/** Reading and setting the snapshots that ElastiCache makes of one cache by itself. */
export function automaticStatement(resource: string): Statement {
  const { form, name } = checkedCacheName(resource);
  return { actions: automaticActions[form], resources: [arn(form, name)] };
}
