/** Single functions, of runs as the ledger may have them: what each answers and writes down, and whom it tells. */
import { CreateSnapshotCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Point } from '#domain/point.ts';
import type { Run } from '#domain/run.ts';
import { takeLease } from '#ledger/lease.ts';
import { createPoint } from '#ledger/points.ts';
import { drawTokens, takeSlots } from '#ledger/reservations.ts';
import { createRun } from '#ledger/runs.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { answerOf, logged } from './scenario/asking.ts';
import { mails } from './scenario/holding.ts';
import { databaseId } from './scenario/policy.ts';
import { leaseOf } from './scenario/recovering.ts';
import { closeStage, minuteMs, openStage, runsIn, type Stage, startMs } from './scenario/stage.ts';
import { areAllSlotsFree } from './scenario/sweeps.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => closeStage(stage));

const scheduledAt = '2026-01-15T00:30:00.000Z';
const id = 'orders-db-20260115T003000Z';
const key = { workload: 'orders-db', runId: id };
const at = (minutes: number) => new Date(startMs + minutes * minuteMs).toISOString();
const moment = expect.stringMatching(/^2026-01-15T\d\d:\d\d:\d\d\.\d{3}Z$/);

/** Half an hour old when the stage opens. */
const run = (changes: Partial<Run>): Run => ({
  ...{ id, workload: 'orders-db', scheduledAt, trigger: 'schedule', startedAt: scheduledAt },
  ...{ state: 'planning', artifacts: [], ...changes },
});
const put = (changes: Partial<Run>) => stage.drive(createRun(run(changes)));
const stored = async () => (await runsIn(stage, 'orders-db'))[0];
const hold = (holder = id, untilAt = at(600)) =>
  stage.drive(takeLease('orders-db', { holder, kind: 'run', takenAt: scheduledAt, untilAt }));
const refusal: FaultEffect = { kind: 'refuse', code: 'NotNow', message: 'No.', status: 400 };
const refuseLedger = (operation: string, part: string) => {
  const when = (input: unknown) => JSON.stringify(input).includes(part);
  stage.faults.add({ service: 'dynamodb', operation, when, effect: refusal });
};

