import type {
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DescribeSnapshotsResult,
  SnapshotInfo,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

async function takeSet(fleet: TestFleet, input: Partial<CreateSnapshotsRequest> = {}): Promise<SnapshotInfo[]> {
  const request = { InstanceSpecification: { InstanceId: fleet.instanceId }, ...input };
  const { Snapshots: snapshots = [] } = await fleet.ask<CreateSnapshotsResult>('CreateSnapshots', request);
  return snapshots;
}

async function statesOf(fleet: TestFleet): Promise<(string | undefined)[]> {
  const { Snapshots: snapshots = [] } = await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', {
    OwnerIds: ['self'],
  });
  return snapshots.map((each) => each.State);
}

describe('CreateSnapshots', () => {
  it('takes all volumes of the instance at one point in time, pending', async () => {
    const fleet = createTestFleet();
    const set = await takeSet(fleet);
    expect(set.map((each) => each.VolumeId).sort()).toEqual(
      ['/dev/xvda', '/dev/sdf', '/dev/sdg'].map(fleet.volumeId).sort(),
    );
    expect(new Set(set.map((each) => each.StartTime?.getTime()))).toEqual(new Set([fleet.kernel.clock.nowMs()]));
    expect(set.every((each) => each.State === 'pending' && each.Progress === '')).toBe(true);
  });

  it('leaves out the root, and data volumes that are named', async () => {
    const fleet = createTestFleet();
    const InstanceSpecification = {
      InstanceId: fleet.instanceId,
      ExcludeBootVolume: true,
      ExcludeDataVolumeIds: [fleet.volumeId('/dev/sdg')],
    };
    expect((await takeSet(fleet, { InstanceSpecification })).map((each) => each.VolumeId)).toEqual([
      fleet.volumeId('/dev/sdf'),
    ]);
  });

  it('refuses the root among the data volumes, and more than 40 of them', async () => {
    const fleet = createTestFleet();
    const excluding = (ExcludeDataVolumeIds: string[]) => ({
      InstanceSpecification: { InstanceId: fleet.instanceId, ExcludeDataVolumeIds },
    });
    expect(await fleet.refusal('CreateSnapshots', excluding([fleet.volumeId('/dev/xvda')]))).toBe(
      'InvalidParameterValue',
    );
    const many = Array.from({ length: 41 }, () => fleet.volumeId('/dev/sdf'));
    expect(await fleet.refusal('CreateSnapshots', excluding(many))).toBe('InvalidParameterValue');
  });

  it('copies the volumes’ tags but not the reserved ones, and adds those of the request', async () => {
    const fleet = createTestFleet();
    const set = await takeSet(fleet, {
      CopyTagsFromSource: 'volume',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'holdfast:run', Value: 'r1' }] }],
    });
    const log = set.find((each) => each.VolumeId === fleet.volumeId('/dev/sdg'));
    expect(log?.Tags).toEqual([
      { Key: 'holdfast:run', Value: 'r1' },
      { Key: 'part', Value: 'log' },
    ]);
  });

  it('refuses a tag that is both copied and given', async () => {
    const fleet = createTestFleet();
    const request = {
      InstanceSpecification: { InstanceId: fleet.instanceId },
      CopyTagsFromSource: 'volume',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'part', Value: 'ours' }] }],
    };
    expect(await fleet.refusal('CreateSnapshots', request)).toBe('InvalidParameterValue');
    expect(await statesOf(fleet)).toEqual([]);
  });

  it('refuses more than 50 tags, and then takes no snapshot at all', async () => {
    const fleet = createTestFleet();
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    const request = {
      InstanceSpecification: { InstanceId: fleet.instanceId },
      CopyTagsFromSource: 'volume',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
    };
    expect(await fleet.refusal('CreateSnapshots', request)).toBe('TagLimitExceeded');
    expect(await statesOf(fleet)).toEqual([]);
  });

  it('asked twice makes two sets, but not within 15 seconds', async () => {
    const fleet = createTestFleet();
    await takeSet(fleet);
    const again = { InstanceSpecification: { InstanceId: fleet.instanceId } };
    expect(await fleet.refusal('CreateSnapshots', again)).toBe('SnapshotCreationPerVolumeRateExceeded');
    await fleet.kernel.advance(15_000);
    await takeSet(fleet);
    expect(await statesOf(fleet)).toHaveLength(6);
  });

  it('one failing member turns all to error, told by one event of their own detail-type', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.snapshotFails(fleet.volumeId('/dev/sdg'));
    await takeSet(fleet);
    await fleet.kernel.advance(3_600_000);
    expect(await statesOf(fleet)).toEqual(['error', 'error', 'error']);
    expect(fleet.kernel.events.map((event) => [event.detailType, event.detail.result])).toEqual([
      ['EBS Multi-Volume Snapshots Completion Status', 'failed'],
    ]);
  });

  it('tells the completion of a whole set once, with the Region in the wrong place of its ARNs', async () => {
    const fleet = createTestFleet();
    const [first] = await takeSet(fleet);
    await fleet.kernel.advance(3_600_000);
    expect(fleet.kernel.events).toHaveLength(1);
    expect(fleet.kernel.events[0]).toMatchObject({
      detailType: 'EBS Multi-Volume Snapshots Completion Status',
      resources: expect.arrayContaining([`arn:aws:ec2::eu-west-1:snapshot/${first?.SnapshotId}`]),
      detail: { event: 'createSnapshots', result: 'succeeded' },
    });
  });

  it('deleting one pending member removes only it, once it completes', async () => {
    const fleet = createTestFleet();
    const [first] = await takeSet(fleet);
    await fleet.ask('DeleteSnapshot', { SnapshotId: first?.SnapshotId });
    expect(await statesOf(fleet)).toEqual(['pending', 'pending', 'pending']);
    await fleet.kernel.advance(3_600_000);
    expect(await statesOf(fleet)).toEqual(['completed', 'completed']);
    expect(fleet.kernel.events[0]?.detail.snapshots).toHaveLength(2);
  });

  it('fixes the content when the call is accepted, not when the snapshot completes', async () => {
    const fleet = createTestFleet();
    await fleet.kernel.advance(60_000);
    const guest = fleet.ec2.world.guest('db');
    guest.holdApplication('shop');
    const held = guest.read('/data/table');
    const ids = (await takeSet(fleet)).flatMap((each) => each.SnapshotId ?? []);
    guest.resumeApplication('shop');
    await fleet.kernel.advance(3_600_000);
    expect(fleet.ec2.world.judgeSnapshots(ids)[0]?.consistency).toBe('application-consistent');
    expect(guest.read('/data/table')).not.toBe(held);
  });

  it('without any hold is crash-consistent only', async () => {
    const fleet = createTestFleet();
    await fleet.kernel.advance(63_000);
    const ids = (await takeSet(fleet)).flatMap((each) => each.SnapshotId ?? []);
    expect(fleet.ec2.world.judgeSnapshots(ids)[0]?.consistency).toBe('crash-consistent');
  });
});

