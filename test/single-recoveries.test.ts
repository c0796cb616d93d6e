/** The steps of a recovery one by one, as the machine calls them: what each answers and writes down, and when it waits. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropLease, takeLease } from '#ledger/lease.ts';
import { changePoint } from '#ledger/points.ts';
import { answerOf } from './scenario/asking.ts';
import { mails } from './scenario/holding.ts';
import { applianceId } from './scenario/policy.ts';
import { functionNamed, leaseOf, openWithPoints, portrait, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, hourMs, minuteMs, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

const moment = expect.stringMatching(/^2026-01-15T\d\d:\d\d:\d\d\.\d{3}Z$/);
const workload = 'appliance';
const recoveryId = 'by-hand';
const key = { workload, recoveryId };
const point = 'appliance-20260115T030000Z';
const plan = (request: object = {}) =>
  answerOf(stage, 'PlanRecovery', { request: { workload, ...request }, execution: { name: recoveryId } });
const step = (name: string, more: object = {}) => answerOf(stage, name, { ...key, ...more });

beforeEach(async () => {
  stage = await openWithPoints();
});
afterEach(() => closeStage(stage));

/** Calls a step until it is done, as the machine does. */
async function through(name: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (Object(await step(name)).done === true) return;
    await stage.time.advance(3000);
  }
  throw new Error(`${name} is never done.`);
}

const timeOut = { failure: { Error: 'States.Timeout', Cause: '' } };
const refused = { failure: { Error: 'ProviderFault', Cause: '{"errorMessage":"EC2 said no."}' } };
const create = { phase: 'create', startedAt: moment, endedAt: moment };
/** How it stands, without the plan and what was asked for. */
async function standing() {
  const {
    id: _,
    workload: __,
    request: ___,
    pointId: ____,
    startedAt: _____,
    plan: ______,
    ...rest
  } = {
    ...(await recovered(stage, workload)),
  };
  return rest;
}

describe('plan-recovery', () => {
  it('shows without changing anything, also that it would be refused, by whom and until when', async () => {
    const shown = {
      ...{ dryRun: true, workload, point, takenAt: moment, kinds: ['ebs'], warnings: [] },
      calls: expect.arrayContaining([expect.stringMatching(/^aws ec2 stop-instances/)]),
    };
    expect(await plan({ dryRun: true })).toEqual(shown);
    const [takenAt, untilAt] = [-1, 1].map((hours) => new Date(Date.now() + hours * hourMs).toISOString());
    const hold = (until = '') => ({ holder: 'x', kind: 'run' as const, takenAt: takenAt ?? '', untilAt: until });
    await stage.drive(takeLease(workload, hold(takenAt)));
    expect(await plan({ dryRun: true })).toEqual(shown);
    await stage.drive(takeLease(workload, hold(untilAt)));
    const why = `The run x has held the workload since ${takenAt}, and holds it until ${untilAt} at the latest.`;
    expect(await plan({ dryRun: true })).toEqual({ ...shown, warnings: [`Now it would be refused: ${why}`] });
    expect(await recovered(stage, workload)).toBeUndefined();
    expect(await plan()).toBe(`InvalidRequest: ${why}`);
    await stage.time.advance(minuteMs);
    expect(mails(stage)).toEqual(['appliance: recovery REFUSED; nothing was changed']);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain(`> ${why}`);
    expect((await leaseOf(stage, workload))?.holder).toBe('x');
  });

  it('takes the workload and writes the plan down, once however often it is asked', async () => {
    const answer = { ...key, done: true, dryRun: false };
    expect(await plan()).toEqual(answer);
    const lease = await leaseOf(stage, workload);
    expect(lease).toEqual({ holder: recoveryId, kind: 'recovery', takenAt: moment, untilAt: moment });
    expect(Date.parse(lease?.untilAt ?? '') - Date.parse(lease?.takenAt ?? '')).toBe(6 * hourMs);
    const before = await recovered(stage, workload);
    expect(before).toMatchObject({ id: recoveryId, request: { workload }, pointId: point, startedAt: moment });
    expect(await standing()).toEqual({ state: 'planned', phases: [] });
    expect(await plan()).toEqual(answer);
    expect(await recovered(stage, workload)).toEqual(before);
    expect(mails(stage)).toEqual([]);
  });

  it('is refused where retire has begun with the point meanwhile, and changes nothing', async () => {
    const slow = { kind: 'delay', ms: 5000 } as const;
    const isRecord = (input: unknown) => JSON.stringify(input).includes('"phases"');
    stage.faults.add({ service: 'dynamodb', operation: 'PutItem', when: isRecord, effect: slow });
    const looks = stage.calls.of('ec2', 'DescribeInstanceTypes').length;
    const Payload = JSON.stringify({ request: { workload }, execution: { name: recoveryId } });
    const planning = new LambdaClient({}).send(
      new InvokeCommand({ FunctionName: functionNamed(stage, 'PlanRecovery'), Payload }),
    );
    await until(stage, 'it is planned', () => stage.calls.of('ec2', 'DescribeInstanceTypes').length > looks);
    const retire = { reason: 'older than 30 days', plannedAt: new Date().toISOString() };
    await stage.drive(changePoint(workload, point, (now) => ({ ...now, retire })));
    const { Payload: answered } = await stage.drive(planning);
    const message = `The point ${point} is being retired (older than 30 days): choose a newer one.`;
    expect(JSON.parse(answered?.transformToString() ?? '')).toMatchObject({
      ...{ errorType: 'InvalidRequest', errorMessage: message },
    });
    const failure = { name: 'InvalidRequest', message, phase: 'planning' };
    expect(await standing()).toEqual({ state: 'refused', phases: [], failure, endedAt: moment });
    expect(await leaseOf(stage, workload)).toBeUndefined();
    await stage.time.advance(minuteMs);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain(`> ${message}`);
    // The sweep makes sure of what follows a refusal.
    await stage.time.advance(10 * minuteMs);
    expect((await standing()).closedAt).toEqual(moment);
    expect(mails(stage)).toEqual(['appliance: recovery REFUSED; nothing was changed']);
  });
});

