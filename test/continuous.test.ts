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
const modify = (settings: { readonly BackupRetentionPeriod?: number; readonly DeletionProtection?: boolean }) => {
  const command = { DBInstanceIdentifier: 'orders', ApplyImmediately: true, ...settings };
  return stage.drive(new RDSClient({}).send(new ModifyDBInstanceCommand(command)));
};
const calls = (operation: string) => stage.calls.filter((call) => call.operation === operation);

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
});
