import type { Instance } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Point } from '#domain/point.ts';
import { assign } from './assignment.ts';
import type { Facts, InstanceFacts } from './facts.ts';
import { instanceRefusals, instanceWarnings } from './instance-checks.ts';
import { instanceId, settings, swap } from './model/instance-model.ts';
import { planInstance } from './plan.ts';
import { deviceRefusals, deviceWarnings, keyRefusals, keyWarnings, snapshotRefusals } from './volume-checks.ts';

const facts = (instance: Partial<Instance> = {}, changes: Partial<InstanceFacts> = {}): InstanceFacts => ({
  instance: {
    InstanceId: instanceId,
    State: { Name: 'running' },
    RootDeviceName: '/dev/xvda',
    Placement: { AvailabilityZone: 'eu-west-1b' },
    ...instance,
  },
  volumes: [{ VolumeId: 'vol-source-f', Tags: [{ Key: 'holdfast:recovery', Value: 'rec-0' }] }],
  attached: [settings('vol-source-f', '/dev/sdf', { deleteOnTermination: true })],
  isStopProtected: false,
  ...changes,
});

describe('an instance', () => {
  it("that is running or stopped and nobody's business is fit", () => {
    expect(instanceRefusals(facts(), 0)).toEqual([]);
    expect(instanceRefusals(facts({ State: { Name: 'stopped' } }), 0)).toEqual([]);
  });

  it.each([
    ['terminated', facts({ State: { Name: 'terminated' } }), /--to-instance/],
    ['between states', facts({ State: { Name: 'stopping' } }), /wait until/],
    [
      'hibernated',
      facts({ State: { Name: 'stopped' }, StateReason: { Code: 'Client.UserInitiatedHibernate' } }),
      /hibernated/,
    ],
  ])('%s is refused', (_, some, words) => {
    expect(instanceRefusals(some, 0).join()).toMatch(words);
  });

  it('in Standby is left alone by its Auto Scaling group, in service it is not', () => {
    const scaling = {
      InstanceId: instanceId,
      AvailabilityZone: '',
      HealthStatus: '',
      ProtectedFromScaleIn: false,
      AutoScalingGroupName: 'web',
    };
    expect(instanceRefusals(facts({}, { scaling: { ...scaling, LifecycleState: 'Standby' } }), 0)).toEqual([]);
    expect(instanceRefusals(facts({}, { scaling: { ...scaling, LifecycleState: 'InService' } }), 0)).toHaveLength(1);
  });

  it('protected against stopping is fit when it is stopped already', () => {
    expect(instanceRefusals(facts({ State: { Name: 'stopped' } }, { isStopProtected: true }), 0)).toEqual([]);
    expect(instanceRefusals(facts({}, { isStopProtected: true }), 0)).toHaveLength(1);
  });

  it('counts network interfaces and disks against a shared attachment limit', () => {
    const type = {
      EbsInfo: { MaximumEbsAttachments: 4, AttachmentLimitType: 'shared' as const },
      InstanceStorageInfo: { Disks: [{ Count: 1 }] },
    };
    const some = facts({ NetworkInterfaces: [{}] }, { type });
    expect(instanceRefusals(some, 1)).toEqual([]);
    expect(instanceRefusals(some, 2).join()).toMatch(/room for 1 more/);
    const dedicated = { ...type, EbsInfo: { MaximumEbsAttachments: 4, AttachmentLimitType: 'dedicated' as const } };
    expect(instanceRefusals(facts({ NetworkInterfaces: [{}] }, { type: dedicated }), 3)).toEqual([]);
  });

  it('comes with warnings of what a stop loses', () => {
    const some = facts(
      {
        NetworkInterfaces: [{ Association: { IpOwnerId: 'amazon', PublicIp: '203.0.113.9' } }],
        HibernationOptions: { Configured: true },
      },
      { type: { InstanceStorageSupported: true } },
    );
    expect(instanceWarnings(some).join(' ')).toMatch(/instance-store.*203\.0\.113\.9.*hibernation/);
    expect(instanceWarnings(facts({ State: { Name: 'stopped' } })).join()).toMatch(/left stopped/);
  });
});

