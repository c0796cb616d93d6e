/** Nights of whole instances, each kept as an image. */
import {
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { run as points } from '#cli/points.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { regionSlots } from '#providers/index.ts';
import { denied, throttled } from '#simulator/kernel/faults.ts';
import { applianceId, databaseId, nightly } from './scenario/policy.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  isHeld,
  night,
  openStage,
  pointsIn,
  runsIn,
  type Stage,
  type StageOptions,
  subjects,
  until,
} from './scenario/stage.ts';
import { thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

/** What `points` shows of a workload, in full. */
async function shownOf(workload: string): Promise<string> {
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: 'none.yaml', debug: false };
  await stage.drive(points({ workload, evidence: true }, { terminal, settings }));
  expect(JSON.stringify(terminal.events)).toContain('SecurityGroupIds');
  return JSON.stringify([terminal.events, terminal.lines]);
}

type WorkloadInput = PolicyInput['workloads'][string];

const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' } as const;
const machine = (changes: Partial<WorkloadInput> = {}): WorkloadInput => ({
  schedule,
  members: [{ kind: 'ami', instance: { id: applianceId } }],
  retention: { days: 3, minimum: 1 },
  ...changes,
});
const held = (changes: Partial<WorkloadInput> = {}): WorkloadInput => ({
  schedule,
  members: [{ kind: 'ami', instance: { tags: { Name: 'orders-db' } } }],
  quiesce: {
    hooks: [
      { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 60 },
      { kind: 'filesystem', mounts: 'auto', deadlineSeconds: 60 },
    ],
  },
  window: '1m',
  ...changes,
});

