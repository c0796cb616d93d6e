import { afterEach, describe, expect, it } from 'vitest';
import type { Hold } from '#domain/run.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import {
  database,
  denied,
  firstRun,
  guardRule,
  isDatabaseHeld,
  limitExecutions,
  mails,
  setRules,
  settleRules,
  stopExecution,
  untilFree,
  untilHeld,
} from './scenario/holding.ts';
import { databaseId, database as databaseWorkload, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  executions,
  failuresAddress,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  runsIn,
  type Stage,
  until,
  window,
} from './scenario/stage.ts';
import { areAllSlotsFree } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Changes = Parameters<typeof databaseWorkload>[0];
async function open(changes: Changes = {}) {
  stage = await openStage({ policy: nightly({ 'orders-db': databaseWorkload(changes) }) });
}

const hooks = databaseWorkload().quiesce?.hooks ?? [];
const guest = () => database(stage);
const snapshots = () => [...stage.services.ec2.world.snapshots.values()];
const failure = 'orders-db: backup FAILED; application released';
const neverBegan = 'orders-db: backup FAILED; application RELEASE NOT CONFIRMED';
const unconfirmed = 'orders-db: RELEASE NOT CONFIRMED, the application may be held still';
const alarmMail = expect.stringMatching(/^ALARM: .*ReleaseUnconfirmed/);
const withoutAlarms = () => mails(stage).filter((subject) => !subject.startsWith('ALARM') && !subject.startsWith('OK'));
const releaser = (hold: Hold) => [hold.hook.kind, hold.state, hold.releasedBy];
const refusals = (operation: string, effect: FaultEffect, times = 1) =>
  stage.faults.add({ service: operation === 'SendCommand' ? 'ssm' : 'ec2', operation, times, effect });

/** The longest deadline of the policy's hooks. */
const deadlineMs = 60_000;

/** Free, failed, told in one mail that says so, nothing left behind for later. */
async function expectFailedAndReleased(): Promise<void> {
  expect(isDatabaseHeld(stage)).toBe(false);
  const run = await firstRun(stage);
  expect(run.state).toBe('failed');
  expect(run.window?.releasedAt).toBeDefined();
  expect(mails(stage)).toEqual([failure]);
  expect(await pointsIn(stage, 'orders-db')).toEqual([]);
}

describe('before the hook runs', () => {
  it('slots, tokens and the intent are in the ledger', async () => {
    await open();
    await night(stage);
    const hookMs = stage.calls.of('ssm', 'SendCommand')[0]?.call.timeMs ?? 0;
    const writtenMs = (fits: (text: string) => boolean) =>
      stage.calls.of('dynamodb', 'PutItem').find(({ input }) => fits(JSON.stringify(input)))?.endedMs;
    expect(writtenMs((text) => text.includes('"slots"') && text.includes('taken'))).toBeLessThan(hookMs);
    expect(writtenMs((text) => text.includes('tokens#CreateSnapshots'))).toBeLessThan(hookMs);
    expect(writtenMs((text) => text.includes('intendedAt') && text.includes('"holding"'))).toBeLessThan(hookMs);
  });

  it('a run without that intent is not held, whoever asks for it', async () => {
    await open();
    await night(stage);
    const { id: runId } = await firstRun(stage);
    const sent = stage.calls.of('ssm', 'SendCommand').length;
    const asked = { workload: 'orders-db', runId, quiesceTimeoutSeconds: 60 };
    const { payload } = await stage.invoke(functionNamed(stage, 'Quiesce'), asked);
    const words = `${runId} is sealed: nothing may be held still without recorded intent`;
    expect(payload).toMatchObject({ errorMessage: expect.stringContaining(words) });
    expect(stage.calls.of('ssm', 'SendCommand')).toHaveLength(sent);
  });
});

