import { afterEach, describe, expect, it } from 'vitest';
import { dropLease, takeLease } from '#ledger/lease.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { database, firstRun, isDatabaseHeld, mails, untilHeld } from './scenario/holding.ts';
import { database as databaseWorkload, nightly } from './scenario/policy.ts';
import { functionNamed, leaseOf } from './scenario/recovering.ts';
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
  type StageOptions,
  until,
  window,
} from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

async function open(options: StageOptions = {}) {
  stage = await openStage({ policy: nightly({ 'orders-db': databaseWorkload() }), ...options });
}

const lost: FaultEffect = { kind: 'lose-reply' };
const snapshots = () =>
  [...stage.services.ec2.world.snapshots.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
const beginRun = (payload: object = { workload: 'orders-db' }) =>
  stage.invoke(functionNamed(stage, 'BeginRun'), payload);
const scheduledAt = '2026-01-15T03:00:00Z';
const refused = 'orders-db: backup REFUSED; application not touched';

/** One run, one execution, one set, one point, and nothing that anybody had to be told. */
async function expectOneSet(): Promise<void> {
  expect(await runsIn(stage, 'orders-db')).toHaveLength(1);
  expect(executions(stage, 'protect')).toHaveLength(1);
  expect(snapshots()).toHaveLength(4);
  expect(new Set(snapshots().map(({ setId }) => setId)).size).toBe(1);
  const points = await pointsIn(stage, 'orders-db');
  expect(points.map(({ verdict }) => verdict.consistency)).toEqual(['application-consistent']);
  expect(mails(stage)).toEqual([]);
  expect(isDatabaseHeld(stage)).toBe(false);
}

describe('a run whose lease has run out while it was planned', () => {
  it('holds nothing still once a recovery has the workload', async () => {
    await open();
    const caller = `function:${functionNamed(stage, 'PlanRun')}`;
    stage.faults.add({ service: 'ec2', operation: 'DescribeVolumes', caller, effect: { kind: 'delay', ms: 30_000 } });
    await until(stage, 'it is planned', () => stage.calls.of('ec2', 'DescribeInstances').length > 0, 3 * hourMs);
    const runId = 'orders-db-20260115T030000Z';
    const takenAt = new Date(stage.clock.nowMs()).toISOString();
    const untilAt = new Date(stage.clock.nowMs() + hourMs).toISOString();
    await stage.drive(dropLease('orders-db', runId));
    await stage.drive(takeLease('orders-db', { holder: 'recovery-1', kind: 'recovery', takenAt, untilAt }));
    await stage.time.advance(30 * minuteMs);
    expect(stage.calls.of('ssm', 'SendCommand')).toHaveLength(0);
    expect((await runsIn(stage, 'orders-db')).map(({ state }) => state)).toEqual(['failed']);
    expect((await leaseOf(stage, 'orders-db'))?.holder).toBe('recovery-1');
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('recovery-1');
  });

  it('has it for as long as its window may last, from the moment that this is known', async () => {
    await open();
    const lease = async () => (await leaseOf(stage, 'orders-db'))?.untilAt ?? '';
    const caller = `function:${functionNamed(stage, 'PlanRun')}`;
    stage.faults.add({ service: 'ec2', operation: 'DescribeVolumes', caller, effect: { kind: 'delay', ms: 60_000 } });
    await until(stage, 'it is planned', () => stage.calls.of('ec2', 'DescribeInstances').length > 0, 3 * hourMs);
    const before = await lease();
    await untilHeld(stage);
    expect(Date.parse(await lease())).toBeGreaterThanOrEqual(Date.parse(before) + minuteMs);
  });
});

describe('a run that would overlap another of its workload is refused, in one mail that names the other', () => {
  it('while the other holds the workload still', async () => {
    await open();
    await untilHeld(stage);
    const { payload } = await beginRun();
    expect(payload).toMatchObject({ outcome: 'refused', why: expect.stringContaining('orders-db-20260115T030000Z') });
    await stage.time.advance(hourMs);
    expect((await runsIn(stage, 'orders-db')).map(({ state }) => state).toSorted()).toEqual(['refused', 'sealed']);
    expect(mails(stage)).toEqual([refused]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('orders-db-20260115T030000Z');
    expect(snapshots()).toHaveLength(4);
  });

  it('while snapshots of the other are not complete', async () => {
    await open({ ec2: { durations: { completeSnapshot: 40 * minuteMs } } });
    await window(stage);
    const { payload } = await beginRun();
    expect(payload).toMatchObject({ outcome: 'refused', why: expect.stringContaining('it is settling') });
    await stage.time.advance(2 * hourMs);
    expect(mails(stage)).toEqual([refused]);
    expect(snapshots()).toHaveLength(4);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  });

  it('while one that began hours ago is open, however many were refused since', async () => {
    await open({ ec2: { durations: { completeSnapshot: 9 * hourMs } } });
    await window(stage);
    const hours = [4, 5, 6, 7, 8];
    for (const hour of hours) {
      await stage.time.advance(hourMs);
      const { payload } = await beginRun({ workload: 'orders-db', scheduledAt: `2026-01-15T0${hour}:00:00Z` });
      expect(payload).toMatchObject({ outcome: 'refused' });
    }
    expect((await runsIn(stage, 'orders-db')).filter(({ state }) => state !== 'refused')).toHaveLength(1);
  });

  it('while a recovery has the workload down', async () => {
    await open();
    const lease = { holder: 'recovery-1', kind: 'recovery', takenAt: '2026-01-15T02:59:00.000Z' } as const;
    await stage.drive(takeLease('orders-db', { ...lease, untilAt: '2026-01-15T05:00:00.000Z' }));
    await stage.time.advance(3 * hourMs);
    expect(executions(stage, 'protect')).toEqual([]);
    expect((await firstRun(stage)).state).toBe('refused');
    expect(mails(stage)).toEqual([refused]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('The recovery recovery-1 has held');
    expect(stage.calls.of('ssm', 'SendCommand')).toEqual([]);
  });

  it('and one mail is all, however often it is asked for again', async () => {
    await open();
    await untilHeld(stage);
    const at = { workload: 'orders-db', scheduledAt: '2026-01-15T03:00:01Z' };
    for (let asked = 0; asked < 3; asked += 1) await beginRun(at);
    await stage.time.advance(hourMs);
    expect(mails(stage)).toEqual([refused]);
  });

  it('and the next night is as if nothing had been', async () => {
    await open();
    await untilHeld(stage);
    await beginRun();
    await stage.time.advance(hourMs);
    await night(stage);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(2);
    expect(mails(stage)).toEqual([refused]);
  });
});

describe('the same scheduled time makes one set', () => {
  it('when the schedule delivers twice', async () => {
    await open();
    stage.faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'double' });
    await night(stage);
    await expectOneSet();
  });

  it('when the schedule delivers late, after that very time was begun by hand', async () => {
    await open();
    stage.faults.add({ source: 'aws.scheduler', outcome: { delayMs: 20 * minuteMs } });
    await stage.time.advance(2 * hourMs + minuteMs);
    await beginRun({ workload: 'orders-db', scheduledAt, trigger: 'schedule' });
    await stage.time.advance(hourMs);
    await expectOneSet();
  });

  it('when it is begun five times at once', async () => {
    await open();
    await stage.time.advance(2 * hourMs - 100);
    const name = functionNamed(stage, 'BeginRun');
    const again = Array.from({ length: 5 }, () => stage.invoke(name, { workload: 'orders-db', scheduledAt }));
    const outcomes = (await Promise.all(again)).map(({ payload, functionError }) => ({ payload, functionError }));
    for (const { functionError } of outcomes) expect(functionError).toBeUndefined();
    await stage.time.advance(hourMs);
    await expectOneSet();
  });

  it('when it is asked for again after it was sealed', async () => {
    await open();
    await night(stage);
    expect((await beginRun({ workload: 'orders-db', scheduledAt })).payload).toMatchObject({ outcome: 'exists' });
    await stage.time.advance(hourMs);
    await expectOneSet();
  });

  it('when its call comes once more after many others, while one of these is open: it is not told to be refused', async () => {
    await open();
    await night(stage);
    for (let run = 0; run < 4; run += 1) {
      await beginRun();
      await stage.time.advance(30 * minuteMs);
    }
    await beginRun();
    await stage.time.advance(3000);
    const again = await beginRun({ workload: 'orders-db', scheduledAt, trigger: 'schedule' });
    expect(again.payload).toMatchObject({ outcome: 'exists' });
    await stage.time.advance(hourMs);
    expect(mails(stage)).toEqual([]);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(6);
  });

  it.each([1, 2, 3])('when %i replies of StartExecution are lost', async (times) => {
    await open();
    stage.faults.add({ service: 'states', operation: 'StartExecution', times, effect: lost });
    await night(stage);
    await expectOneSet();
  });

  it.each([0, 1, 2, 3, 4, 5])('when begin-run dies after %i of its calls', async (afterCalls) => {
    await open();
    stage.services.lambda.crash({ functionName: functionNamed(stage, 'BeginRun'), afterCalls });
    await night(stage);
    await expectOneSet();
  });

  it('when every second write to the ledger loses its reply', async () => {
    await open();
    for (let skip = 0; skip < 30; skip += 1) {
      stage.faults.add({ service: 'dynamodb', operation: 'PutItem', skip, effect: lost });
    }
    await night(stage);
    stage.faults.clear();
    await expectOneSet();
  });

  it('when the reply of CreateSnapshots is lost: what it made is found at once, without another try', async () => {
    await open();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: lost });
    await night(stage);
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(1);
    expect(executions(stage, 'protect')[0]?.events.filter(({ type }) => type === 'StateRetried')).toEqual([]);
    await expectOneSet();
  });

  it('when the snapshots of a lost reply show only after a while', async () => {
    await open({ ec2: { durations: { visibility: 2500 } } });
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: lost });
    await night(stage);
    await expectOneSet();
  });

  it('or none that is trusted, when the snapshots of a lost reply do not show in time: failed, one mail, and they go after a day', async () => {
    await open({ ec2: { durations: { visibility: 60_000 } } });
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: lost });
    await night(stage);
    expect(isDatabaseHeld(stage)).toBe(false);
    expect((await firstRun(stage)).state).toBe('failed');
    expect(mails(stage)).toEqual(['orders-db: backup FAILED; application released']);
    expect(snapshots()).toHaveLength(4);
    const first = new Set(snapshots().map(({ id }) => id));
    await stage.time.advance(26 * hourMs);
    expect(snapshots().filter(({ id }) => first.has(id))).toEqual([]);
  });

  it('when begin-tiers is invoked three times at once: the first asks, the others find its set', async () => {
    await open();
    await untilHeld(stage);
    const events = () => executions(stage, 'protect')[0]?.events ?? [];
    await until(stage, 'the tier begins', () => events().some(({ state }) => state === 'BeginTiers'));
    const { id: runId, plan } = await firstRun(stage);
    const payload = { workload: 'orders-db', runId, tiers: [plan?.members[0]?.tier] };
    const name = functionNamed(stage, 'BeginTiers');
    const both = await Promise.all([stage.invoke(name, payload), stage.invoke(name, payload)]);
    for (const { functionError } of both) expect(functionError).toBeUndefined();
    await stage.time.advance(hourMs);
    expect(stage.calls.of('ec2', 'CreateSnapshots')).toHaveLength(1);
    await expectOneSet();
  });

  it.each(['PlanRun', 'Quiesce', 'BeginTiers', 'Release'])(
    'when %s is invoked a second time before its answer is heard',
    async (step) => {
      await open();
      stage.faults.add({
        service: 'lambda',
        operation: 'Invoke',
        when: (input: unknown) => JSON.stringify(input).includes(step),
        effect: { kind: 'deliver-twice' },
      });
      await night(stage);
      await expectOneSet();
      expect(database(stage).inspect().applications[0]?.status).toBe('running');
    },
  );
});

