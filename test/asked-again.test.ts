/** Functions that are asked once more, too late, or for what the ledger does not have: by hand, or by a machine whose call was delivered twice. */
import { afterEach, describe, expect, it } from 'vitest';
import { answerOf, logged } from './scenario/asking.ts';
import { mails } from './scenario/holding.ts';
import { leaseOf, openWithPoints, recover, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, minuteMs, openStage, runsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

/** Calls that could have changed something outside of the ledger. */
const effects = () => stage.calls.mutating().filter(({ call }) => ['ec2', 'ssm', 'states'].includes(call.service));

const planning = 'so nothing may be held still for it.';
const holding = 'nothing may be held still without recorded intent.';

describe('a run that is over', () => {
  const id = 'orders-db-20260115T030000Z';
  const run = `The run ${id} is sealed`;

  it.each([
    ['PlanRun', {}, `InvariantBroken: ${run}, ${planning}`],
    ['Quiesce', { quiesceTimeoutSeconds: 60 }, `InvariantBroken: ${run}: ${holding}`],
    ['BeginTiers', { tiers: [1] }, `InvariantBroken: ${run}, so no artifact may be begun for it.`],
    ['Release', {}, { released: true }],
    ['Release', { closes: false }, { released: true }],
    ['CloseWindow', {}, { handedOver: true }],
  ])('%s %o changes nothing of it, and keeps nobody from the workload', async (step, more, answer) => {
    stage = await openWithPoints();
    const before = await runsIn(stage, 'orders-db');
    stage.calls.clear();
    expect(await answerOf(stage, step, { workload: 'orders-db', runId: id, ...more })).toEqual(answer);
    expect(await runsIn(stage, 'orders-db')).toEqual(before);
    expect(effects()).toEqual([]);
    expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
    expect(mails(stage)).toEqual([]);
  });
});

describe('a run that the ledger does not have', () => {
  const run = 'The run orders-db-x is not in the ledger';
  const failed = `RunFailed: ${run}: it did not reach its recovery point.`;

  it.each([
    ['PlanRun', {}, `InvariantBroken: ${run}, ${planning}`],
    ['Quiesce', { quiesceTimeoutSeconds: 60 }, `InvariantBroken: ${run}: ${holding}`],
    ['BeginTiers', { tiers: [1] }, `InvariantBroken: ${run}, so no artifact may be begun for it.`],
    ['Release', {}, failed],
    ['Release', { closes: false }, { released: true }],
    ['CloseWindow', {}, failed],
  ])('%s %o begins nothing for it', async (step, more, answer) => {
    stage = await openStage();
    expect(await answerOf(stage, step, { workload: 'orders-db', runId: 'orders-db-x', ...more })).toEqual(answer);
    expect(await runsIn(stage, 'orders-db')).toEqual([]);
    expect(effects()).toEqual([]);
    expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
    expect(mails(stage)).toEqual([]);
  });
});

const phases = [
  ['CreateVolumes', 'create'],
  ['TakeSafetySnapshot', 'safeguard'],
  ['StopInstance', 'stop'],
  ['DetachVolumes', 'detach'],
  ['AttachVolumes', 'attach'],
  ['StartInstance', 'start'],
  ['VerifyRecovery', 'verify'],
] as const;

it('does nothing in any phase of a recovery that is over, nor undoes it, whoever asks', async () => {
  stage = await openWithPoints();
  await recover(stage, { workload: 'appliance' });
  const before = await recovered(stage, 'appliance');
  stage.calls.clear();
  const key = { workload: 'appliance', recoveryId: 'recovery-1' };
  for (const [step, phase] of phases) {
    expect(await answerOf(stage, step, key)).toBe(
      `InvariantBroken: The recovery recovery-1 is committed; ${phase} comes too late.`,
    );
  }
  expect(await answerOf(stage, 'CommitRecovery', key)).toEqual({ ...key, done: true });
  expect(await answerOf(stage, 'RollBack', key)).toEqual({ ...key, done: true, state: 'committed' });
  const failure = { Error: 'States.Timeout', Cause: '' };
  expect(await answerOf(stage, 'RollBack', { ...key, failure })).toEqual({
    ...{ ...key, failure, done: true, state: 'committed' },
  });
  await answerOf(stage, 'AbandonRecovery', { ...key, rollBackFailure: failure });
  const again = { request: { workload: 'appliance' }, execution: { name: 'recovery-1' } };
  expect(await answerOf(stage, 'PlanRecovery', again)).toBe(
    'InvalidRequest: The recovery recovery-1 has run: it is committed.',
  );
  expect(effects()).toEqual([]);
  expect({ ...(await recovered(stage, 'appliance')), closedAt: '' }).toEqual({ ...before, closedAt: '' });
  expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  expect(mails(stage)).toEqual([]);
});

it('says of a recovery that the ledger does not have that it does not, and that nothing was changed', async () => {
  stage = await openStage();
  // Until people have confirmed that they want mail.
  await stage.time.advance(20 * minuteMs);
  const key = { workload: 'appliance', recoveryId: 'recovery-9' };
  for (const [step, phase] of [...phases, ['CommitRecovery', 'commit'] as const]) {
    expect(await answerOf(stage, step, key)).toBe(
      `InvariantBroken: The recovery recovery-9 is not in the ledger; ${phase} comes too late.`,
    );
  }
  expect(await answerOf(stage, 'AbandonRecovery', { ...key, rollBackFailure: { Error: 'A', Cause: 'b' } })).toBe(
    'InvariantBroken: The recovery recovery-9 is not in the ledger.',
  );
  expect(await answerOf(stage, 'RollBack', key)).toEqual({ ...key, done: true, state: 'missing' });
  expect(mails(stage)).toEqual([]);
  const failure = { Error: 'ProviderFault', Cause: '{"errorMessage":"Nobody may."}' };
  expect(await answerOf(stage, 'RollBack', { ...key, failure })).toEqual({
    ...{ ...key, failure, done: true, state: 'missing' },
  });
  await stage.time.advance(minuteMs);
  expect(effects()).toEqual([]);
  expect(mails(stage)).toEqual(['appliance: recovery REFUSED; nothing was changed']);
  expect(stage.inbox(failuresAddress)[0]?.message).toContain('> Nobody may.');
});

describe('the guard', () => {
  const eventOf = (changes: object) => ({
    detail: { stateMachineArn: stage.deployed.HoldfastProtect, name: 'x', status: 'ABORTED', ...changes },
  });

  it('leaves executions of other machines alone, and those that it cannot know the workload of', async () => {
    stage = await openStage();
    const other = 'arn:aws:states:eu-west-1:111122223333:stateMachine:other';
    const recover = { stateMachineArn: stage.deployed.HoldfastRecover };
    for (const changes of [{ stateMachineArn: other }, {}, { input: null }, { input: '{"workload":7}' }, recover])
      expect(await answerOf(stage, 'Guard', eventOf(changes))).toBeNull();
    const unknown = 'WARN: The execution x has no workload in its input.';
    expect(logged(stage, 'Guard')).toEqual([
      `WARN: An event of another state machine reached the guard: ${other}`,
      ...[unknown, unknown, unknown],
    ]);
    expect(mails(stage)).toEqual([]);
  });
});
