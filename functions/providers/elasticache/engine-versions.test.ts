import { expect, it } from 'vitest';
import { askedVersion } from './engine-versions.ts';

it.each([
  ['valkey', '7.2.6', '7.2'],
  ['valkey', '8.0.1', '8.0'],
  ['redis', '7.1.0', '7.1'],
  ['redis', '6.0.5', '6.0'],
  ['redis', '5.0.6', '5.0.6'],
  ['memcached', '1.6.22', '1.6.22'],
  ['valkey', undefined, undefined],
])('%s %s is asked for as %s', (engine, version, asked) => {
  expect(askedVersion(engine, version)).toBe(asked);
});
