import { CreateSnapshotCommand, CreateTagsCommand, EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { transitions } from '#simulator/services/states/execution.ts';
import { appliance, applianceId, databaseId, nightly } from './scenario/policy.ts';
import {
  emptyLedger,
  failureOf,
  leaseOf,
  openWithPoints,
  operator,
  portrait,
  recover,
  recovered,
} from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  reportsAddress,
  type Stage,
  type StageOptions,
  subjects,
} from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const open = async (options: StageOptions = {}) => {
  stage = await openWithPoints(options);
};
const world = () => stage.services.ec2.world;
const guest = (id: string) => world().guest(id);
const asked = { requestedBy: 'Ada Lovelace', reason: "Ransomware; see 'INC-7'" };

describe('a recovery in place', () => {
  it('brings the data back that was there when the point was taken', async () => {
    await open();
    guest(applianceId).wipe('/dev/sdh');
    expect(guest(applianceId).read('/mnt/sdh/cases.db')).toBeUndefined();
    const execution = await recover(stage, { workload: 'appliance', ...asked });
    expect(execution.status).toBe('SUCCEEDED');
    const [point] = await stage.drive(pointsOf('appliance'));
    expect(world().volumeAt(applianceId, '/dev/sdh').snapshotId).toBe(point?.artifacts[0]?.id);
    expect(world().instance(applianceId).state).toBe('running');
    expect(guest(applianceId).read('/mnt/sdh/cases.db')).toMatch(/^transaction [1-9]/);
    expect(guest(applianceId).inspect().applications).toMatchObject([{ status: 'running' }]);
  });

  it('makes the new volume as the old one was: settings, tags, device, DeleteOnTermination', async () => {
    await open();
    const old = world().volumeAt(applianceId, '/dev/sdh');
    const kept = world().instance(applianceId).mappings.get('/dev/sdh')?.deleteOnTermination;
    await recover(stage, { workload: 'appliance' });
    const made = world().volumeAt(applianceId, '/dev/sdh');
    expect(made.id).not.toBe(old.id);
    const { type, sizeGib, iops, throughput, availabilityZone, encrypted } = old;
    expect(made).toMatchObject({ type, sizeGib, iops, throughput, availabilityZone, encrypted });
    expect(Object.fromEntries(made.tags)).toMatchObject({ Name: 'appliance-data', 'holdfast:role': 'restored' });
    expect(world().instance(applianceId).mappings.get('/dev/sdh')?.deleteOnTermination).toBe(kept);
  });

  it('keeps the replaced volume and a safety snapshot, tagged with who, when, why and until when', async () => {
    await open();
    const old = world().volumeAt(applianceId, '/dev/sdh');
    await recover(stage, { workload: 'appliance', ...asked });
    const expected = {
      'holdfast:recovery': 'recovery-1',
      'holdfast:requested-by': 'Ada Lovelace',
      'holdfast:reason': "Ransomware; see 'INC-7'",
      'holdfast:expires': expect.stringMatching(/^2026-01-22T03:3/),
    };
    expect(old.state).toBe('available');
    expect(Object.fromEntries(old.tags)).toMatchObject({
      ...expected,
      'holdfast:role': 'replaced',
      Name: 'appliance-data',
    });
    const safety = [...world().snapshots.values()].filter(({ tags }) => tags.get('holdfast:role') === 'safety');
    expect(safety.map(({ volumeId }) => volumeId)).toEqual([old.id]);
    expect(Object.fromEntries(safety[0]?.tags ?? [])).toMatchObject(expected);
  });

  it('leaves a volume that is backed up as every other: no tag is given that would also be copied from it', async () => {
    await open();
    await recover(stage, { workload: 'appliance' });
    const before = await stage.drive(pointsOf('appliance'));
    await stage.time.advance(dayMs);
    const [newest, ...others] = await stage.drive(pointsOf('appliance'));
    expect(others).toEqual(before);
    const snapshot = world().snapshots.get(newest?.artifacts[0]?.id ?? '');
    expect(snapshot?.volumeId).toBe(world().volumeAt(applianceId, '/dev/sdh').id);
    expect(Object.fromEntries(snapshot?.tags ?? [])).toMatchObject({ 'holdfast:role': 'backup' });
  });

  it('tells the report addresses how long it took, and gives the lease back', async () => {
    await open();
    await recover(stage, { workload: 'appliance', ...asked });
    const mail = stage.inbox(reportsAddress).find(({ subject }) => subject.includes('RECOVERED'));
    expect(mail?.message).toMatch(/within the RTO of 30 min/);
    expect(mail?.message).toContain('Ada Lovelace');
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
    expect(subjects(stage, failuresAddress)).toEqual([]);
  });

  it('takes at most forty state transitions and five minutes', async () => {
    await open();
    const execution = await recover(stage, { workload: 'appliance' });
    expect(transitions(execution)).toBeLessThanOrEqual(40);
    expect((execution.stopMs ?? Infinity) - execution.startMs).toBeLessThan(5 * minuteMs);
  });

  it('recovers four striped volumes as one set, and asks the owner whether the application works', async () => {
    await open();
    for (const letter of 'fghi') guest(databaseId).corrupt(`/dev/sd${letter}`);
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(execution.status).toBe('SUCCEEDED');
    const [postgres] = guest(databaseId).inspect().applications;
    expect(postgres).toMatchObject({ status: 'running', found: { consistency: 'application-consistent' } });
    expect(
      stage.calls.of('ssm', 'SendCommand').some(({ input }) => JSON.stringify(input).includes('/opt/holdfast/verify')),
    ).toBe(true);
  });

  it('recovers a root volume together with the data volumes', async () => {
    const members = [{ kind: 'ebs' as const, instance: { id: applianceId }, volumes: 'all' as const }];
    await open({ policy: nightly({ appliance: appliance({ members }) }) });
    const before = ['/dev/xvda', '/dev/sdh'].map((device) => world().volumeAt(applianceId, device).id);
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.status).toBe('SUCCEEDED');
    expect(guest(applianceId).state()).toBe('up');
    const after = ['/dev/xvda', '/dev/sdh'].map((device) => world().volumeAt(applianceId, device).id);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(world().instance(applianceId).mappings.get('/dev/xvda')?.deleteOnTermination).toBe(true);
  });

  it('recovers only the devices that are named', async () => {
    await open();
    const others = ['/dev/sdf', '/dev/sdh', '/dev/sdi'].map((device) => world().volumeAt(databaseId, device).id);
    const target = world().volumeAt(databaseId, '/dev/sdg').id;
    await recover(stage, { workload: 'orders-db', volumes: ['/dev/sdg'] });
    expect(world().volumeAt(databaseId, '/dev/sdg').id).not.toBe(target);
    expect(['/dev/sdf', '/dev/sdh', '/dev/sdi'].map((device) => world().volumeAt(databaseId, device).id)).toEqual(
      others,
    );
    const safety = [...world().snapshots.values()].filter(({ tags }) => tags.get('holdfast:role') === 'safety');
    expect(safety.map(({ volumeId }) => volumeId)).toEqual([target]);
  });

  it('leaves an instance stopped that was found stopped', async () => {
    await open();
    await operator(stage, new StopInstancesCommand({ InstanceIds: [applianceId] }));
    await stage.time.advance(5 * minuteMs);
    const old = world().volumeAt(applianceId, '/dev/sdh').id;
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.status).toBe('SUCCEEDED');
    expect(world().instance(applianceId).state).toBe('stopped');
    expect(world().volumeAt(applianceId, '/dev/sdh').id).not.toBe(old);
  });

  it('takes no safety snapshot when the policy says no', async () => {
    await open({ policy: nightly({ appliance: appliance({ recovery: { safetySnapshot: false } }) }) });
    await recover(stage, { workload: 'appliance' });
    expect([...world().snapshots.values()].filter(({ tags }) => tags.get('holdfast:role') === 'safety')).toEqual([]);
  });

  it('can be recovered over again, and the volume of the first recovery is kept too', async () => {
    await open();
    await recover(stage, { workload: 'appliance' });
    const first = world().volumeAt(applianceId, '/dev/sdh');
    await recover(stage, { workload: 'appliance' }, 'recovery-2');
    expect((await recovered(stage, 'appliance'))?.state).toBe('committed');
    expect(Object.fromEntries(first.tags)).toMatchObject({
      'holdfast:role': 'replaced',
      'holdfast:recovery': 'recovery-2',
    });
    expect(subjects(stage, reportsAddress).filter((subject) => subject.includes('RECOVERED'))).toHaveLength(2);
  });

  it('needs no ledger: the tags of the snapshots tell all', async () => {
    await open();
    await emptyLedger(stage, 'appliance');
    expect(await stage.drive(pointsOf('appliance'))).toEqual([]);
    const old = world().volumeAt(applianceId, '/dev/sdh');
    const execution = await recover(stage, { workload: 'appliance' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    const made = world().volumeAt(applianceId, '/dev/sdh');
    expect(made).toMatchObject({ type: old.type, iops: old.iops, throughput: old.throughput });
    expect(made.tags.get('Name')).toBe('appliance-data');
  });
});

