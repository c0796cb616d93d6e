import type { Filter, Instance } from '@aws-sdk/client-ec2';
import type { InstanceSelector } from '#domain/policy.ts';
import { describeInstances } from './describe.ts';

/** Those that selectors mean and that are not terminated, each once, by id. */
export async function findInstances(selectors: readonly InstanceSelector[]): Promise<readonly Instance[]> {
  const alive: Filter = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };
  const ids = selectors.flatMap((selector) => ('id' in selector ? [selector.id] : []));
  const tagged = selectors.flatMap((selector) => ('tags' in selector ? [selector.tags] : []));
  const found = await Promise.all([
    ...(ids.length === 0 ? [] : [describeInstances([{ Name: 'instance-id', Values: ids }, alive])]),
    ...tagged.map((tags) => describeInstances([...Object.entries(tags).map(tagFilter), alive])),
  ]);
  const unique = new Map(found.flat().map((instance) => [instance.InstanceId ?? '', instance]));
  return [...unique.values()].sort((a, b) => (a.InstanceId ?? '').localeCompare(b.InstanceId ?? ''));
}

const tagFilter = ([key, value]: [string, string]): Filter => ({ Name: `tag:${key}`, Values: [value] });