describe('limits of snapshots', () => {
  const one = (fleet: TestFleet) => ({ VolumeId: fleet.volumeId('/dev/sdf') });

  it('holds at most five pending ones per volume, errors counted', async () => {
    const fleet = createTestFleet({ durations: { completeSnapshot: 86_400_000 } });
    for (let index = 0; index < 5; index += 1) {
      await fleet.ask('CreateSnapshot', one(fleet));
      await fleet.kernel.advance(15_000);
    }
    expect(await fleet.refusal('CreateSnapshot', one(fleet))).toBe('ConcurrentSnapshotLimitExceeded');
  });

  it('frees a slot taken by an error only when the snapshot is deleted', async () => {
    const fleet = createTestFleet({ limits: { pendingSnapshotsPerVolume: 1 } });
    fleet.ec2.arrange.snapshotFails(fleet.volumeId('/dev/sdf'));
    const { SnapshotId } = await fleet.ask<SnapshotInfo>('CreateSnapshot', one(fleet));
    await fleet.kernel.advance(3_600_000);
    expect(await fleet.refusal('CreateSnapshot', one(fleet))).toBe('ConcurrentSnapshotLimitExceeded');
    await fleet.ask('DeleteSnapshot', { SnapshotId });
    await fleet.kernel.advance(1_000);
    await fleet.ask('CreateSnapshot', one(fleet));
  });

  it('cold volumes take one at a time, the Region a hundred', async () => {
    const fleet = createTestFleet({ limits: { pendingSnapshotsPerRegion: 2 } });
    fleet.ec2.world.launchInstance({ name: 'cold', volumes: [{ device: '/dev/sdf', sizeGib: 500, type: 'st1' }] });
    const VolumeId = fleet.ec2.world.volumeAt('cold', '/dev/sdf').id;
    await fleet.ask('CreateSnapshot', { VolumeId });
    await fleet.kernel.advance(15_000);
    expect(await fleet.refusal('CreateSnapshot', { VolumeId })).toBe('ConcurrentSnapshotLimitExceeded');
    expect(await fleet.refusal('CreateSnapshots', { InstanceSpecification: { InstanceId: fleet.instanceId } })).toBe(
      'PendingSnapshotLimitExceeded',
    );
  });

  it('stays pending for ever when arranged so, with its progress below 100%', async () => {
    const fleet = createTestFleet();
    fleet.ec2.arrange.snapshotNeverEnds(fleet.volumeId('/dev/sdf'));
    await fleet.ask('CreateSnapshot', one(fleet));
    await fleet.kernel.advance(7 * 86_400_000);
    const { Snapshots: snapshots } = await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', {});
    expect(snapshots).toMatchObject([{ State: 'pending', Progress: '99%' }]);
  });
});