describe('begin-run', () => {
  const schedule = { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' };
  const both = { schedule, scheduledAt };
  const begun = (outcome: string) => ({ runId: id, outcome });
  const other = { runId: 'appliance-20260115T003000Z', outcome: 'begun' };

  it('begins all workloads of the schedule, once, as runs that wait', async () => {
    expect(await answerOf(stage, 'BeginRun', both)).toEqual({ runs: [other, begun('begun')] });
    const waiting = { ...run({ state: 'waiting', expectedSlots: 8 }), startedAt: moment, urgentAt: moment };
    expect(await stored()).toEqual(waiting);
    expect(await answerOf(stage, 'BeginRun', both)).toEqual({ runs: [other, begun('begun')] });
    expect(
      await answerOf(stage, 'BeginRun', { schedule: { ...schedule, timeZone: 'Europe/Paris' }, scheduledAt }),
    ).toEqual({
      runs: [],
    });
    await stage.time.advance(10 * minuteMs);
    expect(await answerOf(stage, 'BeginRun', both)).toEqual({
      runs: [{ ...other, outcome: 'exists' }, begun('exists')],
    });
    expect(await runsIn(stage, 'orders-db')).toHaveLength(1);
  });

  it('begins the others where one cannot be, and says so, for Scheduler to try again', async () => {
    refuseLedger('PutItem', 'run#appliance');
    expect(await answerOf(stage, 'BeginRun', both)).toBe(
      `ProviderFault: While writing workload#appliance run#${other.runId} to the ledger: NotNow: No.`,
    );
    expect(await stored()).toMatchObject({ id });
    expect(await answerOf(stage, 'BeginRun', both)).toEqual({ runs: [other, begun('begun')] });
  });

  it('refuses a run while another holds the workload, and says which since when', async () => {
    await hold('orders-db-x');
    const why = `The run orders-db-x has held orders-db since ${scheduledAt}.`;
    expect(await answerOf(stage, 'BeginRun', { workload: 'orders-db', scheduledAt })).toEqual({
      ...{ ...begun('refused'), why },
    });
    const refused = { name: 'BusyFault', message: why, phase: 'begin-run' };
    expect(await stored()).toMatchObject({ state: 'refused', trigger: 'operator', failure: refused, endedAt: moment });
  });

  it('refuses a run while one of before has not ended, and not while a lease that is over lies about', async () => {
    await hold('orders-db-x', at(-1));
    expect(await answerOf(stage, 'BeginRun', { workload: 'orders-db', scheduledAt })).toEqual(begun('begun'));
    const later = '2026-01-15T00:45:00.000Z';
    const why = expect.stringMatching(`^The run ${id}, begun at .*, has not ended: it is `);
    expect(await answerOf(stage, 'BeginRun', { workload: 'orders-db', scheduledAt: later })).toEqual({
      ...{ runId: 'orders-db-20260115T004500Z', outcome: 'refused', why },
    });
  });
});

describe('the urgency of a run', () => {
  const point = (changes: Partial<Point>): Point => ({
    ...{ id: 'orders-db-20260114T120000Z', workload: 'orders-db', takenAt: '2026-01-14T12:00:00.000Z' },
    ...{ sealedAt: '2026-01-14T12:10:00.000Z', artifacts: [] },
    ...{ verdict: { consistency: 'crash-consistent', evidence: [] }, ...changes },
  });
  const newer = { id: 'orders-db-20260114T130000Z', takenAt: '2026-01-14T13:00:00.000Z' };
  const urgentAt = async () => {
    await answerOf(stage, 'BeginRun', { workload: 'orders-db', scheduledAt });
    const { urgentAt, startedAt } = (await stored()) ?? {};
    return urgentAt === startedAt ? 'at once' : urgentAt;
  };

  it('grows with the age of the newest point: its RPO is 26 hours', async () => {
    for (const each of [point({}), point(newer)]) await stage.drive(createPoint(each));
    expect(await urgentAt()).toBe('2026-01-15T15:00:00.000Z');
  });

  it('is that of the newest good one', async () => {
    const broken = { problem: 'gone', at: scheduledAt };
    for (const each of [point({}), point({ ...newer, broken })]) await stage.drive(createPoint(each));
    expect(await urgentAt()).toBe('2026-01-15T14:00:00.000Z');
  });

  it('is the greatest where there is none', async () => {
    await stage.drive(createPoint(point({ broken: { problem: 'gone', at: scheduledAt } })));
    expect(await urgentAt()).toBe('at once');
  });
});

describe('what a failed run has left', () => {
  /** A snapshot with the stack's tag, of a run that failed so many hours ago. */
  async function leave(hours: number) {
    const VolumeId = stage.services.ec2.world.volumeAt(databaseId, '/dev/sdf').id;
    const Tags = [{ Key: 'holdfast:stack', Value: 'Holdfast' }];
    const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags }];
    const made = await stage.drive(new EC2Client({}).send(new CreateSnapshotCommand({ VolumeId, TagSpecifications })));
    const artifact = {
      ...{ kind: 'ebs', id: made.SnapshotId ?? '', source: VolumeId, tier: 1, startedAt: scheduledAt, detail: {} },
      state: 'completed' as const,
    };
    const changes = {
      ...{ state: 'failed' as const, endedAt: new Date(Date.now() - hours * 60 * minuteMs).toISOString() },
      ...{ failure: { name: 'ProviderFault', message: 'No.', phase: 'settle' }, artifacts: [artifact] },
    };
    await put(changes);
    await stage.time.advance(minuteMs); // until EC2, and the index, show it everywhere
    return { id: artifact.id, before: run(changes), gone: { artifacts: [{ ...artifact, state: 'gone' as const }] } };
  }
  const deleted = () => stage.calls.of('ec2', 'DeleteSnapshot').map(({ input }) => Object(input).SnapshotId);

  it.each([
    [23, 'kept', false],
    [25, 'deleted', false],
    [47, 'deleted', false],
    [49, 'deleted', true],
  ])('is after %i hours %s, and once it is two days old no more looked for: %s', async (hours, what, isTidy) => {
    const left = await leave(hours);
    const after = { ...left.before, ...(what === 'kept' ? {} : left.gone), ...(isTidy ? { tidiedAt: moment } : {}) };
    for (let time = 0; time < 2; time += 1) {
      expect(await answerOf(stage, 'Retire')).toEqual({ retired: 0, blocked: 0 });
      expect(await stored()).toEqual(after);
      expect(deleted()).toEqual(what === 'kept' ? [] : [left.id]);
    }
  });

  it('is tried again as long as it could not be deleted, which is logged', async () => {
    const left = await leave(49);
    stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', effect: refusal });
    await answerOf(stage, 'Retire');
    expect(await stored()).toEqual(left.before);
    expect(logged(stage, 'Retire')).toEqual([`WARN: ${id}: While deleting ${left.id}: NotNow: No.`]);
    await answerOf(stage, 'Retire');
    expect(await stored()).toEqual({ ...left.before, ...left.gone, tidiedAt: moment });
  });
});

