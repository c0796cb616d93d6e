import { describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { steps } from '#infra/function-table.ts';
import { statementsOf, synthesize } from './synthesize.ts';

describe('files of caches', () => {
  const stackOf = (member: object) =>
    synthesize({
      version: 1,
      mail: { failures: ['ops@example.com'] },
      workloads: {
        caches: {
          schedule: { cron: '0 3 * * ? *' },
          members: [{ kind: 'elasticache', resource: 'replicationgroup:sessions', ...member }],
        },
      },
    });

  test('are allowed to settle alone, into the bucket that is named, of Holdfast’s own snapshots', () => {
    const stack = stackOf({ export: { bucket: 'cache-files' } });
    const resourcesOf = (action: string) =>
      statementsOf(stack, 'settle', action).map(({ Resource }) => JSON.stringify(Resource));
    expect(resourcesOf('elasticache:CopySnapshot')).toEqual([expect.stringContaining(':snapshot:holdfast-*')]);
    expect(resourcesOf('s3:PutObject')).toEqual([expect.stringContaining(':s3:::cache-files/holdfast-*')]);
    for (const step of steps.filter((each) => each !== 'settle')) {
      expect(statementsOf(stack, step, 'elasticache:CopySnapshot')).toEqual([]);
      expect(statementsOf(stack, step, 's3:PutObject')).toEqual([]);
    }
  });

  test('are allowed by the call alone that their caches take', () => {
    const calls = ['elasticache:CopySnapshot', 'elasticache:ExportServerlessCacheSnapshot'];
    const allowed = (resource: string) => {
      const stack = stackOf({ resource, export: { bucket: 'cache-files' } });
      return calls.filter((action) => statementsOf(stack, 'settle', action).length > 0);
    };
    expect(allowed('cluster:queue')).toEqual(calls.slice(0, 1));
    expect(allowed('serverlesscache:carts')).toEqual(calls.slice(1));
  });

  test('are copied by settle alone, each by its own call, where a member names a key', () => {
    const kmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001';
    const calls = ['elasticache:CopySnapshot', 'elasticache:CopyServerlessCacheSnapshot', 'memorydb:CopySnapshot'];
    const allowed = (member: object) => {
      const stack = stackOf({ ...member, copy: { kmsKey } });
      for (const step of steps.filter((each) => each !== 'settle')) {
        for (const action of calls) expect(statementsOf(stack, step, action)).toEqual([]);
      }
      return calls.filter((action) => statementsOf(stack, 'settle', action).length > 0);
    };
    expect(allowed({})).toEqual(calls.slice(0, 1));
    expect(allowed({ resource: 'serverlesscache:carts' })).toEqual(calls.slice(1, 2));
    expect(allowed({ kind: 'memorydb', resource: 'orders' })).toEqual(calls.slice(2));
  });

  test('are read by whoever plans and makes a cache from some, and by no person', () => {
    const stack = stackOf({ seed: { bucket: 'cache-seeds' } });
    const readers = steps.filter((step) => statementsOf(stack, step, 's3:GetObject').length > 0);
    expect(readers).toEqual(['plan-recovery', 'create-volumes']);
    const managed = JSON.stringify(stack.findResources('AWS::IAM::ManagedPolicy'));
    expect(managed).not.toContain('s3:');
  });

  test('are allowed nothing where no member wants one', () => {
    const stack = stackOf({});
    for (const action of ['elasticache:CopySnapshot', 's3:PutObject', 's3:ListAllMyBuckets', 's3:ListBucket']) {
      expect(statementsOf(stack, 'settle', action)).toEqual([]);
    }
    for (const step of steps) expect(statementsOf(stack, step, 's3:GetObject')).toEqual([]);
  });
});

describe('snapshots that caches make by themselves', () => {
  const automatic = { retentionDays: 7 };
  const members: PolicyInput['workloads'][string]['members'] = [
    { kind: 'elasticache', resource: 'replicationgroup:sessions', automatic },
    { kind: 'elasticache', resource: 'replicationgroup:baskets', automatic },
    { kind: 'elasticache', resource: 'replicationgroup:left-alone' },
    { kind: 'elasticache', resource: 'cluster:queue', automatic },
    { kind: 'elasticache', resource: 'serverlesscache:carts', automatic },
    { kind: 'memorydb', resource: 'orders', automatic },
    { kind: 'memorydb', resource: 'left-alone' },
  ];
  const caches = synthesize({
    version: 1,
    mail: { failures: ['ops@example.com'] },
    workloads: { caches: { schedule: { cron: '0 3 * * ? *' }, members } },
  });
  const changing: Readonly<Record<string, readonly string[]>> = {
    'elasticache:ModifyReplicationGroup': [':replicationgroup:baskets', ':replicationgroup:sessions'],
    'elasticache:ModifyCacheCluster': [':cluster:queue'],
    'elasticache:ModifyServerlessCache': [':serverlesscache:carts'],
    'memorydb:UpdateCluster': [':cluster/orders'],
  };

  test('are set on exactly those whose members ask for it', () => {
    for (const [action, ends] of Object.entries(changing)) {
      const arns = statementsOf(caches, 'retire', action).flatMap(({ Resource }) => [Resource].flat());
      expect(arns.map((arn) => JSON.stringify(arn))).toEqual(
        ends.map((end) => expect.stringMatching(new RegExp(`${end}"\\]\\]}$`))),
      );
    }
  });

  test('are set by one function alone', () => {
    const others = steps.filter((step) => step !== 'retire');
    const found = others.filter((step) =>
      Object.keys(changing).some((action) => statementsOf(caches, step, action).length > 0),
    );
    expect(found).toEqual([]);
  });
});
