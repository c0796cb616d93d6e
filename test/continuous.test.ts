/** Nights and recoveries of a workload whose database is pinned to a moment of its own continuous backup, and whose files are on EBS. */
import { DeleteDBInstanceCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardMs } from '#domain/cut.ts';
import { firstRun, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

const policy = nightly({
  'orders-db': database({
    members: [
      { kind: 'rds', resource: 'orders', continuous: true },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    quiesce: {
      hooks: [
        { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 300 },
      ],
      onFailure: 'abort',
    },
    retention: { days: 7, minimum: 3 },
  }),
});
const rds = () => stage.services.rds.world;
const rows = () => rds().instance('orders').rows;
const modify = async (
  settings: { readonly BackupRetentionPeriod?: number; readonly DeletionProtection?: boolean },
  name = 'orders',
) => {
  const command = { DBInstanceIdentifier: name, ApplyImmediately: true, ...settings };
  await stage.drive(new RDSClient({}).send(new ModifyDBInstanceCommand(command)));
  await stage.time.advance(10 * minuteMs);
};
/** Somebody deletes the one that a recovery has put aside. */
async function deleteReplaced(settings: { readonly DeleteAutomatedBackups?: boolean }): Promise<void> {
  const [name = ''] = [...rds().instances.keys()].filter((each) => each.startsWith('orders-old-'));
  await modify({ DeletionProtection: false }, name);
  const command = { DBInstanceIdentifier: name, SkipFinalSnapshot: true, ...settings };
  await stage.drive(new RDSClient({}).send(new DeleteDBInstanceCommand(command)));
  await stage.time.advance(10 * minuteMs);
}

beforeEach(async () => {
  stage = await openStage({ policy });
  rds().launch({ name: 'orders', tags: { team: 'orders' } });
  rows().push('order 1 in file a');
});

afterEach(() => closeStage(stage));

describe('a night', () => {
  it('pins a moment of the hold, and takes the disk a guard later, without waiting for any snapshot', async () => {
    await untilHeld(stage);
    const heldSinceMs = Date.now();
    const heldMs = await untilFree(stage, hourMs);
    const freeMs = Date.now();
    await stage.time.advance(hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    const [moment] = point?.artifacts.filter(({ kind }) => kind === 'rds') ?? [];
    const { lower = '', upper = '' } = moment?.cut ?? {};
    expect(moment).toMatchObject({ source: 'orders', state: 'completed', startedAt: upper, continuous: true });
    expect(lower).toBe(upper);
    expect(upper).toMatch(/:\d\d\.000Z$/);
    expect(Date.parse(upper)).toBeGreaterThan(heldSinceMs);
    expect(Date.parse(upper)).toBeLessThan(freeMs);
    const disks = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
    expect(disks).toHaveLength(4);
    for (const { startedAt } of disks)
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(upper) + guardMs);
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(heldMs).toBeGreaterThan(guardMs);
    expect(heldMs).toBeLessThan(1.4 * minuteMs);
    expect(rds().snapshots.size).toBe(0);
    expect(mails(stage)).toEqual([]);
  });

  it('seals the point when the logs of the moment are stored, and not before', async () => {
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    stage.services.rds.arrange.logsStandStill('orders');
    await stage.time.advance(hourMs);
    expect(await firstRun(stage)).toMatchObject({ state: 'settling' });
    expect(await pointsIn(stage, 'orders-db')).toEqual([]);
  });

  it('pins one moment, whatever replies of the night’s own functions are lost', async () => {
    stage.faults.add({ service: 'lambda', operation: 'Invoke', effect: { kind: 'deliver-twice' }, times: 20 });
    await stage.time.advance(4 * hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.artifacts.filter(({ kind }) => kind === 'rds')).toHaveLength(1);
  });

  it('of the database alone needs no hook to be application-consistent', async () => {
    await closeStage(stage);
    const alone = {
      members: [{ kind: 'rds', resource: 'orders', continuous: true }],
      quiesce: {},
      recovery: {},
    } as const;
    const kept = { days: 7, minimum: 3 };
    stage = await openStage({
      policy: nightly({ 'orders-db': database({ ...alone, retention: kept, members: [...alone.members] }) }),
    });
    rds().launch({ name: 'orders' });
    await stage.time.advance(3 * hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(point?.artifacts).toMatchObject([{ source: 'orders', continuous: true, state: 'completed' }]);
    expect(mails(stage)).toEqual([]);
  });

  const refused = async () => {
    await stage.time.advance(3 * hourMs);
    const run = await firstRun(stage);
    expect(run.window).toBeUndefined();
    expect(run.failure?.name).toBe('InvalidRequest');
    return run.failure?.message;
  };

  it('is refused, before anything is held still, where automated backups are off', async () => {
    await modify({ BackupRetentionPeriod: 0 });
    expect(await refused()).toContain(
      'rds orders keeps no continuous backup, so no moment of it can be brought back. Switch it on, which may stop its storage for seconds: aws rds modify-db-instance --db-instance-identifier orders --backup-retention-period 7',
    );
  });

  it('is refused where they are kept for less long than the points', async () => {
    await modify({ BackupRetentionPeriod: 5 });
    expect(await refused()).toContain(
      'rds orders keeps its continuous backup 5 days, and the points of orders-db are kept 7. Keep it as long: aws rds modify-db-instance',
    );
  });

  it('is refused where the latest restorable time stands still', async () => {
    await stage.time.advance(30 * minuteMs);
    stage.services.rds.arrange.logsStandStill('orders');
    expect(await refused()).toMatch(
      /rds orders can be brought back up to 2026-01-15T01:30:00.000Z only, .* ago.*aws rds describe-events/,
    );
  });

  it('is refused without the database', async () => {
    await closeStage(stage);
    stage = await openStage({ policy });
    expect(await refused()).toContain('rds orders does not exist');
  });
});

describe('the point', () => {
  const told = () => mails(stage).filter((subject) => subject.includes('BROKEN'));

  it('ends by itself: nothing is deleted for it, and nobody is told of an end in time', async () => {
    thinOutSweeps(stage, 1);
    await stage.time.advance(10 * dayMs);
    const points = await pointsIn(stage, 'orders-db');
    const retired = points.filter(({ retire }) => retire?.doneAt !== undefined);
    expect(points.length - retired.length).toBe(7);
    expect(retired.length).toBeGreaterThan(0);
    expect(points.filter(({ broken }) => broken !== undefined)).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('is broken, and told of, when it falls out of retention before its time', async () => {
    thinOutSweeps(stage, 1);
    await stage.time.advance(4 * dayMs);
    await modify({ BackupRetentionPeriod: 2 });
    await stage.time.advance(dayMs);
    const points = await pointsIn(stage, 'orders-db');
    expect(points.filter(({ broken }) => broken !== undefined).length).toBeGreaterThanOrEqual(2);
    expect(points.at(-1)?.broken?.problem).toMatch(/is kept 2 days and reaches back to .*, not to 2026-01-15T03:0/);
    expect(points[0]?.broken).toBeUndefined();
    expect(told().length).toBeGreaterThanOrEqual(2);
  });
});

describe('a recovery', () => {
  beforeEach(async () => {
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    rows().push('order 2 in file b, when the disk was done');
    await stage.time.advance(hourMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    rows().push('order 3 in file c, a mistake');
  });

  it('has the rows of the moment, and all settings, under the name that applications know', async () => {
    const before = rds().instance('orders');
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toBe(': ');
    const recovery = await recovered(stage, 'orders-db');
    expect(recovery?.state).toBe('committed');
    expect(recovery?.plan?.calls.join('\n')).toMatch(
      /aws rds restore-db-instance-to-point-in-time .* --source-dbi-resource-id db-\w+ --restore-time 2026-01-15T03:0\d:\d\d\.000Z/,
    );
    expect(recovery?.plan?.targets.map(({ keeps }) => keeps).join()).toContain('--no-delete-automated-backups');
    const after = rds().instance('orders');
    expect([...after.rows]).toEqual(['order 1 in file a']);
    expect(after.resourceId).not.toBe(before.resourceId);
    expect(after.settings).toMatchObject(before.settings);
    expect(Object.fromEntries(after.tags)).toMatchObject({ team: 'orders', 'holdfast:role': 'restored' });
    expect([...before.rows]).toHaveLength(3);
  });

  it('finds the moment again when the database has another name, and when it is deleted with its backups retained', async () => {
    await recover(stage, { workload: 'orders-db' });
    rows().push('order 4 in file d');
    await recover(stage, { workload: 'orders-db' }, 'recovery-2');
    expect([...rows()]).toEqual(['order 1 in file a']);
    rows().push('order 5 in file e');
    await deleteReplaced({ DeleteAutomatedBackups: false });
    await recover(stage, { workload: 'orders-db' }, 'recovery-3');
    expect([...rows()]).toEqual(['order 1 in file a']);
  });

  it('is refused when the backups went with the database, and the daily look tells it', async () => {
    await recover(stage, { workload: 'orders-db' });
    await deleteReplaced({});
    const again = await recover(stage, { workload: 'orders-db' }, 'recovery-2');
    expect(failureOf(again)).toContain('is gone: switched off, or deleted with what it was of');
    await stage.time.advance(dayMs);
    expect(mails(stage).filter((subject) => subject.includes('BROKEN'))).toHaveLength(1);
  });

  it('makes one database, whatever replies are lost', async () => {
    stage.faults.add({
      ...{ service: 'rds', operation: 'RestoreDBInstanceToPointInTime', times: 2 },
      effect: { kind: 'lose-reply' },
    });
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'committed' });
    expect(rds().instances.size).toBe(2);
  });

  it('changes nothing when the new database cannot be made', async () => {
    const { resourceId } = rds().instance('orders');
    stage.services.rds.arrange.nextRestoreFails();
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(rds().instance('orders').resourceId).toBe(resourceId);
  });
});