const open = async (workloads: Record<string, WorkloadInput>, options: StageOptions = {}) => {
  stage = await openStage({ policy: nightly(workloads), ...options });
};
const world = () => stage.services.ec2.world;
const images = () => [...world().images.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
const snapshots = () => [...world().snapshots.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
const image = (runId: string) => images().find(({ tags }) => tags.get('holdfast:run') === runId);
const runIds = () =>
  images()
    .map(({ tags }) => tags.get('holdfast:run') ?? '')
    .sort();
const firstRun = async (workload: string) => (await runsIn(stage, workload))[0];
/** What the product itself has written last; alarms have addresses of their own. */
const lastMail = () =>
  stage
    .inbox(failuresAddress)
    .filter(({ subject }) => subject.startsWith('[Holdfast]'))
    .at(-1)?.message;

describe('a good night', () => {
  it('seals an image of each instance that is as consistent as its hooks make it, and its content proves it', async () => {
    await open({ machine: machine(), 'orders-db': held() });
    await night(stage);
    expect(images()).toHaveLength(2);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.artifacts).toMatchObject([{ kind: 'ami', source: databaseId, state: 'completed' }]);
    expect(point?.verdict.consistency).toBe('application-consistent');
    const own = image(point?.id ?? '');
    const data = [...(own?.snapshotIds ?? [])].flatMap(([device, id]) => (device === '/dev/xvda' ? [] : [id]));
    expect(data).toHaveLength(4);
    expect(world().judgeSnapshots(data)).toMatchObject([{ consistency: 'application-consistent' }]);
    expect((await pointsIn(stage, 'machine'))[0]?.verdict.consistency).toBe('crash-consistent');
    expect(subjects(stage)).toEqual([]);
  });

  it('holds the guest still until the last of its snapshots has begun, and hardly longer', async () => {
    await open({ 'orders-db': held() }, { ec2: { durations: { nextImageSnapshot: 4000 } } });
    await night(stage);
    const run = await firstRun('orders-db');
    const lastStartMs = Math.max(...snapshots().map(({ startTimeMs }) => startTimeMs));
    expect(Date.parse(run?.artifacts[0]?.cut?.upper ?? '')).toBe(lastStartMs);
    expect(Date.parse(run?.window?.releaseSentAt ?? '')).toBeGreaterThan(lastStartMs);
    const firstStartMs = Math.min(...snapshots().map(({ startTimeMs }) => startTimeMs));
    expect(lastStartMs - firstStartMs).toBeGreaterThan(10_000);
    expect(run?.verdict?.consistency).toBe('application-consistent');
    expect(run?.verdict?.windowMs).toBeLessThan(lastStartMs - firstStartMs + 10_000);
    expect(isHeld(stage, databaseId)).toBe(false);
  });

  it('tags image and snapshots, and no snapshot is taken for a point of its own', async () => {
    await open({ machine: machine(), disks: machine({ members: [disk('/dev/sdf')] }) });
    await night(stage);
    const [point] = await pointsIn(stage, 'machine');
    expect(Object.fromEntries(image(point?.id ?? '')?.tags ?? [])).toMatchObject({
      'holdfast:stack': 'Holdfast',
      'holdfast:workload': 'machine',
      'holdfast:role': 'backup',
      'holdfast:source': applianceId,
      'holdfast:verdict': 'crash-consistent',
    });
    const own = snapshots().filter(({ tags }) => tags.get('holdfast:workload') === 'machine');
    expect(own).toHaveLength(2);
    for (const { tags } of own) {
      expect(Object.fromEntries(tags)).toMatchObject({
        'holdfast:image-run': point?.id,
        'holdfast:role': 'image',
        'holdfast:verdict': 'crash-consistent',
      });
      expect(tags.has('holdfast:run')).toBe(false);
    }
    expect(await pointsIn(stage, 'disks')).toHaveLength(1);
  });

  it('keeps what a launch has to be told, user data too', async () => {
    await open({ boxes: machine({ members: [{ kind: 'ami', instance: { tags: { Name: 'box' } } }] }) });
    const roleArn = 'arn:aws:iam::111122223333:role/box';
    const long = 'x'.repeat(5000);
    const elasticIp = '203.0.113.7';
    world().launchInstance({ name: 'box', roleArn, keyName: 'ops', userData: "#!/bin/sh\necho 'up'", elasticIp });
    world().launchInstance({ name: 'box', userData: long });
    await night(stage);
    const details = (await pointsIn(stage, 'boxes'))[0]?.artifacts.map(({ detail }) => detail) ?? [];
    const [known] = details.filter(({ launch }) => JSON.stringify(launch).includes('ops'));
    expect(known).toMatchObject({
      launch: {
        ...{ InstanceType: 'm5.large', KeyName: 'ops', UserData: "#!/bin/sh\necho 'up'" },
        ...{ SubnetId: 'subnet-0000000000000000a', SecurityGroupIds: ['sg-0123456789abcdef0'] },
        IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/box' },
        MetadataOptions: { HttpTokens: 'required' },
      },
      tags: { Name: 'box' },
      elasticIps: [elasticIp],
    });
    const [other] = details.filter((detail) => detail !== known);
    expect(JSON.stringify(other)).not.toContain(long);
    expect(other?.differences).toContain(
      'its user data is too long to be kept, or no text: the new instance gets none',
    );
    expect(await shownOf('boxes')).not.toMatch(/UserData|echo/);
  });
});

describe('a reboot that the policy asks for', () => {
  it('makes file systems clean, and the application works again afterwards', async () => {
    await open({ machine: machine({ members: [{ kind: 'ami', instance: { id: applianceId }, reboot: true }] }) });
    await until(stage, 'the guest is down', () => world().guest(applianceId).state() !== 'up', 3 * hourMs);
    await stage.time.advance(hourMs);
    expect(world().guest(applianceId).state()).toBe('up');
    const [point] = await pointsIn(stage, 'machine');
    expect(point?.verdict.consistency).toBe('filesystem-consistent');
    const data = [...(images()[0]?.snapshotIds ?? [])].flatMap(([device, id]) => (device === '/dev/sdh' ? [id] : []));
    expect(world().judgeSnapshots(data)[0]?.consistency).not.toBe('crash-consistent');
  });

  it('is not done unless it is asked for', async () => {
    await open({ machine: machine() });
    await night(stage);
    expect(stage.calls.of('ec2', 'CreateImage').map(({ input }) => input)).toMatchObject([{ NoReboot: true }]);
  });
});

describe('CreateImage', () => {
  it.each([1, 2])('makes one image though its reply is lost %i times', async (times) => {
    await open({ machine: machine() });
    stage.faults.add({ service: 'ec2', operation: 'CreateImage', times, effect: { kind: 'lose-reply' } });
    await night(stage);
    expect(images()).toHaveLength(1);
    expect(await pointsIn(stage, 'machine')).toHaveLength(1);
    expect(subjects(stage)).toEqual([]);
  });

  it('that is denied fails the run, is told, and the workload is released', async () => {
    await open({ 'orders-db': held() });
    stage.faults.add({ service: 'ec2', operation: 'CreateImage', effect: denied() });
    await night(stage);
    expect(await firstRun('orders-db')).toMatchObject({ state: 'failed', failure: { name: 'ProviderFault' } });
    expect(isHeld(stage, databaseId)).toBe(false);
    expect(subjects(stage)).toEqual([expect.stringContaining('orders-db: backup FAILED; application released')]);
    expect(images()).toEqual([]);
  });

  it('has its snapshots counted among the Region’s pending ones as those of its run', async () => {
    await open({ 'orders-db': held() });
    await until(stage, 'its snapshots begin', () => snapshots().length === 5, 3 * hourMs);
    await stage.time.advance(5000);
    expect((await stage.drive(regionSlots())).pending).toEqual({ 'orders-db-20260115T030000Z': 5 });
  });
});

describe('an image that fails', () => {
  it('fails the run with EC2’s reason, and image and snapshots are deleted a week later', async () => {
    await open({ machine: machine() });
    stage.services.ec2.arrange.snapshotFails(world().volumeAt(applianceId, '/dev/sdh').id);
    await night(stage);
    expect((await firstRun('machine'))?.state).toBe('failed');
    expect(lastMail()).toContain('Client.InternalError: Snapshot');
    expect(image('machine-20260115T030000Z')?.tags.get('holdfast:verdict')).toBe('failed');
    thinOutSweeps(stage, 12);
    await stage.time.advance(9 * dayMs);
    expect(runIds()).not.toContain('machine-20260115T030000Z');
    expect(snapshots().map(({ tags }) => tags.get('holdfast:image-run'))).not.toContain('machine-20260115T030000Z');
  });
});

it('what a failed run has left without learning of it is found by its tags, and goes as well', async () => {
  await open({ machine: machine() });
  stage.faults.add({ service: 'ec2', operation: 'CreateImage', effect: { kind: 'lose-reply' } });
  const ends = stage.faults.add({ service: 'ec2', operation: 'DescribeImages', times: Infinity, effect: denied() });
  await night(stage);
  ends();
  expect(await firstRun('machine')).toMatchObject({ state: 'failed', artifacts: [] });
  expect(runIds()).toEqual(['machine-20260115T030000Z']);
  // Its first deletion is cut short between the image and its snapshots.
  stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: 4, effect: throttled() });
  thinOutSweeps(stage, 12);
  await stage.time.advance(10 * dayMs);
  expect(runIds()).not.toContain('machine-20260115T030000Z');
  expect(snapshots().map(({ tags }) => tags.get('holdfast:image-run'))).not.toContain('machine-20260115T030000Z');
});

