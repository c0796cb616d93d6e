import { afterEach, describe, expect, it } from 'vitest';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { appliance, applianceId, database, databaseId, nightly } from './scenario/policy.ts';
import {
  abort,
  begin,
  end,
  failureOf,
  functionNamed,
  leaseOf,
  openWithPoints,
  portrait,
  recover,
  recovered,
} from './scenario/recovering.ts';
import {
  closeStage,
  executions,
  failuresAddress,
  hourMs,
  minuteMs,
  redeploy,
  reportsAddress,
  type Stage,
  type StageOptions,
  subjects,
  until,
} from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const open = async (options: StageOptions = {}) => {
  stage = await openWithPoints(options);
};
const world = () => stage.services.ec2.world;
const arrange = () => stage.services.ec2.arrange;

/** EC2 operations that a recovery of the appliance makes, in order. */
const operations = [
  'CreateVolume',
  'CreateSnapshots',
  'StopInstances',
  'CreateTags',
  'DetachVolume',
  'AttachVolume',
  'StartInstances',
];

async function expectUndone(before: string, instanceId = applianceId): Promise<void> {
  expect(portrait(stage, instanceId)).toBe(before);
  expect((await recovered(stage, instanceId === applianceId ? 'appliance' : 'orders-db'))?.state).toBe('rolled-back');
  expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  for (const volume of world().volumes.values()) {
    if (volume.tags.get('holdfast:role') === 'restored' && volume.state === 'available') {
      expect(volume.tags.get('holdfast:expires')).toBeDefined();
    }
  }
}

describe('a mail that the roll back may not owe', () => {
  it('is owed once by the guard, and the next backup is not kept out', async () => {
    await open();
    const before = portrait(stage, applianceId);
    const effect: FaultEffect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'not you', status: 403 };
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect });
    stage.faults.add({
      ...{ service: 'dynamodb', operation: 'PutItem', caller: `function:${functionNamed(stage, 'RollBack')}` },
      when: (input: unknown) => Object(input).Item?.pk?.S === 'notices',
      effect: { ...effect, code: 'AccessDeniedException', status: 400 },
    });
    await recover(stage, { workload: 'appliance' });
    await expectUndone(before);
    expect(subjects(stage).filter((subject) => subject.includes('rolled back'))).toHaveLength(1);
    expect(subjects(stage).filter((subject) => subject.includes('STRANDED'))).toEqual([]);
  });
});

describe('a mail that the last step cannot owe at all, of a recovery that is committed', () => {
  it('is owed by the roll back, which undoes nothing: the execution succeeds', async () => {
    await open();
    stage.faults.add({
      ...{ service: 'dynamodb', operation: 'PutItem', caller: `function:${functionNamed(stage, 'CommitRecovery')}` },
      when: (input: unknown) => Object(input).Item?.pk?.S === 'notices',
      effect: { kind: 'refuse', code: 'InternalServerError', message: 'down', status: 500 },
      times: Infinity,
    });
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.events.some(({ state }) => state === 'RollBack')).toBe(true);
    expect([execution.status, execution.error]).toEqual(['SUCCEEDED', undefined]);
    expect((await recovered(stage, 'appliance'))?.state).toBe('committed');
    expect(stage.inbox(reportsAddress).filter(({ subject }) => subject.includes('RECOVERED'))).toHaveLength(1);
  });
});

describe('a mail that cannot be owed for a moment, of a recovery that is committed', () => {
  it('is owed by the next try, and nothing turns back', async () => {
    await open();
    const remove = stage.faults.add({
      ...{ service: 'dynamodb', operation: 'PutItem', caller: `function:${functionNamed(stage, 'CommitRecovery')}` },
      when: (input: unknown) => Object(input).Item?.pk?.S === 'notices',
      effect: { kind: 'refuse', code: 'InternalServerError', message: 'down', status: 500 },
      times: Infinity,
    });
    const execution = await begin(stage, { workload: 'appliance' });
    const isTriedAgain = () =>
      execution.events.some(({ state, type }) => state === 'CommitRecovery' && type === 'StateRetried');
    await until(stage, 'the commit is tried again', isTriedAgain);
    remove();
    await end(stage);
    expect(execution.status).toBe('SUCCEEDED');
    expect(execution.events.filter(({ state }) => state === 'RollBack')).toEqual([]);
    expect((await recovered(stage, 'appliance'))?.state).toBe('committed');
    expect(stage.inbox(reportsAddress).filter(({ subject }) => subject.includes('RECOVERED'))).toHaveLength(1);
  });
});