describe('a ledger that was lost', () => {
  const nights = async () => {
    stage = await openStage({ policy: nightly({ appliance: appliance() }) });
    thinOutSweeps(stage, 12);
    await stage.time.advance(2 * dayMs + 4 * hourMs);
    const points = await pointsIn(stage, 'appliance');
    expect(points).toHaveLength(3);
    await emptyLedger(stage, 'appliance');
    return points.map(({ id }) => id);
  };
  const recoverFrom = async (request: object, name: string) => {
    const execution = await recover(stage, { workload: 'appliance', ...request }, name);
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    return (await recovered(stage, 'appliance'))?.pointId;
  };

  it('hides nothing after a recovery: an older point by its name, one before a time, and then the newest', async () => {
    const [newest, middle, oldest] = await nights();
    expect(await recoverFrom({ point: oldest }, 'first')).toBe(oldest);
    expect(await recoverFrom({ before: '2026-01-17T00:00:00Z' }, 'second')).toBe(middle);
    expect(await recoverFrom({}, 'third')).toBe(newest);
    // They are kept, listed and retired as they were.
    expect((await pointsIn(stage, 'appliance')).map(({ id }) => id)).toEqual([newest, middle, oldest]);
  });

  it('hides nothing after the next night, and what the ledger knows to be broken or retired stays so', async () => {
    const [newest, middle, oldest = ''] = await nights();
    await stage.time.advance(dayMs);
    expect(await pointsIn(stage, 'appliance')).toHaveLength(1);
    expect(await recoverFrom({ before: '2026-01-17T00:00:00Z' }, 'first')).toBe(middle);
    const broken = { problem: 'gone', at: '2026-01-18T00:00:00.000Z' };
    await stage.drive(changePoint('appliance', oldest, (point) => ({ ...point, broken })));
    const named = await recover(stage, { workload: 'appliance', point: oldest }, 'second');
    expect(failureOf(named)).toContain(`Point ${oldest} is broken`);
    const before = await recover(stage, { workload: 'appliance', before: '2026-01-16T00:00:00Z' }, 'third');
    expect(failureOf(before)).toContain(`the oldest is ${middle}`);
    expect(await recoverFrom({ point: newest }, 'fourth')).toBe(newest);
  });
});

