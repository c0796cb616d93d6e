import { CreateSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { applianceId, databaseId } from './scenario/policy.ts';
import {
  closeStage,
  hourMs,
  isHeld,
  night,
  openStage,
  pointsIn,
  runsIn,
  type Stage,
  subjects,
} from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const snapshots = () => [...stage.services.ec2.world.snapshots.values()];

describe('a good night', () => {
  it('seals one application-consistent point per workload, and the snapshots prove it', async () => {
    stage = await openStage();
    await night(stage);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(point?.artifacts).toHaveLength(4);
    const ids = point?.artifacts.map(({ id }) => id) ?? [];
    expect(stage.services.ec2.world.judgeSnapshots(ids)).toMatchObject([{ consistency: 'application-consistent' }]);
    const startsMs = snapshots().flatMap(({ id, startTimeMs }) => (ids.includes(id) ? [startTimeMs] : []));
    expect(Date.parse(point?.takenAt ?? '')).toBe(Math.min(...startsMs));
    expect((await pointsIn(stage, 'appliance'))[0]?.verdict.consistency).toBe('crash-consistent');
    expect(subjects(stage)).toEqual([]);
  });

  it('takes all volumes of an instance in one call, the boot volume left out by the API itself', async () => {
    stage = await openStage();
    await night(stage);
    const calls = stage.calls.of('ec2', 'CreateSnapshots');
    expect(calls.map(({ input }) => input)).toMatchObject([
      { InstanceSpecification: { ExcludeBootVolume: true } },
      { InstanceSpecification: { ExcludeBootVolume: true } },
    ]);
    expect(new Set(snapshots().map(({ startTimeMs }) => startTimeMs)).size).toBe(2);
  });

  it('leaves snapshots that carry all that a recovery without the ledger needs', async () => {
    stage = await openStage();
    await night(stage);
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
    stage = await openStage();
    await night(stage);
    const [run] = await runsIn(stage, 'orders-db');
    expect(run?.window?.releasedAt).toBeDefined();
    expect(run?.verdict?.windowMs).toBeLessThan(10_000);
    expect(isHeld(stage, databaseId)).toBe(false);
  });

  it('sends a digest of successes to the report addresses, and nothing to the failure addresses', async () => {
    stage = await openStage();
    await night(stage);
    await stage.time.advance(6 * hourMs);
    expect(subjects(stage, 'backups@example.com')).toEqual([expect.stringContaining('2 new points')]);
    expect(subjects(stage)).toEqual([]);
  });
});

describe('the same scheduled time', () => {
  it('never makes two sets when the schedule delivers twice', async () => {
    stage = await openStage();
    stage.faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'double' });
    await night(stage);
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(2);
  });

  it('waits for no reply of EC2 that never comes: looks are repeated, and what was made is found', async () => {
    stage = await openStage();
    const never = { kind: 'lose-reply', afterMs: hourMs } as const;
    for (const operation of ['DescribeVolumes', 'CreateSnapshots'])
      stage.faults.add({ service: 'ec2', operation, effect: never });
    await night(stage);
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(2);
    for (const workload of ['appliance', 'orders-db']) {
      expect((await runsIn(stage, workload)).map(({ state }) => state)).toEqual(['sealed']);
    }
    expect(subjects(stage)).toEqual([]);
  });

  it('never makes two sets when the reply of CreateSnapshots is lost', async () => {
    stage = await openStage();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', times: 2, effect: { kind: 'lose-reply' } });
    await night(stage);
    expect(snapshots()).toHaveLength(5);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  });

  it.each(['another stack', 'a person'])('takes no set for its own that %s has tagged so', async (whose) => {
    stage = await openStage();
    const tags = {
      'holdfast:stack': whose === 'a person' ? 'Holdfast' : 'Staging',
      'holdfast:run': 'appliance-20260115T030000Z',
      'holdfast:instance': applianceId,
      'holdfast:tier': '1',
    };
    const command = new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId: applianceId, ExcludeBootVolume: true },
      Description:
        whose === 'a person' ? 'mine' : `Holdfast: appliance of 2026-01-15 03:00 UTC, ${applianceId} /dev/sdh`,
      TagSpecifications: [
        { ResourceType: 'snapshot', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    });
    const { Snapshots = [] } = await stage.drive(new EC2Client({}).send(command));
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', times: 2, effect: { kind: 'lose-reply' } });
    await night(stage);
    const [point] = await pointsIn(stage, 'appliance');
    expect(point?.artifacts.map(({ source }) => source)).toEqual(Snapshots.map(({ VolumeId }) => VolumeId));
    expect(point?.artifacts.map(({ id }) => id)).not.toEqual(Snapshots.map(({ SnapshotId }) => SnapshotId));
    expect(
      Snapshots.map(({ SnapshotId = '' }) => stage.services.ec2.world.snapshots.get(SnapshotId)?.goneAtMs),
    ).toEqual([undefined]);
  });
});
