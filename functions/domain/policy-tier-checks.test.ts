import { describe, expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

const database = { kind: 'rds', resource: 'orders', tier: 1 } as const;
const disk = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data', tier: 2 } as const;
const stop = { kind: 'command', quiesce: '/opt/stop', release: '/opt/start', deadlineSeconds: 3600 } as const;

function mistakes(changes: Partial<WorkloadInput>): readonly string[] {
  const workload: WorkloadInput = { schedule: { rate: '1 day' }, members: [database, disk], ...changes };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { one: workload } });
  return 'mistakes' in parsed
    ? parsed.mistakes.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)
    : [];
}

function workload(changes: Partial<WorkloadInput>) {
  const typed: WorkloadInput = { schedule: { rate: '1 day' }, members: [database, disk], ...changes };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { one: typed } });
  return 'policy' in parsed ? parsed.policy.workloads[0] : undefined;
}

describe('a workload with a database and a disk', () => {
  it('has the database in an earlier tier', () => {
    expect(mistakes({})).toEqual([]);
    expect(mistakes({ members: [{ ...database, tier: 2 }, disk] })).toEqual([
      'members.1.tier: A restored database must be older than the disk that it refers to: tier 2 has rds, so ebs must be in a later tier.',
    ]);
    expect(mistakes({ members: [disk, { ...database, tier: 3 }] })[0]).toMatch(/^members\.0\.tier: /);
  });

  it('has a window of an hour unless told, and of eight at most', () => {
    expect(workload({})?.windowMinutes).toBe(60);
    expect(workload({ window: '90m' })?.windowMinutes).toBe(90);
    expect(workload({ members: [disk] })?.windowMinutes).toBeUndefined();
    expect(mistakes({ window: '481m' })).toEqual(['window: A window of 481m is too long.']);
    expect(mistakes({ members: [disk], window: '90m' })[0]).toContain('give their deadlineSeconds instead');
  });

  it('has hooks that hold for the whole window', () => {
    const held = (hook: object) => ({ quiesce: { hooks: [{ ...stop, ...hook }] } });
    expect(mistakes(held({}))).toEqual([]);
    expect(mistakes({ ...held({ deadlineSeconds: 1199 }), window: '20m' })).toHaveLength(1);
    expect(mistakes({ ...held({ deadlineSeconds: 1200 }), window: '20m' })).toEqual([]);
    expect(mistakes({ quiesce: { hooks: [{ kind: 'filesystem' }] } })[0]).toContain('the window may last 60 min');
    expect(mistakes({ quiesce: { hooks: [{ kind: 'clean-up', files: ['TEMP.*'], roots: ['/data'] }] } })).toEqual([]);
  });
});

it('a managed resource belongs to one member', () => {
  expect(mistakes({ members: [database, database] })).toEqual([
    'members.1: orders is already claimed by workloads.one.members.0; it belongs to one member.',
  ]);
});

describe('a table', () => {
  const table = (changes: object) => ({ kind: 'dynamodb', resource: 'Orders_v1.2', ...changes }) as const;

  it('has a name that DynamoDB takes, and a parameter that is a path of its own', () => {
    expect(mistakes({ members: [table({ parameter: '/orders/table' })] })).toEqual([]);
    expect(mistakes({ members: [table({ resource: 'no' })] })[0]).toContain('A table is named with');
    for (const parameter of ['orders', '/aws/orders', '/orders/', '//orders', '/orders table'])
      expect(mistakes({ members: [table({ parameter })] })[0]).toContain('An SSM parameter is named as a path');
  });

  it('keeps its parameter, or has none', () => {
    expect(workload({ members: [table({ parameter: '/orders/table' })] })?.members).toEqual([
      { kind: 'dynamodb', resource: 'Orders_v1.2', tier: 1, parameter: '/orders/table' },
    ]);
    expect(workload({ members: [table({})] })?.members[0]).not.toHaveProperty('parameter');
  });
});

describe('a workload that AWS Backup copies', () => {
  const files = { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718', tier: 2 } as const;
  const by = (resource: string, tier = 1) => ({ kind: 'aws-backup', resource, tier }) as const;
  const cluster = 'arn:aws:rds:eu-west-1:111122223333:cluster:catalogue';
  const bucket = 'arn:aws:s3:::orders';

  it('has file systems, buckets and gateways’ volumes as disks, and clusters as databases', () => {
    expect(mistakes({ members: [database, files, by(bucket, 2)] })).toEqual([]);
    expect(mistakes({ members: [database, { ...files, tier: 1 }] })[0]).toContain('efs must be in a later tier');
    expect(mistakes({ members: [by(cluster), by(bucket, 2)] })).toEqual([]);
    expect(mistakes({ members: [by(cluster), by(bucket)] })[0]).toContain('aws-backup must be in a later tier');
  });

  it.each([
    ['fs-XYZ', 'efs'],
    ['arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d', 'efs'],
    ['arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d', 'aws-backup'],
    ['arn:aws:rds:eu-west-1:111122223333:db:orders', 'aws-backup'],
    ['arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions', 'aws-backup'],
    ['orders', 'aws-backup'],
  ] as const)('does not name %s as %s', (resource, kind) => {
    expect(mistakes({ members: [{ kind, resource, tier: 1 }] })[0]).toMatch(/^members\.0\.resource: /);
  });

  it.each([
    'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0a1b2c3d',
    'arn:aws:fsx:eu-west-1:111122223333:volume/fs-0a1b2c3d/fsvol-0a1b2c3d',
    'arn:aws-us-gov:rds:us-gov-west-1:111122223333:cluster:catalogue',
    'arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB',
  ])('may name %s', (resource) => {
    expect(mistakes({ members: [by(resource)] })).toEqual([]);
  });
});
