import type { Filter } from '@aws-sdk/client-ec2';
import type { Tags } from './records.ts';
import { invalidValue } from './refusals.ts';

/** Filter name -> the values a record has for it (none: never matches). */
export type FilterValues<Item> = Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>;

/**
 * Does the item pass every filter? Values of one filter are alternatives, `*` and `?` wildcards. `tag:<key>` and `tag-key` work
 * for all. A filter that is not known is refused, as EC2 does.
 */
export function passes<Item extends { tags: Tags }>(filters: readonly Filter[] | undefined, known: FilterValues<Item>) {
  const tests = (filters ?? []).map((filter) => filterTest(filter, known));
  return (item: Item): boolean => tests.every((test) => test(item));
}

function filterTest<Item extends { tags: Tags }>(filter: Filter, known: FilterValues<Item>): (item: Item) => boolean {
  const name = filter.Name ?? '';
  const patterns = (filter.Values ?? []).map(wildcardPattern);
  if (patterns.length === 0) {
    throw invalidValue(`The filter '${name}' needs at least one value`);
  }
  const valuesOf = valuesFor(name, known);
  return (item) =>
    valuesOf(item).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
}

function valuesFor<Item extends { tags: Tags }>(name: string, known: FilterValues<Item>) {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (item: Item) => [item.tags.get(key)];
  }
  if (name === 'tag-key') {
    return (item: Item) => [...item.tags.keys()];
  }
  const valuesOf = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!valuesOf) {
    throw invalidValue(`The filter '${name}' is invalid`);
  }
  return valuesOf;
}

function wildcardPattern(value: string): RegExp {
  const escaped = value.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
