import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { showStanding } from '#cli/show-standing.ts';
import { standingOf } from '#cli/standing.ts';
import { sampleWorkload } from '#domain/samples-for-tests.ts';
import { selectPoint } from '#domain/select-point.ts';
import { pointsFromTags } from '#flows/points-from-tags.ts';
import { raiseAlarm } from '#ledger/alarms.ts';
import { takeSlots } from '#ledger/reservations.ts';
import { changeRun } from '#ledger/runs.ts';
import { ebs } from '#providers/ebs/index.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { launchDatabase } from './scenario/fleet.ts';
import { appliance, applianceId, database, databaseId, nightly } from './scenario/policy.ts';
import { emptyLedger, functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  redeploy,
  reportsAddress,
  runsIn,
  type Stage,
  type StageOptions,
  subjects,
  until,
  window,
} from './scenario/stage.ts';
import { areAllSlotsFree, invokeAtOnce, stopSweep, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const open = async (options: StageOptions = {}) => {
  stage = await openStage(options);
};
const openAppliance = (options: StageOptions = {}) => open({ policy: nightly({ appliance: appliance() }), ...options });

const arrange = () => stage.services.ec2.arrange;
const world = () => stage.services.ec2.world;
const volumeOf = (instanceId: string, device: string) => world().volumeAt(instanceId, device).id;
/** Snapshots of a workload's backups that exist. */
const left = (workload: string) =>
  [...world().snapshots.values()].filter(
    ({ tags, goneAtMs }) =>
      tags.get('holdfast:workload') === workload && tags.has('holdfast:run') && goneAtMs === undefined,
  );
const verdicts = (workload: string) => left(workload).map(({ tags }) => tags.get('holdfast:verdict'));
const statesOf = async (workload: string) => (await runsIn(stage, workload)).map(({ state }) => state);
const mails = () => stage.inbox(failuresAddress);

async function expectSealedOnce(): Promise<void> {
  expect(await pointsIn(stage, 'appliance')).toHaveLength(1);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  expect(verdicts('appliance')).toEqual(['crash-consistent']);
  expect(new Set(verdicts('orders-db'))).toEqual(new Set(['application-consistent']));
  expect([await statesOf('appliance'), await statesOf('orders-db')]).toEqual([['sealed'], ['sealed']]);
  expect(await areAllSlotsFree(stage)).toBe(true);
  expect(subjects(stage)).toEqual([]);
}

describe('settling', () => {
  it('seals by its rule within five minutes when every event of EBS is dropped', async () => {
    await open();
    stage.faults.add({ source: 'aws.ec2', times: Infinity, outcome: 'drop' });
    await night(stage);
    await expectSealedOnce();
    for (const workload of ['appliance', 'orders-db']) {
      const completedMs = Math.max(...left(workload).map(({ completionTimeMs }) => completionTimeMs ?? Infinity));
      const [point] = await pointsIn(stage, workload);
      expect(Date.parse(point?.sealedAt ?? '') - completedMs).toBeLessThan(5.5 * minuteMs);
    }
  });

  it('asks EC2 for what settles at an event and every five minutes, not in every sweep', async () => {
    await openAppliance({ ec2: { durations: { completeSnapshot: 30 * minuteMs } } });
    await window(stage);
    await stage.time.advance(minuteMs);
    stage.calls.clear();
    await stage.time.advance(20 * minuteMs);
    const isFirstPage = ({ input }: { readonly input: unknown }) => !JSON.stringify(input).includes('NextToken');
    const looks = stage.calls.of('ec2', 'DescribeSnapshots').filter(isFirstPage);
    expect(looks.length).toBeGreaterThanOrEqual(4);
    expect(looks.length).toBeLessThanOrEqual(8);
  });

  it('seals by events within half a minute when its rule is dead', async () => {
    await open();
    stopSweep(stage, 'Settle');
    await night(stage);
    await expectSealedOnce();
    const completedMs = Math.max(...left('appliance').map(({ completionTimeMs }) => completionTimeMs ?? Infinity));
    const [point] = await pointsIn(stage, 'appliance');
    expect(Date.parse(point?.sealedAt ?? '') - completedMs).toBeLessThan(30_000);
  });

  it.each([
    ['doubled', 'double'],
    ['seven minutes late', { delayMs: 7 * minuteMs }],
  ] as const)('seals every run once when all events of EBS are %s', async (_, outcome) => {
    await open({ ec2: { memberSnapshotEvents: true } });
    stage.faults.add({ source: 'aws.ec2', times: Infinity, outcome });
    await night(stage);
    await expectSealedOnce();
  });

  it('makes one point, and gives slots back once, when twenty calls settle at the same time', async () => {
    await open();
    stage.faults.add({ source: 'aws.ec2', times: Infinity, outcome: 'drop' });
    const go = stopSweep(stage, 'Settle');
    await night(stage);
    expect(await pointsIn(stage, 'appliance')).toEqual([]);
    const slow = { kind: 'delay', ms: 10_000 } as const; // cold starts differ
    stage.faults.add({ service: 'ec2', operation: 'CreateTags', times: 2, effect: slow });
    await invokeAtOnce(stage, 'Settle', 20);
    await expectSealedOnce();
    go();
    const [sealed] = await runsIn(stage, 'orders-db');
    const [point] = await pointsIn(stage, 'orders-db');
    expect(sealed?.artifacts).toEqual(point?.artifacts);
  });

  it('ends a run once, whichever call its function dies after', async () => {
    await openAppliance();
    thinOutSweeps(stage, 6);
    for (let afterCalls = 0; afterCalls < 12; afterCalls += 1) {
      const isFailing = afterCalls % 2 === 1;
      if (isFailing) arrange().snapshotFails(volumeOf(applianceId, '/dev/sdh'));
      await window(stage);
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'Settle'), afterCalls });
      await stage.time.advance(3 * hourMs);
    }
    const states = await statesOf('appliance');
    expect(states.toReversed()).toEqual(Array.from({ length: 12 }, (_, n) => (n % 2 === 1 ? 'failed' : 'sealed')));
    expect(await pointsIn(stage, 'appliance')).toHaveLength(6);
    // A mail that is owed by a function that died before it woke the report goes with the report's next sweep.
    await stage.time.advance(6 * hourMs);
    expect(toldBy(stage)).toHaveLength(6);
    expect(await areAllSlotsFree(stage)).toBe(true);
  });
});

