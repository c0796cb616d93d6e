import {
  DeleteDBInstanceCommand,
  DescribeDBClusterAutomatedBackupsCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createRds, type RdsService } from './rds.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let time: VirtualTime;
let rds: RdsService;
let client: RDSClient;

beforeEach(() => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  const kernel = createKernel({ seed: 1 });
  rds = createRds(kernel);
  client = new RDSClient(
    clientSettings(createGateway(kernel, [rds], createIdentities(kernel.account), { latencyMs: 0 })),
  );
  rds.world.launch({ name: 'orders', settings: { DeletionProtection: false } });
});

afterEach(() => time.uninstall());

const send: RDSClient['send'] = (command: never) => time.drive(client.send(command));
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => error.name,
  );

const described = async (whose: { DBInstanceIdentifier?: string; DbiResourceId?: string } = {}) =>
  (await send(new DescribeDBInstanceAutomatedBackupsCommand(whose))).DBInstanceAutomatedBackups ?? [];
const modify = async (settings: { BackupRetentionPeriod?: number; NewDBInstanceIdentifier?: string }) => {
  await send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'orders', ApplyImmediately: true, ...settings }));
};
const remove = async (settings: { DeleteAutomatedBackups?: boolean } = {}) => {
  await send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true, ...settings }));
  await time.advance(10 * minuteMs);
};
const restoreTo = (at: string, changes = {}) =>
  send(
    new RestoreDBInstanceToPointInTimeCommand({
      ...{ TargetDBInstanceIdentifier: 'new', SourceDBInstanceIdentifier: 'orders', RestoreTime: new Date(at) },
      ...changes,
    }),
  );

describe('the automated backups of a simulated instance', () => {
  it('reach to the last logs, stored every five minutes, and back as far as they are kept', async () => {
    await time.advance(7 * minuteMs);
    const [early] = await described();
    expect(early).toMatchObject({ Status: 'active', BackupRetentionPeriod: 7, DBInstanceIdentifier: 'orders' });
    expect(early?.RestoreWindow?.LatestTime?.toISOString()).toBe('2026-03-01T02:05:00.000Z');
    expect(early?.RestoreWindow?.EarliestTime?.toISOString()).toBe('2026-03-01T02:00:00.000Z');
    await time.advance(10 * dayMs);
    const [late] = await described();
    expect(late?.RestoreWindow?.EarliestTime?.toISOString()).toMatch(/^2026-03-04T02:07/);
  });

  it('stand still at the last logs when no more are stored', async () => {
    await time.advance(7 * minuteMs);
    rds.arrange.logsStandStill('orders');
    await time.advance(dayMs);
    expect((await described())[0]?.RestoreWindow?.LatestTime?.toISOString()).toBe('2026-03-01T02:05:00.000Z');
  });

  it('are gone when switched off, and begin anew with a first backup', async () => {
    await modify({ BackupRetentionPeriod: 0 });
    expect(await described()).toEqual([]);
    expect(await refusal(restoreTo('2026-03-01T02:00:00Z'))).toBe('PointInTimeRestoreNotEnabledFault');
    await time.advance(10 * minuteMs);
    await modify({ BackupRetentionPeriod: 3 });
    const [first] = await described();
    expect(first?.Status).toBe('creating');
    expect(first).not.toHaveProperty('RestoreWindow');
    await time.advance(15 * minuteMs);
    expect((await described())[0]).toMatchObject({ Status: 'active', RestoreWindow: { LatestTime: expect.any(Date) } });
  });

  it('are found by the instance’s id, whatever it is called', async () => {
    const { resourceId } = rds.world.instance('orders');
    await modify({ NewDBInstanceIdentifier: 'renamed' });
    await time.advance(10 * minuteMs);
    expect(await described({ DBInstanceIdentifier: 'orders' })).toEqual([]);
    expect(await described({ DbiResourceId: resourceId })).toMatchObject([{ DBInstanceIdentifier: 'renamed' }]);
    expect(await refusal(described({ DbiResourceId: 'db-NONE' }))).toBe('DBInstanceAutomatedBackupNotFoundFault');
  });

  it('go with the instance, unless they are to be retained until they expire', async () => {
    const { resourceId } = rds.world.instance('orders');
    rds.world.instance('orders').rows.push('one');
    await time.advance(30 * minuteMs);
    await remove({ DeleteAutomatedBackups: false });
    expect(await described({ DbiResourceId: resourceId })).toMatchObject([{ Status: 'retained' }]);
    await restoreTo('2026-03-01T02:05:00Z', { SourceDBInstanceIdentifier: undefined, SourceDbiResourceId: resourceId });
    expect([...rds.world.instance('new').rows]).toEqual(['one']);
    await time.advance(8 * dayMs);
    expect(await refusal(described({ DbiResourceId: resourceId }))).toBe('DBInstanceAutomatedBackupNotFoundFault');
    rds.world.launch({ name: 'orders', settings: { DeletionProtection: false } });
    const other = rds.world.instance('orders').resourceId;
    await remove();
    expect(await refusal(described({ DbiResourceId: other }))).toBe('DBInstanceAutomatedBackupNotFoundFault');
  });

  it('are not deleted with an instance that is protected', async () => {
    rds.world.launch({ name: 'safe' });
    const command = new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'safe', SkipFinalSnapshot: true });
    expect(await refusal(send(command))).toBe('InvalidParameterCombination');
  });
});