describe('a call that EC2 refuses for good', () => {
  it.each(operations)('%s: everything is as it was, and a mail says so', async (operation) => {
    await open();
    const before = portrait(stage, applianceId);
    const effect: FaultEffect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'not you', status: 403 };
    stage.faults.add({ service: 'ec2', operation, effect });
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.error).toBe('RecoveryFailed');
    await expectUndone(before);
    expect(subjects(stage)).toEqual([expect.stringContaining('FAILED and was rolled back')]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('UnauthorizedOperation: not you');
  });
});

describe('a start that EC2 refuses for good, with the root volume replaced', () => {
  it('brings the old root back, to be deleted with its instance as before', async () => {
    const members = [{ kind: 'ebs' as const, instance: { id: applianceId }, volumes: 'all' as const }];
    await open({ policy: nightly({ appliance: appliance({ members }) }) });
    const before = portrait(stage, applianceId);
    expect(world().instance(applianceId).mappings.get('/dev/xvda')?.deleteOnTermination).toBe(true);
    const effect: FaultEffect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'not you', status: 403 };
    stage.faults.add({ service: 'ec2', operation: 'StartInstances', effect });
    await recover(stage, { workload: 'appliance' });
    await expectUndone(before);
  });
});

describe('a call that fails for a moment', () => {
  const lost: FaultEffect = { kind: 'lose-reply' };
  const throttled: FaultEffect = { kind: 'refuse', code: 'RequestLimitExceeded', message: 'slow down', status: 503 };
  const down: FaultEffect = { kind: 'refuse', code: 'Unavailable', message: 'down', status: 503 };
  it.each([
    ['whose reply is lost', lost, 1],
    ['throttled through all retries of the SDK', throttled, 6],
    ['while EC2 is down', down, 6],
  ])('does not stop a recovery, nor makes anything twice: one %s', async (_, effect, times) => {
    await open();
    for (const operation of operations) stage.faults.add({ service: 'ec2', operation, effect, times });
    const execution = await recover(stage, { workload: 'appliance' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    const roles = [...world().volumes.values(), ...world().snapshots.values()].map(({ tags }) =>
      tags.get('holdfast:role'),
    );
    expect(roles.filter((role) => role === 'restored')).toHaveLength(1);
    expect(roles.filter((role) => role === 'safety')).toHaveLength(1);
  });
});

describe('looks that EC2 throttles for minutes', () => {
  it.each(['StopInstance', 'AttachVolumes', 'VerifyRecovery'])('only delay %s', async (step) => {
    await open();
    const throttled: FaultEffect = { kind: 'refuse', code: 'RequestLimitExceeded', message: 'slow down', status: 503 };
    const operation = step === 'VerifyRecovery' ? 'DescribeInstanceStatus' : 'DescribeInstances';
    const caller = `function:${functionNamed(stage, step)}`;
    stage.faults.add({ service: 'ec2', operation, caller, effect: throttled, times: 90 });
    const execution = await recover(stage, { workload: 'appliance' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
  });
});

describe('a function that dies', () => {
  const functions = [
    'PlanRecovery',
    'CreateVolumes',
    'TakeSafetySnapshot',
    'StopInstance',
    'DetachVolumes',
    'AttachVolumes',
    'StartInstance',
    'VerifyRecovery',
    'CommitRecovery',
  ];
  it.each(functions)('%s: after any of its calls, the recovery is committed or undone', async (step) => {
    await open();
    for (let afterCalls = 0; afterCalls < 6; afterCalls += 1) {
      const before = portrait(stage, applianceId);
      stage.services.lambda.crash({ functionName: functionNamed(stage, step), afterCalls });
      const execution = await recover(stage, { workload: 'appliance' }, `recovery-${afterCalls}`);
      const { state } = (await recovered(stage, 'appliance')) ?? {};
      if (state !== 'committed') await expectUndone(before);
      expect(execution.status).toBe(state === 'committed' ? 'SUCCEEDED' : 'FAILED');
      expect(world().instance(applianceId).state).toBe('running');
      expect(await leaseOf(stage, 'appliance')).toBeUndefined();
    }
  });

  it('PlanRecovery, in every try: nothing is held and nothing changed', async () => {
    await open();
    const before = portrait(stage, applianceId);
    for (let skip = 0; skip < 4; skip += 1) {
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'PlanRecovery'), afterCalls: 8 });
    }
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.status).toBe('FAILED');
    expect(portrait(stage, applianceId)).toBe(before);
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  });
});