describe('a workload that is removed from the policy while its run settles', () => {
  it('has its point sealed all the same', async () => {
    await open();
    await window(stage);
    await redeploy(stage, nightly({ appliance: appliance() }));
    await stage.time.advance(hourMs);
    await expectSealedOnce();
  });

  it('is told of a snapshot that ends in error, once, and settling goes on', async () => {
    await open();
    arrange().snapshotFails(volumeOf(databaseId, '/dev/sdg'));
    await window(stage);
    await redeploy(stage, nightly({ appliance: appliance() }));
    await stage.time.advance(hourMs);
    expect([await statesOf('appliance'), await statesOf('orders-db')]).toEqual([['sealed'], ['failed']]);
    expect(subjects(stage)).toEqual([expect.stringContaining('orders-db: backup FAILED; application released')]);
  });
});

describe('a snapshot that ends in error', () => {
  it('makes the run failed, told within a minute, once, and leaves no smaller point', async () => {
    await open();
    arrange().snapshotFails(volumeOf(databaseId, '/dev/sdg'));
    await night(stage);
    expect(await pointsIn(stage, 'orders-db')).toEqual([]);
    expect(await pointsIn(stage, 'appliance')).toHaveLength(1);
    expect(await statesOf('orders-db')).toEqual(['failed']);
    expect(subjects(stage)).toEqual([expect.stringContaining('orders-db: backup FAILED; application released')]);
    const event = stage.services.events.delivered.find(({ detail }) => JSON.stringify(detail).includes('"failed"'));
    const [mail] = mails();
    expect((mail?.timeMs ?? Infinity) - Date.parse(String(event?.time))).toBeLessThan(minuteMs);
    expect(mail?.message).toContain(`of ${volumeOf(databaseId, '/dev/sdg')} is error`);
    expect(mail?.message).toContain('Newest good point: NONE');
    expect(mail?.message).toContain('npx holdfast backup orders-db');
    expect(await areAllSlotsFree(stage)).toBe(true);
  });

  it('leaves its set for a day, labelled failed, and then nothing; the next night works', async () => {
    await open();
    arrange().snapshotFails(volumeOf(databaseId, '/dev/sdg'));
    await night(stage);
    expect(verdicts('orders-db')).toEqual(['failed', 'failed', 'failed', 'failed']);
    await stage.time.advance(21 * hourMs);
    expect(verdicts('orders-db')).toHaveLength(4);
    await night(stage);
    await stage.time.advance(3 * hourMs);
    expect(new Set(verdicts('orders-db'))).toEqual(new Set(['application-consistent']));
    expect(left('orders-db')).toHaveLength(4);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  });
});

