import { afterEach, describe, expect, it } from 'vitest';
import { applianceId, databaseId } from './scenario/policy.ts';
import { openWithPoints, recover, recovered } from './scenario/recovering.ts';
import { closeStage, dayMs, type Stage } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const ec2 = () => stage.services.ec2;
const isThere = (volumeId: string) => ec2().world.volumes.has(volumeId);
const safetySnapshots = () =>
  [...ec2().world.snapshots.values()].filter(
    ({ tags, goneAtMs }) => tags.get('holdfast:role') === 'safety' && goneAtMs === undefined,
  );

/** Days pass with the sweeps once a day: nothing here depends on their promptness. */
const days = (count: number) => stage.time.advance(count * dayMs);

describe('what a recovery leaves behind', () => {
  it('is kept for the days of the policy, and then deleted; what is in use stays', async () => {
    stage = await openWithPoints();
    const replaced = ec2().world.volumeAt(applianceId, '/dev/sdh').id;
    await recover(stage, { workload: 'appliance' });
    const restored = ec2().world.volumeAt(applianceId, '/dev/sdh').id;
    thinOutSweeps(stage, 24);
    await days(6);
    expect([isThere(replaced), safetySnapshots().length]).toEqual([true, 1]);
    await days(2);
    expect([isThere(replaced), safetySnapshots().length]).toEqual([false, 0]);
    expect(ec2().world.volumeAt(applianceId, '/dev/sdh').id).toBe(restored);
  });

  it('takes our tags with it: what was restored is its owner’s again, and so are the tags of its snapshots', async () => {
    stage = await openWithPoints();
    const ours = (tags: ReadonlyMap<string, string>) => [...tags.keys()].filter((key) => key.startsWith('holdfast:'));
    const restored = () => ec2().world.volumeAt(applianceId, '/dev/sdh');
    await recover(stage, { workload: 'appliance' });
    expect(ours(restored().tags)).toContain('holdfast:recovery');
    const owners = () => {
      const newest = [...ec2().world.snapshots.values()].filter(({ volumeId }) => volumeId === restored().id).at(-1);
      return newest?.tags.get('Name');
    };
    thinOutSweeps(stage, 24);
    await days(2);
    expect(owners()).toBeUndefined();
    await days(8);
    expect(ours(restored().tags)).toEqual([]);
    expect(restored().tags.get('Name')).toBe('appliance-data');
    expect(owners()).toBe('appliance-data');
  });

  it('leaves the tags to a later recovery, which has replaced it', async () => {
    stage = await openWithPoints();
    await recover(stage, { workload: 'appliance' });
    const first = ec2().world.volumeAt(applianceId, '/dev/sdh').id;
    thinOutSweeps(stage, 24);
    await days(5);
    await recover(stage, { workload: 'appliance' }, 'recovery-2');
    await days(4);
    expect(ec2().world.volumes.get(first)?.tags.get('holdfast:recovery')).toBe('recovery-2');
    await days(5);
    expect(isThere(first)).toBe(false);
  });

  it('goes as well after a roll back: the volumes that were made in vain, never the originals', async () => {
    stage = await openWithPoints();
    const originals = ['f', 'g', 'h', 'i'].map((letter) => ec2().world.volumeAt(databaseId, `/dev/sd${letter}`).id);
    ec2()
      .world.guest(databaseId)
      .installProgram('/opt/holdfast/verify', () => 1);
    await recover(stage, { workload: 'orders-db' });
    const madeInVain = [...ec2().world.volumes.values()].filter(({ tags }) => tags.get('holdfast:role') === 'restored');
    expect(madeInVain).toHaveLength(4);
    thinOutSweeps(stage, 24);
    await days(8);
    expect(madeInVain.some(({ id }) => isThere(id))).toBe(false);
    expect(['f', 'g', 'h', 'i'].map((letter) => ec2().world.volumeAt(databaseId, `/dev/sd${letter}`).id)).toEqual(
      originals,
    );
  });

  it('stays when somebody has attached it again', async () => {
    stage = await openWithPoints();
    const replaced = ec2().world.volumeAt(applianceId, '/dev/sdh').id;
    await recover(stage, { workload: 'appliance' });
    await stage.drive(attach(replaced));
    thinOutSweeps(stage, 24);
    await days(9);
    expect(isThere(replaced)).toBe(true);
  });
});

describe('what carries the tags of a recovery, and was not left by it', () => {
  const past = '2026-01-14T00:00:00.000Z';
  const mark = async (resource: string, instanceId: string, role: string) => {
    const { CreateTagsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const recovery = (await recovered(stage, instanceId === applianceId ? 'appliance' : 'orders-db'))?.id ?? '';
    const tags = { stack: 'Holdfast', recovery, instance: instanceId, role, expires: past };
    const Tags = Object.entries(tags).map(([key, Value]) => ({ Key: `holdfast:${key}`, Value }));
    await stage.drive(new EC2Client({}).send(new CreateTagsCommand({ Resources: [resource], Tags })));
  };
  const detach = async (VolumeId: string) => {
    const { DetachVolumeCommand, EC2Client, StopInstancesCommand } = await import('@aws-sdk/client-ec2');
    const ec2 = new EC2Client({});
    await stage.drive(ec2.send(new StopInstancesCommand({ InstanceIds: [applianceId, databaseId] })));
    await stage.time.advance(10 * 60_000);
    await stage.drive(ec2.send(new DetachVolumeCommand({ VolumeId })));
    await stage.time.advance(60_000);
  };

  it('stays after a commit: another volume, the restored one while it is detached, another snapshot', async () => {
    stage = await openWithPoints();
    await recover(stage, { workload: 'appliance' });
    const restored = ec2().world.volumeAt(applianceId, '/dev/sdh').id;
    const other = ec2().world.volumeAt(databaseId, '/dev/sdg').id;
    for (const id of [restored, other]) await detach(id);
    const snapshot = [...ec2().world.snapshots.values()].find(({ volumeId }) => volumeId === other)?.id ?? '';
    for (const id of [restored, other]) await mark(id, applianceId, 'replaced');
    await mark(snapshot, applianceId, 'safety');
    thinOutSweeps(stage, 24);
    await days(8);
    expect((await recovered(stage, 'appliance'))?.tidiedAt).toBeDefined();
    expect([restored, other].map(isThere)).toEqual([true, true]);
    expect(ec2().world.snapshots.get(snapshot)?.goneAtMs).toBeUndefined();
  });

  it('stays after a roll back: an original while it is detached, and another volume', async () => {
    stage = await openWithPoints();
    const original = ec2().world.volumeAt(databaseId, '/dev/sdf').id;
    const other = ec2().world.volumeAt(applianceId, '/dev/sdh').id;
    ec2()
      .world.guest(databaseId)
      .installProgram('/opt/holdfast/verify', () => 1);
    await recover(stage, { workload: 'orders-db' });
    for (const id of [original, other]) await detach(id);
    for (const id of [original, other]) await mark(id, databaseId, 'restored');
    thinOutSweeps(stage, 24);
    await days(8);
    expect((await recovered(stage, 'orders-db'))?.tidiedAt).toBeDefined();
    expect([original, other].map(isThere)).toEqual([true, true]);
  });
});

async function attach(VolumeId: string): Promise<void> {
  const { AttachVolumeCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  await new EC2Client({}).send(new AttachVolumeCommand({ VolumeId, InstanceId: applianceId, Device: '/dev/sdz' }));
}
