/** The steps of a window one by one, as the machine calls them: what each answers, logs and writes down, at which moment. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hold, Run } from '#domain/run.ts';
import { changeRun, createRun } from '#ledger/runs.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { answerOf, logged } from './scenario/asking.ts';
import { isDatabaseHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { closeStage, minuteMs, openStage, pointsIn, runsIn, type Stage } from './scenario/stage.ts';
import { stopSweep } from './scenario/sweeps.ts';

let stage: Stage;

const moment = expect.stringMatching(/^2026-01-15T\d\d:\d\d:\d\d\.\d{3}Z$/);

const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
/** A managed database before the disks that refer to it. */
const policy = nightly({
  'orders-db': database({
    members: [
      { kind: 'rds', resource: 'orders' },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    quiesce: { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' },
    window: '20m',
  }),
});
const id = 'orders-db-20260115T010000Z';
const key = { workload: 'orders-db', runId: id };
const begin = (...tiers: readonly number[]) => answerOf(stage, 'BeginTiers', { ...key, tiers });
const stored = async () => (await runsIn(stage, 'orders-db'))[0];
const change = (next: (run: Run) => Run) => stage.drive(changeRun('orders-db', id, next));
const changeHolds = (changes: Partial<Hold>) =>
  change((run) => ({
    ...run,
    ...(run.window && { window: { ...run.window, holds: run.window.holds.map((each) => ({ ...each, ...changes })) } }),
  }));
const artifact = async (kind: string) => (await stored())?.artifacts.find((each) => each.kind === kind);
const created = () => stage.calls.of('rds', 'CreateDBSnapshot').length;
const refuse = (operation: string, effect: FaultEffect, times = 1) =>
  stage.faults.add({ service: operation.includes('DB') ? 'rds' : 'ec2', operation, times, effect });

beforeEach(async () => {
  stage = await openStage({ policy });
  stage.services.rds.world.launch({ name: 'orders' });
  const startedAt = new Date().toISOString();
  const run: Run = {
    ...{ id, workload: 'orders-db', scheduledAt: startedAt, trigger: 'schedule', startedAt },
    ...{ state: 'planning', artifacts: [] },
  };
  await stage.drive(createRun(run));
  expect(await answerOf(stage, 'PlanRun', key)).toMatchObject({ tiers: [1, 2] });
});
afterEach(() => closeStage(stage));

/** The name of the database's snapshot, with what is said of it. */
const database1 = async (words: string) => `rds orders (${(await artifact('rds'))?.id}) is ${words}`;
const minutes = async (count: number) => stage.time.advance(count * minuteMs);
const throttled: FaultEffect = { kind: 'refuse', code: 'Throttling', message: 'Rate exceeded', status: 400 };
const refusal: FaultEffect = { kind: 'refuse', code: 'NotNow', message: 'No.', status: 400 };

describe('begin-tiers', () => {
  it('waits for the first tier, then for a guard, and begins each once', async () => {
    stopSweep(stage, 'Settle');
    const first = await begin(1, 2);
    expect(first).toBe(`TierUnderWay: Not fixed yet: ${await database1('pending at 0%')}.`);
    expect((await stored())?.window).toMatchObject({ attemptedTiers: [1], beganAt: moment, begunAt: moment });
    await minutes(1);
    const second = await begin(1, 2);
    expect(second).toMatch(/^TierUnderWay: Not fixed yet: rds orders .* is pending at \d\d%\.$/);
    await minutes(5.2);
    await begin(1);
    const fixed = new Date().toISOString();
    await change((run) => ({
      ...run,
      artifacts: run.artifacts.map((each) => ({ ...each, cut: { lower: each.startedAt, upper: fixed } })),
    }));
    expect(await begin(1, 2)).toBe('TierUnderWay: The next tier begins a guard later.');
    expect(await artifact('rds')).toMatchObject({ state: 'completed', cut: { lower: moment, upper: moment } });
    expect(await artifact('ebs')).toBeUndefined();
    await minutes(1);
    const { window: before } = (await stored()) ?? {};
    const ids = async () => ({ artifacts: (await stored())?.artifacts.map((each) => each.id) });
    const answer = await begin(1, 2);
    expect(answer).toEqual(await ids());
    expect((await stored())?.artifacts.map(({ kind }) => kind)).toEqual(['rds', 'ebs', 'ebs', 'ebs', 'ebs']);
    expect((await stored())?.window).toEqual({ ...before, attemptedTiers: [1, 2], begunAt: moment });
    expect(await begin(1, 2)).toEqual(answer);
    expect(await begin(2)).toEqual({ artifacts: (await ids()).artifacts?.slice(1) });
    expect([created(), stage.calls.of('ec2', 'CreateSnapshots').length]).toEqual([1, 1]);
    const { beganAt, begunAt } = (await stored())?.window ?? {};
    expect([beganAt, begunAt === before?.begunAt]).toEqual([before?.beganAt, false]);
    // What only has to wait is no error of the function.
    expect(logged(stage, 'BeginTiers')).toEqual([
      ...[first, second].map((each) => String(each).replace('TierUnderWay', 'INFO')),
      'INFO: The next tier begins a guard later.',
    ]);
    expect(await answerOf(stage, 'Release', key)).toEqual({ released: true });
    const settling = await stored();
    expect(settling).toMatchObject({ state: 'settling', window: { releaseSentAt: moment, releasedAt: moment } });
    await minutes(30); // the events of its snapshots wake settle
    const [point, ...others] = await pointsIn(stage, 'orders-db');
    const verdict = { consistency: expect.stringMatching(/-consistent$/), evidence: expect.any(Array) };
    expect(await stored()).toEqual({
      ...settling,
      ...{ state: 'sealed', endedAt: moment, verdict: expect.objectContaining(verdict) },
      artifacts: settling?.artifacts.map((each) => ({ ...each, state: 'completed', progress: '100%' })),
    });
    const { artifacts, endedAt, verdict: judged } = (await stored()) ?? {};
    expect(point).toEqual({
      ...{
        id,
        workload: 'orders-db',
        takenAt: artifacts?.[0]?.startedAt,
        sealedAt: endedAt,
        artifacts,
        verdict: judged,
      },
    });
    expect(others).toEqual([]);
    expect(await answerOf(stage, 'Settle')).toEqual({ runs: 0, recoveries: 0 });
  });

  it('pins no moment before all has been still for as long as clocks may differ', async () => {
    const confirmedMs = Date.now();
    await changeHolds({ state: 'held', confirmedAt: new Date(confirmedMs).toISOString() });
    await change((run) => ({
      ...run,
      ...(run.plan && {
        plan: { ...run.plan, members: run.plan.members.map((each) => ({ ...each, continuous: true as const })) },
      }),
    }));
    const fromAt = new Date(confirmedMs + 5000).toISOString();
    expect(await begin(1)).toBe(
      `TierUnderWay: Tier 1 begins when all has been held still for long enough, at ${fromAt}.`,
    );
    expect((await stored())?.window?.attemptedTiers).toEqual([]);
  });

  it('takes nothing once a guest has let go by itself, unless the policy prefers that to no point', async () => {
    await changeHolds({ state: 'held', confirmedAt: new Date(Date.now() - 61 * minuteMs).toISOString() });
    expect(await begin(2)).toBe(
      'QuiesceFault: The command hook on i-0d47aba5e00000001 reached its deadline of 3600 s before this tier began.',
    );
    expect((await stored())?.window?.attemptedTiers).toEqual([]);
    await changeHolds({ confirmedAt: new Date(Date.now() - 59 * minuteMs).toISOString() });
    expect(await begin(2)).toEqual({ artifacts: Array(4).fill(expect.stringMatching(/^snap-/)) });
    await changeHolds({ confirmedAt: new Date(Date.now() - 61 * minuteMs).toISOString() });
    await change((run) => ({
      ...run,
      ...(run.plan && { plan: { ...run.plan, onQuiesceFailure: 'crash-consistent' } }),
    }));
    expect(await begin(2)).toEqual({ artifacts: Array(4).fill(expect.stringMatching(/^snap-/)) });
  });

  it('fails with what was under way at the end of the window', async () => {
    stopSweep(stage, 'Settle');
    stage.services.rds.arrange.nextSnapshotNeverEnds();
    await begin(1);
    await minutes(19.9);
    expect(await begin(1)).toBe(`TierUnderWay: Not fixed yet: ${await database1('pending at 30%')}.`);
    await minutes(0.2);
    const { deadlineAt } = (await stored())?.window ?? {};
    expect(await begin(1)).toBe(
      `ProviderFault: The window was over at ${deadlineAt}, and not done: ${await database1('pending at 30%')}.`,
    );
  });

  it('asks again while RDS throttles, until the window is over', async () => {
    stopSweep(stage, 'Settle');
    await begin(1);
    const end = refuse('DescribeDBSnapshots', throttled, Number.POSITIVE_INFINITY);
    const words = 'While asking for rds snapshots: Throttling: Rate exceeded';
    expect(await begin(1)).toBe(`TierUnderWay: Not known: ${words}`);
    await minutes(21);
    expect(await begin(1)).toBe(`TransientFault: ${words}`);
    end();
    refuse('DescribeDBSnapshots', refusal);
    expect(await begin(1)).toMatch(/^ProviderFault: While asking for rds snapshots: NotNow/);
  });

  it('fails with what RDS says of a snapshot that has failed', async () => {
    stopSweep(stage, 'Settle');
    stage.services.rds.arrange.nextSnapshotFails();
    await begin(1);
    await minutes(10);
    const answer = await begin(1);
    const { problem } = (await artifact('rds')) ?? {};
    expect(answer).toBe(`ProviderFault: ${await database1(`error at 100%: ${problem}`)}`);
    expect(await artifact('rds')).toMatchObject({ state: 'error' });
  });

  it('writes down what was begun though another of the tier was refused, which is what ends the run', async () => {
    await change((run) => ({
      ...run,
      ...(run.plan && { plan: { ...run.plan, members: run.plan.members.map((each) => ({ ...each, tier: 1 })) } }),
    }));
    const end = refuse('CreateDBSnapshot', { ...throttled, code: 'InvalidDBInstanceState' }, Number.POSITIVE_INFINITY);
    expect(await begin(1)).toMatch(/^TierUnderWay: /);
    expect((await stored())?.artifacts.map(({ kind }) => kind)).toEqual(Array(4).fill('ebs'));
    end();
    expect(await begin(1)).toMatch(/^TierUnderWay: Not fixed yet: rds orders/);
    expect((await stored())?.artifacts).toHaveLength(5);
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(1);
  });

  it('tells of what lasts before it tells of what passes, of several refusals', async () => {
    await change((run) => ({
      ...run,
      ...(run.plan && { plan: { ...run.plan, members: run.plan.members.map((each) => ({ ...each, tier: 1 })) } }),
    }));
    refuse('CreateDBSnapshot', { ...throttled, code: 'InvalidDBInstanceState' }, Number.POSITIVE_INFINITY);
    refuse('CreateSnapshots', refusal);
    expect(await begin(1)).toBe('ProviderFault: While starting the snapshots of i-0d47aba5e00000001: NotNow: No.');
    expect((await stored())?.window).toMatchObject({ attemptedTiers: [1], beganAt: moment });
    expect((await stored())?.artifacts).toEqual([]);
  });
});

it('holds still and lets go, once: what is released is not held again', async () => {
  const quiesce = { ...key, quiesceTimeoutSeconds: 60 };
  expect(await answerOf(stage, 'Quiesce', quiesce)).toEqual({ held: 1 });
  expect(isDatabaseHeld(stage)).toBe(true);
  expect((await stored())?.window?.holds).toMatchObject([{ state: 'held', confirmedAt: moment }]);
  expect(await answerOf(stage, 'Release', { ...key, closes: false })).toEqual({ released: true });
  expect(isDatabaseHeld(stage)).toBe(false);
  const { state, window } = (await stored()) ?? {};
  expect([state, window?.holds[0]?.state, window?.holds[0]?.releasedBy]).toEqual(['holding', 'free', 'release']);
  expect(await answerOf(stage, 'Quiesce', quiesce)).toContain('it will not be held still again');
  expect(isDatabaseHeld(stage)).toBe(false);
  expect((await stored())?.window).toEqual(window);
  expect(await answerOf(stage, 'Release', key)).toBe(
    `RunFailed: The run ${id} is failed: it did not reach its recovery point.`,
  );
});

it('says of each guest that has not confirmed that it has not, and keeps the window open', async () => {
  await answerOf(stage, 'Quiesce', { ...key, quiesceTimeoutSeconds: 60 });
  stage.faults.add({ service: 'ssm', operation: 'SendCommand', times: Number.POSITIVE_INFINITY, effect: refusal });
  expect(await answerOf(stage, 'Release', key)).toMatch(
    /^TransientFault: i-0d47aba5e00000001: the command hook's release is not confirmed: .*NotNow/,
  );
  expect(isDatabaseHeld(stage)).toBe(true);
  const { state, window } = (await stored()) ?? {};
  expect([state, window?.releaseSentAt, window?.releasedAt]).toEqual(['holding', moment, undefined]);
});