describe('an end whose lease cannot be given back, nor its mail be owed, for a quarter of an hour', () => {
  const down: FaultEffect = { kind: 'refuse', code: 'InternalServerError', message: 'down', status: 500 };
  const keys = ['lease', 'recovery/recovery-1/'];
  const isFollowUp = (input: unknown) => keys.some((key) => Object(input).Item?.sk?.S.startsWith(key));

  async function endsLate(): Promise<void> {
    const ended = async () => ['committed', 'rolled-back'].includes((await recovered(stage, 'appliance'))?.state ?? '');
    await begin(stage, { workload: 'appliance' });
    await stage.time.advance(5000);
    const mend = stage.faults.add({
      service: 'dynamodb',
      operation: 'PutItem',
      when: isFollowUp,
      effect: down,
      times: Infinity,
    });
    for (let minute = 0; minute < 60 && !(await ended()); minute += 1) await stage.time.advance(minuteMs);
    await stage.time.advance(15 * minuteMs);
    mend();
    await stage.time.advance(2 * minuteMs);
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  }

  it('committed: the sweep of every minute does both, once', async () => {
    await open();
    await endsLate();
    expect(stage.inbox(reportsAddress).filter(({ subject }) => subject.includes('RECOVERED'))).toHaveLength(1);
  });

  it('rolled back: so it is', async () => {
    await open();
    stage.faults.add({
      service: 'ec2',
      operation: 'AttachVolume',
      effect: { ...down, code: 'UnauthorizedOperation', status: 403 },
    });
    await endsLate();
    expect(subjects(stage).filter((subject) => subject.includes('rolled back'))).toHaveLength(1);
  });
});

describe('an execution that is aborted', () => {
  it('gives the workload back that it has taken, though there is no record yet, and tells', async () => {
    await open();
    const mend = stage.faults.add({
      ...{ service: 'dynamodb', operation: 'PutItem', times: Infinity },
      when: (input: unknown) => Object(input).Item?.sk?.S === 'recovery#recovery-1',
      effect: { kind: 'refuse', code: 'InternalServerError', message: 'down', status: 500 },
    });
    const execution = await begin(stage, { workload: 'appliance' });
    await stage.time.advance(2000);
    expect((await leaseOf(stage, 'appliance'))?.holder).toBe('recovery-1');
    await abort(stage, execution);
    await stage.time.advance(5 * minuteMs);
    mend();
    expect(await recovered(stage, 'appliance')).toBeUndefined();
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
    expect(subjects(stage)).toEqual(['[Holdfast] appliance: recovery REFUSED; nothing was changed']);
  });

  it('is undone by the guard, whenever it happens', async () => {
    await open();
    const states = new Set<string>();
    for (let seconds = 1; seconds < 200; seconds += 9) {
      const before = portrait(stage, applianceId);
      const execution = await begin(stage, { workload: 'appliance' }, `recovery-${seconds}`);
      await stage.time.advance(seconds * 1000);
      if (execution.status === 'RUNNING') await abort(stage, execution);
      await end(stage);
      const recovery = await recovered(stage, 'appliance');
      states.add(recovery?.state ?? 'none');
      if (recovery?.state !== 'committed') await expectUndone(before);
      expect(world().instance(applianceId).state).toBe('running');
    }
    expect(states).toEqual(new Set(['rolled-back', 'committed']));
  });

  it('is left alone for a minute first, in which the function that it waited for may still make a call', async () => {
    await open();
    const execution = await begin(stage, { workload: 'appliance' });
    await stage.time.advance(minuteMs);
    await abort(stage, execution);
    const abortedMs = stage.clock.nowMs();
    await end(stage);
    const undoing = stage.calls
      .mutating()
      .filter(({ call }) => call.service === 'ec2' && call.caller.name.includes('RollBack'));
    expect(undoing[0]?.call.timeMs).toBeGreaterThan(abortedMs + minuteMs);
  });
});

