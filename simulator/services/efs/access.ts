/** Service Authorization Reference, EFS: file systems nearly all the way; a mount target's network interface is made with the caller's rights. */
import { arn } from '../../iam/arn.ts';
import type { Access, Kernel } from '../../kernel/service.ts';
import type { FileSystems } from './file-systems.ts';

interface Named {
  readonly FileSystemId?: string;
  readonly MountTargetId?: string;
  readonly ResourceId?: string;
  readonly SubnetId?: string;
  readonly SecurityGroups?: readonly string[];
  readonly TagKeys?: readonly string[];
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

export function efsAccess(kernel: Kernel, systems: FileSystems, operation: string, input: Named): readonly Access[] {
  const action = `elasticfilesystem:${operation}`;
  const asked = (input.Tags ?? []).map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value]);
  const ofTarget = [...systems.all.values()].find(({ mountTargets }) =>
    mountTargets.some(({ id }) => id === input.MountTargetId),
  );
  const id = input.FileSystemId ?? input.ResourceId ?? ofTarget?.id ?? '*';
  const worn = [...(systems.all.get(id)?.tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const context = {
    ...Object.fromEntries([...asked, ...worn]),
    ...(input.TagKeys && { 'aws:TagKeys': input.TagKeys }),
  };
  return [{ action, resource: systems.arnOf(id), context }, ...beside(kernel, operation, input)];
}

function beside(kernel: Kernel, operation: string, { SubnetId = '', SecurityGroups = [], Tags = [] }: Named): Access[] {
  if (operation === 'CreateAccessPoint' && Tags.length > 0) {
    const resource = arn(kernel, 'elasticfilesystem', 'access-point/*');
    const context = { 'elasticfilesystem:CreateAction': 'CreateAccessPoint' };
    return [{ action: 'elasticfilesystem:TagResource', resource, context }];
  }
  if (operation !== 'CreateMountTarget') return [];
  const of = ['network-interface/*', `subnet/${SubnetId}`, ...SecurityGroups.map((id) => `security-group/${id}`)];
  return [
    ...['ec2:DescribeSubnets', 'ec2:DescribeNetworkInterfaces'].map((action) => ({ action, resource: '*' })),
    ...of.map((each) => ({ action: 'ec2:CreateNetworkInterface', resource: arn(kernel, 'ec2', each) })),
  ];
}
