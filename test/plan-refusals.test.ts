import { CreateSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { drawTokens } from '#ledger/reservations.ts';
import { read } from '#ledger/table.ts';
import type { LaunchSpec } from '#simulator/services/ec2/launch-spec.ts';
import { denied, firstRun, mails } from './scenario/holding.ts';
import { appliance, database, databaseId, nightly } from './scenario/policy.ts';
import {
  closeStage,
  executions,
  failuresAddress,
  minuteMs,
  night,
  openStage,
  pointsIn,
  type Stage,
  type StageOptions,
  startMs,
  subjects,
  until,
  window,
} from './scenario/stage.ts';
import { areAllSlotsFree, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const world = () => stage.services.ec2.world;
const arrange = () => stage.services.ec2.arrange;

type Members = NonNullable<PolicyInput['workloads'][string]>['members'];
const only = (members: Members): PolicyInput => nightly({ 'orders-db': database({ members }) });
const onDatabase = { kind: 'ebs', instance: { id: databaseId }, volumes: 'data' } as const;

async function open(policy: PolicyInput = nightly({ 'orders-db': database() }), options: StageOptions = {}) {
  stage = await openStage({ policy, ...options });
}

/** A machine without hooks' help of its own, of an id that policies can name. */
const otherId = 'i-0fee1600d00000001';
const launch = (spec: Partial<LaunchSpec>) => world().launchInstance({ id: otherId, name: 'other', ...spec });

/** An operator, or another tool, takes snapshots of all data volumes of an instance. */
const snapshotAll = (instanceId: string) =>
  stage.drive(
    new EC2Client({}).send(
      new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: instanceId, ExcludeBootVolume: true } }),
    ),
  );

/** The run failed before anything happened, and one mail says which resource and why. */
async function expectRefused(words: readonly string[]): Promise<void> {
  const run = await firstRun(stage);
  expect(run).toMatchObject({ state: 'failed', failure: { name: 'InvalidRequest' } });
  expect(run.window).toBeUndefined();
  expect(mails(stage)).toEqual(['orders-db: backup FAILED; application never held']);
  const text = stage.inbox(failuresAddress)[0]?.message ?? '';
  for (const word of words) expect(text).toContain(word);
  expectUntouched();
}

function expectUntouched(): void {
  expect(stage.calls.of('ssm', 'SendCommand')).toEqual([]);
  expect(stage.calls.of('ec2', 'CreateSnapshots').filter(({ call }) => call.caller.kind === 'role')).toEqual([]);
}