describe('a snapshot', () => {
  const found = (changes: object) => new Map([['snap-f', { State: 'completed' as const, ...changes }]]);
  it('is usable when it is completed and in the standard tier', () => {
    expect(snapshotRefusals(swap('f'), found({ StorageTier: 'standard' }))).toEqual([]);
  });
  it.each([
    ['deleted', new Map(), /no longer exists/],
    ['pending', found({ State: 'pending' }), /is pending/],
    ['archived', found({ StorageTier: 'archive' }), /aws ec2 restore-snapshot-tier --snapshot-id snap-f/],
  ])('%s is refused', (_, snapshots, words) => {
    expect(snapshotRefusals(swap('f'), snapshots).join()).toMatch(words);
  });

  it('in cold storage of AWS Backup is refused, with the command by which that alone takes it out', () => {
    const archived = swap('f');
    const settings = { ...archived.settings, recoveryPointArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-f' };
    const [words] = snapshotRefusals({ ...archived, settings }, found({ StorageTier: 'archive' }));
    expect(words).toContain('aws backup start-restore-job --recovery-point-arn arn:aws:ec2:eu-west-1::snapshot/snap-f');
    expect(words).toContain('"temporaryRestoreDays":"7"');
    expect(words).not.toContain('restore-snapshot-tier');
  });
});

it('a key that cannot be used is refused, one that may not be asked for is warned of', () => {
  const keys = new Map([
    ['arn:a', 'Enabled'],
    ['arn:b', 'PendingDeletion'],
    ['arn:c', 'unknown'],
    ['arn:d', 'missing'],
  ]);
  expect(keyRefusals(keys)).toEqual([
    expect.stringContaining('arn:b is PendingDeletion'),
    expect.stringContaining('arn:d is missing'),
  ]);
  expect(keyWarnings(keys)).toEqual([expect.stringContaining('arn:c')]);
});

describe('a device', () => {
  it('that the guest sees under the same name as another is refused', () => {
    const some = facts({}, { attached: [settings('vol-x', '/dev/xvdf')] });
    const { original: _, ...empty } = swap('f');
    expect(deviceRefusals(some, empty, []).join()).toMatch(/vol-x under \/dev\/xvdf/);
    expect(deviceRefusals(facts(), swap('f'), [])).toEqual([]);
  });

  it('whose volume is attached to several instances is refused', () => {
    const some = facts({}, { volumes: [{ VolumeId: 'vol-old-f', Attachments: [{}, {}] }] });
    expect(deviceRefusals(some, swap('f'), []).join()).toMatch(/several instances/);
  });

  it('that is empty, or holds another volume than was backed up, is warned of', () => {
    const { original: _, ...empty } = swap('f');
    expect(deviceWarnings(instanceId, empty).join()).toMatch(/nothing is replaced/);
    expect(deviceWarnings(instanceId, swap('f')).join()).toMatch(/holds vol-old-f, not vol-source-f/);
  });

  it('of a source with too many tags is warned of', () => {
    const tags = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`key${index}`, 'x']));
    expect(
      deviceWarnings(instanceId, swap('f', { settings: settings('vol-old-f', '/dev/sdf', { tags }) })).join(),
    ).toMatch(/no room.*key46, key47/);
  });
});

describe('the plan of an instance', () => {
  const all = (some: InstanceFacts): Facts => ({
    instances: new Map([[instanceId, some]]),
    snapshots: new Map([
      ['snap-f', { State: 'completed' }],
      ['snap-r', { State: 'completed' }],
    ]),
    keys: new Map(),
  });
  const snapshots = [{ snapshotId: 'snap-f', settings: settings('vol-source-f', '/dev/sdf') }];

  it('takes DeleteOnTermination from the volume that is there, and remembers the marks of an earlier recovery', () => {
    const { detail } = planInstance({ instanceId, snapshots }, all(facts()), []);
    expect(detail?.swaps[0]).toMatchObject({
      deleteOnTermination: true,
      original: { volumeId: 'vol-source-f', marks: { 'holdfast:recovery': 'rec-0' } },
    });
    expect(detail).toMatchObject({ availabilityZone: 'eu-west-1b', wasRunning: true });
  });

  it('puts a root volume under the root device of the instance, whatever the source called it', () => {
    const root = [{ snapshotId: 'snap-r', settings: settings('vol-r', '/dev/sda1', { root: true }) }];
    const { detail } = planInstance({ instanceId, snapshots: root }, all(facts()), []);
    expect(detail?.swaps[0]?.device).toBe('/dev/xvda');
  });

  it('leaves out of the safety snapshot what is not replaced', () => {
    const attached = [
      settings('vol-root', '/dev/xvda', { root: true }),
      settings('vol-source-f', '/dev/sdf'),
      settings('vol-g', '/dev/sdg'),
    ];
    const { detail } = planInstance({ instanceId, snapshots }, all(facts({}, { attached })), []);
    expect(detail).toMatchObject({ excludeBootVolume: true, excludeDataVolumeIds: ['vol-g'] });
  });
});

describe('what goes where', () => {
  const artifact = (id: string, instance: string, device: string, root = false) => ({
    kind: 'ebs',
    id,
    source: `vol-${id}`,
    tier: 1,
    state: 'completed' as const,
    startedAt: '',
    detail: { ...settings(`vol-${id}`, device, { root, instanceId: instance }) },
  });
  const point: Point = {
    id: 'p',
    workload: 'w',
    takenAt: '',
    sealedAt: '',
    artifacts: [
      artifact('a', 'i-1', '/dev/sdf'),
      artifact('b', 'i-1', '/dev/xvda', true),
      artifact('c', 'i-2', '/dev/sdf'),
    ],
    verdict: { consistency: 'crash-consistent', evidence: [] },
  };
  const one: Point = { ...point, artifacts: point.artifacts.slice(0, 2) };

  it('is one assignment per source instance, in place', () => {
    expect(
      assign(point, { workload: 'w' }).assignments.map(({ instanceId, snapshots }) => [instanceId, snapshots.length]),
    ).toEqual([
      ['i-1', 2],
      ['i-2', 1],
    ]);
  });

  it('into another instance leaves the root volume out unless it is named', () => {
    const ids = (volumes?: readonly string[]) =>
      assign(one, { workload: 'w', toInstance: instanceId, ...(volumes ? { volumes } : {}) }).assignments.flatMap(
        ({ snapshots }) => snapshots.map(({ snapshotId }) => snapshotId),
      );
    expect(ids()).toEqual(['a']);
    expect(ids(['/dev/xvda'])).toEqual(['b']);
  });

  it('refuses a point of several instances for one', () => {
    expect(assign(point, { workload: 'w', toInstance: instanceId }).refusals.join()).toMatch(/of 2 instances/);
  });

  it('never trusts a point that has two snapshots for one place', () => {
    expect(() =>
      assign({ ...point, artifacts: [...point.artifacts, artifact('d', 'i-2', '/dev/sdf')] }, { workload: 'w' }),
    ).toThrow(/two snapshots/);
  });
});