describe('what carries the tags of a run and is none of its image', () => {
  const mark = async (resource: string, tags: Readonly<Record<string, string>>) => {
    const Tags = Object.entries({ stack: 'Holdfast', source: applianceId, ...tags }).map(([key, Value]) => ({
      Key: `holdfast:${key}`,
      Value,
    }));
    await stage.drive(new EC2Client({}).send(new CreateTagsCommand({ Resources: [resource], Tags })));
  };
  const isThere = (id: string) => world().snapshots.get(id)?.goneAtMs === undefined;

  it('stays when a failed run is tidied, and when its own image goes', async () => {
    await open({ machine: machine() });
    const ec2 = new EC2Client({});
    const { ImageId = '' } = await stage.drive(
      ec2.send(new CreateImageCommand({ InstanceId: applianceId, Name: 'golden', NoReboot: true })),
    );
    const VolumeId = world().volumeAt(databaseId, '/dev/sdg').id;
    const { SnapshotId = '' } = await stage.drive(ec2.send(new CreateSnapshotCommand({ VolumeId })));
    await stage.time.advance(hourMs);
    const golden = [...(world().images.get(ImageId)?.snapshotIds.values() ?? [])];
    expect(golden).toHaveLength(2);
    const [failed, sealed] = ['machine-20260115T030000Z', 'machine-20260116T030000Z'];
    await mark(ImageId, { run: failed });
    stage.services.ec2.arrange.snapshotFails(world().volumeAt(applianceId, '/dev/sdh').id);
    await night(stage);
    expect((await firstRun('machine'))?.state).toBe('failed');
    for (const id of [SnapshotId, ...golden]) await mark(id, { 'image-run': sealed });
    thinOutSweeps(stage, 12);
    await stage.time.advance(12 * dayMs);
    expect(runIds().filter((id) => id === failed || id === sealed)).toEqual([failed]);
    expect(images().map(({ id }) => id)).toContain(ImageId);
    expect([SnapshotId, ...golden].map(isThere)).toEqual([true, true, true]);
    expect(snapshots().filter(({ tags }) => tags.get('holdfast:image-run') === sealed)).toHaveLength(3);
  });
});

