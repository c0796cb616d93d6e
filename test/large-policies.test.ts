/** Policies of hundreds of workloads: AWS takes so many characters in a policy, a variable and a template, and refuses the rest half-way through a deployment. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { createRegion, type Region } from '#simulator/region.ts';
import { assemblyOf, startMs } from './scenario/stage.ts';

type Workload = PolicyInput['workloads'][string];

// No stage: nobody works in these roles, and what a stage grants is held against what was used of it.
let region: Region;

afterEach(() => region.close());

const schedule = { cron: '0 3 * * ? *' } as const;
const idOf = (index: number) => index.toString(16).padStart(17, '0');
const onInstance = (index: number): Workload => ({
  schedule,
  members: [{ kind: 'ebs', instance: { id: `i-${idOf(index)}` }, volumes: 'data' }],
});

/** What of a workload is named in a role. */
const named: Readonly<Record<string, (index: number) => Workload>> = {
  'tables that a parameter leads to': (index) => ({
    schedule,
    members: [{ kind: 'dynamodb', resource: `orders-${index}`, parameter: `/shop/production/table-${index}` }],
  }),
  'databases that a record leads to': (index) => ({
    schedule,
    members: [
      {
        kind: 'rds',
        resource: `orders-${index}`,
        cname: { zone: 'Z0123456789ABCDEFGHIJ', name: `orders-${index}.databases.production.example.com` },
      },
    ],
  }),
  'file systems': (index) => ({
    schedule,
    members: [{ kind: 'efs', resource: `fs-${idOf(index)}`, restoreInto: 'present' }],
  }),
  'applications that a function suspends': (index) => ({
    ...onInstance(index),
    quiesce: { hooks: [{ kind: 'lambda', function: `shop-production-suspend-orders-${index}` }] },
  }),
  'instances that are found by tags': (index) => ({
    ...onInstance(index),
    members: [
      {
        kind: 'ebs',
        instance: { tags: { Name: `orders-${index}`, Application: 'shop', Stage: 'production' } },
        volumes: 'data',
      },
    ],
    quiesce: { hooks: [{ kind: 'filesystem' }] },
  }),
  'services of ECS': (index) => ({
    ...onInstance(index),
    quiesce: { hooks: [{ kind: 'ecs-service', cluster: 'shop-production', service: `orders-${index}` }] },
  }),
};

const policyOf = (count: number, workload: (index: number) => Workload): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'] },
  workloads: Object.fromEntries(Array.from({ length: count }, (_, index) => [`orders-${index}`, workload(index)])),
});

describe('a stack is deployed', () => {
  it.each(Object.entries(named))('of 150 %s', async (_, workload) => {
    region = await createRegion({ startMs, reuseModules: true });
    await region.deploy(assemblyOf(policyOf(150, workload)), 'Holdfast');
    expect(region.outputs('Holdfast').HoldfastVersion).toBeDefined();
  });
});
