import { describe, expect, it } from 'vitest';
import { createTestFleet } from '../ec2/fleet-for-tests.ts';
import { createMachineCopies } from './machine-copies.ts';

const minuteMs = 60_000;

function setUp() {
  const { ec2, instanceId, volumeId, kernel } = createTestFleet();
  const copies = createMachineCopies(ec2);
  const take = (resource: string) =>
    copies.take(`arn:aws:ec2:eu-west-1:111122223333:${resource}`, { made: 'by-plan' }) ?? '';
  return { ec2, instanceId, volumeId, kernel, copies, take };
}

describe('what AWS Backup makes', () => {
  it('of an instance is an image, whose snapshots are all of one moment', async () => {
    const { ec2, instanceId, kernel, copies, take } = setUp();
    const pointArn = take(`instance/${instanceId}`);
    expect(pointArn).toMatch(/^arn:aws:ec2:eu-west-1::image\/ami-[0-9a-f]{17}$/);
    expect(copies.isComplete(pointArn)).toBe(false);
    const snapshots = [...ec2.world.snapshots.values()];
    expect(snapshots).toHaveLength(3);
    expect(new Set(snapshots.map(({ startTimeMs }) => startTimeMs)).size).toBe(1);
    await kernel.advance(60 * minuteMs);
    expect(copies.isComplete(pointArn)).toBe(true);
    const [image] = ec2.world.images.values();
    expect(image).toMatchObject({ state: 'available', instanceId });
  });

  it('carries the source’s tags, the rule’s, and its own', () => {
    const { ec2, instanceId, volumeId, take } = setUp();
    take(`instance/${instanceId}`);
    const [image] = ec2.world.images.values();
    expect(Object.fromEntries(image?.tags ?? [])).toMatchObject({
      ...{ made: 'by-plan', 'aws:backup:source-resource': instanceId },
    });
    const log = [...ec2.world.snapshots.values()].find((each) => each.volumeId === volumeId('/dev/sdg'));
    expect(Object.fromEntries(log?.tags ?? [])).toMatchObject({ part: 'log' });
  });

  it('of a volume is a snapshot; of anything else nothing', async () => {
    const { ec2, volumeId, kernel, copies, take } = setUp();
    const pointArn = take(`volume/${volumeId('/dev/sdf')}`);
    const [snapshot] = ec2.world.snapshots.values();
    expect(pointArn).toBe(`arn:aws:ec2:eu-west-1::snapshot/${snapshot?.id}`);
    expect(copies.isComplete(pointArn)).toBe(false);
    await kernel.advance(60 * minuteMs);
    expect(copies.isComplete(pointArn)).toBe(true);
    expect(take('volume/vol-00000000000000000')).toBe('');
  });
});