describe('plan-run', () => {
  const region = { limit: 100, pending: {} };

  it('answers what the machine has to know, and writes the intent', async () => {
    await put({ state: 'waiting' });
    const answer = await answerOf(stage, 'PlanRun', key);
    expect(answer).toEqual({
      ...{ ...key, tiers: [1], onQuiesceFailure: 'abort', patientUntil: moment },
      ...{ quiesceTimeoutSeconds: 60, beginTimeoutSeconds: 12 },
    });
    const { state, window, plan } = (await stored()) ?? {};
    expect({ state, ends: window?.deadlineAt, tiers: window?.attemptedTiers }).toEqual({
      ...{ state: 'holding', ends: moment, tiers: [] },
    });
    expect(Object(answer).patientUntil).toBe(window?.intendedAt);
    expect(window?.holds.map(({ state, hook }) => [state, hook.kind])).toEqual(
      plan?.hooks.map(({ kind }) => ['intended', kind]),
    );
    expect(await answerOf(stage, 'PlanRun', key)).toEqual(answer);
  });

  it('takes nothing while the Region’s slots are not free, nor while the tokens are not', async () => {
    await put({ state: 'planning' });
    await stage.drive(takeSlots('others', 97, region, Date.now()));
    expect(await answerOf(stage, 'PlanRun', key)).toBe(
      'BusyFault: 4 pending-snapshot slots are needed and not free: the Region has 100, for all runs and for what others have pending.',
    );
    const bucket = { name: 'CreateSnapshots', capacity: 100, refillPerSecond: 5 };
    await stage.drive(takeSlots('others', 1, region, Date.now()));
    // Just now, when planning comes to it: five come again in each second.
    await stage.drive(drawTokens(bucket, 'others', 100, Date.now() + minuteMs));
    expect(await answerOf(stage, 'PlanRun', key)).toMatch(
      /^BusyFault: \d+ CreateSnapshots tokens are needed and not free: other runs have drawn them\.$/,
    );
    expect(await stored()).toEqual(run({}));
    expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
  });

  it('holds nothing still for a run that has lost its workload to another meanwhile', async () => {
    await put({});
    await hold('orders-db-x');
    expect(await answerOf(stage, 'PlanRun', key)).toBe(
      `InvalidRequest: The run orders-db-x has held orders-db since ${scheduledAt}.`,
    );
    expect(await stored()).toEqual(run({}));
  });
});

