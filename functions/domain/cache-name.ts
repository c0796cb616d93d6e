import { invariantBroken } from './faults.ts';

/** ElastiCache keeps three kinds of caches, each with names of its own: a member is named as at the end of its ARN. */
const forms = ['replicationgroup', 'cluster', 'serverlesscache'] as const;

export type CacheForm = (typeof forms)[number];

export interface CacheName {
  readonly form: CacheForm;
  readonly name: string;
}

/** @returns undefined when it is none */
export function cacheName(resource: string): CacheName | undefined {
  const [form, name, ...more] = resource.split(':');
  const known = forms.find((each) => each === form);
  return known === undefined || name === undefined || more.length > 0 ? undefined : { form: known, name };
}

/** Of a member, whose name was checked with the policy. */
export function checkedCacheName(resource: string): CacheName {
  const known = cacheName(resource);
  if (known === undefined) throw invariantBroken(`${resource} is no cache's name.`);
  return known;
}