describe('a plan that cannot work is refused before anything is held still, in one mail', () => {
  it.each<[string, Members, string[]]>([
    ['an instance that does not exist', [{ ...onDatabase, instance: { id: otherId } }], [otherId, 'does not exist']],
    [
      'tags that no instance has',
      [{ ...onDatabase, instance: { tags: { Name: 'nobody' } } }],
      ['{"Name":"nobody"}', 'does not exist'],
    ],
    [
      'devices that are not there',
      [{ ...onDatabase, volumes: { devices: ['/dev/sdz'] } }],
      [databaseId, '/dev/sdz', 'no volume'],
    ],
    [
      'tags that no volume has',
      [{ ...onDatabase, volumes: { tags: { backup: 'yes' } } }],
      [databaseId, '{"backup":"yes"}', 'no volume'],
    ],
  ])('a selection that matches nothing: %s', async (_, members, words) => {
    await open(only(members));
    await night(stage);
    await expectRefused(words);
  });

  it.each<[string, Partial<LaunchSpec>, string[]]>([
    ['a stopped instance with a hook', { state: 'stopped' }, [otherId, 'stopped', 'running guest']],
    ['an SSM agent that is offline', { agent: 'offline' }, [otherId, 'ConnectionLost']],
    ['an instance without SSM agent', { agent: 'none' }, [otherId, 'not managed by Systems Manager']],
    ['a guest that runs Windows', { platform: 'Windows' }, [otherId, 'runs Windows', 'Linux guests only']],
    ['an instance-store root', { rootDeviceType: 'instance-store' }, [otherId, 'instance-store root']],
    [
      'more volumes to leave out than CreateSnapshots takes',
      { volumes: Array.from({ length: 42 }, (_, at) => ({ device: `/dev/xvd${letters(at)}`, sizeGib: 1 })) },
      [otherId, '41 volumes', 'at most 40'],
    ],
    [
      'more tags than a snapshot may have',
      { volumes: [{ device: '/dev/sdf', sizeGib: 1, tags: manyTags(45) }] },
      [otherId, 'EC2 allows 50'],
    ],
  ])('%s', async (_, spec, words) => {
    const devices = spec.volumes?.[0]?.device ?? '/dev/sdf';
    await open(only([{ kind: 'ebs', instance: { id: otherId }, volumes: { devices: [devices] } }]));
    launch({ volumes: [{ device: '/dev/sdf', sizeGib: 1 }], ...spec });
    await night(stage);
    await expectRefused(words);
  });

  it('a device that is named with others, and to which nothing is attached', async () => {
    await open(only([{ ...onDatabase, volumes: { devices: ['/dev/sdf', '/dev/sdz', '/dev/sdy'] } }]));
    await night(stage);
    await expectRefused([`nothing is attached to ${databaseId} under /dev/sdz`, 'under /dev/sdy']);
    expect(stage.inbox(failuresAddress)[0]?.message).not.toContain('/dev/sdf');
  });

  it('an instance that was terminated', async () => {
    await open(only([onDatabase]));
    arrange().instanceTerminated(databaseId);
    await night(stage);
    await expectRefused([databaseId, 'terminated']);
  });

  it('more images than EC2 ever takes calls for at a time', async () => {
    const image = { kind: 'ami', instance: { tags: { fleet: 'orders' } } } as const;
    await open(nightly({ 'orders-db': { ...database({ members: [image] }), quiesce: {}, recovery: {} } }));
    for (let index = 0; index < 51; index += 1)
      world().launchInstance({ name: `o${index}`, tags: { fleet: 'orders' } });
    await night(stage);
    await expectRefused([
      'its 51 images need 51 calls of CreateImage at a time, and EC2 takes 50',
      'several workloads',
    ]);
  });

  it('a volume that has as many snapshots pending as its type allows', async () => {
    await open(only([{ kind: 'ebs', instance: { id: otherId }, volumes: 'data' }]));
    launch({ volumes: [{ device: '/dev/sdf', sizeGib: 500, type: 'st1' }] });
    const { id } = world().volumeAt(otherId, '/dev/sdf');
    arrange().snapshotNeverEnds(id);
    await snapshotAll(otherId);
    await night(stage);
    await expectRefused([id, '1 snapshots pending or in error', 'st1 allows 1']);
  });

  it('a volume that two workloads claim, one by id and one by tag', async () => {
    const byId = database({ members: [onDatabase] });
    const byTag = appliance({
      schedule: { cron: '0 9 * * ? *', timeZone: 'UTC' },
      members: [{ kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: { devices: ['/dev/sdg'] } }],
    });
    await open(nightly({ 'orders-db': byId, reports: byTag }));
    await night(stage);
    await expectRefused([world().volumeAt(databaseId, '/dev/sdg').id, 'also claimed by the workload reports']);
  });

  it('every reason at once, so that one change of the policy mends them all', async () => {
    await open(
      only([
        { ...onDatabase, volumes: { devices: ['/dev/sdz'] } },
        { ...onDatabase, instance: { id: otherId } },
      ]),
    );
    arrange().agentOffline(databaseId);
    await night(stage);
    await expectRefused(['/dev/sdz', otherId]);
    const { failure } = await firstRun(stage);
    expect(failure?.message.split('\n')).toHaveLength(3);
  });
});

describe('planning', () => {
  it('takes a stopped instance as it is when no hook needs it running', async () => {
    await open(
      nightly({ cold: appliance({ members: [{ kind: 'ebs', instance: { id: otherId }, volumes: 'data' }] }) }),
    );
    launch({ state: 'stopped', volumes: [{ device: '/dev/sdf', sizeGib: 1 }] });
    await night(stage);
    expect(await pointsIn(stage, 'cold')).toHaveLength(1);
    expect(subjects(stage)).toEqual([]);
  });

  it('that EC2 denies fails the run at once, in one mail, with nothing touched', async () => {
    await open();
    stage.faults.add({ service: 'ec2', operation: 'DescribeVolumes', times: 1, effect: denied });
    await night(stage);
    expect(await firstRun(stage)).toMatchObject({ state: 'failed', failure: { name: 'ProviderFault' } });
    expect(mails(stage)).toEqual(['orders-db: backup FAILED; application never held']);
    expectUntouched();
  });

  it('that never began, because Step Functions refuses, is told of at once, in one mail', async () => {
    await open();
    const effect = { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 400 } as const;
    stage.faults.add({ service: 'states', operation: 'StartExecution', times: Infinity, effect });
    await stage.time.advance(2 * 60 * minuteMs + minuteMs);
    expect(await firstRun(stage)).toMatchObject({ state: 'failed', failure: { name: 'ProviderFault' } });
    expect(mails(stage)).toEqual(['orders-db: backup FAILED; application never held']);
    expect(await areAllSlotsFree(stage)).toBe(true);
    expectUntouched();
  });

  it('that EC2 throttles for a moment only begins later', async () => {
    await open();
    const effect = { kind: 'refuse', code: 'RequestLimitExceeded', message: 'slow down', status: 503 } as const;
    stage.faults.add({ service: 'ec2', operation: 'DescribeVolumes', times: 4, effect });
    await night(stage);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    expect(subjects(stage)).toEqual([]);
  });
});