describe('what EC2 does wrong later', () => {
  it('a volume that vanishes because of its key: the instance is never stopped', async () => {
    await open();
    const before = portrait(stage, applianceId);
    arrange().volumeVanishes();
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.status).toBe('FAILED');
    await expectUndone(before);
    expect(stage.calls.of('ec2', 'StopInstances')).toEqual([]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('has vanished');
  });

  it('no capacity for some minutes: the start is tried again until there is some', async () => {
    await open();
    arrange().startFailsForCapacity(applianceId, 20);
    const execution = await recover(stage, { workload: 'appliance' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
  });

  it('an attachment that hangs', async () => {
    await open();
    const before = portrait(stage, applianceId);
    const made = stage.calls.of('ec2', 'CreateVolume').length;
    const execution = await begin(stage, { workload: 'appliance' });
    await stage.time.until(() => stage.calls.of('ec2', 'CreateVolume').length > made, minuteMs);
    await stage.time.advance(2_000);
    const restored = [...world().volumes.values()].find(({ tags }) => tags.get('holdfast:role') === 'restored');
    arrange().attachHangs(restored?.id ?? '');
    await end(stage);
    expect(execution.status).toBe('FAILED');
    await expectUndone(before);
    expect(stage.inbox(failuresAddress)[0]?.message).toMatch(
      /waited 10 minutes for vol-\w+ to be attached as \/dev\/sdh/,
    );
  });

  it('a detachment that hangs: the instance is stopped, so it is forced on the way back', async () => {
    await open();
    const before = portrait(stage, applianceId);
    arrange().detachHangs(world().volumeAt(applianceId, '/dev/sdh').id);
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.status).toBe('FAILED');
    await expectUndone(before);
  });

  it('status checks that never pass', async () => {
    await open();
    const before = portrait(stage, applianceId);
    arrange().statusChecksFail(applianceId);
    await recover(stage, { workload: 'appliance' });
    await expectUndone(before);
  });

  it('a verify script that says no: undone within minutes', async () => {
    await open();
    const before = portrait(stage, databaseId);
    world()
      .guest(databaseId)
      .installProgram('/opt/holdfast/verify', () => ({ exitCode: 3, stdout: '', stderr: 'no rows in orders' }));
    const execution = await recover(stage, { workload: 'orders-db' });
    await expectUndone(before, databaseId);
    expect((execution.stopMs ?? Infinity) - execution.startMs).toBeLessThan(10 * minuteMs);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('no rows in orders');
    const verified = stage.calls
      .of('ssm', 'SendCommand')
      .filter(({ input }) => JSON.stringify(input).includes('/opt/holdfast/verify'));
    expect(verified).toHaveLength(1);
  });

  it('a verify script that takes minutes', async () => {
    await open();
    world()
      .guest(databaseId)
      .installProgram('/opt/holdfast/verify', async (guest) => {
        await guest.sleep(4 * minuteMs);
        return 0;
      });
    const execution = await recover(stage, { workload: 'orders-db' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    const verified = stage.calls
      .of('ssm', 'SendCommand')
      .filter(({ input }) => JSON.stringify(input).includes('/opt/holdfast/verify'));
    expect(verified).toHaveLength(1);
  });

  it('an instance that is terminated under the recovery: a person is called, with every volume named', async () => {
    await open();
    const old = world().volumeAt(applianceId, '/dev/sdh').id;
    const execution = await begin(stage, { workload: 'appliance' });
    await stage.time.until(() => stage.calls.of('ec2', 'DetachVolume').length > 0, 5 * minuteMs);
    arrange().instanceTerminated(applianceId);
    await end(stage);
    expect(execution.error).toBe('Stranded');
    expect((await recovered(stage, 'appliance'))?.state).toBe('stranded');
    expect(subjects(stage)).toEqual(['[Holdfast] appliance: recovery STRANDED, its instance is GONE, act now']);
    const mail = stage.inbox(failuresAddress)[0]?.message ?? '';
    expect(mail).toContain(`aws ec2 attach-volume --volume-id ${old} --instance-id NEW_INSTANCE --device /dev/sdh`);
    expect(mail).toMatch(/npx holdfast recover appliance --point \S+ --to-instance NEW_INSTANCE/);
    expect(mail).not.toContain(`--instance-id ${applianceId}`);
    expect(mail).not.toContain('no backup and no other recovery');
    // Nothing keeps the workload from being recovered into another instance.
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  });
});

describe('when even the way back fails', () => {
  it('the mail says which volume is where, and its commands bring everything home', async () => {
    await open();
    const before = portrait(stage, applianceId);
    const old = world().volumeAt(applianceId, '/dev/sdh').id;
    const refused: FaultEffect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'an SCP', status: 403 };
    const remove = stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: refused, times: Infinity });
    const execution = await recover(stage, { workload: 'appliance' });
    expect(execution.error).toBe('Stranded');
    const mail = stage.inbox(failuresAddress).find(({ subject }) => subject.includes('STRANDED'))?.message ?? '';
    expect(mail).toContain(`Original ${old}, belongs under /dev/sdh: available, attached to nothing.`);
    expect((await leaseOf(stage, 'appliance'))?.holder).toBe('recovery-1');
    remove();
    expect(mail).toContain(`aws ec2 attach-volume --volume-id ${old} --instance-id ${applianceId} --device /dev/sdh`);
    expect(mail).toContain(`aws ec2 start-instances --instance-ids ${applianceId}`);
    // The operator asks Holdfast to try again instead.
    await recover(stage, { rollBack: { workload: 'appliance', recoveryId: 'recovery-1' } }, 'again');
    await expectUndone(before);
  });
});

