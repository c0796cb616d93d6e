/** A set of a database and the disk that refers to it, brought back as one. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { database, databaseId, nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

const policy = nightly({
  'orders-db': database({
    members: [
      { kind: 'rds', resource: 'orders' },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    quiesce: {
      hooks: [
        { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 3600 },
      ],
      onFailure: 'abort',
    },
  }),
});
const rds = () => stage.services.rds.world;
const portrait = () => {
  const { status, resourceId, settings, rows, tags } = rds().instance('orders');
  return { status, resourceId, settings, rows: [...rows], tags: Object.fromEntries(tags) };
};

beforeEach(async () => {
  stage = await openStage({ policy });
  const settings = {
    ...{ AllocatedStorage: 500, Iops: 16_000, StorageThroughput: 700, DedicatedLogVolume: true },
    ...{ ProcessorFeatures: [{ Name: 'coreCount', Value: '4' }], ReadReplicaSourceDBInstanceIdentifier: 'elsewhere' },
    DomainMemberships: [{ Domain: 'd-1234567890', IAMRoleName: 'joins-domains', Status: 'joined' }],
  };
  rds().launch({ name: 'orders', tags: { team: 'orders' }, settings });
  rds().instance('orders').rows.push('order 1 in file a');
  await stage.time.advance(4 * hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  rds().instance('orders').rows.push('order 2 in file b, a mistake');
});

afterEach(() => closeStage(stage));

it('has the rows and the settings of then under the name that applications know; the replaced one is kept', async () => {
  const { settings, ...before } = portrait();
  const execution = await recover(stage, { workload: 'orders-db' });
  expect(failureOf(execution)).toBe(': ');
  expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'committed' });
  const after = portrait();
  expect(after.rows).toEqual(['order 1 in file a']);
  expect(after.resourceId).not.toBe(before.resourceId);
  const { ReadReplicaSourceDBInstanceIdentifier: _, DomainMemberships: __, ...given } = settings;
  expect(after.settings).toMatchObject(given);
  const warnings = (await recovered(stage, 'orders-db'))?.plan?.warnings.join('\n');
  expect(warnings).toContain('it is a read replica of elsewhere');
  expect(warnings).toContain(
    'aws rds modify-db-instance --db-instance-identifier orders --domain d-1234567890 --domain-iam-role-name joins-domains --apply-immediately',
  );
  expect(after.tags).toMatchObject({ team: 'orders', 'holdfast:role': 'restored' });
  const kept = [...rds().instances.values()].find(({ name }) => name.startsWith('orders-old-'));
  expect(kept?.resourceId).toBe(before.resourceId);
  expect(kept?.rows).toHaveLength(2);
  expect(Object.fromEntries(kept?.tags ?? [])).toMatchObject({ 'holdfast:role': 'replaced' });
});

it('changes nothing when the new database cannot be made', async () => {
  const before = portrait();
  stage.services.rds.arrange.nextRestoreFails();
  await recover(stage, { workload: 'orders-db' });
  expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
  expect(portrait()).toEqual(before);
});

it('gives both names back when the instance does not start after the databases have swapped', async () => {
  const before = portrait();
  stage.faults.add({
    service: 'ec2',
    operation: 'AttachVolume',
    effect: { kind: 'refuse', code: 'UnauthorizedOperation', message: 'no', status: 403 },
    times: 4,
  });
  await recover(stage, { workload: 'orders-db' });
  expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
  expect(portrait()).toEqual(before);
  expect(stage.services.ec2.world.instance(databaseId).state).toBe('running');
});

it('brings the databases home before it calls a person about the instance that it cannot bring home', async () => {
  const before = portrait();
  const effect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'no', status: 403 } as const;
  stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect, times: Infinity });
  await recover(stage, { workload: 'orders-db' });
  const recovery = await recovered(stage, 'orders-db');
  expect(recovery).toMatchObject({ state: 'stranded', failure: { phase: 'attach' } });
  expect(recovery?.plan.targets.map(({ kind, doneIn }) => [kind, doneIn === 'roll-back'])).toEqual([
    ['rds', true],
    ['ebs', false],
  ]);
  expect(portrait()).toEqual(before);
});

it('leaves alone what is done while something else hangs, and looks at it once more in the end', async () => {
  const { ec2 } = stage.services;
  ec2.arrange.detachHangs(ec2.world.volumeAt(databaseId, '/dev/sdf').id);
  const before = stage.calls.of('rds').length;
  await recover(stage, { workload: 'orders-db' });
  expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
  const inPhase = stage.calls.of('rds').slice(before);
  const marks = inPhase.filter(({ call }) => call.operation === 'AddTagsToResource');
  expect(marks).toHaveLength(1);
  const looksBack = inPhase.filter(({ call }) => call.operation === 'RemoveTagsFromResource');
  expect(looksBack.length).toBeLessThanOrEqual(2);
});

it('is refused, before anything is made, when the snapshot is gone', async () => {
  for (const name of [...rds().snapshots.keys()]) stage.services.rds.arrange.snapshotDeleted(name);
  const execution = await recover(stage, { workload: 'orders-db' });
  expect(failureOf(execution)).toContain('is gone, and cannot be restored');
});