describe('what all runs of a Region share is waited for before anything is held still', () => {
  /** Somebody else's snapshots: 98 of the Region's 100 are pending, for about a quarter of an hour or for ever. */
  async function fillRegion(
    completeSnapshot: number,
    schedule?: ReturnType<typeof database>['schedule'],
  ): Promise<void> {
    const policy = schedule && nightly({ 'orders-db': database({ schedule }) });
    await open(policy, { ec2: { durations: { completeSnapshot }, jitter: 0 } });
    const devices = Array.from({ length: 49 }, (_, at) => ({ device: `/dev/xvd${letters(at)}`, sizeGib: 1 }));
    launch({ volumes: devices });
    await stage.time.advance(startMs + 118 * minuteMs - Date.now());
    await snapshotAll(otherId);
    await stage.time.advance(20_000);
    await snapshotAll(otherId);
  }

  it('slots that others have taken: the run waits until they are free, holds nothing meanwhile, and succeeds', async () => {
    await fillRegion(6 * minuteMs);
    await stage.time.advance(4 * minuteMs);
    expect(await firstRun(stage)).toMatchObject({ state: 'waiting' });
    expect(executions(stage, 'protect')).toEqual([]);
    expectUntouched();
    await until(stage, 'window closed', () => executions(stage, 'protect')[0]?.status === 'SUCCEEDED');
    await stage.time.advance(30 * minuteMs);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
    expect(subjects(stage)).toEqual([]);
  });

  it('slots that are not free for days: a run that may begin so late goes on waiting, and the next night somebody is told', async () => {
    await fillRegion(30 * 60 * minuteMs, { cron: '0 3 * * ? *', startWithin: '3d' });
    thinOutSweeps(stage, 1);
    await stage.time.advance(23 * 60 * minuteMs);
    expect(await firstRun(stage)).toMatchObject({ state: 'waiting' });
    expect(mails(stage)).toEqual([]);
    await stage.time.advance(2 * 60 * minuteMs);
    expect(toldBy(stage)).toEqual(['[Holdfast] orders-db: backup REFUSED; application not touched']);
    expect(stage.inbox(failuresAddress).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('has not ended: it is waiting'),
    );
    expectUntouched();
    await stage.time.advance(44 * 60 * minuteMs);
    expect((await pointsIn(stage, 'orders-db')).map(({ id }) => id)).toContain('orders-db-20260115T030000Z');
  });

  it('call tokens that other runs have drawn: the run waits for the bucket to fill', async () => {
    await open();
    const nightMs = startMs + 2 * 60 * minuteMs;
    await stage.time.advance(nightMs - 10_000 - Date.now());
    const bucket = { name: 'CreateSnapshots', capacity: 100, refillPerSecond: 5 };
    expect(await stage.drive(drawTokens(bucket, 'other runs', 100, nightMs + 5000))).toBe(true);
    await window(stage);
    const [execution] = executions(stage, 'protect');
    expect(execution?.events.filter(({ type }) => type === 'StateRetried')).toHaveLength(1);
    await stage.time.advance(30 * minuteMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  });

  it('the pause that EC2 wants between two snapshots of one volume', async () => {
    await open();
    await stage.time.advance(2 * 60 * minuteMs - 3000);
    await snapshotAll(databaseId);
    await night(stage);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    expect(subjects(stage)).toEqual([]);
    const refused = stage.calls.of('ec2', 'CreateSnapshots').filter(({ outcome }) => outcome === 'refused');
    expect(refused).toEqual([]);
  });

  it('slots come back with the end of a run, failed ones too', async () => {
    await open();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', times: 1, effect: denied });
    await night(stage);
    expect((await stage.drive(read({ pk: 'region', sk: 'slots' })))?.record).toEqual({ taken: {} });
  });
});

/** Device names of EC2 have two letters after `xvd`. */
function letters(at: number): string {
  return String.fromCharCode(98 + Math.floor(at / 26), 97 + (at % 26));
}

function manyTags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag-${at}`, 'x']));
}