describe('a window that ends early', () => {
  const cause = JSON.stringify({ errorMessage: 'EC2 said no.' });
  const caught = { Error: 'ProviderFault', Cause: cause };
  const early = 'The window ended before every artifact was begun.';

  it.each([
    [
      { failure: caught },
      { name: 'ProviderFault', message: 'EC2 said no.', phase: 'planning or beginning the artifacts' },
    ],
    [{ quiesceFailure: caught }, { name: 'ProviderFault', message: 'EC2 said no.', phase: 'quiescing' }],
    [{}, { name: 'InvariantBroken', message: early, phase: 'close-window' }],
  ])('fails the run for what was caught, gives all back, and fails the execution: %o', async (more, failure) => {
    await stage.time.advance(20 * minuteMs); // until people have confirmed that they want mail
    await put({});
    await hold();
    await stage.drive(takeSlots(id, 4, { limit: 4, pending: {} }, Date.now()));
    expect(await answerOf(stage, 'CloseWindow', { ...key, ...more })).toBe(
      `RunFailed: The run ${id} is failed: it did not reach its recovery point.`,
    );
    expect(await stored()).toEqual({ ...run({ state: 'failed', failure }), endedAt: moment });
    expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
    expect(await areAllSlotsFree(stage)).toBe(true);
    await stage.time.advance(minuteMs);
    expect(mails(stage)).toEqual(['orders-db: backup FAILED; application never held']);
  });

  it('is noticed by the guard when the execution was aborted', async () => {
    await put({});
    await hold();
    const { HoldfastProtect: stateMachineArn } = stage.deployed;
    const detail = { stateMachineArn, name: id, status: 'ABORTED', input: JSON.stringify(key) };
    expect(await answerOf(stage, 'Guard', { detail })).toBeNull();
    expect((await stored())?.failure).toEqual({
      ...{ name: 'Execution.ABORTED', phase: 'the execution itself' },
      message: `The execution ${id} ended as ABORTED before its window was closed.`,
    });
    expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
  });

  it('is noticed by settle once an execution that was just asked for must be visible', async () => {
    await put({ startedAt: at(0) });
    expect(await answerOf(stage, 'Settle')).toEqual({ runs: 1, recoveries: 0 });
    await stage.time.advance(110_000);
    await answerOf(stage, 'Settle');
    expect(await stored()).toEqual(run({ startedAt: at(0) }));
    await stage.time.advance(60_000);
    await answerOf(stage, 'Settle');
    expect((await stored())?.failure).toEqual({
      ...{ name: 'ExecutionLost', phase: 'the execution itself' },
      message: `The execution ${id} ended, or never began, without closing its window.`,
    });
  });
});

describe('settle, of runs that wait', () => {
  it('refuses one that is too late, with the reason, and gives back what it had', async () => {
    await put({ state: 'waiting', scheduledAt: '2026-01-14T20:00:00.000Z', id: 'orders-db-20260114T200000Z' });
    await answerOf(stage, 'Settle');
    const message = expect.stringMatching(/^The call that begins it came 4 h 30 min after its time, and so/);
    expect(await stored()).toMatchObject({
      ...{ state: 'refused', endedAt: moment },
      failure: { name: 'TooLate', message, phase: 'begin-run' },
    });
  });

  it('says which it could not look at, and does not begin it; the others it begins', async () => {
    const late = 'orders-db-20260114T200000Z';
    await put({ state: 'waiting', scheduledAt: '2026-01-14T20:00:00.000Z', id: late });
    const other = { workload: 'appliance', id: 'appliance-20260115T003000Z' };
    await put({ ...other, state: 'waiting' });
    refuseLedger('GetItem', `run#${late}`);
    expect(await answerOf(stage, 'Settle')).toBe(
      `ProviderFault: While reading workload#orders-db run#${late} from the ledger: NotNow: No.`,
    );
    expect((await stored())?.state).toBe('waiting');
    expect((await runsIn(stage, 'appliance'))[0]).toMatchObject({ state: 'planning', admittedAt: moment });
    await answerOf(stage, 'Settle');
    expect((await stored())?.state).toBe('refused');
  });

  it('refuses one whose workload another has taken meanwhile, and frees its slots', async () => {
    await put({ state: 'waiting', trigger: 'operator' });
    await hold('orders-db-x');
    expect(await answerOf(stage, 'Settle')).toEqual({ runs: 1, recoveries: 0 });
    expect(await stored()).toMatchObject({
      ...{ state: 'refused', endedAt: moment },
      failure: {
        ...{ name: 'BusyFault', phase: 'begin-run' },
        message: `The run orders-db-x has held orders-db since ${scheduledAt}.`,
      },
    });
    expect(await areAllSlotsFree(stage)).toBe(true);
    expect(logged(stage, 'Settle')).toEqual([]);
  });
});