describe('when neither the way back nor its failure can be written down', () => {
  it('a person is called, nothing else touches the workload, and it comes back by itself once that has passed', async () => {
    await open();
    const before = portrait(stage, applianceId);
    const execution = await begin(stage, { workload: 'appliance' });
    const detached = () => stage.calls.of('ec2', 'DetachVolume').length > 0;
    await until(stage, 'the disk is off', detached);
    const removes = ['RollBack', 'AbandonRecovery'].map(refuseToWrite);
    await abort(stage, execution);
    const failed = () => executions(stage, 'recover').filter(({ status }) => status === 'FAILED').length;
    await until(stage, 'five attempts are over', () => failed() === 5);
    await stage.time.advance(2 * minuteMs);
    const [mail, ...others] = stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('appliance'));
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('[Holdfast] appliance: recovery STRANDED, the application may be DOWN, act now');
    expect(mail?.message).toContain('{"rollBack":{"workload":"appliance","recoveryId":"recovery-1"}}');
    expect(mail?.message).toMatch(/aws ec2 detach-volume .*vol-/);
    // Past the lease that the recovery took: a backup would take what is half built.
    await stage.time.advance(7 * hourMs);
    expect((await leaseOf(stage, 'appliance'))?.holder).toBe('recovery-1');
    const alarms = subjects(stage).filter((subject) => subject.startsWith('ALARM: '));
    expect(alarms).toEqual([expect.stringContaining('RecoveryStuck')]);
    expect(failed()).toBeLessThan(5 + 7 * 4);
    for (const remove of removes) remove();
    await stage.time.advance(30 * minuteMs);
    await expectUndone(before);
    expect(subjects(stage).filter((subject) => subject.includes('STRANDED'))).toHaveLength(1);
    expect(subjects(stage)).toContain('[Holdfast] appliance: recovery FAILED and was rolled back');
  });
});

