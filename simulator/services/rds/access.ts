/** Service Authorization Reference, RDS: resource types of each action, and the tags that conditions see. */
import type { Access } from '../../kernel/service.ts';
import type { RdsContext } from './rds.ts';

interface Named {
  readonly DBInstanceIdentifier?: string;
  readonly DBSnapshotIdentifier?: string;
  readonly NewDBInstanceIdentifier?: string;
  readonly OptionGroupName?: string;
  readonly DBParameterGroupName?: string;
  readonly DBSubnetGroupName?: string;
  readonly ResourceName?: string;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

const onSnapshots = ['DescribeDBSnapshots', 'DeleteDBSnapshot'];

export function rdsAccess(
  { arnOf }: RdsContext,
  tagsOf: (resourceArn: string) => ReadonlyMap<string, string> | undefined,
  operation: string,
  input: Named,
): readonly Access[] {
  const action = `rds:${operation}`;
  const { DBInstanceIdentifier: instance = '*', DBSnapshotIdentifier: snapshot = '*', ResourceName, Tags = [] } = input;
  const asked = Object.fromEntries(Tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value]));
  const on = (resource: string, name = action): Access => ({
    ...{ action: name, resource },
    context: {
      ...asked,
      ...Object.fromEntries([...(tagsOf(resource) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    },
  });
  if (ResourceName !== undefined) return [on(ResourceName)];
  if (onSnapshots.includes(operation)) return [on(arnOf('snapshot', snapshot))];
  if (operation === 'RestoreDBInstanceFromDBSnapshot') {
    const groups = [
      arnOf('og', input.OptionGroupName ?? 'default'),
      arnOf('pg', input.DBParameterGroupName ?? 'default'),
      arnOf('subgrp', input.DBSubnetGroupName ?? 'default'),
    ];
    const made = arnOf('db', instance);
    const tagging = Tags.length > 0 ? [on(made, 'rds:AddTagsToResource')] : [];
    return [...[made, arnOf('snapshot', snapshot), ...groups].map((resource) => on(resource)), ...tagging];
  }
  if (operation === 'ModifyDBInstance') {
    const renamed = input.NewDBInstanceIdentifier;
    return [on(arnOf('db', instance)), ...(renamed === undefined ? [] : [on(arnOf('db', renamed))])];
  }
  if (operation !== 'CreateDBSnapshot') return [on(arnOf('db', instance))];
  const target = arnOf('snapshot', snapshot);
  return [on(arnOf('db', instance)), on(target), ...(Tags.length > 0 ? [on(target, 'rds:AddTagsToResource')] : [])];
}