describe('a point that only tags tell of', () => {
  const lost = 'appliance-20260115T030000Z';
  const invented = 'appliance-20260114T030000Z';
  const forge = async (run: string) => {
    const volume = world().volumeAt(databaseId, '/dev/sdg').id;
    const ec2 = new EC2Client({});
    const { SnapshotId = '' } = await stage.drive(ec2.send(new CreateSnapshotCommand({ VolumeId: volume })));
    await stage.time.advance(hourMs);
    const tags = {
      ...{ stack: 'Holdfast', workload: 'appliance', role: 'backup', run, tier: '1', count: '1' },
      ...{ verdict: 'application-consistent', instance: applianceId },
      [`volume:${volume}`]: `/dev/sdh gp3 100GiB 3000iops 125MiB/s eu-west-1a keep data ${applianceId} plain`,
    };
    const Tags = Object.entries(tags).map(([key, Value]) => ({ Key: `holdfast:${key}`, Value }));
    await stage.drive(ec2.send(new CreateTagsCommand({ Resources: [SnapshotId], Tags })));
  };

  it('has no part that Holdfast did not make, whatever tags that carries', async () => {
    stage = await openWithPoints({ policy: nightly({ appliance: appliance() }) });
    await emptyLedger(stage, 'appliance');
    await forge(invented);
    await forge(lost);
    const refused = await recover(stage, { workload: 'appliance', point: invented }, 'first');
    expect(failureOf(refused)).toContain(`There is no point ${invented}. The nearest are ${lost}.`);
    expect((await recover(stage, { workload: 'appliance' }, 'second')).status).toBe('SUCCEEDED');
    expect((await pointsIn(stage, 'appliance')).map(({ id, knownBy }) => [id, knownBy])).toEqual([[lost, 'tags']]);
  });

  it('is planned with a warning, which stays with it; other points have none', async () => {
    stage = await openWithPoints({ policy: nightly({ appliance: appliance() }) });
    const warningsOf = async (name: string) => {
      await recover(stage, { workload: 'appliance' }, name);
      return (await recovered(stage, 'appliance'))?.plan.warnings.filter((each) => each.includes('tags of its parts'));
    };
    expect(await warningsOf('first')).toEqual([]);
    await emptyLedger(stage, 'appliance');
    const warning = expect.stringContaining(`The ledger had lost ${lost}`);
    expect(await warningsOf('second')).toEqual([warning]);
    expect(await warningsOf('third')).toEqual([warning]);
  });
});

