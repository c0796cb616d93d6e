/** Service Authorization Reference, ECS: services and tasks by their ARNs; a list of tasks that names no container instance by `*`, in its cluster. */
import { arn } from '../../iam/arn.ts';
import type { Access, Kernel } from '../../kernel/service.ts';

interface Named {
  readonly cluster?: string;
  readonly service?: string;
  readonly services?: readonly string[];
  readonly tasks?: readonly string[];
  readonly resourceArn?: string;
  readonly tags?: readonly { readonly key?: string; readonly value?: string }[];
  readonly tagKeys?: readonly string[];
}

/** @param tagsOf tags of the service with that ARN */
export function ecsAccess(
  kernel: Kernel,
  tagsOf: (serviceArn: string) => ReadonlyMap<string, string> | undefined,
  operation: string,
  input: Named,
): readonly Access[] {
  const { cluster = 'default', tags, tagKeys = tags?.map(({ key = '' }) => key) } = input;
  const context = {
    'ecs:cluster': arn(kernel, 'ecs', `cluster/${cluster}`),
    ...(tagKeys && { 'aws:TagKeys': tagKeys }),
  };
  return resourcesOf(input, cluster).map((named) => {
    const resource = named === '*' || named.startsWith('arn:') ? named : arn(kernel, 'ecs', named);
    const worn = [...(tagsOf(resource) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
    return { action: `ecs:${operation}`, resource, context: { ...context, ...Object.fromEntries(worn) } };
  });
}

function resourcesOf(input: Named, cluster: string): readonly string[] {
  if (input.resourceArn !== undefined) return [input.resourceArn];
  if (input.tasks !== undefined) return input.tasks;
  const services = input.services ?? (input.service === undefined ? undefined : [input.service]);
  return services?.map((name) => `service/${cluster}/${name}`) ?? ['*'];
}
