/** Service Authorization Reference, MemoryDB: resource types of each action, and the tags that conditions see. */
import type { Access } from '../../kernel/service.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import type { MemoryDbContext } from './memorydb.ts';

interface Named {
  readonly ClusterName?: string;
  readonly SnapshotName?: string;
  readonly SourceSnapshotName?: string;
  readonly TargetSnapshotName?: string;
  readonly ResourceArn?: string;
  readonly ACLName?: string;
  readonly ParameterGroupName?: string;
  readonly SubnetGroupName?: string;
  readonly Tags?: Parameters<typeof tagsIn>[0];
}

export function memoryDbAccess(
  context: MemoryDbContext,
  tagsOf: (resourceArn: string) => ReadonlyMap<string, string> | undefined,
  operation: string,
  input: Named,
): readonly Access[] {
  const asked = Object.entries(tagsIn(input.Tags)).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  const on = (resource: string, action = operation): Access => {
    const worn = [...(tagsOf(resource) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
    return { action: `memorydb:${action}`, resource, context: Object.fromEntries([...asked, ...worn]) };
  };
  const made = asked.length === 0 ? undefined : madeBy(context, operation, input);
  return [
    ...resourcesOf(context, operation, input).map((resource) => on(resource)),
    ...(made === undefined ? [] : [on(made, 'TagResource')]),
  ];
}

function resourcesOf({ arnOf }: MemoryDbContext, operation: string, input: Named): readonly string[] {
  const { ClusterName: cluster = '*', SnapshotName: snapshot = '*', ResourceArn } = input;
  if (ResourceArn !== undefined) return [ResourceArn];
  if (operation === 'DescribeEngineVersions') return ['*'];
  if (operation === 'CopySnapshot')
    return [input.SourceSnapshotName, input.TargetSnapshotName].map((name = '') => arnOf('snapshot', name));
  if (operation === 'DescribeSnapshots' || operation === 'DeleteSnapshot') return [arnOf('snapshot', snapshot)];
  if (operation !== 'CreateCluster') return [arnOf('cluster', cluster)];
  return [
    arnOf('acl', input.ACLName ?? ''),
    arnOf('parametergroup', input.ParameterGroupName ?? 'default'),
    arnOf('subnetgroup', input.SubnetGroupName ?? 'default'),
    arnOf('snapshot', snapshot),
  ];
}

function madeBy({ arnOf }: MemoryDbContext, operation: string, input: Named): string | undefined {
  if (operation === 'CreateCluster') return arnOf('cluster', input.ClusterName ?? '');
  const { SnapshotName = '', TargetSnapshotName = SnapshotName } = input;
  return operation === 'CreateSnapshot' || operation === 'CopySnapshot'
    ? arnOf('snapshot', TargetSnapshotName)
    : undefined;
}
