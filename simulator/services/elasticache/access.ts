/** Service Authorization Reference, ElastiCache: resource types of each action, and the tags that conditions see. */
import { arn } from '../../iam/arn.ts';
import type { Access } from '../../kernel/service.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import type { ElastiCacheContext } from './elasticache.ts';

interface Named {
  readonly ReplicationGroupId?: string;
  readonly CacheClusterId?: string;
  readonly SnapshotName?: string;
  readonly SourceSnapshotName?: string;
  readonly TargetSnapshotName?: string;
  readonly TargetBucket?: string;
  readonly SourceServerlessCacheSnapshotName?: string;
  readonly TargetServerlessCacheSnapshotName?: string;
  readonly S3BucketName?: string;
  readonly ServerlessCacheName?: string;
  readonly ServerlessCacheSnapshotName?: string;
  readonly ResourceName?: string;
  readonly CacheParameterGroupName?: string;
  readonly CacheSubnetGroupName?: string;
  readonly UserGroupIds?: readonly string[];
  readonly UserGroupId?: string;
  readonly SubnetIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
  readonly SnapshotArns?: readonly string[];
  readonly SnapshotArnsToRestore?: readonly string[];
  readonly LogDeliveryConfigurations?: readonly { readonly DestinationType?: string }[];
  readonly Tags?: Parameters<typeof tagsIn>[0];
}