describe('a snapshot that never ends', () => {
  it('is told once when the RPO has passed, and again once when it has ended after all', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    arrange().snapshotNeverEnds(volumeOf(applianceId, '/dev/sdh'));
    await window(stage);
    await stage.time.advance(20 * hourMs);
    expect(subjects(stage)).toEqual([]);
    await stage.time.advance(30 * hourMs);
    const late = () => subjects(stage).filter((subject) => subject.includes('LATE'));
    expect(late()).toEqual([expect.stringContaining('appliance: backup LATE, still settling')]);
    expect(subjects(stage)).toContainEqual(expect.stringContaining('backup REFUSED'));
    const [told] = mails().filter(({ subject }) => subject.includes('LATE'));
    const [run] = (await runsIn(stage, 'appliance')).slice(-1);
    expect((told?.timeMs ?? Infinity) - Date.parse(run?.scheduledAt ?? '')).toBeLessThan(27.5 * hourMs);

    arrange().snapshotEnds(left('appliance')[0]?.id ?? '');
    await stage.time.advance(4 * hourMs);
    expect(late()).toHaveLength(1);
    expect(subjects(stage).filter((subject) => subject.includes('backups are back'))).toHaveLength(1);
    await stage.time.advance(2 * dayMs);
    expect(subjects(stage).filter((subject) => subject.includes('backups are back'))).toHaveLength(1);
    expect(late()).toHaveLength(1);
  });
});

describe('a pending snapshot that somebody deletes', () => {
  it('fails the run, told once, and the next night works', async () => {
    await openAppliance();
    await window(stage);
    const [snapshot] = left('appliance');
    await stage.drive(new EC2Client({}).send(new DeleteSnapshotCommand({ SnapshotId: snapshot?.id })));
    await stage.time.advance(hourMs);
    expect(await statesOf('appliance')).toEqual(['failed']);
    expect(mails().map(({ message }) => message)).toEqual([expect.stringContaining(`${snapshot?.id} does not exist`)]);
    expect(await pointsIn(stage, 'appliance')).toEqual([]);
    await night(stage);
    expect(await pointsIn(stage, 'appliance')).toHaveLength(1);
  });
});

describe('snapshots that a lost reply left', () => {
  it('are a second set that goes once the first has been sealed', async () => {
    await openAppliance({ ec2: { durations: { visibility: 40_000 }, limits: { secondsBetweenSnapshotsOfVolume: 0 } } });
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: { kind: 'lose-reply' } });
    await night(stage);
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(2);
    const [point] = await pointsIn(stage, 'appliance');
    expect(left('appliance').map(({ id }) => id)).toEqual(point?.artifacts.map(({ id }) => id));
    expect(subjects(stage)).toEqual([]);
  });

  it('go a day later also when their run failed before it learnt of them', async () => {
    await openAppliance();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: { kind: 'lose-reply' } });
    const caller = `function:${functionNamed(stage, 'BeginTiers')}`;
    const effect = denied('UnauthorizedOperation');
    const lift = stage.faults.add({ service: 'ec2', operation: 'DescribeSnapshots', caller, times: Infinity, effect });
    await night(stage);
    lift();
    expect(await statesOf('appliance')).toEqual(['failed']);
    expect((await runsIn(stage, 'appliance'))[0]?.artifacts).toEqual([]);
    const [stray] = left('appliance');
    expect(left('appliance')).toHaveLength(1);
    await night(stage);
    await stage.time.advance(3 * hourMs);
    expect(left('appliance').map(({ id }) => id)).not.toContain(stray?.id);
    expect(left('appliance')).toHaveLength(1);
  });
});

describe('a volume that is attached after the run was planned', () => {
  it('is in the set that EC2 makes, is waited for by nobody, and its snapshot goes: the tags tell of the point as the ledger does', async () => {
    await open({ policy: nightly({ 'orders-db': database() }) });
    const ec2 = new EC2Client({});
    const AvailabilityZone = world().instance(databaseId).availabilityZone;
    const { VolumeId = '' } = await stage.drive(ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 4000 })));
    arrange().snapshotNeverEnds(VolumeId);
    await stage.time.advance(minuteMs);
    await until(stage, 'it is quiesced', () => stage.calls.of('ssm', 'SendCommand').length > 0, 25 * hourMs);
    const Device = '/dev/sdm';
    await stage.drive(ec2.send(new AttachVolumeCommand({ InstanceId: databaseId, VolumeId, Device })));
    await stage.time.advance(hourMs);
    expect(await statesOf('orders-db')).toEqual(['sealed']);
    for (const { id, volumeId } of left('orders-db')) if (volumeId === VolumeId) arrange().snapshotEnds(id);
    await stage.time.advance(minuteMs);
    expect(left('orders-db').map(({ volumeId }) => volumeId)).not.toContain(VolumeId);
    const [point] = await pointsIn(stage, 'orders-db');
    await emptyLedger(stage, 'orders-db');
    const [found] = await stage.drive(pointsFromTags('orders-db', [ebs]));
    expect(found?.artifacts.map(({ id }) => id).toSorted()).toEqual(point?.artifacts.map(({ id }) => id).toSorted());
  });
});

