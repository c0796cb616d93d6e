import { describe, expect, it } from 'vitest';
import { readPolicy } from './policy-file.ts';

const subnet = 'subnet-0a1b2c3d';
const group = 'sg-0a1b2c3d';
const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(8, '0')}`);

const read = (subnets: readonly string[], securityGroups: readonly string[]) =>
  readPolicy(`version: 1
mail: { failures: [ops@example.com] }
workloads:
  search:
    schedule: { rate: 1 day }
    members:
      - kind: opensearch
        resource: evidence
        repository: nightly
        network:
          subnets: [${subnets.join(', ')}]
          securityGroups: [${securityGroups.join(', ')}]
`);

describe('the network of a search domain', () => {
  it('reaches the member as it is typed, with as many subnets and groups as Lambda takes', () => {
    const network = { subnets: ids('subnet', 16), securityGroups: ids('sg', 5) };
    const outcome = read(network.subnets, network.securityGroups);
    expect('policy' in outcome && outcome.policy.workloads[0]?.members).toEqual([
      { kind: 'opensearch', resource: 'evidence', repository: 'nightly', tier: 1, network },
    ]);
  });

  it.each([
    ['an id that is none', ['subnet-a'], [group], 11, 'It looks like subnet-0a1b2c3d4e5f60718.'],
    ['a group among the subnets', [group], [group], 11, 'It looks like subnet-0a1b2c3d4e5f60718.'],
    ['no subnet', [], [group], 11, 'Name at least one subnet.'],
    ['one subnet twice', [subnet, subnet], [group], 11, 'This subnet is listed twice.'],
    ['more subnets than Lambda takes', ids('subnet', 17), [group], 11, 'A function stands in at most 16 subnets.'],
    ['a subnet among the groups', [subnet], [subnet], 12, 'It looks like sg-0a1b2c3d4e5f60718.'],
    ['no group', [subnet], [], 12, 'Name at least one security group.'],
    ['more groups than Lambda takes', [subnet], ids('sg', 6), 12, 'A function has at most 5 security groups.'],
  ])('is refused with %s, where that stands', (_, subnets, groups, line, message) => {
    const outcome = read(subnets, groups);
    expect('mistakes' in outcome && outcome.mistakes).toMatchObject([{ line, message }]);
  });
});

const cacheWith = (settings: string, kind = 'elasticache', resource = '"replicationgroup:sessions"') =>
  readPolicy(`version: 1
mail: { failures: [ops@example.com] }
workloads:
  sessions:
    schedule: { cron: "0 3 * * ? *" }
    members:
      - kind: ${kind}
        resource: ${resource}
        ${settings}
`);

it('is no cache of nodes that may be made from files, and so refused', () => {
  const outcome = cacheWith('seed: { bucket: cache-files }', 'elasticache', '"serverlesscache:carts"');
  expect('mistakes' in outcome && outcome.mistakes).toMatchObject([
    { line: 9, message: expect.stringContaining('only one of nodes from files') },
  ]);
});

describe('the export of a cache', () => {
  it('reaches the member as it is typed', () => {
    const outcome = cacheWith('export: { bucket: cache-files.example }');
    expect('policy' in outcome && outcome.policy.workloads[0]?.members).toMatchObject([
      { export: { bucket: 'cache-files.example' } },
    ]);
  });

  it.each([
    ['a prefix', 'export: { bucket: cache-files/nightly }', 'without a prefix'],
    ['a URL', 'export: { bucket: "s3://cache-files" }', 'without s3://'],
    ['capitals', 'export: { bucket: Cache }', 'A bucket is named with lower case letters'],
    ['an address', 'export: { bucket: 10.0.0.1 }', 'not as an IP address'],
    ['two characters', 'export: { bucket: ab }', '3 to 63'],
    ['a key that ElastiCache has none of', 'export: { bucket: cache-files, prefix: nightly }', 'prefix'],
  ])('is refused with %s, where that stands', (_, settings, message) => {
    const outcome = cacheWith(settings);
    expect('mistakes' in outcome && outcome.mistakes).toMatchObject([
      { line: 9, message: expect.stringContaining(message) },
    ]);
  });

  it('is refused of MemoryDB', () => {
    const outcome = cacheWith('export: { bucket: cache-files }', 'memorydb', 'orders');
    expect('mistakes' in outcome && outcome.mistakes).toMatchObject([{ line: 9 }]);
  });
});