describe('a workload that a deployment renames while its recovery runs', () => {
  const own = { failures: ['dba@example.com'], reports: ['dba@example.com'] };
  const workloads = { 'orders-db': database({ mail: own }) };
  const openBoth = () => open({ policy: nightly({ appliance: appliance(), ...workloads }) });
  const rename = () => redeploy(stage, nightly({ renamed: appliance(), ...workloads }));

  it('is recovered, and everybody is told', async () => {
    await openBoth();
    const execution = await begin(stage, { workload: 'appliance' });
    await stage.time.advance(20_000);
    await rename();
    await end(stage);
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
    for (const address of [reportsAddress, 'dba@example.com']) {
      expect(subjects(stage, address)).toEqual([expect.stringContaining('appliance: RECOVERED')]);
    }
    expect(subjects(stage)).toEqual([]);
  });

  it.each([
    ['rolled back', 1, 'recovery FAILED and was rolled back'],
    ['stranded', Infinity, 'recovery STRANDED, the application is DOWN, act now'],
  ])('is %s, and everybody is told', async (_, times, subject) => {
    await openBoth();
    const effect: FaultEffect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'an SCP', status: 403 };
    const remove = stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect, times });
    await begin(stage, { workload: 'appliance' });
    await stage.time.advance(20_000);
    await rename();
    await end(stage);
    remove();
    for (const address of [failuresAddress, 'dba@example.com']) {
      expect(subjects(stage, address)).toEqual([`[Holdfast] appliance: ${subject}`]);
    }
  });
});

/** Every write to the ledger by a function, for good. */
const refuseToWrite = (step: string): (() => void) =>
  stage.faults.add({
    ...{ service: 'dynamodb', operation: 'PutItem', caller: `function:${functionNamed(stage, step)}`, times: Infinity },
    effect: { kind: 'refuse', code: 'AccessDeniedException', message: 'the key is disabled', status: 400 },
  });

describe('two at a time', () => {
  it('a second recovery of the workload is refused, naming the first', async () => {
    await open();
    await begin(stage, { workload: 'appliance' }, 'first');
    await stage.time.advance(20_000);
    const second = await begin(stage, { workload: 'appliance' }, 'second');
    const askedMs = stage.clock.nowMs();
    await end(stage);
    expect(failureOf(second)).toMatch(/InvalidRequest.*The recovery first has held the workload since/);
    const [, untilAt = ''] = /holds it until (\S+) at the latest/.exec(failureOf(second)) ?? [];
    // All phases of the first may take half of it.
    expect(Date.parse(untilAt) - askedMs).toBeGreaterThan(5.9 * hourMs);
    expect((await recovered(stage, 'appliance'))?.id).toBe('first');
    expect(subjects(stage)).toEqual([expect.stringContaining('REFUSED')]);
  });

  it('a backup does not begin while its workload is being recovered', async () => {
    await open();
    await stage.time.advance(23.5 * hourMs - 30_000);
    const snapshots = () =>
      [...world().snapshots.values()].filter(
        ({ tags }) => tags.get('holdfast:workload') === 'appliance' && tags.has('holdfast:run'),
      ).length;
    const before = snapshots();
    await begin(stage, { workload: 'appliance' });
    await end(stage);
    expect((await recovered(stage, 'appliance'))?.state).toBe('committed');
    expect(snapshots()).toBe(before);
    expect(subjects(stage)).toContainEqual(expect.stringContaining('appliance'));
  });
});