describe('the end of a run whose machine and guard cannot write it down', () => {
  const down: FaultEffect = { kind: 'refuse', code: 'AccessDeniedException', message: 'not you', status: 400 };
  const refuseWrites = (when: (item: Readonly<Record<string, { readonly S?: string }>>) => boolean) => {
    for (const step of ['Release', 'CloseWindow', 'GuardExecution']) {
      stage.faults.add({
        ...{ service: 'dynamodb', operation: 'PutItem', caller: `function:${functionNamed(stage, step)}` },
        ...{ when: (input: unknown) => when(Object(input).Item ?? {}), times: Infinity, effect: down },
      });
    }
  };

  it('gives the lease back by the next sweep: another run may begin as soon as it has', async () => {
    await open();
    refuseWrites(({ sk }) => sk?.S === 'lease');
    await night(stage);
    const { payload } = await beginRun({ workload: 'orders-db', scheduledAt: '2026-01-15T03:20:00Z' });
    expect(payload).toMatchObject({ outcome: 'begun' });
    await stage.time.advance(hourMs);
    expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
    expect((await runsIn(stage, 'orders-db')).map(({ state }) => state)).toEqual(['sealed', 'sealed']);
  });

  it('owes the mail of a failure by the next sweep', async () => {
    await open();
    stage.faults.add({
      service: 'ec2',
      operation: 'CreateSnapshots',
      effect: { ...down, code: 'UnauthorizedOperation' },
    });
    refuseWrites(({ pk }) => pk?.S === 'notices');
    await night(stage);
    expect((await firstRun(stage)).state).toBe('failed');
    expect(mails(stage)).toContain('orders-db: backup FAILED; application released');
  });
});
