/** What a service keeps from a run, known before anything is held still: windows of maintenance, and how many snapshots an account may have. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { run as plan } from '#cli/plan.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { firstRun, mails } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import {
  closeStage,
  failuresAddress,
  hourMs,
  night,
  openStage,
  pointsIn,
  type Stage,
  type StageOptions,
} from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-maintenance-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

type Members = PolicyInput['workloads'][string]['members'];

/** Else doctor has something against it: nobody is told yet. */
const confirmed: StageOptions = { sns: {} };

/** A night at three of UTC, without hooks: what is refused is refused all the same. */
async function open(members: Members, changes = {}, options: StageOptions = {}): Promise<void> {
  const { quiesce: _quiesce, recovery: _recovery, ...unheld } = database({ members, ...changes });
  const policy = nightly({ 'orders-db': unheld });
  writeFileSync(policyFile, stringify(policy));
  stage = await openStage({ policy, ...options });
}

async function ask(command: typeof plan) {
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
  const code = await stage.drive(command({ workload: 'orders-db' }, { terminal, settings }));
  return { code, text: terminal.lines.join('\n').replaceAll(/\s+/g, ' ') };
}

const rds = { kind: 'rds', resource: 'orders' } as const;
const aurora = { kind: 'aurora', resource: 'cases' } as const;
const arnOf = (type: string, name: string) => `arn:aws:rds:eu-west-1:111122223333:${type}:${name}`;

