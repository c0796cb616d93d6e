import { afterEach, describe, expect, it } from 'vitest';
import { applianceId, databaseId } from './scenario/policy.ts';
import { openWithPoints, recover } from './scenario/recovering.ts';
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

async function attach(VolumeId: string): Promise<void> {
  const { AttachVolumeCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  await new EC2Client({}).send(new AttachVolumeCommand({ VolumeId, InstanceId: applianceId, Device: '/dev/sdz' }));
}
