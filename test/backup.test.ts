import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '#domain/run.ts';
import { pointsOf } from '#ledger/points.ts';
import { runsOf } from '#ledger/runs.ts';
import { appliance, applianceId, database, databaseId, nightly } from './scenario/policy.ts';
import {
  dayMs,
  executions,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  type Stage,
  type StageOptions,
  subjects,
  until,
} from './scenario/stage.ts';

let stage: Stage;

afterEach(() => {
  const complaints = stage.complaints();
  const unused = stage.faults.unused();
  stage.close();
  expect(complaints).toEqual([]);
  expect(unused).toEqual([]);
});

const open = async (options: StageOptions = {}) => {
  stage = await openStage(options);
};
const runs = (workload: string): Promise<readonly Run[]> => stage.drive(runsOf(workload));
const points = (workload: string) => stage.drive(pointsOf(workload));
const protects = () => executions(stage, 'protect');
const snapshots = () => [...stage.services.ec2.world.snapshots.values()];
const guest = (id: string) => stage.services.ec2.world.guest(id);
const held = (id: string) =>
  guest(id)
    .inspect()
    .mounts.some(({ frozen }) => frozen) ||
  guest(id)
    .inspect()
    .applications.some(({ status }) => status === 'held' || status === 'blocked');

/** The night of 03:00, until its executions have ended. */
async function window(): Promise<void> {
  await until(stage, 'the window opens', () => protects().length > 0, 3 * hourMs);
  await until(stage, 'the window closes', () => protects().every(({ status }) => status !== 'RUNNING'));
}

/** The night until nothing of it is unfinished. */
async function night(): Promise<void> {
  await window();
  await stage.time.advance(hourMs);
}

describe('a good night', () => {
  it('seals one application-consistent point per workload, and the snapshots prove it', async () => {
    await open();
    await night();
    const [point] = await points('orders-db');
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(point?.artifacts).toHaveLength(4);
    const ids = point?.artifacts.map(({ id }) => id) ?? [];
    expect(stage.services.ec2.world.judgeSnapshots(ids)).toMatchObject([{ consistency: 'application-consistent' }]);
    expect((await points('appliance'))[0]?.verdict.consistency).toBe('crash-consistent');
    expect(subjects(stage)).toEqual([]);
  });

  it('takes all volumes of an instance in one call, the boot volume left out by the API itself', async () => {
    await open();
    await night();
    const calls = stage.calls.of('ec2', 'CreateSnapshots');
    expect(calls.map(({ input }) => input)).toMatchObject([
      { InstanceSpecification: { ExcludeBootVolume: true } },
      { InstanceSpecification: { ExcludeBootVolume: true } },
    ]);
    expect(new Set(snapshots().map(({ startTimeMs }) => startTimeMs)).size).toBe(2);
  });

  it('leaves snapshots that carry all that a recovery without the ledger needs', async () => {
    await open();
    await night();
    const snapshot = snapshots().find(({ tags }) => tags.get('holdfast:workload') === 'appliance');
    const volumeId = stage.services.ec2.world.volumeAt(applianceId, '/dev/sdh').id;
    expect(Object.fromEntries(snapshot?.tags ?? [])).toMatchObject({
      Name: 'appliance-data',
      'holdfast:stack': 'Holdfast',
      'holdfast:workload': 'appliance',
      'holdfast:run': 'appliance-20260115T030000Z',
      'holdfast:instance': applianceId,
      'holdfast:verdict': 'crash-consistent',
      'holdfast:expires': expect.stringMatching(/^2026-02-14T03:00/),
      [`holdfast:volume:${volumeId}`]: `/dev/sdh gp3 200GiB 4000iops 250MiB/s eu-west-1a keep data ${applianceId} plain`,
    });
    expect(snapshot?.description).toContain('appliance of 2026-01-15 03:00 UTC');
  });

  it('holds the workload still for no longer than a few seconds, and releases it', async () => {
    await open();
    await night();
    const [run] = await runs('orders-db');
    expect(run?.window?.releasedAt).toBeDefined();
    expect(run?.verdict?.windowMs).toBeLessThan(10_000);
    expect(held(databaseId)).toBe(false);
  });

  it('sends a digest of successes to the report addresses, and nothing to the failure addresses', async () => {
    await open();
    await night();
    await stage.time.advance(6 * hourMs);
    expect(subjects(stage, 'backups@example.com')).toEqual([expect.stringContaining('2 new points')]);
    expect(subjects(stage)).toEqual([]);
  });
});

describe('the same scheduled time', () => {
  it('never makes two sets when the schedule delivers twice', async () => {
    await open();
    stage.faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'double' });
    await night();
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(2);
  });

  it('never makes two sets when the reply of CreateSnapshots is lost', async () => {
    await open();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', times: 2, effect: { kind: 'lose-reply' } });
    await night();
    expect(snapshots()).toHaveLength(5);
    expect(await points('orders-db')).toHaveLength(1);
  });
});