export function elastiCacheAccess(
  context: ElastiCacheContext,
  tagsOf: (resourceArn: string) => ReadonlyMap<string, string> | undefined,
  operation: string,
  input: Named,
): readonly Access[] {
  const asked = Object.entries(tagsIn(input.Tags)).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  const on = (resource: string, action = operation): Access => {
    const worn = [...(tagsOf(resource) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
    return { action: `elasticache:${action}`, resource, context: Object.fromEntries([...asked, ...worn]) };
  };
  if (input.ResourceName !== undefined) return [on(input.ResourceName)];
  if (operation === 'DescribeCacheEngineVersions') return [on('*')];
  if (operation === 'CopySnapshot' && input.TargetBucket !== undefined)
    return [on(context.arnOf('snapshot', input.SourceSnapshotName ?? '')), ...toBucket(input)];
  if (operation.startsWith('Copy')) return copying(context, operation, input, on);
  if (operation === 'ExportServerlessCacheSnapshot') {
    const { ServerlessCacheSnapshotName: TargetSnapshotName = '', S3BucketName: TargetBucket = '' } = input;
    const snapshot = context.arnOf('serverlesscachesnapshot', TargetSnapshotName);
    return [on(snapshot), ...toBucket({ TargetSnapshotName, TargetBucket })];
  }
  const [made, ...others] = resourcesOf(context, operation, input);
  const tagging = made !== undefined && asked.length > 0 ? [on(made, 'AddTagsToResource')] : [];
  const files = (input.SnapshotArns ?? []).map((resource) => ({ action: 's3:GetObject', resource }));
  const endpoint = operation === 'CreateServerlessCache' ? makingEndpoint(context, input) : [];
  const onAll = [made ?? '*', ...others].map((resource) => on(resource));
  return [...onAll, ...tagging, ...files, ...delivering(input), ...endpoint];
}

/** Both snapshots; the tags are the copy's. */
function copying(
  { arnOf }: ElastiCacheContext,
  operation: string,
  input: Named,
  on: (resource: string, action?: string) => Access,
): readonly Access[] {
  const { SourceSnapshotName, TargetSnapshotName } = input;
  const { SourceServerlessCacheSnapshotName: source, TargetServerlessCacheSnapshotName: target } = input;
  const [from, to] =
    source === undefined
      ? [SourceSnapshotName, TargetSnapshotName].map((name = '') => arnOf('snapshot', name))
      : [source, target].map((name = '') => arnOf('serverlesscachesnapshot', name));
  const tagging = to !== undefined && input.Tags !== undefined ? [on(to, 'AddTagsToResource')] : [];
  return [...[from, to].map((resource = '') => on(resource, operation)), ...tagging];
}

/** ElastiCache makes the cache's endpoint in the caller's VPC and name: AWS's policy AmazonElastiCacheFullAccess, and the reference's dependent actions. */
function makingEndpoint(
  { kernel }: ElastiCacheContext,
  { SubnetIds = [], SecurityGroupIds = [] }: Named,
): readonly Access[] {
  const of = (type: string, id: string) => arn(kernel, 'ec2', `${type}/${id}`);
  const endpoint = of('vpc-endpoint', 'vpce-0');
  const service = `com.amazonaws.elasticache.serverless.${kernel.regionName}.vpce-svc-0`;
  const around = [
    of('vpc', 'vpc-0'),
    ...SubnetIds.map((id) => of('subnet', id)),
    ...SecurityGroupIds.map((id) => of('security-group', id)),
  ];
  const tags = { 'ec2:CreateAction': 'CreateVpcEndpoint', 'aws:RequestTag/AmazonElastiCacheManaged': 'true' };
  return [
    ...['Vpcs', 'Subnets', 'SecurityGroups'].map((all) => ({ action: `ec2:Describe${all}`, resource: '*' })),
    { action: 'ec2:CreateVpcEndpoint', resource: endpoint, context: { 'ec2:VpceServiceName': service } },
    ...around.map((resource) => ({ action: 'ec2:CreateVpcEndpoint', resource })),
    { action: 'ec2:CreateTags', resource: endpoint, context: tags },
  ];
}

const deliveries = [
  'CreateLogDelivery',
  'GetLogDelivery',
  'UpdateLogDelivery',
  'DeleteLogDelivery',
  'ListLogDeliveries',
];
const ofGroups = ['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'];

/** ElastiCache sets up deliveries in the caller's name. ElastiCache User Guide, "Log delivery" */
function delivering({ LogDeliveryConfigurations: logs = [] }: Named): readonly Access[] {
  const isToGroup = logs.some(({ DestinationType }) => DestinationType === 'cloudwatch-logs');
  const actions = [...(logs.length > 0 ? deliveries : []), ...(isToGroup ? ofGroups : [])];
  return actions.map((action) => ({ action: `logs:${action}`, resource: '*' }));
}

/** ElastiCache writes in the caller's name. ElastiCache User Guide, "Exporting a backup" */
function toBucket({ TargetBucket: bucket = '', TargetSnapshotName: name = '' }: Named): readonly Access[] {
  const of = (resource: string, actions: readonly string[]) =>
    actions.map((action) => ({ action: `s3:${action}`, resource }));
  return [
    ...of('*', ['ListAllMyBuckets']),
    ...of(`arn:aws:s3:::${bucket}`, ['GetBucketLocation', 'GetBucketAcl', 'ListBucket']),
    ...of(`arn:aws:s3:::${bucket}/${name}-0001.rdb`, ['PutObject', 'GetObject', 'DeleteObject']),
  ];
}

/** What is made or asked for first. */
function resourcesOf({ arnOf }: ElastiCacheContext, operation: string, input: Named): readonly string[] {
  const { ReplicationGroupId: group, CacheClusterId: cluster = '*', SnapshotName: snapshot = '*' } = input;
  const { ServerlessCacheName: cache, ServerlessCacheSnapshotName = '*' } = input;
  const nodes = group === undefined ? arnOf('cluster', cluster) : arnOf('replicationgroup', group);
  const serverless = arnOf('serverlesscachesnapshot', ServerlessCacheSnapshotName);
  if (operation in creating) return creating[operation]?.(arnOf, input) ?? [];
  if (/^(Describe|Modify)ReplicationGroups?$/.test(operation)) return [arnOf('replicationgroup', group ?? '*')];
  if (/^(Describe|Modify)CacheClusters?$/.test(operation)) return [arnOf('cluster', cluster)];
  if (/^(Describe|Modify)ServerlessCaches?$/.test(operation)) return [arnOf('serverlesscache', cache ?? '*')];
  if (operation === 'CreateSnapshot') return [arnOf('snapshot', snapshot), nodes];
  if (operation.includes('ServerlessCacheSnapshot')) {
    return [serverless, ...(cache === undefined ? [] : [arnOf('serverlesscache', cache)])];
  }
  return [arnOf('snapshot', snapshot)];
}

type Creating = (arnOf: ElastiCacheContext['arnOf'], input: Named) => readonly string[];

const groupsOf: Creating = (arnOf, input) => [
  arnOf('parametergroup', input.CacheParameterGroupName ?? 'default'),
  ...(input.CacheSubnetGroupName === undefined ? [] : [arnOf('subnetgroup', input.CacheSubnetGroupName)]),
  ...(input.SnapshotName === undefined ? [] : [arnOf('snapshot', input.SnapshotName)]),
];

/** What is made, and all that it is made of. */
const creating: Readonly<Record<string, Creating>> = {
  CreateReplicationGroup: (arnOf, input) => [
    arnOf('replicationgroup', input.ReplicationGroupId ?? ''),
    ...groupsOf(arnOf, input),
    ...(input.UserGroupIds ?? []).map((id) => arnOf('usergroup', id)),
  ],
  CreateCacheCluster: (arnOf, input) => [arnOf('cluster', input.CacheClusterId ?? ''), ...groupsOf(arnOf, input)],
  CreateServerlessCache: (arnOf, input) => [
    arnOf('serverlesscache', input.ServerlessCacheName ?? ''),
    ...(input.SnapshotArnsToRestore ?? []),
    ...(input.UserGroupId === undefined ? [] : [arnOf('usergroup', input.UserGroupId)]),
  ],
};