describe('many guests that do not confirm their release', () => {
  const names = Array.from({ length: 5 }, (_, index) => `orders-${index}`);
  const idOf = (index: number) => `i-0d47aba5e00001${String(index).padStart(3, '0')}`;
  const frozen = (name: string) =>
    database({
      members: [{ kind: 'ebs', instance: { tags: { Name: name } }, volumes: 'data' }],
      quiesce: { hooks: [{ kind: 'filesystem' }], onFailure: 'abort' },
    });

  it('cost each sweep no more than its time, also while a run waits for slots: no alarm says that settling fails', async () => {
    const later = appliance({ schedule: { cron: '20 3 * * ? *' } });
    const workloads = Object.fromEntries(names.map((name) => [name, frozen(name)]));
    await open({ policy: nightly({ ...workloads, appliance: later }) });
    for (const [index, name] of names.entries()) launchDatabase(stage, { id: idOf(index), name });
    const snapshots = () => stage.calls.of('ec2', 'CreateSnapshots').length;
    await until(stage, 'all are taken', () => snapshots() >= names.length, 3 * hourMs);
    for (const index of names.keys()) arrange().agentOffline(idOf(index));
    await stage.time.advance(15 * minuteMs);
    await stage.drive(takeSlots('others', 100, { limit: 100, pending: {} }, Date.UTC(2026, 0, 15, 3, 33)));
    await stage.time.advance(17 * minuteMs);
    const unconfirmed = subjects(stage).filter((subject) => subject.includes('RELEASE NOT CONFIRMED'));
    expect(unconfirmed.length).toBeGreaterThan(2);
    expect(await statesOf('appliance')).toEqual(['waiting']);
    const settle = functionNamed(stage, 'Settle');
    const settles = stage.services.lambda.invocations.filter(({ functionName }) => functionName === settle);
    expect(settles.flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(Math.max(...settles.map(({ durationMs }) => durationMs))).toBeLessThan(100_000);
    expect(subjects(stage).filter((subject) => /SettleFails|DeadLetters/.test(subject))).toEqual([]);
    // A run that waits is looked after all the same.
    await stage.time.advance(5 * minuteMs);
    expect(await statesOf('appliance')).toEqual(['settling']);
  });
});

describe('a run whose own record is whole, and contradicted by AWS’s times', () => {
  /** After a night in order. Returns the run's id. */
  async function doubtfulNight(): Promise<string> {
    await window(stage);
    const [run] = await runsIn(stage, 'orders-db');
    const startedAt = '2026-01-15T12:00:00.000Z';
    await stage.drive(
      changeRun('orders-db', run?.id ?? '', (now) => ({
        ...now,
        artifacts: now.artifacts.map((artifact) => ({ ...artifact, startedAt })),
      })),
    );
    await stage.time.advance(hourMs);
    return run?.id ?? '';
  }

  it('is sealed as a point that a recovery takes by name only, and somebody is told', async () => {
    await open();
    await night(stage);
    const [trusted] = await pointsIn(stage, 'orders-db');
    const id = await doubtfulNight();
    const points = await pointsIn(stage, 'orders-db');
    const doubtful = points.find((point) => point.id === id);
    expect(doubtful?.verdict.consistency).toBe('crash-consistent');
    expect(doubtful?.contradictions).toHaveLength(4);
    expect(subjects(stage).filter((subject) => subject.includes('CONTRADICTS'))).toEqual([
      '[Holdfast] orders-db: a recovery point CONTRADICTS its own times; application released',
    ]);
    const request = { workload: 'orders-db' };
    expect(selectPoint(points, request)).toEqual({ point: expect.objectContaining({ id: trusted?.id }) });
    expect(selectPoint(points, { ...request, point: id })).toMatchObject({ point: { id } });
  });

  it('does not count: the RPO is measured from the newest that is in order, in mails, status and digest, which name both', async () => {
    await open({ policy: nightly({ 'orders-db': database() }) });
    await night(stage);
    const [trusted] = await pointsIn(stage, 'orders-db');
    const id = await doubtfulNight();
    const { message = '' } = mails().find(({ subject }) => subject.includes('CONTRADICTS')) ?? {};
    expect(message).toContain(`Newest good point: ${trusted?.id}\n`);
    expect(message).toContain(`DOUBTFUL, and not counted: ${id}\n`);
    await stage.time.advance(2 * hourMs);
    const standing = await stage.drive(
      standingOf(sampleWorkload(), { version: 1, workloads: [sampleWorkload()] }, Date.now()),
    );
    expect(standing).toMatchObject({ newestPoint: { id: trusted?.id }, rpo: { state: 'missed' }, doubtful: [{ id }] });
    const terminal = scriptedTerminal();
    showStanding(terminal, [standing], Date.now());
    expect(terminal.lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(`orders-db doubtful and not counted: ${id} of`);
    await stage.time.advance(6 * hourMs);
    const digest = stage.inbox(reportsAddress).at(-1);
    expect(digest?.subject).toContain('1 new point, 1 of them DOUBTFUL, 1 of 1 PAST their RPO');
    expect(digest?.message).toContain(`Newest good point: ${trusted?.id}\n`);
  });

  it('is not what backups are back with: the next that is in order is', async () => {
    await open({ policy: nightly({ 'orders-db': database() }) });
    await night(stage);
    const since = new Date(stage.time.nowMs()).toISOString();
    await stage.drive(raiseAlarm({ workload: 'orders-db', kind: 'missing', since, subject: since }, ''));
    const back = () => subjects(stage).filter((subject) => subject.includes('backups are back'));
    await doubtfulNight();
    await stage.time.advance(2 * hourMs);
    expect(back()).toEqual([]);
    await night(stage);
    await stage.time.advance(2 * hourMs);
    expect(back()).toHaveLength(1);
  });

  it('makes the next run as urgent as it would be without it', async () => {
    await open({ policy: nightly({ 'orders-db': database() }) });
    await night(stage);
    const [trusted] = await pointsIn(stage, 'orders-db');
    await doubtfulNight();
    await night(stage);
    const [run] = await runsIn(stage, 'orders-db');
    expect(Date.parse(run?.urgentAt ?? '')).toBe(Date.parse(trusted?.takenAt ?? '') + 26 * hourMs);
  });
});

describe('a snapshot that is none of Holdfast, with the tags of a run', () => {
  const runId = 'appliance-20260115T030000Z';
  const forge = async (volumeId: string): Promise<string> => {
    const ec2 = new EC2Client({});
    const { SnapshotId = '' } = await stage.drive(ec2.send(new CreateSnapshotCommand({ VolumeId: volumeId })));
    await stage.time.advance(10_000); // it is not visible at once
    const tags = { stack: 'Holdfast', workload: 'appliance', run: runId, role: 'backup', count: '1', tier: '1' };
    const Tags = Object.entries(tags).map(([key, Value]) => ({ Key: `holdfast:${key}`, Value }));
    await stage.drive(ec2.send(new CreateTagsCommand({ Resources: [SnapshotId], Tags })));
    return SnapshotId;
  };
  const isThere = (id: string) => world().snapshots.get(id)?.goneAtMs === undefined;
  const ownData = () => volumeOf(applianceId, '/dev/sdh');
  const limits = { secondsBetweenSnapshotsOfVolume: 0 };

  it('is left alone when the run is sealed: of another volume, of before the run, or of the hour itself', async () => {
    await openAppliance({ ec2: { limits } });
    const forged = [await forge(volumeOf(databaseId, '/dev/sdg')), await forge(ownData())];
    await window(stage);
    forged.push(await forge(ownData()));
    await stage.time.advance(hourMs);
    expect(await statesOf('appliance')).toEqual(['sealed']);
    expect(forged.map(isThere)).toEqual([true, true, true]);
    const [point] = await pointsIn(stage, 'appliance');
    expect(point?.artifacts.some(({ id }) => forged.includes(id))).toBe(false);
  });

  it('is left alone when what a failed run has left goes', async () => {
    await openAppliance({ ec2: { limits } });
    const forged = [await forge(volumeOf(databaseId, '/dev/sdg')), await forge(ownData())];
    arrange().snapshotFails(ownData());
    await window(stage);
    forged.push(await forge(ownData()));
    await stage.time.advance(hourMs);
    expect(await statesOf('appliance')).toEqual(['failed']);
    thinOutSweeps(stage, 12);
    await stage.time.advance(9 * dayMs);
    expect((await runsIn(stage, 'appliance')).at(-1)?.tidiedAt).toBeDefined();
    expect(forged.map(isThere)).toEqual([true, true, true]);
    expect(left('appliance').map(({ id }) => id)).toEqual(expect.arrayContaining(forged));
  });
});
