import type { CopySnapshotResult, DescribeSnapshotsResult, SnapshotInfo } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createEc2, type Ec2Options } from './ec2.ts';
import { createTestFleet, type TestFleet } from './fleet-for-tests.ts';

const home = 'eu-west-1';
const region = 'eu-central-1';
const key = `arn:aws:kms:${region}:111122223333:key/k1`;

interface Two extends TestFleet {
  /** A complete snapshot of /dev/sdf. */
  readonly source: string;
  copy(input?: object): Promise<string>;
  refused(input?: object): Promise<string>;
  copies(): Promise<DescribeSnapshotsResult['Snapshots']>;
  readonly there: ReturnType<typeof createEc2>;
}

/** A fleet, and EC2 of another Region of its account. */
async function createTwo(options: Ec2Options = {}): Promise<Two> {
  const fleet = createTestFleet();
  const kernel = { ...fleet.kernel, regionName: region };
  const elsewhere = (name: string) => (name === home ? fleet.ec2.context : undefined);
  const there = createEc2(kernel, { jitter: 0, ...options, durations: { visibility: 0 }, elsewhere });
  const { SnapshotId: source = '' } = await fleet.ask<SnapshotInfo>('CreateSnapshot', {
    VolumeId: fleet.volumeId('/dev/sdf'),
    TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'holdfast:run', Value: 'r1' }] }],
  });
  await fleet.kernel.advance(hourMs);
  const copy = async (input: object = {}): Promise<string> => {
    const given = { SourceRegion: home, SourceSnapshotId: source, ...input };
    return (await fleet.kernel.call<CopySnapshotResult>(there, 'CopySnapshot', given)).SnapshotId ?? '';
  };
  const refused = (input: object = {}) =>
    copy(input).then(
      () => 'not refused',
      (error: Error) => error.name,
    );
  const copies = async () =>
    (await fleet.kernel.call<DescribeSnapshotsResult>(there, 'DescribeSnapshots', {})).Snapshots;
  return { ...fleet, source, copy, refused, copies, there };
}

const hourMs = 3_600_000;

describe('CopySnapshot', () => {
  it('makes a snapshot of its own in the Region that is asked: same content, arbitrary volume, no tags but those given', async () => {
    const { copy, copies, kernel, ec2, there, source } = await createTwo();
    const Tags = [{ Key: 'holdfast:copy', Value: 'incomplete' }];
    const id = await copy({ TagSpecifications: [{ ResourceType: 'snapshot', Tags }] });
    expect(await copies()).toMatchObject([{ SnapshotId: id, State: 'pending', VolumeId: 'vol-ffffffff', Tags }]);
    await kernel.advance(hourMs);
    expect(await copies()).toMatchObject([{ SnapshotId: id, State: 'completed' }]);
    expect(there.world.snapshots.get(id)?.disk).toEqual(ec2.world.snapshots.get(source)?.disk);
    expect(ec2.world.snapshots.has(id)).toBe(false);
  });

  it('knows no token: asked twice makes two copies', async () => {
    const { copy, copies } = await createTwo();
    await copy();
    await copy();
    expect(await copies()).toHaveLength(2);
  });

  it('takes a complete snapshot of a Region that there is, and a key only with Encrypted', async () => {
    const { refused, ask, volumeId } = await createTwo();
    expect(await refused({ SourceRegion: 'eu-north-1' })).toBe('InvalidParameterValue');
    expect(await refused({ SourceSnapshotId: 'snap-0123456789abcdef0' })).toBe('InvalidSnapshot.NotFound');
    expect(await refused({ KmsKeyId: key })).toBe('InvalidParameterCombination');
    const { SnapshotId } = await ask<SnapshotInfo>('CreateSnapshot', { VolumeId: volumeId('/dev/sdg') });
    expect(await refused({ SourceSnapshotId: SnapshotId })).toBe('IncorrectState');
  });

  it('takes twenty at a time into one Region', async () => {
    const { copy, refused, kernel } = await createTwo();
    for (let count = 0; count < 20; count += 1) await copy();
    expect(await refused()).toBe('ResourceLimitExceeded');
    await kernel.advance(hourMs);
    expect(await refused()).toBe('not refused');
  });

  it('accepts a key that cannot be used; the copy ends in error, with a StateMessage and an event', async () => {
    const { copy, copies, kernel } = await createTwo({ keys: { keyState: () => 'Disabled' } });
    await copy({ Encrypted: true, KmsKeyId: key });
    await kernel.advance(hourMs);
    expect(await copies()).toMatchObject([{ State: 'error', StateMessage: 'Given key ID is not accessible' }]);
    expect(kernel.events.at(-1)?.detail).toMatchObject({ event: 'copySnapshot', result: 'failed' });
  });

  it('copies what has changed once the volume was copied there before', async () => {
    const { copy, there, kernel } = await createTwo();
    const tookMs = (id: string) => {
      const { startTimeMs = 0, completesAtMs = 0 } = there.world.snapshots.get(id) ?? {};
      return completesAtMs - startTimeMs;
    };
    const first = await copy();
    await kernel.advance(hourMs);
    const second = await copy();
    expect(tookMs(second)).toBeLessThan(tookMs(first) / 5);
    const underKey = await copy({ Encrypted: true, KmsKeyId: key });
    expect(tookMs(underKey)).toBe(tookMs(first));
  });

  it('needs IAM’s word on both snapshots, the tags, and the key', async () => {
    const { there, source } = await createTwo();
    const Tags = [{ Key: 'holdfast:stack', Value: 'Holdfast' }];
    const accesses = there.access('CopySnapshot', {
      ...{ SourceRegion: home, SourceSnapshotId: source, Encrypted: true, KmsKeyId: key },
      TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
    });
    expect(accesses.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `ec2:CopySnapshot arn:aws:ec2:${home}::snapshot/${source}`,
      `ec2:CopySnapshot arn:aws:ec2:${region}::snapshot/*`,
      `ec2:CreateTags arn:aws:ec2:${region}::snapshot/*`,
      `kms:CreateGrant ${key}`,
      `kms:GenerateDataKeyWithoutPlaintext ${key}`,
      `kms:DescribeKey ${key}`,
    ]);
    expect(accesses[0]?.context).toMatchObject({ 'aws:ResourceTag/holdfast:run': 'r1' });
    expect(accesses[3]?.context).toMatchObject({ 'kms:ViaService': `ec2.${region}.amazonaws.com` });
  });
});