describe('DescribeSnapshots and DeleteSnapshot', () => {
  it('does not know a new snapshot for a moment, nor forgets a deleted one at once', async () => {
    const fleet = createTestFleet({
      durations: { visibility: 800, completeSnapshot: 2_000, completeSnapshotPerGib: 0 },
    });
    const { SnapshotId } = await fleet.ask<SnapshotInfo>('CreateSnapshot', { VolumeId: fleet.volumeId('/dev/sdf') });
    const look = { SnapshotIds: [SnapshotId] };
    expect(await fleet.refusal('DescribeSnapshots', look)).toBe('InvalidSnapshot.NotFound');
    expect(await statesOf(fleet)).toEqual([]);
    await fleet.kernel.advance(2_000);
    await fleet.ask('DeleteSnapshot', { SnapshotId });
    expect(await statesOf(fleet)).toEqual(['completed']);
    await fleet.kernel.advance(800);
    expect(await fleet.refusal('DescribeSnapshots', look)).toBe('InvalidSnapshot.NotFound');
  });

  it('filters by tags with wildcards, and refuses a filter it does not know', async () => {
    const fleet = createTestFleet();
    await takeSet(fleet, { CopyTagsFromSource: 'volume' });
    const find = async (Name: string, Values: string[]) => {
      const found = await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', { Filters: [{ Name, Values }] });
      return found.Snapshots?.length;
    };
    expect(await find('tag:part', ['d*a'])).toBe(1);
    expect(await find('tag:part', ['data', 'log'])).toBe(2);
    expect(await find('tag-key', ['part'])).toBe(2);
    expect(await find('status', ['completed'])).toBe(0);
    expect(await fleet.refusal('DescribeSnapshots', { Filters: [{ Name: 'colour', Values: ['red'] }] })).toBe(
      'InvalidParameterValue',
    );
  });

  it('ends the first page of a filtered search early at times, even empty, with the rest to come', async () => {
    const fleet = createTestFleet();
    await takeSet(fleet);
    const Filters = [{ Name: 'status', Values: ['pending'] }];
    const firsts = new Set<number>();
    for (let search = 0; search < 100; search += 1) {
      const page = await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', { Filters, MaxResults: 100 });
      const { Snapshots: rest = [] } = page.NextToken
        ? await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', { Filters, NextToken: page.NextToken })
        : {};
      firsts.add(page.Snapshots?.length ?? 0);
      expect(new Set([...(page.Snapshots ?? []), ...rest].map((each) => each.SnapshotId)).size).toBe(3);
    }
    expect([...firsts].sort()).toEqual([0, 1, 2, 3]);
  });

  it.each([
    [0, 0],
    [1, 10],
  ])('with a share of short pages of %d ends %i of ten first pages early', async (shortPages, expected) => {
    const fleet = createTestFleet({ shortPages });
    await takeSet(fleet);
    const input = { Filters: [{ Name: 'status', Values: ['pending'] }], MaxResults: 100 };
    let early = 0;
    for (let search = 0; search < 10; search += 1) {
      const page = await fleet.ask<DescribeSnapshotsResult>('DescribeSnapshots', input);
      early += page.NextToken === undefined ? 0 : 1;
    }
    expect(early).toBe(expected);
  });

  it('gives pages that together are everything, once', async () => {
    const fleet = createTestFleet();
    for (let index = 0; index < 4; index += 1) {
      await takeSet(fleet);
      await fleet.kernel.advance(3_600_000);
    }
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page: DescribeSnapshotsResult = await fleet.ask('DescribeSnapshots', { MaxResults: 5, NextToken });
      seen.push(...(page.Snapshots ?? []).map((each) => each.SnapshotId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
    expect(await fleet.refusal('DescribeSnapshots', { NextToken: 'nonsense' })).toBe('InvalidNextToken');
  });

  it('does not delete what an image uses, nor what does not exist', async () => {
    const fleet = createTestFleet();
    const [first] = await takeSet(fleet);
    fleet.ec2.arrange.snapshotUsedByImage(first?.SnapshotId ?? '', 'ami-1');
    expect(await fleet.refusal('DeleteSnapshot', { SnapshotId: first?.SnapshotId })).toBe('InvalidSnapshot.InUse');
    expect(await fleet.refusal('DeleteSnapshot', { SnapshotId: 'snap-00000000' })).toBe('InvalidSnapshot.NotFound');
    expect(await fleet.refusal('DeleteSnapshot', { SnapshotId: 'nonsense' })).toBe('InvalidSnapshotID.Malformed');
  });
});