describe('an encrypted volume', () => {
  const vaultId = 'i-0eeeeeeeeeeeeeeee';
  const openWithVault = async () => {
    const members = [{ kind: 'ebs' as const, instance: { id: vaultId }, volumes: 'data' as const }];
    const policy = nightly({ appliance: appliance(), vault: appliance({ members }) });
    let keyArn = '';
    stage = await openWithPoints({ policy }, ({ services }) => {
      keyArn = services.kms.createKey().arn;
      const volumes = [{ device: '/dev/sdf', sizeGib: 20, encrypted: true, kmsKeyId: keyArn }];
      services.ec2.world.launchInstance({ id: vaultId, name: 'vault', volumes });
    });
    return keyArn;
  };

  it('comes back under the same key', async () => {
    const keyArn = await openWithVault();
    const execution = await recover(stage, { workload: 'vault' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    expect(world().volumeAt(vaultId, '/dev/sdf')).toMatchObject({ encrypted: true, kmsKeyId: keyArn });
  });

  it('comes back under that key, and as large as it was, also by tags that say otherwise', async () => {
    const keyArn = await openWithVault();
    await emptyLedger(stage, 'vault');
    const another = 'arn:aws:kms:eu-west-1:999999999999:key/1234abcd';
    let changed = 0;
    for (const { id, tags } of world().snapshots.values()) {
      const Tags = [...tags].flatMap(([Key, value]) =>
        Key.startsWith('holdfast:volume:') && value.includes(vaultId)
          ? [{ Key, Value: value.replace(keyArn, another).replace('20GiB', '2GiB') }]
          : [],
      );
      if (Tags.length === 0) continue;
      expect(Tags[0]?.Value).toMatch(/ 2GiB .*999999999999/);
      changed += 1;
      await stage.drive(new EC2Client({}).send(new CreateTagsCommand({ Resources: [id], Tags })));
    }
    expect(changed).toBe(1);
    await stage.time.advance(minuteMs); // new tags do not show at once
    stage.calls.clear();
    const execution = await recover(stage, { workload: 'vault' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    const asked = stage.calls.of('ec2', 'CreateVolume').map(({ input }) => input);
    expect(asked).toMatchObject([{ KmsKeyId: keyArn, Size: 20 }]);
    expect(world().volumeAt(vaultId, '/dev/sdf')).toMatchObject({ encrypted: true, kmsKeyId: keyArn, sizeGib: 20 });
  });

  // The region's EC2 encrypts with a default key that its KMS does not know; real KMS does.
  it('comes back under the AWS managed key, too', async () => {
    const members = [{ kind: 'ebs' as const, instance: { id: vaultId }, volumes: 'data' as const }];
    stage = await openWithPoints(
      { policy: nightly({ appliance: appliance(), vault: appliance({ members }) }) },
      ({ services }) => {
        services.ec2.world.launchInstance({
          id: vaultId,
          name: 'vault',
          volumes: [{ device: '/dev/sdf', sizeGib: 20, encrypted: true }],
        });
      },
    );
    const execution = await recover(stage, { workload: 'vault' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
  });

  it('whose key is disabled is refused before anything is touched', async () => {
    const keyArn = await openWithVault();
    stage.services.kms.disable(keyArn);
    const before = portrait(stage, vaultId);
    const execution = await recover(stage, { workload: 'vault' });
    expect(failureOf(execution)).toContain(`The KMS key ${keyArn} is Disabled`);
    expect(portrait(stage, vaultId)).toBe(before);
  });
});

describe('a recovery into another instance', () => {
  const otherId = 'i-0aaaaaaaaaaaaaaaa';
  const launchOther = (spec: object = {}) =>
    world().launchInstance({ id: otherId, name: 'other', availabilityZone: 'eu-west-1b', ...spec });

  it("makes the volume in that instance's zone and leaves the source alone", async () => {
    await open();
    launchOther();
    const before = portrait(stage, applianceId);
    const execution = await recover(stage, { workload: 'appliance', toInstance: otherId });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    expect(world().volumeAt(otherId, '/dev/sdh')).toMatchObject({ availabilityZone: 'eu-west-1b', sizeGib: 200 });
    expect(portrait(stage, applianceId)).toBe(before);
  });

  it('is refused when no such instance is in this Region', async () => {
    await open();
    const execution = await recover(stage, { workload: 'appliance', toInstance: otherId });
    expect(failureOf(execution)).toMatch(/InvalidRequest.*does not exist in this Region/);
  });
});

describe('a dry run', () => {
  it('changes nothing, and prints every call that the recovery then makes', async () => {
    await open();
    const before = portrait(stage, databaseId);
    const dry = await recover(stage, { workload: 'orders-db', dryRun: true }, 'dry-run');
    expect(dry.status).toBe('SUCCEEDED');
    expect(portrait(stage, databaseId)).toBe(before);
    expect(callsOf('PlanRecovery')).toEqual([]);
    expect(await recovered(stage, 'orders-db')).toBeUndefined();

    const output: { calls: string[] } = JSON.parse(dry.output ?? '');
    await recover(stage, { workload: 'orders-db' });
    const made = callsOf(
      '(CreateVolumes|Safety|StopInstance|DetachVolumes|AttachVolumes|StartInstance|VerifyRecovery)',
    );
    expect(new Set(output.calls.map((call) => operationOf(call)))).toEqual(new Set(made));
    expect(output.calls.filter((call) => operationOf(call) === 'CreateVolume')).toHaveLength(4);
  });
});

/** Names of the calls that functions of these steps made and that change something outside the ledger. */
const callsOf = (steps: string): readonly string[] =>
  stage.calls
    .mutating()
    .filter(({ call }) => new RegExp(steps).test(call.caller.name) && call.service !== 'dynamodb')
    .map(({ call }) => call.operation);

/** `aws ec2 create-volume …` → `CreateVolume`. */
const operationOf = (commandLine: string): string =>
  (commandLine.split(' ')[2] ?? '')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