describe('a run that falls into a maintenance window', () => {
  const weekly = 'sun:02:30-sun:03:30';
  const met = 'the run of 2026-01-18T03:00:00.000Z falls into its maintenance window (sun:02:30-sun:03:30 UTC)';

  it.each<[string, Members, () => void, string]>([
    [
      'rds orders',
      [rds],
      () => stage.services.rds.world.launch({ name: 'orders', settings: { PreferredMaintenanceWindow: weekly } }),
      'aws rds modify-db-instance --db-instance-identifier orders --preferred-maintenance-window',
    ],
    [
      'aurora cases',
      [aurora],
      () => stage.services.rds.world.launchCluster({ name: 'cases', settings: { PreferredMaintenanceWindow: weekly } }),
      'aws rds modify-db-cluster --db-cluster-identifier cases --preferred-maintenance-window',
    ],
    [
      'memorydb orders',
      [{ kind: 'memorydb', resource: 'orders' }],
      () => stage.services.memorydb.world.launch({ name: 'orders', settings: { MaintenanceWindow: weekly } }),
      'aws memorydb update-cluster --cluster-name orders --maintenance-window',
    ],
    [
      'elasticache cluster:queue',
      [{ kind: 'elasticache', resource: 'cluster:queue' }],
      () =>
        stage.services.elasticache.world.launchCluster({
          name: 'queue',
          settings: { PreferredMaintenanceWindow: weekly },
        }),
      'aws elasticache modify-cache-cluster --cache-cluster-id queue --preferred-maintenance-window',
    ],
  ])(
    'is told by plan and doctor, with the command that moves the window: %s',
    async (words, members, launch, command) => {
      await open(members, {}, confirmed);
      launch();
      for (const { code, text } of [await ask(plan), await ask(doctor)]) {
        expect(code).toBe(0);
        expect(text).toContain(`note ${words}: ${met}`);
        expect(text).toContain(command);
        expect(text).not.toContain('Waiting for it');
      }
    },
  );

  it('is told with what waits for the window, and none that waits until somebody asks', async () => {
    await open([rds, aurora]);
    const { world, arrange } = stage.services.rds;
    world.launch({ name: 'orders', settings: { PreferredMaintenanceWindow: weekly } });
    world.launchCluster({ name: 'cases', settings: { PreferredMaintenanceWindow: weekly } });
    arrange.maintenancePending(arnOf('db', 'orders'), 'system-update', Date.UTC(2026, 0, 18, 2, 30));
    arrange.maintenancePending(arnOf('db', 'orders'), 'hardware-maintenance');
    arrange.maintenancePending(arnOf('cluster', 'cases'), 'db-upgrade', Date.UTC(2026, 0, 18, 2, 30));
    const { text } = await ask(plan);
    expect(text).toContain('Waiting for it: system-update on 2026-01-18T02:30:00.000Z. Move');
    expect(text).toContain('Waiting for it: db-upgrade on 2026-01-18T02:30:00.000Z. Move');
    expect(text).not.toContain('hardware-maintenance');
  });

  it('is told of OpenSearch while it has an update waiting, and of no other of its nights', async () => {
    await open([{ kind: 'opensearch', resource: 'traces', repository: 'nightly' }]);
    const OffPeakWindowOptions = { Enabled: true, OffPeakWindow: { WindowStartTime: { Hours: 22, Minutes: 0 } } };
    const launch = (UpdateStatus: 'ELIGIBLE' | 'PENDING_UPDATE') =>
      stage.services.opensearch.world.launch({
        name: 'traces',
        settings: { OffPeakWindowOptions, ServiceSoftwareOptions: { UpdateStatus } },
      });
    launch('ELIGIBLE');
    expect((await ask(plan)).text).not.toContain('maintenance window');
    launch('PENDING_UPDATE');
    const { code, text } = await ask(plan);
    expect(code).toBe(0);
    expect(text).toContain(
      'opensearch traces: the run of 2026-01-15T03:00:00.000Z falls into its maintenance window (22:00-08:00 UTC)',
    );
    expect(text).toContain(
      'Waiting for it: an update of the service software. Move one of the two: aws opensearch list-scheduled-actions --domain-name traces',
    );
  });

  it('is not told of windows that no run meets, and keeps no night from being backed up', async () => {
    await open([rds]);
    stage.services.rds.world.launch({
      name: 'orders',
      settings: { PreferredMaintenanceWindow: 'thu:02:45-thu:03:15' },
    });
    await night(stage);
    await stage.time.advance(hourMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    await ask(plan);
    const moved = { name: 'orders', settings: { PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' } };
    stage.services.rds.world.launch(moved);
    expect((await ask(plan)).text).not.toContain('maintenance');
  });
});

describe('manual snapshots of an account', () => {
  it.each<[string, Members, string]>([
    ['rds', [rds], 'Delete some (aws rds describe-db-snapshots --snapshot-type manual)'],
    ['aurora', [aurora], 'Delete some (aws rds describe-db-cluster-snapshots --snapshot-type manual)'],
  ])('that are as many as there may be keep a run from holding anything: %s', async (kind, members, command) => {
    await open(members);
    const { world, arrange } = stage.services.rds;
    world.launch({ name: 'orders' });
    world.launchCluster({ name: 'cases' });
    arrange.snapshotsOfOthers(100);
    const told = `${kind}: this account has 100 of 100 manual snapshots in this Region, and the run makes 1, which its service would refuse.`;
    const planned = await ask(plan);
    expect(planned.code).toBe(3);
    expect(planned.text).toContain(`refused ${told}`);
    await night(stage);
    const run = await firstRun(stage);
    expect(run).toMatchObject({ state: 'failed', failure: { name: 'InvalidRequest' } });
    expect(run.window).toBeUndefined();
    expect(stage.calls.of('rds', 'CreateDBSnapshot')).toEqual([]);
    expect(stage.calls.of('rds', 'CreateDBClusterSnapshot')).toEqual([]);
    expect(mails(stage)).toEqual(['orders-db: backup FAILED; application never held']);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain(command);
  });

  it('that are nearly as many are told of some nights before', async () => {
    await open([rds], {}, confirmed);
    stage.services.rds.world.launch({ name: 'orders' });
    stage.services.rds.arrange.snapshotsOfOthers(89);
    expect((await ask(doctor)).text).not.toContain('manual snapshots');
    stage.services.rds.arrange.snapshotsOfOthers(90);
    const { code, text } = await ask(doctor);
    expect(code).toBe(0);
    expect(text).toContain(
      'note rds: this account has 90 of 100 manual snapshots in this Region; once there are no more, runs are refused.',
    );
  });

  it('are not counted for members whose point is a moment of continuous backups', async () => {
    await open([{ ...rds, continuous: true }], { objectives: { rpo: '26h', rto: '45m' } });
    stage.services.rds.world.launch({ name: 'orders' });
    stage.services.rds.arrange.snapshotsOfOthers(100);
    expect((await ask(plan)).text).not.toContain('manual snapshots');
  });
});