describe('quiescing that fails', () => {
  const refuse = () =>
    guest().installProgram('/opt/holdfast/quiesce', () => ({ exitCode: 3, stdout: '', stderr: 'no' }));

  it('a script that refuses: no snapshot is taken, everything is released, one mail says why', async () => {
    await open();
    refuse();
    await night(stage);
    await expectFailedAndReleased();
    expect(snapshots()).toEqual([]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('/opt/holdfast/quiesce failed with exit code 3: no');
  });

  it('a script that refuses, where the policy prefers a crash-consistent point: sealed as such, and the evidence says why', async () => {
    await open({ quiesce: { hooks, onFailure: 'crash-consistent' } });
    refuse();
    await night(stage);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('crash-consistent');
    expect(point?.verdict.evidence.join(' ')).toContain('/opt/holdfast/quiesce failed with exit code 3: no');
    expect((await firstRun(stage)).window?.releasedAt).toBeDefined();
    expect(executions(stage, 'protect').map(({ status }) => status)).toEqual(['SUCCEEDED']);
    expect(mails(stage)).toEqual([]);
  });

  it('a script that holds and then says that it failed: it is released all the same', async () => {
    await open();
    guest().installProgram('/opt/holdfast/quiesce', (machine) => (machine.holdApplication('postgres') ? 1 : 1));
    await night(stage);
    await expectFailedAndReleased();
    expect(snapshots()).toEqual([]);
  });

  it('a call that Lambda refuses for lack of concurrency: nothing has run, so it is made again, once it is free', async () => {
    await open();
    const asksQuiesce = (input: unknown) =>
      String(Reflect.get(Object(input), 'FunctionName')).endsWith(functionNamed(stage, 'Quiesce'));
    const effect = {
      kind: 'refuse',
      code: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      status: 429,
    } as const;
    stage.faults.add({ service: 'lambda', operation: 'Invoke', when: asksQuiesce, times: 3, effect });
    await night(stage);
    expect(stage.faults.unused()).toEqual([]);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
    expect(mails(stage)).toEqual([]);
  });

  it('an account whose concurrency is used up while the run is planned: nothing is held, so it waits for minutes', async () => {
    await open();
    const effect = {
      kind: 'refuse',
      code: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      status: 429,
    } as const;
    const isMachine = (input: unknown) => /PlanRun/.test(String(Object(input).FunctionName));
    const mend = stage.faults.add({ service: 'lambda', operation: 'Invoke', when: isMachine, times: Infinity, effect });
    await stage.time.advance(2 * hourMs + 3 * minuteMs);
    expect(executions(stage, 'protect').map(({ status }) => status)).toEqual(['RUNNING']);
    mend();
    await stage.time.advance(hourMs);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
    expect(mails(stage)).toEqual([]);
  });

  it('a script that hangs: everything is released before the run ends', async () => {
    await open();
    guest().installProgram('/opt/holdfast/quiesce', async (machine) => {
      machine.holdApplication('postgres');
      await machine.sleep(hourMs);
      return 0;
    });
    await window(stage);
    expect(isDatabaseHeld(stage)).toBe(false);
    await stage.time.advance(2 * hourMs);
    await expectFailedAndReleased();
  });

  it('a file system that is frozen already: what somebody else froze stays, what the run held is let go', async () => {
    await open();
    guest().installProgram('/opt/holdfast/quiesce', (machine) => {
      machine.holdApplication('postgres');
      machine.freeze('/mnt/sdg');
      return 0;
    });
    await night(stage);
    const run = await firstRun(stage);
    expect(run).toMatchObject({ state: 'failed', failure: { name: 'QuiesceFault' } });
    expect(run.failure?.message).toContain('Device or resource busy');
    const { mounts } = guest().inspect();
    expect(mounts.filter(({ frozen }) => frozen).map(({ mountPoint }) => mountPoint)).toEqual(['/mnt/sdg']);
    expect(mails(stage)).toEqual([failure]);
    expect(snapshots()).toEqual([]);
  });

  it('SSM refuses the command: nothing is taken, one mail', async () => {
    await open();
    refusals('SendCommand', { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 400 });
    await night(stage);
    await expectFailedAndReleased();
  });

  it('a command whose reply is lost is sent twice, and the guest answers for what it holds: the point is application-consistent', async () => {
    await open();
    for (const skip of [0, 1, 2, 3]) {
      stage.faults.add({ service: 'ssm', operation: 'SendCommand', skip, effect: { kind: 'lose-reply' } });
    }
    await night(stage);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
    expect(mails(stage)).toEqual([]);
  });
});

describe('an agent that dies', () => {
  it('during quiescing, after the script: the guest lets go at its deadline, two mails and an alarm tell what is not known, and settle confirms once it is back', async () => {
    await open();
    stage.services.ssm.arrange.agentDiesMidCommand(databaseId);
    await untilHeld(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThanOrEqual(deadlineMs);
    await stage.time.advance(30 * minuteMs);
    expect((await firstRun(stage)).window?.releasedAt).toBeUndefined();
    expect(withoutAlarms().toSorted()).toEqual([unconfirmed, neverBegan].toSorted());
    expect(mails(stage)).toContainEqual(alarmMail);
    expect(snapshots()).toEqual([]);
    stage.services.ec2.arrange.agentOnline(databaseId);
    await stage.time.advance(10 * minuteMs);
    const { window: held } = await firstRun(stage);
    expect(held?.releasedAt).toBeDefined();
    expect(held?.holds.map(releaser)).toEqual([
      ['command', 'free', 'timer'],
      ['filesystem', 'free', 'none'],
    ]);
    expect(withoutAlarms()).toHaveLength(2);
  });

  it('during quiescing, before the script: nothing was ever held, and settle finds that out', async () => {
    await open();
    stage.services.ssm.arrange.agentDiesMidCommand(databaseId, 'before-script');
    await night(stage);
    expect(withoutAlarms().toSorted()).toEqual([unconfirmed, neverBegan].toSorted());
    stage.services.ec2.arrange.agentOnline(databaseId);
    await stage.time.advance(10 * minuteMs);
    expect((await firstRun(stage)).window?.holds.map(releaser)).toEqual([
      ['command', 'free', 'none'],
      ['filesystem', 'free', 'none'],
    ]);
  });

  it('during the release: the snapshots are whole, the guest lets go at its deadline, and the point is sealed as what can be proven', async () => {
    await open();
    await untilHeld(stage);
    await until(stage, 'snapshots begun', () => snapshots().length > 0);
    stage.services.ec2.arrange.agentOffline(databaseId);
    expect(await untilFree(stage, hourMs)).toBeLessThanOrEqual(deadlineMs);
    await stage.time.advance(30 * minuteMs);
    expect(await pointsIn(stage, 'orders-db')).toEqual([]);
    expect(withoutAlarms()).toEqual([unconfirmed]);
    expect(mails(stage)).toContainEqual(alarmMail);
    stage.services.ec2.arrange.agentOnline(databaseId);
    await stage.time.advance(10 * minuteMs);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('crash-consistent');
    expect(point?.verdict.evidence.join(' ')).toContain('timer');
  });

  it('for good, once the snapshots are begun: they are sealed within two hours as what can be proven, and nights to come are not refused for it', async () => {
    await open();
    await untilHeld(stage);
    await until(stage, 'snapshots begun', () => snapshots().length > 0);
    stage.services.ec2.arrange.agentOffline(databaseId);
    await stage.time.advance(2 * hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict).toMatchObject({ consistency: 'crash-consistent' });
    expect(point?.verdict.evidence.join(' ')).toContain('never confirmed its release');
    expect(await areAllSlotsFree(stage)).toBe(true);
    const { payload } = await stage.invoke(functionNamed(stage, 'BeginRun'), { workload: 'orders-db' });
    expect(payload).toMatchObject({ outcome: 'begun' });
    await stage.time.advance(10 * minuteMs);
    stage.services.ec2.arrange.agentOnline(databaseId);
    await stage.time.advance(10 * minuteMs);
    expect((await runsIn(stage, 'orders-db')).at(-1)?.window?.releasedAt).toBeDefined();
  });

  it('before the run is planned, where the policy prefers a crash-consistent point: sealed as such, and the evidence says why', async () => {
    await open({ quiesce: { hooks, onFailure: 'crash-consistent' } });
    stage.services.ec2.arrange.agentOffline(databaseId);
    await night(stage);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('crash-consistent');
    expect(point?.verdict.evidence.join(' ')).toContain('its hooks cannot run');
    expect(stage.calls.of('ssm', 'SendCommand')).toEqual([]);
    expect(mails(stage)).toEqual([]);
  });

  it('during the release, after its script: what it thawed is free at once, the rest at the deadline', async () => {
    await open();
    await untilHeld(stage);
    await until(stage, 'snapshots begun', () => snapshots().length > 0);
    stage.services.ssm.arrange.agentDiesMidCommand(databaseId);
    expect(await untilFree(stage, hourMs)).toBeLessThanOrEqual(deadlineMs);
    await stage.time.advance(30 * minuteMs);
    expect(withoutAlarms()).toEqual([unconfirmed]);
    stage.services.ec2.arrange.agentOnline(databaseId);
    await stage.time.advance(10 * minuteMs);
    expect((await firstRun(stage)).window?.holds.map(releaser)).toEqual([
      ['command', 'free', 'timer'],
      ['filesystem', 'free', 'release'],
    ]);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('crash-consistent');
  });

  it('while the machine is stopped under the run: nothing is held in a machine that is off, and settle says so', async () => {
    await open();
    await untilHeld(stage);
    stage.services.ec2.arrange.instanceTerminated(databaseId);
    await stage.time.advance(hourMs);
    const run = await firstRun(stage);
    expect(run).toMatchObject({ state: 'failed', failure: { name: 'QuiesceFault' } });
    expect(run.window?.holds.map(releaser)).toEqual([
      ['command', 'free', 'stopped'],
      ['filesystem', 'free', 'stopped'],
    ]);
    expect(mails(stage)).toEqual([failure]);
  });
});

describe('the first guard alone: the rule, settle and the timer in the guest do not work', () => {
  const alone = async () => {
    await open();
    setRules(stage, [guardRule, ...settleRules], false);
    guest().killTimers();
  };

  it.each<[string, string, FaultEffect]>([
    ['denies the snapshots', 'ProviderFault', denied],
    [
      'throttles the snapshots for ever',
      'TransientFault',
      { kind: 'refuse', code: 'RequestLimitExceeded', message: 'slow', status: 503 },
    ],
    [
      'is out of slots for good',
      'ProviderFault',
      { kind: 'refuse', code: 'SnapshotLimitExceeded', message: 'full', status: 400 },
    ],
  ])('releases when EC2 %s (%s)', async (_, name, effect) => {
    await alone();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', times: Infinity, effect });
    await window(stage);
    await stage.time.advance(2 * minuteMs);
    await expectFailedAndReleased();
    const run = await firstRun(stage);
    expect(run.failure?.name).toBe(name);
    expect(run.window?.holds.map(releaser)).toEqual([
      ['command', 'free', 'release'],
      ['filesystem', 'free', 'release'],
    ]);
  });

  it('tries again when the first release fails', async () => {
    await alone();
    let tries = 0;
    guest().installProgram('/opt/holdfast/release', (machine) => {
      tries += 1;
      if (tries > 1) machine.resumeApplication('postgres');
      return tries > 1 ? 0 : 1;
    });
    await window(stage);
    expect(tries).toBe(2);
    expect(isDatabaseHeld(stage)).toBe(false);
    expect((await firstRun(stage)).window?.releasedAt).toBeDefined();
    await stage.time.advance(10 * minuteMs);
    expect(mails(stage)).toEqual([]);
  });

  it('tries again when SSM denies the first release', async () => {
    await alone();
    const effect: FaultEffect = { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 400 };
    const caller = `function:${functionNamed(stage, 'Release')}`;
    stage.faults.add({ service: 'ssm', operation: 'SendCommand', caller, times: 2, effect });
    await window(stage);
    expect(isDatabaseHeld(stage)).toBe(false);
    expect((await firstRun(stage)).window?.releasedAt).toBeDefined();
  });
});

describe('the second guard alone: no Catch runs, settle and the timer in the guest do not work', () => {
  const alone = async () => {
    await open();
    setRules(stage, settleRules, false);
    guest().killTimers();
  };

  it('releases when somebody stops the execution', async () => {
    await alone();
    await untilHeld(stage);
    await stopExecution(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThan(15_000);
    await stage.time.advance(10 * minuteMs);
    await expectFailedAndReleased();
    expect((await firstRun(stage)).failure?.name).toBe('Execution.ABORTED');
  });

  it('releases when the execution times out', async () => {
    await alone();
    guest().installProgram('/opt/holdfast/quiesce', async (machine) => {
      machine.holdApplication('postgres');
      await machine.sleep(30_000);
      return 0;
    });
    await limitExecutions(stage, 15);
    await untilHeld(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThan(30_000 + 15_000);
    await stage.time.advance(10 * minuteMs);
    await expectFailedAndReleased();
    expect((await firstRun(stage)).failure?.name).toBe('Execution.TIMED_OUT');
    expect(isDatabaseHeld(stage)).toBe(false);
  });

  it('hands over to settle what was whole when somebody stopped the execution: no night is lost, nobody is told', async () => {
    await open();
    guest().killTimers();
    await untilHeld(stage);
    const events = () => executions(stage, 'protect')[0]?.events ?? [];
    await until(stage, 'the release begins', () => events().some(({ state }) => state === 'Release'));
    await stopExecution(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThan(15_000);
    await stage.time.advance(hourMs);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
    expect(mails(stage)).toEqual([]);
  });

  it('releases when its event comes twice, once', async () => {
    await alone();
    stage.faults.add({ source: 'aws.states', times: Infinity, outcome: 'double' });
    await untilHeld(stage);
    await stopExecution(stage);
    await stage.time.advance(10 * minuteMs);
    await expectFailedAndReleased();
  });
});

describe('the third guard alone: no Catch runs, the event is lost, the timer in the guest does not work', () => {
  it('settle releases within the deadline and two of its sweeps', async () => {
    await open();
    guest().killTimers();
    stage.faults.add({ source: 'aws.states', times: Infinity, outcome: 'drop' });
    await untilHeld(stage);
    await stopExecution(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThan(deadlineMs + 10 * minuteMs);
    await stage.time.advance(10 * minuteMs);
    await expectFailedAndReleased();
    expect((await firstRun(stage)).failure?.name).toBe('ExecutionLost');
  });
});

describe('the fourth guard alone: no Catch runs, the event is lost, settle does not run', () => {
  it('the guest releases itself by its deadline, and the ledger and one mail tell it once settle runs again', async () => {
    await open();
    setRules(stage, settleRules, false);
    stage.faults.add({ source: 'aws.states', times: Infinity, outcome: 'drop' });
    await untilHeld(stage);
    await stopExecution(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThanOrEqual(deadlineMs);
    await stage.time.advance(20 * minuteMs);
    expect((await firstRun(stage)).window?.releasedAt).toBeUndefined();
    setRules(stage, settleRules, true);
    await stage.time.advance(10 * minuteMs);
    await expectFailedAndReleased();
    expect((await firstRun(stage)).window?.holds[0]?.releasedBy).toBe('timer');
  });
});

describe('an instance that the policy names by its id, not by tags', () => {
  const byId = { members: [{ kind: 'ebs' as const, instance: { id: databaseId }, volumes: 'data' as const }] };

  it('is held still and let go', async () => {
    await open(byId);
    await night(stage);
    expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
  });

  it('is let go by the guard when somebody stops the execution', async () => {
    await open(byId);
    setRules(stage, settleRules, false);
    guest().killTimers();
    await untilHeld(stage);
    await stopExecution(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThan(15_000);
  });

  it('is let go by settle when the guard hears nothing', async () => {
    await open(byId);
    guest().killTimers();
    stage.faults.add({ source: 'aws.states', times: Infinity, outcome: 'drop' });
    await untilHeld(stage);
    await stopExecution(stage);
    expect(await untilFree(stage, hourMs)).toBeLessThan(deadlineMs + 10 * minuteMs);
  });
});

describe('without any guard', () => {
  it('nothing releases: the three tests above prove something', async () => {
    await open();
    setRules(stage, settleRules, false);
    guest().killTimers();
    stage.faults.add({ source: 'aws.states', times: Infinity, outcome: 'drop' });
    await untilHeld(stage);
    await stopExecution(stage);
    await stage.time.advance(2 * hourMs);
    expect(isDatabaseHeld(stage)).toBe(true);
  });
});

describe('inside the window', () => {
  it('a moment of throttling is tried again once, at once', async () => {
    await open();
    refusals('CreateSnapshots', { kind: 'refuse', code: 'RequestLimitExceeded', message: 'slow', status: 503 });
    await night(stage);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(point?.verdict.windowMs).toBeLessThan(15_000);
    expect(mails(stage)).toEqual([]);
  });

  const inTiers = () => {
    const [member] = databaseWorkload().members;
    if (member === undefined) throw new Error('the policy has no member');
    const tier = (tier: number, devices: string[]) => ({ ...member, tier, volumes: { devices } });
    return { members: [tier(1, ['/dev/sdf', '/dev/sdg']), tier(2, ['/dev/sdh', '/dev/sdi'])] };
  };

  it('tiers are taken in order, all in one window', async () => {
    await open(inTiers());
    await night(stage);
    const calls = stage.calls.of('ec2', 'CreateSnapshots');
    expect(calls).toHaveLength(2);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(point?.artifacts.map(({ tier }) => tier)).toEqual([1, 1, 2, 2]);
    expect(stage.calls.of('ssm', 'SendCommand')).toHaveLength(4);
  });

  it('a tier that fails after another has begun: released, one mail, no point, and what was begun goes after a day', async () => {
    await open(inTiers());
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', skip: 1, effect: denied });
    await night(stage);
    await expectFailedAndReleased();
    expect(snapshots()).toHaveLength(2);
    await stage.time.advance(26 * hourMs);
    const left = snapshots().filter(({ goneAtMs, tags }) => {
      return goneAtMs === undefined && tags.get('holdfast:run') === 'orders-db-20260115T030000Z';
    });
    expect(left).toEqual([]);
  });

  it('a tier that comes to its second try after the deadline is not begun, and the mail says which hook let go', async () => {
    const [first] = hooks;
    if (first === undefined) throw new Error('the policy has no hook');
    await open({ quiesce: { hooks: [{ ...first, deadlineSeconds: 5 }], onFailure: 'abort' } });
    const slow = { code: 'RequestLimitExceeded', message: 'slow', status: 503, afterMs: 8000 };
    refusals('CreateSnapshots', { kind: 'refuse', ...slow });
    await night(stage);
    await expectFailedAndReleased();
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(1);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain(
      `The command hook on ${databaseId} reached its deadline of 5 s before this tier began.`,
    );
  });

  it('snapshots that come after the deadline are not taken for what was held', async () => {
    const [first] = hooks;
    if (first === undefined) throw new Error('the policy has no hook');
    await open({ quiesce: { hooks: [{ ...first, deadlineSeconds: 15 }], onFailure: 'abort' } });
    refusals('CreateSnapshots', { kind: 'delay', ms: 8000 });
    guest().installProgram('/opt/holdfast/quiesce', async (machine) => {
      machine.holdApplication('postgres');
      await machine.sleep(12_000);
      return 0;
    });
    await night(stage);
    expect(isDatabaseHeld(stage)).toBe(false);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('crash-consistent');
    expect(point?.verdict.evidence.join(' ')).toContain('released by its own timer');
  });
});

/** With how many of its calls each step is through; what a crash after any of them comes to. */
describe.each([
  ['plan-run', 'PlanRun', 13, 'sealed'],
  ['quiesce', 'Quiesce', 10, 'failed'],
  ['begin-tiers', 'BeginTiers', 6, 'sealed'],
  ['release', 'Release', 14, 'sealed'],
] as const)('a crash of %s', (_, step, calls, state) => {
  it.each(Array.from({ length: calls }, (_, after) => after))(
    `after %i of its calls leaves the guest free in time, at most one set, and the truth in ledger and mail: ${state}`,
    async (afterCalls) => {
      await open();
      stage.services.lambda.crash({ functionName: functionNamed(stage, step), afterCalls });
      await untilHeldOrOver();
      expect(await untilFree(stage, hourMs)).toBeLessThanOrEqual(deadlineMs);
      await stage.time.advance(hourMs);
      expect((await firstRun(stage)).state).toBe(state);
      await expectTruth();
    },
  );
});

describe('a crash of plan-run in every attempt, the first after it has written what it intends', () => {
  it('is a failed run of an application that was never held, and no false alarm', async () => {
    await open();
    const functionName = functionNamed(stage, 'PlanRun');
    for (const afterCalls of [12, 0, 0, 0]) stage.services.lambda.crash({ functionName, afterCalls });
    await night(stage);
    await expectFailedAndReleased();
    expect((await firstRun(stage)).window?.holds.map(releaser)).toEqual([
      ['command', 'free', 'none'],
      ['filesystem', 'free', 'none'],
    ]);
  });
});

describe('a crash of release after a failure', () => {
  it.each(Array.from({ length: 20 }, (_, after) => after))(
    'after %i of its calls makes no second mail',
    async (afterCalls) => {
      await open();
      stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: denied });
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'Release'), afterCalls });
      await night(stage);
      await expectFailedAndReleased();
    },
  );
});

describe('a crash of close-window, where quiescing failed and the policy stops', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('after %i of its calls makes no second mail', async (afterCalls) => {
    await open();
    guest().installProgram('/opt/holdfast/quiesce', () => 1);
    stage.services.lambda.crash({ functionName: functionNamed(stage, 'CloseWindow'), afterCalls });
    await night(stage);
    await expectFailedAndReleased();
    expect(executions(stage, 'protect')[0]?.status).toBe('FAILED');
  });
});

/** Where the crash comes before the guest is asked, it is never held. */
async function untilHeldOrOver(): Promise<void> {
  const isOver = () => executions(stage, 'protect').some(({ status }) => status !== 'RUNNING');
  await until(stage, 'the guest is held, or the execution over', () => isDatabaseHeld(stage) || isOver(), 3 * hourMs);
}

/** Whatever happened: free, known to be free, and either sealed without a mail or failed with one. */
async function expectTruth(): Promise<void> {
  expect(isDatabaseHeld(stage)).toBe(false);
  const run = await firstRun(stage);
  const points = await pointsIn(stage, 'orders-db');
  expect(run.window === undefined || run.window.releasedAt !== undefined).toBe(true);
  expect(executions(stage, 'protect').every(({ status }) => status !== 'RUNNING')).toBe(true);
  if (run.state === 'sealed') {
    expect(points).toHaveLength(1);
    expect(mails(stage)).toEqual([]);
    expect(snapshots().filter(({ goneAtMs }) => goneAtMs === undefined)).toHaveLength(4);
    const ids = points[0]?.artifacts.map(({ id }) => id) ?? [];
    if (points[0]?.verdict.consistency === 'application-consistent') {
      expect(stage.services.ec2.world.judgeSnapshots(ids)).toMatchObject([{ consistency: 'application-consistent' }]);
    }
  } else {
    expect(run.state).toBe('failed');
    expect(points).toEqual([]);
    expect(mails(stage)).toHaveLength(1);
  }
}
