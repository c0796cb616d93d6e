import { describe, expect, it } from 'vitest';
import { cacheName, checkedCacheName } from './cache-name.ts';

describe('the name of a cache', () => {
  it.each([
    ['replicationgroup:orders', { form: 'replicationgroup', name: 'orders' }],
    ['cluster:orders', { form: 'cluster', name: 'orders' }],
    ['serverlesscache:orders', { form: 'serverlesscache', name: 'orders' }],
  ])('is as at the end of its ARN: %s', (resource, name) => {
    expect(cacheName(resource)).toEqual(name);
    expect(checkedCacheName(resource)).toEqual(name);
  });

  it.each(['orders', 'cluster', 'database:orders', 'cluster:orders:1', ''])('is not %j', (resource) => {
    expect(cacheName(resource)).toBeUndefined();
    expect(() => checkedCacheName(resource)).toThrow(
      expect.objectContaining({ name: 'InvariantBroken', message: `${resource} is no cache's name.` }),
    );
  });
});