describe('a restore to a moment', () => {
  it('has what was written by then, and defaults for what it is not told', async () => {
    const { rows } = rds.world.instance('orders');
    rows.push('one');
    await time.advance(90_000);
    rows.push('two');
    await time.advance(10 * minuteMs);
    await restoreTo('2026-03-01T02:01:00Z');
    await restoreTo('', {
      TargetDBInstanceIdentifier: 'latest',
      RestoreTime: undefined,
      UseLatestRestorableTime: true,
    });
    await time.advance(15 * minuteMs);
    const made = rds.world.instance('new');
    expect([...made.rows]).toEqual(['one']);
    expect([...rds.world.instance('latest').rows]).toEqual(['one', 'two']);
    expect(made).toMatchObject({
      status: 'available',
      settings: { Engine: 'postgres', EngineVersion: '16.4', MultiAZ: false, BackupRetentionPeriod: 7 },
    });
    expect(made.resourceId).not.toBe(rds.world.instance('orders').resourceId);
  });

  it('is refused before the first moment, after the last, and under a name that is taken', async () => {
    await time.advance(12 * minuteMs);
    expect(await refusal(restoreTo('2026-03-01T01:59:59Z'))).toBe('InvalidRestoreFault');
    expect(await refusal(restoreTo('2026-03-01T02:10:01Z'))).toBe('InvalidRestoreFault');
    const taken = restoreTo('2026-03-01T02:10:00Z', { TargetDBInstanceIdentifier: 'orders' });
    expect(await refusal(taken)).toBe('DBInstanceAlreadyExistsFault');
  });
});

describe('the continuous backup of a simulated cluster', () => {
  it('is found by its id, and restored as of a moment, with engine and version of its own and without instances', async () => {
    rds.world.launchCluster({ name: 'cases' });
    const { rows, resourceId } = rds.world.cluster('cases');
    rows.push('one');
    await time.advance(90_000);
    rows.push('two');
    await time.advance(10 * minuteMs);
    const of = { DbClusterResourceId: resourceId };
    const { DBClusterAutomatedBackups } = await send(new DescribeDBClusterAutomatedBackupsCommand(of));
    expect(DBClusterAutomatedBackups).toMatchObject([{ DBClusterIdentifier: 'cases', BackupRetentionPeriod: 14 }]);
    expect(await described()).toHaveLength(1);
    const asOf = (RestoreToTime: Date, source: string = resourceId) =>
      new RestoreDBClusterToPointInTimeCommand({
        ...{ DBClusterIdentifier: 'new', SourceDbClusterResourceId: source, RestoreToTime },
      });
    await send(asOf(new Date('2026-03-01T02:01:00Z')));
    const made = rds.world.cluster('new');
    expect([...made.rows]).toEqual(['one']);
    expect(made.settings).toMatchObject({
      Engine: 'aurora-postgresql',
      EngineVersion: '15.8',
      DeletionProtection: false,
    });
    expect([...rds.world.instances.values()].some(({ settings }) => settings.DBClusterIdentifier === 'new')).toBe(
      false,
    );
    expect(await refusal(send(asOf(new Date('2026-03-01T03:00:00Z'))))).toBe('InvalidRestoreFault');
    const unknown = asOf(new Date('2026-03-01T02:01:00Z'), 'cluster-NONE');
    expect(await refusal(send(unknown))).toBe('DBClusterAutomatedBackupNotFoundFault');
  });
});