describe('an image whose time is over', () => {
  const nights = async (count: number) => {
    await open({ machine: machine() });
    thinOutSweeps(stage, 12);
    await stage.time.advance((count - 1) * dayMs + 14 * hourMs);
  };
  const oldest = 'machine-20260115T030000Z';
  const left = () => snapshots().filter(({ tags }) => tags.get('holdfast:image-run') === oldest);

  it('goes with its snapshots', async () => {
    await nights(5);
    expect(runIds()).toHaveLength(3);
    expect(snapshots()).toHaveLength(6);
    expect(toldBy(stage)).toEqual([]);
  });

  it('is found again when it went half way, and its snapshots follow', async () => {
    await open({ machine: machine() });
    thinOutSweeps(stage, 12);
    stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: 4, effect: throttled() });
    await stage.time.advance(3 * dayMs + 5 * hourMs);
    await until(stage, 'it is deregistered', () => image(oldest) === undefined, dayMs);
    expect(left()).toHaveLength(2);
    await stage.time.advance(dayMs);
    expect(left()).toEqual([]);
    expect(toldBy(stage)).toEqual([]);
  });

  it.each([
    ['shared with another account', 'shared with 444455556666'],
    ['that a launch template launches', 'the launch template web launches it'],
    ['that is protected', 'Deregistration protection is enabled'],
  ])('and %s is kept and told, until nobody uses it', async (_, words) => {
    await open({ machine: machine() });
    thinOutSweeps(stage, 12);
    await stage.time.advance(dayMs);
    const { arrange, context } = stage.services.ec2;
    const id = image(oldest)?.id ?? '';
    if (words.startsWith('shared')) arrange.imageSharedWith(id, ['444455556666']);
    else if (words.startsWith('the launch')) arrange.imageUsedByTemplate(id, 'web');
    else arrange.imageProtected(id, true);
    await stage.time.advance(4 * dayMs);
    expect(toldBy(stage)).toEqual([expect.stringContaining('machine: an old point cannot be deleted')]);
    expect(lastMail()).toContain(words);
    expect(left()).toHaveLength(2);
    arrange.imageSharedWith(id, []);
    arrange.imageProtected(id, false);
    context.launchTemplates.length = 0;
    await stage.time.advance(dayMs);
    expect(left()).toEqual([]);
  });

  it('is nobody else’s: an image without the stack’s tag is never deregistered', async () => {
    await open({ machine: machine() });
    thinOutSweeps(stage, 12);
    await stage.time.advance(dayMs);
    const id = image(oldest)?.id ?? '';
    const Tags = [{ Key: 'holdfast:stack' }];
    await stage.drive(new EC2Client({}).send(new DeleteTagsCommand({ Resources: [id], Tags })));
    await stage.time.advance(5 * dayMs);
    expect(images().map((each) => each.id)).toContain(id);
  });
});

it('a point whose image was deregistered by hand is told within a day', async () => {
  await open({ machine: machine() });
  await night(stage);
  const ImageId = images()[0]?.id ?? '';
  await stage.drive(new EC2Client({}).send(new DeregisterImageCommand({ ImageId })));
  await stage.time.advance(25 * hourMs);
  expect((await pointsIn(stage, 'machine')).find(({ broken }) => broken)?.broken?.problem).toContain(ImageId);
});

describe('is refused when it is planned', () => {
  const refusal = async () => (await firstRun('machine'))?.failure?.message ?? '';
  const of = (Name: string) => machine({ members: [{ kind: 'ami', instance: { tags: { Name } } }] });

  it('of an instance that does not exist', async () => {
    await open({ machine: of('nowhere') });
    await night(stage);
    expect(await refusal()).toContain('an instance tagged {"Name":"nowhere"} does not exist');
  });

  it('of an instance whose root is on instance store', async () => {
    await open({ machine: of('ephemeral') });
    world().launchInstance({ name: 'ephemeral', rootDeviceType: 'instance-store' });
    await night(stage);
    expect(await refusal()).toContain('has an instance-store root');
  });

  it('of volumes that another workload claims, whichever way they are selected', async () => {
    await open({ machine: of('orders-db'), disks: machine({ members: [disk('/dev/sdf')] }) });
    await night(stage);
    expect(await refusal()).toContain(`${databaseId}, or a volume of it, is also claimed by the workload disks.`);
    expect((await firstRun('disks'))?.failure?.message).toContain('is also claimed by the workload machine.');
    expect(snapshots()).toEqual([]);
  });
});

const disk = (device: string): WorkloadInput['members'][number] => ({
  ...{ kind: 'ebs', instance: { id: databaseId }, volumes: { devices: [device] } },
});
