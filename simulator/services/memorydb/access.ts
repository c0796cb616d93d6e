/** Service Authorization Reference, MemoryDB: resource types of each action, and the tags that conditions see. */
import type { Access } from '../../kernel/service.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import type { MemoryDbContext } from './memorydb.ts';

interface Named {
  readonly ClusterName?: string;
  readonly SnapshotName?: string;
  readonly ResourceArn?: string;
  readonly Tags?: Parameters<typeof tagsIn>[0];
}

const onSnapshots = ['DescribeSnapshots', 'DeleteSnapshot'];

export function memoryDbAccess(
  { arnOf }: MemoryDbContext,
  tagsOf: (resourceArn: string) => ReadonlyMap<string, string> | undefined,
  operation: string,
  { ClusterName: cluster = '*', SnapshotName: snapshot = '*', ResourceArn, Tags }: Named,
): readonly Access[] {
  const asked = Object.entries(tagsIn(Tags)).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  const on = (resource: string, action = operation): Access => {
    const worn = [...(tagsOf(resource) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
    return { action: `memorydb:${action}`, resource, context: Object.fromEntries([...asked, ...worn]) };
  };
  if (ResourceArn !== undefined) return [on(ResourceArn)];
  if (onSnapshots.includes(operation)) return [on(arnOf('snapshot', snapshot))];
  const made =
    operation === 'CreateSnapshot' && asked.length > 0 ? [on(arnOf('snapshot', snapshot), 'TagResource')] : [];
  return [on(arnOf('cluster', cluster)), ...made];
}