describe('roll-back', () => {
  it('keeps still for a minute, in two calls, after what may still be running, and then undoes all', async () => {
    const before = portrait(stage, applianceId);
    await plan();
    await through('CreateVolumes');
    expect(await standing()).toEqual({ state: 'create', phases: [create] });
    const fromMs = Date.now();
    const waiting = { ...key, ...timeOut, done: false, state: 'rolling-back' };
    expect(await step('RollBack', timeOut)).toEqual(waiting);
    const failure = { name: 'States.Timeout', message: '', phase: 'create' };
    const rollingBack = { phase: 'roll-back', startedAt: moment };
    expect(await standing()).toEqual({ state: 'rolling-back', failure, phases: [create, rollingBack] });
    expect(await step('RollBack', timeOut)).toEqual(waiting);
    expect(Math.round((Date.now() - fromMs) / 1000)).toBe(60);
    // The first failure stays.
    const done = { ...key, ...refused, done: true, state: 'rolled-back' };
    expect(await step('RollBack', refused)).toEqual(done);
    expect(await step('RollBack', refused)).toEqual(done);
    expect(await standing()).toEqual({
      ...{ state: 'rolled-back', failure, endedAt: moment, closedAt: moment },
      phases: [create, { ...rollingBack, endedAt: moment }],
    });
    expect(portrait(stage, applianceId)).toBe(before);
    expect(await leaseOf(stage, workload)).toBeUndefined();
    await stage.time.advance(minuteMs);
    expect(mails(stage)).toEqual(['appliance: recovery FAILED and was rolled back']);
  });

  it('begins at once after a failure that has ended', async () => {
    await plan();
    await through('CreateVolumes');
    const fromMs = Date.now();
    expect(await step('RollBack', refused)).toEqual({ ...key, ...refused, done: true, state: 'rolled-back' });
    expect(Date.now() - fromMs).toBeLessThan(20_000);
    expect((await standing()).failure).toEqual({ name: 'ProviderFault', message: 'EC2 said no.', phase: 'create' });
  });

  it('says to the guard, which has caught nothing, that its execution has ended', async () => {
    await plan();
    expect(await step('RollBack')).toEqual({ ...key, done: false, state: 'rolling-back' });
    expect((await standing()).failure).toEqual({
      ...{ name: 'ExecutionEnded', phase: 'planned' },
      message: 'Its execution was aborted, timed out, or failed.',
    });
  });

  it('starts the instance with the volumes that it had', async () => {
    const before = portrait(stage, applianceId);
    await plan();
    for (const name of ['CreateVolumes', 'TakeSafetySnapshot', 'StopInstance', 'DetachVolumes']) await through(name);
    expect(portrait(stage, applianceId)).not.toBe(before);
    expect(await step('RollBack', refused)).toEqual({ ...key, ...refused, done: true, state: 'rolled-back' });
    expect(portrait(stage, applianceId)).toBe(before);
  });
});

describe('abandon-recovery', () => {
  it('strands what could not be brought back: why, what is where, who waits, and what to type', async () => {
    await plan();
    await through('CreateVolumes');
    const rollBackFailure = { Error: 'ProviderFault', Cause: '{"errorMessage":"EC2 said no again."}' };
    expect(await step('AbandonRecovery', { rollBackFailure })).toEqual({ ...key, state: 'stranded' });
    const { untilAt } = (await leaseOf(stage, workload)) ?? {};
    const { leftovers = [], ...rest } = await standing();
    expect(rest).toEqual({
      ...{ state: 'stranded', application: expect.stringMatching(/./), endedAt: moment, closedAt: moment },
      phases: [create],
    });
    expect(leftovers[0]).toBe('Why it could not be rolled back: ProviderFault: EC2 said no again.');
    expect(leftovers.slice(-3)).toEqual([
      `Until ${untilAt} no backup and no other recovery of appliance is begun, so that nothing captures this state.`,
      'Once the cause is gone, this does the same as those commands; and once they are done, it finds that, and the workload is free at once:',
      'npx holdfast recover appliance --undo',
    ]);
    const before = await recovered(stage, workload);
    await step('AbandonRecovery', { rollBackFailure });
    expect(await recovered(stage, workload)).toEqual(before);
    await stage.time.advance(minuteMs);
    expect(mails(stage)).toHaveLength(1);
  });

  it('says nothing of a wait where somebody else has the workload by then', async () => {
    await plan();
    await stage.drive(dropLease(workload, recoveryId));
    await step('AbandonRecovery', { rollBackFailure: { Error: 'X', Cause: 'y' } });
    expect((await standing()).leftovers?.join('\n')).not.toContain('no backup and no other recovery');
  });
});
