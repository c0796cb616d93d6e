/** Services that take no snapshot at the moment of the night, though they would have when the run was planned. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { firstRun, mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { closeStage, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Member = PolicyInput['workloads'][string]['members'][number];

const rds: Member = { kind: 'rds', resource: 'orders' };
const aurora: Member = { kind: 'aurora', resource: 'cases' };
const dynamodb: Member = { kind: 'dynamodb', resource: 'carts' };
const memorydb: Member = { kind: 'memorydb', resource: 'sessions' };
const cacheOf = (resource: string): Member => ({ kind: 'elasticache', resource });
const windowMs = 30 * minuteMs;

async function open(member: Member): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  stage = await openStage({ policy: nightly({ shop: { schedule, members: [member], window: '30m' } }) });
  stage.services.rds.world.launch({ name: 'orders' });
  stage.services.rds.world.launchCluster({ name: 'cases' });
  stage.services.memorydb.world.launch({ name: 'sessions' });
  const caches = stage.services.elasticache.world;
  caches.launchGroup({ name: 'pages' });
  caches.launchCluster({ name: 'queue' });
  caches.launchServerless({ name: 'views' });
  const table = new CreateTableCommand({
    ...{ TableName: 'carts', BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await stage.drive(new DynamoDBClient({}).send(table));
}

const refusal = (code: string, message = 'not now'): FaultEffect => ({ kind: 'refuse', code, message, status: 400 });
const serviceOf = ({ kind }: Member): string => (kind === 'aurora' ? 'rds' : kind);
const refuse = (member: Member, operation: string, effect: FaultEffect, times: number) =>
  stage.faults.add({ service: serviceOf(member), operation, effect, times });

const cases: [string, Member, string, FaultEffect][] = [
  ['an instance that RDS backs up by itself', rds, 'CreateDBSnapshot', refusal('InvalidDBInstanceState')],
  ['a cluster that is changed', aurora, 'CreateDBClusterSnapshot', refusal('InvalidDBClusterStateFault')],
  [
    'as many tables under way as may be',
    dynamodb,
    'CreateBackup',
    refusal('LimitExceededException', 'Subscriber limit exceeded: Only 500 tables can be created simultaneously'),
  ],
  ['another backup of the table', dynamodb, 'CreateBackup', refusal('BackupInUseException')],
  ['backups of a new table', dynamodb, 'CreateBackup', refusal('ContinuousBackupsUnavailableException')],
  ['a cluster of MemoryDB that is backed up', memorydb, 'CreateSnapshot', refusal('InvalidClusterStateFault')],
  [
    'a replication group that is backed up',
    cacheOf('replicationgroup:pages'),
    'CreateSnapshot',
    refusal('InvalidReplicationGroupState'),
  ],
  ['a cache cluster that is changed', cacheOf('cluster:queue'), 'CreateSnapshot', refusal('InvalidCacheClusterState')],
  [
    'a serverless cache that is backed up',
    cacheOf('serverlesscache:views'),
    'CreateServerlessCacheSnapshot',
    refusal('InvalidServerlessCacheStateFault'),
  ],
  ['a table in use', dynamodb, 'CreateBackup', refusal('TableInUseException')],
];

describe('what passes by itself', () => {
  it.each(cases)('is waited for, and the night has its point: %s', async (_, member, operation, effect) => {
    await open(member);
    refuse(member, operation, effect, 12);
    await stage.time.advance(4 * hourMs);
    expect(await pointsIn(stage, 'shop')).toHaveLength(1);
    expect(mails(stage)).toEqual([]);
  });

  it.each(cases)('is waited for no longer than the window lasts: %s', async (_, member, operation, effect) => {
    await open(member);
    refuse(member, operation, effect, Number.POSITIVE_INFINITY);
    await stage.time.advance(4 * hourMs);
    const { failure, window } = await firstRun(stage, 'shop');
    expect(failure?.message).toContain(`The window was over at ${window?.deadlineAt}, and not begun:`);
    expect(failure?.message).toContain(`${member.kind} ${'resource' in member ? member.resource : ''}`);
    const openMs = Date.parse(window?.releasedAt ?? '') - Date.parse(window?.intendedAt ?? '');
    expect(openMs).toBeGreaterThan(windowMs);
    expect(openMs).toBeLessThan(windowMs + 2 * minuteMs);
  });
});

describe('what does not', () => {
  it('is not waited for: somebody has stopped the instance since the run was planned', async () => {
    await open(rds);
    const when = () => {
      const instance = stage.services.rds.world.instances.get('orders');
      if (instance !== undefined) instance.status = 'stopped';
      return true;
    };
    stage.faults.add({
      service: 'rds',
      operation: 'CreateDBSnapshot',
      effect: refusal('InvalidDBInstanceState'),
      when,
    });
    await stage.time.advance(4 * hourMs);
    const { failure, window } = await firstRun(stage, 'shop');
    expect(failure?.message).toBe('While starting the snapshot of rds orders: InvalidDBInstanceState: not now');
    expect(Date.parse(window?.releasedAt ?? '') - Date.parse(window?.intendedAt ?? '')).toBeLessThan(minuteMs);
  });
});
