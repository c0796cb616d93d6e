/** The ledger's own functions on a table like the one that the stack deploys, writers that race and replies that are lost included. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasEnded } from '#domain/recovery-progress.ts';
import { isOpen } from '#domain/run.ts';
import {
  sampleHold,
  samplePoint,
  sampleRecovery,
  sampleRun,
  sampleWindow,
  sampleWorkload,
} from '#domain/samples-for-tests.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { alarmed, clearAlarm, raiseAlarm, standingAlarms } from '#ledger/alarms.ts';
import { readBackupPlanLook, writeBackupPlanLook } from '#ledger/backup-plan-looks.ts';
import { dropLease, readLease, takeLease } from '#ledger/lease.ts';
import { changeNotice, owedNotices, oweNotice } from '#ledger/notices.ts';
import { changePoint, createPoint, pointsOf, readPoint } from '#ledger/points.ts';
import { changeRecovery, closeRecovery, createRecovery, readRecovery, recoveriesOf } from '#ledger/recoveries.ts';
import { changeSlots, drawTokens, freeSlots, takeSlots } from '#ledger/reservations.ts';
import { changeRun, createRun, isUnreleased, latestRunsOf, readRun, runsOf, runsSince } from '#ledger/runs.ts';
import { change, create, list, listOpen, read } from '#ledger/table.ts';
import { failedRuns, unfinished } from '#ledger/unfinished.ts';
import { readLooks, readUnheard, watchedUntil, watchOf, writeLooks, writeUnheard } from '#ledger/watches.ts';
import { type OpenTable, openTable } from './scenario/table.ts';

let table: OpenTable;
const own = <Result>(work: Promise<Result>): Promise<Result> => table.drive(work);

beforeEach(async () => {
  table = await openTable();
});
afterEach(() => {
  const unused = table.faults.unused();
  table.close();
  expect(unused).toEqual([]);
});

const noOthers = { inWindow: [], settling: [], recoveries: [], exporting: [], copying: [], toCopy: [] };
const nothingUnfinished = { waiting: [], ...noOthers };
const key = { pk: 'test', sk: 'one' };
const nightlyAtThree = { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' };
const nightlyAtFour = { expression: 'cron(0 4 * * ? *)', timeZone: 'UTC' };
const at = (minute: number) => `2026-11-21T03:${String(minute).padStart(2, '0')}:00.000Z`;
/** Than all samples. */
const later = '2026-11-22T00:00:00.000Z';
/** Nobody has confirmed that the guests are free. */
const { releasedAt: _, ...unreleased } = sampleWindow();
/** The write takes effect, and its reply is lost. */
const loseReplies = (times = 1) =>
  table.faults.add({ service: 'dynamodb', operation: 'PutItem', times, effect: { kind: 'lose-reply' } });
const writes = () => table.calls.of('dynamodb', 'PutItem').length;

describe('a record', () => {
  it('is created once: who comes second is given what is there', async () => {
    expect(await own(create(key, { value: 1 }))).toBeUndefined();
    expect(await own(create(key, { value: 2 }))).toEqual({ value: 1 });
    expect(await own(read(key))).toEqual({ record: { value: 1 }, version: 1 });
  });

  it('that is not there is undefined', async () => {
    expect(await own(read(key))).toBeUndefined();
  });

  it('is created once also when the reply is lost', async () => {
    loseReplies();
    expect(await own(create(key, { value: 1 }))).toBeUndefined();
    expect(await own(read(key))).toEqual({ record: { value: 1 }, version: 1 });
  });

  it('is left alone, without a write, by a change that has nothing to change', async () => {
    await own(create(key, { value: 1 }));
    const before = writes();
    expect(await own(change<{ value: number }>(key, () => undefined))).toEqual({ value: 1 });
    expect(await own(change<{ value: number }>(key, (record) => record))).toEqual({ value: 1 });
    expect(writes()).toBe(before);
  });

  it('that is large is read as it was written, of an item that takes ten times as much; a small one can be read in the console', async () => {
    const value = Array.from({ length: 20_000 }, (_, index) => ({ volume: `vol-${index}`, tags: { owner: 'Köln' } }));
    expect(JSON.stringify(value).length).toBeGreaterThan(2 * 400_000);
    expect(await own(create(key, { value, none: undefined }))).toBeUndefined();
    expect(await own(read(key))).toEqual({ record: { value }, version: 1 });
    const [first] = await own(list<{ value: unknown[] }>('test', 'one'));
    expect(first?.value).toHaveLength(20_000);
    await own(change<{ value: unknown }>(key, () => ({ value: 'small' })));
    expect(table.calls.of('dynamodb', 'PutItem').at(-1)?.input).toMatchObject({
      Item: { record: { M: { value: { S: 'small' } } } },
    });
    expect(await own(read(key))).toEqual({ record: { value: 'small' }, version: 2 });
  });

  it('keeps every change of writers that race', async () => {
    await own(create(key, { value: 0 }));
    const add = () => change<{ value: number }>(key, (record) => ({ value: (record?.value ?? 0) + 1 }));
    await own(Promise.all(Array.from({ length: 8 }, add)));
    expect(await own(read(key))).toEqual({ record: { value: 8 }, version: 9 });
  });

  it('changes once when the reply of its write is lost', async () => {
    await own(create(key, { value: 0 }));
    loseReplies();
    const add = change<{ value: number }>(key, (record) => ({ value: (record?.value ?? 0) + 1 }));
    expect(await own(add)).toEqual({ value: 1 });
    expect(await own(read(key))).toEqual({ record: { value: 1 }, version: 2 });
  });

  it('that others never stop writing is given up as something that passes, after 24 tries', async () => {
    const refused = { code: 'ConditionalCheckFailedException', message: 'The conditional request failed', status: 400 };
    table.faults.add({ service: 'dynamodb', operation: 'PutItem', times: 24, effect: { kind: 'refuse', ...refused } });
    const failed = own(change<{ value: number }>(key, () => ({ value: 1 })));
    await expect(failed).rejects.toMatchObject({
      name: 'TransientFault',
      message: 'test one in the ledger changed 24 times while it was being written.',
    });
  });

  it.each([
    ['read', 'GetItem', () => read(key), 'reading test one from the ledger'],
    ['written', 'PutItem', () => create(key, { value: 1 }), 'writing test one to the ledger'],
    ['listed', 'Query', () => runsOf('orders-db'), 'reading the ledger'],
  ] as const)('that may not be %s says so', async (_, operation, work, doing) => {
    const effect = { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 400 } as const;
    table.faults.add({ service: 'dynamodb', operation, effect });
    await expect(own<unknown>(work())).rejects.toMatchObject({
      name: 'ProviderFault',
      message: `While ${doing}: AccessDeniedException: no`,
    });
  });
});

describe('a run', () => {
  const run = (minute: number, changes: Parameters<typeof sampleRun>[0] = {}) =>
    sampleRun({ id: `orders-db-20261121T03${String(minute).padStart(2, '0')}00Z`, startedAt: at(minute), ...changes });

  it('is created once, and read and changed by its id', async () => {
    const first = run(0, { state: 'planning' });
    expect(await own(createRun(first))).toBeUndefined();
    expect(await own(createRun({ ...first, state: 'holding' }))).toEqual(first);
    const changed = await own(changeRun('orders-db', first.id, (now) => ({ ...now, state: 'settling' })));
    expect(changed?.state).toBe('settling');
    expect((await own(readRun('orders-db', first.id)))?.state).toBe('settling');
    expect(await own(readRun('appliance', first.id))).toBeUndefined();
  });

  it('that is not there is not made by a change of it', async () => {
    expect(await own(changeRun('orders-db', 'nothing', (now) => ({ ...now, state: 'failed' })))).toBeUndefined();
    expect(await own(runsOf('orders-db'))).toEqual([]);
  });

  it('is listed newest first, as many as are wanted, or from a time on', async () => {
    for (const minute of [5, 1, 9]) await own(createRun(run(minute)));
    const ids = (runs: readonly { readonly startedAt: string }[]) => runs.map(({ startedAt }) => startedAt);
    expect(ids(await own(runsOf('orders-db')))).toEqual([at(9), at(5), at(1)]);
    expect(ids(await own(runsOf('orders-db', 2)))).toEqual([at(9), at(5)]);
    expect(ids(await own(runsSince('orders-db', at(5))))).toEqual([at(9), at(5)]);
    expect(await own(runsOf('orders'))).toEqual([]);
  });

  it('that is open is among the newest however many were refused beside it, and no more are read than it takes', async () => {
    for (const minute of [1, 2]) await own(createRun(run(minute)));
    for (const minute of [3, 4, 5, 6, 7]) await own(createRun(run(minute, { state: 'refused' })));
    const latest = async (least: number) => {
      const before = table.calls.of('dynamodb', 'Query').length;
      const times = (await own(latestRunsOf('orders-db', least))).map(({ startedAt }) => startedAt);
      return { times, queries: table.calls.of('dynamodb', 'Query').length - before };
    };
    const all = [7, 6, 5, 4, 3, 2, 1].map(at);
    expect(await latest(1)).toEqual({ times: all, queries: 3 });
    expect(await latest(2)).toEqual({ times: all, queries: 2 });
    expect(await latest(6)).toEqual({ times: all.slice(0, 6), queries: 1 });
    await own(createRun(run(8)));
    expect(await latest(2)).toEqual({ times: [at(8), at(7)], queries: 1 });
  });

  it('is looked for once where all there are were refused', async () => {
    expect(await own(latestRunsOf('orders-db', 2))).toEqual([]);
    for (const minute of [1, 2]) await own(createRun(run(minute, { state: 'refused' })));
    const before = table.calls.of('dynamodb', 'Query').length;
    expect(await own(latestRunsOf('orders-db', 3))).toHaveLength(2);
    expect(table.calls.of('dynamodb', 'Query')).toHaveLength(before + 1);
    expect(await own(latestRunsOf('orders-db', 2))).toHaveLength(2);
  });

  it('is listed with all others also when they are more than one page of a query', async () => {
    const message = 'x'.repeat(350_000);
    const minutes = [1, 2, 3, 4, 5];
    const ids = minutes.map((minute) => run(minute).id);
    for (const minute of minutes) {
      await own(createRun(run(minute, { failure: { name: 'ProviderFault', message, phase: 'settle' } })));
    }
    const listed = async (most?: number) => (await own(runsOf('orders-db', most))).map(({ id }) => id);
    expect(await listed()).toEqual(ids.toReversed());
    expect(await listed(3)).toEqual(ids.toReversed().slice(0, 3));
    expect(await listed(4)).toEqual(ids.toReversed().slice(0, 4));
    expect(await listed(5)).toEqual(ids.toReversed());
  });

  it('that waits is found by its urgency and the slots it needs', async () => {
    await own(createRun(run(1, { state: 'waiting', urgentAt: at(50), expectedSlots: 4 })));
    await own(createRun(run(2, { state: 'waiting', urgentAt: at(40), expectedSlots: 2 })));
    await own(createRun(run(3, { state: 'waiting' })));
    const { waiting, ...others } = await own(unfinished());
    expect(waiting).toEqual([
      { workload: 'orders-db', runId: run(3).id, since: at(3), slots: 0 },
      { workload: 'orders-db', runId: run(2).id, since: at(40), slots: 2 },
      { workload: 'orders-db', runId: run(1).id, since: at(50), slots: 4 },
    ]);
    expect(others).toEqual(noOthers);
  });

  it.each([
    ['planning', { admittedAt: at(7) }, 'inWindow', at(7)],
    ['planning', {}, 'inWindow', at(1)],
    ['holding', {}, 'inWindow', at(1)],
    ['settling', { window: unreleased }, 'inWindow', at(1)],
    ['failed', { window: unreleased }, 'inWindow', at(1)],
    ['settling', {}, 'settling', at(1)],
    ['sealed', {}, 'none', ''],
    ['failed', { tidiedAt: at(9) }, 'none', ''],
    ['failed', {}, 'none', ''],
    ['failed', { window: { ...unreleased, holds: [] } }, 'none', ''],
    ['refused', {}, 'none', ''],
  ] as const)('in state %s with %j is found by the sweep of: %s', async (state, changes, sweep, since) => {
    await own(createRun(run(1, { state, ...changes })));
    const found = sweep === 'none' ? {} : { [sweep]: [{ workload: 'orders-db', runId: run(1).id, since, slots: 0 }] };
    expect(await own(unfinished())).toEqual({ ...nothingUnfinished, ...found });
  });

  it.each([
    ['failed', { endedAt: at(5) }, true],
    ['failed', { endedAt: at(5), window: unreleased }, false],
    ['failed', { endedAt: at(5), tidiedAt: at(9) }, false],
    ['sealed', { endedAt: at(5) }, false],
    ['refused', { endedAt: at(5) }, false],
  ] as const)('in state %s with %j may have left something: %s', async (state, changes, left) => {
    await own(createRun(run(1, { state, ...changes })));
    const found = [{ workload: 'orders-db', runId: run(1).id, since: at(5), slots: 0 }];
    expect(await own(failedRuns())).toEqual(left ? found : []);
  });

  it('leaves the sweep that it was found by when its state changes', async () => {
    const { id } = run(1);
    await own(createRun(run(1, { state: 'planning' })));
    await own(changeRun('orders-db', id, (now) => ({ ...now, state: 'sealed' })));
    expect(await own(unfinished())).toEqual(nothingUnfinished);
    expect(await own(listOpen())).toEqual([]);
  });

  it.each([
    ['waiting', true],
    ['planning', true],
    ['holding', true],
    ['settling', true],
    ['sealed', false],
    ['failed', false],
    ['refused', false],
  ] as const)('in state %s is open: %s', (state, open) => expect(isOpen(sampleRun({ state }))).toBe(open));

  it('may hold a guest from its intent until its release, if it has holds', () => {
    expect(isUnreleased(sampleRun({ window: unreleased }))).toBe(true);
    expect(isUnreleased(sampleRun({ window: { ...unreleased, holds: [] } }))).toBe(false);
    expect(isUnreleased(sampleRun({ window: sampleWindow({ holds: [sampleHold()] }) }))).toBe(false);
    const { window: _, ...windowless } = sampleRun();
    expect(isUnreleased(windowless)).toBe(false);
  });
});

describe('what the ledger knows of one workload', () => {
  it('is listed kind by kind', async () => {
    const [run, point, recovery] = [sampleRun(), samplePoint(at(1)), sampleRecovery()];
    const alarm = { workload: 'orders-db', kind: 'missing', since: at(0), subject: 'the first' };
    await own(Promise.all([createRun(run), createPoint(point), createRecovery(recovery), raiseAlarm(alarm)]));
    await own(watchOf('orders-db', nightlyAtThree, lastAt(0), at(1)));
    await own(takeLease('orders-db', { holder: 'a', kind: 'run', takenAt: at(0), untilAt: at(1) }));
    expect(await own(runsOf('orders-db'))).toEqual([run]);
    expect(await own(runsSince('orders-db', run.scheduledAt))).toEqual([run]);
    expect(await own(pointsOf('orders-db'))).toEqual([point]);
    expect(await own(recoveriesOf('orders-db'))).toEqual([recovery]);
    expect(await own(standingAlarms('orders-db'))).toEqual([alarm]);
  });

  it('is read as it is now, but for the index, which DynamoDB reads no other way than late', async () => {
    const run = sampleRun({ state: 'planning' });
    await own(createRun(run));
    await own(readRun(run.workload, run.id));
    await own(runsOf('orders-db'));
    await own(unfinished());
    loseReplies();
    await own(create(key, { value: 1 }));
    const reads = [...table.calls.of('dynamodb', 'GetItem'), ...table.calls.of('dynamodb', 'Query')];
    const late = reads.filter(({ input }) => Object(input).ConsistentRead !== true);
    expect(late.map(({ input }) => Object(input).IndexName)).toEqual(['open']);
  });
});

describe('a lease', () => {
  const lease = (holder: string, from: number, until: number) =>
    ({ holder, kind: 'run', takenAt: at(from), untilAt: at(until) }) as const;

  it('has one holder, who makes it last by taking it again, and no shorter', async () => {
    expect(await own(takeLease('orders-db', lease('a', 0, 40)))).toEqual({ taken: true });
    expect(await own(takeLease('orders-db', lease('a', 1, 41)))).toEqual({ taken: true });
    expect(await own(takeLease('orders-db', lease('a', 2, 30)))).toEqual({ taken: true });
    expect(await own(takeLease('orders-db', lease('b', 2, 42)))).toEqual({ taken: false, by: lease('a', 0, 41) });
    expect(await own(takeLease('appliance', lease('b', 2, 42)))).toEqual({ taken: true });
    expect(await own(readLease('orders-db'))).toEqual(lease('a', 0, 41));
  });

  it('is free once it is given back, by its holder only', async () => {
    await own(takeLease('orders-db', lease('a', 0, 40)));
    await own(dropLease('orders-db', 'b'));
    expect(await own(readLease('orders-db'))).toEqual(lease('a', 0, 40));
    await own(dropLease('orders-db', 'a'));
    expect(await own(readLease('orders-db'))).toBeUndefined();
    expect(await own(takeLease('orders-db', lease('b', 2, 42)))).toEqual({ taken: true });
  });

  it('is free at its end, and not before', async () => {
    await own(takeLease('orders-db', lease('a', 0, 40)));
    expect((await own(takeLease('orders-db', lease('b', 39, 59)))).taken).toBe(false);
    expect((await own(takeLease('orders-db', lease('b', 40, 59)))).taken).toBe(true);
  });

  it('that nobody ever took is given back without harm', async () => {
    await own(dropLease('orders-db', 'a'));
    expect(await own(readLease('orders-db'))).toBeUndefined();
  });

  it('goes to one of two who want it at the same time', async () => {
    const both = await own(Promise.all(['a', 'b'].map((holder) => takeLease('orders-db', lease(holder, 0, 40)))));
    expect(both.filter(({ taken }) => taken)).toHaveLength(1);
  });
});

describe('slots', () => {
  const region = { limit: 10, pending: {} };
  it('are taken while they fit, counted exactly, and given back', async () => {
    expect(await own(takeSlots('a', 6, region, 1))).toBe(true);
    expect(await own(takeSlots('b', 5, region, 2))).toBe(false);
    expect(await own(takeSlots('b', 4, region, 3))).toBe(true);
    await own(freeSlots('b'));
    expect(await own(changeSlots((taken) => taken))).toEqual({ a: { slots: 6, sinceMs: 1 } });
  });

  it('are not written when nothing changed', async () => {
    await own(takeSlots('a', 6, region, 1));
    const before = writes();
    await own(takeSlots('a', 6, region, 2));
    await own(freeSlots('b'));
    await own(changeSlots((taken) => ({ ...taken })));
    expect(writes()).toBe(before);
    await own(changeSlots(() => ({ a: { slots: 5, sinceMs: 1 } })));
    await own(changeSlots(() => ({ b: { slots: 5, sinceMs: 1 } })));
    expect(writes()).toBe(before + 2);
  });
});

describe('call tokens', () => {
  const bucket = { name: 'test', capacity: 10, refillPerSecond: 2 };
  const fromMs = Date.parse(at(0));
  const draw = (holder: string, tokens: number, afterMs: number) =>
    own(drawTokens(bucket, holder, tokens, fromMs + afterMs));

  it('are there up to the bucket’s capacity', async () => {
    expect(await draw('a', 11, 0)).toBe(false);
    expect(await draw('a', 10, 0)).toBe(true);
    expect(await draw('b', 1, 0)).toBe(false);
  });

  it('come back with time, never above capacity', async () => {
    await draw('a', 10, 0);
    expect(await draw('b', 3, 1000)).toBe(false);
    expect(await draw('b', 2, 1000)).toBe(true);
    expect(await draw('c', 11, 60_000)).toBe(false);
    expect(await draw('c', 10, 60_000)).toBe(true);
  });

  it('are drawn once by each holder, however often it asks, within a quarter of an hour', async () => {
    await draw('a', 4, 0);
    expect(await draw('a', 4, 899_999)).toBe(true);
    expect(await draw('b', 10, 1000)).toBe(false);
    expect(await draw('b', 8, 1000)).toBe(true);
    expect(await draw('a', 10, 1_000_000)).toBe(true);
    expect(await draw('b', 1, 1_000_000)).toBe(false);
  });

  it('are drawn by all of fifty runs that begin at the same time', async () => {
    const wide = { name: 'wide', capacity: 100, refillPerSecond: 5 };
    const draws = Array.from({ length: 50 }, (_, n) => drawTokens(wide, `run-${n}`, 1, fromMs));
    expect(await own(Promise.all(draws))).toEqual(draws.map(() => true));
  });

  it('do not come back when a clock runs backwards', async () => {
    await draw('a', 10, 10_000);
    expect(await draw('b', 1, 0)).toBe(false);
  });
});

describe('a notice', () => {
  const notice = {
    id: 'run/1/failed',
    audience: 'failures',
    workloads: ['orders-db'],
    createdAt: at(0),
    subject: 's',
    body: 'b',
  } as const;

  it('is owed once, however often its outcome is found', async () => {
    await own(oweNotice(notice));
    await own(oweNotice({ ...notice, subject: 'another' }));
    expect(await own(owedNotices())).toEqual([{ ...notice, state: 'owed', attempts: 0 }]);
  });

  it('is found among others in the order in which they were owed', async () => {
    for (const minute of [3, 1, 2])
      await own(oweNotice({ ...notice, id: `run/${minute}/failed`, createdAt: at(minute) }));
    expect((await own(owedNotices())).map(({ createdAt }) => createdAt)).toEqual([at(1), at(2), at(3)]);
  });

  it('that could not be sent is still owed, as it is now', async () => {
    await own(oweNotice(notice));
    await own(changeNotice(notice.id, (now) => ({ ...now, attempts: 1 })));
    expect(await own(owedNotices())).toEqual([{ ...notice, state: 'owed', attempts: 1 }]);
  });

  it('that was sent is not owed again', async () => {
    await own(oweNotice(notice));
    await own(changeNotice(notice.id, (now) => ({ ...now, state: 'sent' })));
    await own(oweNotice(notice));
    expect(await own(owedNotices())).toEqual([]);
  });

  it('that nobody owes is not made by a change of it', async () => {
    expect(await own(changeNotice('nothing', (now) => ({ ...now, state: 'sent' })))).toBeUndefined();
  });
});

describe('what is over', () => {
  const expiries = async () => {
    const scanned = await own(
      table.gateway.perform({
        caller: { kind: 'operator', arn: 'arn:aws:iam::111122223333:user/reader', name: 'reader' },
        ...{ service: 'dynamodb', operation: 'Scan', input: { TableName: process.env.HOLDFAST_TABLE } },
      }),
    );
    const { Items } = scanned as { readonly Items: readonly { readonly expires?: { readonly N: string } }[] };
    return Items.flatMap(({ expires }) => (expires === undefined ? [] : [Number(expires.N) * 1000]));
  };
  const days = (from: string, count: number) => [Date.parse(from) + count * 86_400_000];

  it('of runs is deleted 400 days after their end, but no failed one that may have left something', async () => {
    await own(createRun(sampleRun({ id: 'orders-db-1', state: 'failed', endedAt: at(5) })));
    await own(createRun(sampleRun({ id: 'orders-db-2', state: 'planning' })));
    expect(await expiries()).toEqual([]);
    await own(changeRun('orders-db', 'orders-db-2', (now) => ({ ...now, state: 'sealed', endedAt: at(7) })));
    expect(await expiries()).toEqual(days(at(7), 400));
  });

  it.each([
    ['not begun', {}, at(2)],
    ['begun, and not gone', { begunAt: at(1) }, undefined],
    ['gone before the point', { begunAt: at(1), retire: { reason: 'old', plannedAt: at(1), doneAt: at(1) } }, at(2)],
    ['gone after the point', { begunAt: at(1), retire: { reason: 'old', plannedAt: at(1), doneAt: at(5) } }, at(5)],
    ['still to go', { begunAt: at(1), retire: { reason: 'old', plannedAt: at(1) } }, undefined],
  ] as const)('of a point whose copy is %s is deleted 60 days after the last is gone', async (_, changes, last) => {
    const copy = { region: 'eu-central-1', key: 'k', state: 'whole', parts: [], ...changes } as const;
    const retire = { reason: 'old', plannedAt: at(1), doneAt: at(2) };
    await own(createPoint(samplePoint(at(0), 'crash-consistent', { copy, retire })));
    expect(await expiries()).toEqual(last === undefined ? [] : days(last, 60));
  });

  it('of points is deleted 60 days after nothing of them is left, and no sooner', async () => {
    const point = samplePoint('2026-11-20T03:00:00.000Z');
    await own(createPoint(point));
    const retire = { reason: 'old', plannedAt: at(1) };
    await own(changePoint('orders-db', point.id, (now) => ({ ...now, retire })));
    expect(await expiries()).toEqual([]);
    await own(changePoint('orders-db', point.id, (now) => ({ ...now, retire: { ...retire, doneAt: at(2) } })));
    expect(await expiries()).toEqual(days(at(2), 60));
  });

  it.each([
    ['refused', { closedAt: later }, true],
    ['refused', {}, false],
    ['committed', { tidiedAt: at(9) }, true],
    ['committed', { closedAt: later }, false],
    ['rolled-back', { closedAt: later }, false],
    ['stranded', { closedAt: later }, false],
  ] as const)('of a recovery in state %s with %j has an end: %s', async (state, changes, ends) => {
    await own(createRecovery(sampleRecovery({ state, startedAt: at(1), ...changes })));
    expect(await expiries()).toEqual(ends ? days(at(1), 400) : []);
  });

  it('of mails is deleted 60 days after they were owed, if they were sent', async () => {
    const notice = {
      id: 'a',
      audience: 'failures',
      workloads: ['orders-db'],
      createdAt: at(0),
      subject: 's',
      body: 'b',
    } as const;
    await own(oweNotice(notice));
    expect(await expiries()).toEqual([]);
    await own(changeNotice('a', (now) => ({ ...now, state: 'sent' })));
    expect(await expiries()).toEqual(days(at(0), 60));
  });
});

describe('a point', () => {
  it('is sealed once, listed newest first, and changed by its id', async () => {
    const [older, newer] = [samplePoint(at(1)), samplePoint(at(2))];
    await own(createPoint(older));
    await own(createPoint(newer));
    expect(await own(createPoint({ ...older, sealedAt: at(9) }))).toEqual(older);
    expect(await own(pointsOf('orders-db'))).toEqual([newer, older]);
    expect(await own(pointsOf('orders-db', 1))).toEqual([newer]);
    await own(changePoint('orders-db', older.id, (now) => ({ ...now, sealedAt: at(5) })));
    expect((await own(readPoint('orders-db', older.id)))?.sealedAt).toBe(at(5));
    expect(await own(changePoint('orders-db', 'nothing', (now) => ({ ...now, sealedAt: at(5) })))).toBeUndefined();
    expect(await own(readPoint('appliance', older.id))).toBeUndefined();
  });
});

describe('a point of which something is still to be made elsewhere', () => {
  const place = { region: 'eu-central-1', key: 'k', parts: [] };
  const exported = { kind: 'elasticache', id: 'orders', bucket: 'exports' };
  const sealed = { sealedAt: at(9) };
  const wanted = { ...sealed, exports: [{ ...exported, state: 'wanted' as const }] };
  it.each([
    ['to be exported', wanted, 'exporting', at(9)],
    ['to be exported, and then copied', { ...wanted, copy: { ...place, state: 'waiting' } }, 'exporting', at(9)],
    ['exported', { ...sealed, exports: [{ ...exported, state: 'done' }] }, 'none', ''],
    ['to be copied', { ...sealed, copy: { ...place, state: 'waiting' } }, 'toCopy', at(1)],
    ['being copied', { ...sealed, copy: { ...place, state: 'copying' } }, 'copying', at(1)],
    ['copied', { ...sealed, copy: { ...place, state: 'whole' } }, 'none', ''],
  ] as const)('is found by its sweep when it is %s', async (_, changes, sweep, since) => {
    const point = samplePoint(at(1), 'crash-consistent', changes);
    await own(createPoint(point));
    const found = sweep === 'none' ? {} : { [sweep]: [{ workload: 'orders-db', pointId: point.id, since }] };
    expect(await own(unfinished())).toEqual({ ...nothingUnfinished, ...found });
  });
});

describe('what mails begin with', () => {
  it('is the newest point that can be recovered, of the workload alone', async () => {
    const retired = { reason: 'older than 30 days', plannedAt: at(9) };
    const [older, newest, gone] = [samplePoint(at(1)), samplePoint(at(2)), samplePoint(at(3))];
    for (const point of [older, newest, { ...gone, retire: retired }]) await own(createPoint(point));
    await own(createPoint({ ...samplePoint(at(4)), workload: 'appliance' }));
    expect(await own(aboutWorkload(sampleWorkload()))).toEqual({
      workload: sampleWorkload(),
      newestPoint: newest,
      doubtful: [],
      nowMs: Date.now(),
    });
  });

  it('is no point where there is none', async () => {
    expect((await own(aboutWorkload(sampleWorkload()))).newestPoint).toBeUndefined();
  });
});

describe('a recovery', () => {
  it.each([
    ['planned', false],
    ['create', false],
    ['commit', false],
    ['rolling-back', false],
    ['committed', true],
    ['rolled-back', true],
    ['stranded', true],
    ['refused', true],
  ] as const)('in state %s has ended: %s', async (state, ended) => {
    const recovery = sampleRecovery({ state });
    expect(hasEnded(recovery)).toBe(ended);
    await own(createRecovery(recovery));
    const { workload, id: recoveryId, startedAt } = recovery;
    const found = { ...nothingUnfinished, recoveries: [{ workload, recoveryId, startedAt }] };
    expect(await own(unfinished())).toEqual(found);
    await own(closeRecovery(workload, recoveryId, later));
    expect(await own(unfinished())).toEqual(ended ? nothingUnfinished : found);
  });

  it('that ends again is found again, until that end is closed, too', async () => {
    const recovery = sampleRecovery({ state: 'stranded', endedAt: at(4), closedAt: at(5) });
    const { workload, id } = recovery;
    await own(createRecovery(recovery));
    await own(changeRecovery(workload, id, (now) => ({ ...now, endedAt: at(6) })));
    expect((await own(unfinished())).recoveries).toHaveLength(1);
    await own(closeRecovery(workload, id, at(7)));
    expect(await own(unfinished())).toEqual(nothingUnfinished);
  });

  it('is written once, listed by its start, and changed by its id', async () => {
    const first = sampleRecovery({ id: 'z', startedAt: at(1) });
    const second = sampleRecovery({ id: 'a', startedAt: at(2) });
    const third = sampleRecovery({ id: 'b', startedAt: at(3) });
    for (const recovery of [first, second, third]) await own(createRecovery(recovery));
    expect(await own(createRecovery({ ...first, state: 'stranded' }))).toEqual(first);
    expect(await own(recoveriesOf('orders-db'))).toEqual([third, second, first]);
    await own(changeRecovery('orders-db', 'z', (now) => ({ ...now, state: 'stranded' })));
    expect((await own(readRecovery('orders-db', 'z')))?.state).toBe('stranded');
    expect(await own(readRecovery('orders-db', 'nothing'))).toBeUndefined();
    const strand = (now: typeof first) => ({ ...now, state: 'stranded' }) as const;
    expect(await own(changeRecovery('orders-db', 'nothing', strand))).toBeUndefined();
  });
});

describe('a standing alarm', () => {
  const alarm = { workload: 'orders-db', kind: 'missing', since: at(0), subject: 'the first' };

  it('is raised once until it is cleared', async () => {
    expect(await own(raiseAlarm(alarm))).toEqual(alarm);
    expect(await own(raiseAlarm({ ...alarm, subject: 'the second' }))).toEqual(alarm);
    expect(await own(raiseAlarm({ ...alarm, since: at(9), subject: 'the second' }, alarm.since))).toEqual(alarm);
    const again = { ...alarm, subject: 'the second', toldAt: at(9) };
    expect(await own(raiseAlarm({ ...alarm, since: at(9), subject: 'the second' }, at(8)))).toEqual(again);
    expect(await own(raiseAlarm({ ...alarm, since: at(9), subject: 'another' }, at(8)))).toEqual(again);
    expect(await own(standingAlarms('orders-db'))).toEqual([again]);
    expect(await own(standingAlarms('appliance'))).toEqual([]);
    await own(clearAlarm('orders-db', 'missing', at(1)));
    expect(await own(standingAlarms('orders-db'))).toEqual([]);
    expect(await own(raiseAlarm({ ...alarm, subject: 'the third' }))).toMatchObject({ subject: 'the third' });
  });

  it('names its workload as long as it stands', async () => {
    await own(raiseAlarm(alarm));
    await own(raiseAlarm({ ...alarm, kind: 'late' }));
    await own(raiseAlarm({ ...alarm, workload: 'appliance' }));
    expect([...(await own(alarmed()))].sort()).toEqual(['appliance', 'orders-db']);
    await own(clearAlarm('appliance', 'missing', at(1)));
    await own(clearAlarm('orders-db', 'missing', at(1)));
    expect([...(await own(alarmed()))]).toEqual(['orders-db']);
  });

  it('keeps the time at which it was first cleared', async () => {
    await own(raiseAlarm(alarm));
    await own(clearAlarm('orders-db', 'missing', at(1)));
    expect(await own(clearAlarm('orders-db', 'missing', at(2)))).toMatchObject({ clearedAt: at(1) });
  });

  it('that does not stand is cleared without harm', async () => {
    expect(await own(clearAlarm('orders-db', 'missing', at(1)))).toBeUndefined();
  });
});

/** A look that the workload was part of. */
const lastAt = (hour: number) => ({ at: at(hour), hadIt: true });

describe('watching', () => {
  it('begins with the first look, and only ever moves on', async () => {
    const watch = async (workload: string, hour: number) =>
      own(watchOf(workload, nightlyAtThree, lastAt(hour), at(hour)));
    expect(await watch('orders-db', 1)).toEqual({ since: at(1), from: at(1), schedule: nightlyAtThree });
    await own(watchedUntil('orders-db', at(4)));
    await own(watchedUntil('orders-db', at(3)));
    expect(await watch('orders-db', 9)).toEqual({ since: at(4), from: at(1), schedule: nightlyAtThree });
    expect(await watch('appliance', 9)).toEqual({ since: at(9), from: at(9), schedule: nightlyAtThree });
  });

  it('begins anew with another schedule, and keeps what the one before owed until that is accounted for', async () => {
    const watch = async (now: string) => own(watchOf('orders-db', nightlyAtFour, lastAt(3), now));
    await own(watchOf('orders-db', nightlyAtThree, lastAt(0), at(1)));
    const before = { since: at(1), from: at(1), schedule: nightlyAtThree, until: at(3) };
    const begun = { since: at(5), from: at(5), schedule: nightlyAtFour };
    expect(await watch(at(5))).toEqual({ ...begun, before });
    await own(watchedUntil('orders-db', at(2)));
    expect(await watch(at(6))).toEqual({ ...begun, before: { ...before, since: at(2) } });
    await own(watchedUntil('orders-db', at(3)));
    expect(await watch(at(7))).toEqual(begun);
  });

  it('begins anew, and once, for a workload that the policy had not at the last look', async () => {
    const watch = async (last: number, now: number) =>
      own(watchOf('orders-db', nightlyAtFour, { at: at(last), hadIt: false }, at(now)));
    await own(watchOf('orders-db', nightlyAtThree, lastAt(0), at(1)));
    const begun = { since: at(5), from: at(5), schedule: nightlyAtFour };
    expect(await watch(4, 5)).toEqual(begun);
    expect(await watch(4, 6)).toEqual(begun);
    expect(await watch(6, 7)).toEqual({ ...begun, since: at(7), from: at(7) });
  });

  it('remembers its last look, of all workloads together', async () => {
    expect(await own(readLooks())).toBeUndefined();
    const looks = { lookedAt: at(1), allAt: at(0), policy: 'one' };
    await own(writeLooks(looks));
    await own(writeLooks({ ...looks, lookedAt: at(2) }));
    expect(await own(readLooks())).toEqual({ ...looks, lookedAt: at(2) });
  });

  it('remembers who was last seen to get no mail', async () => {
    expect(await own(readUnheard())).toBeUndefined();
    await own(writeUnheard({ seen: ['failures ops@example.com'], at: at(1) }));
    await own(writeUnheard({ seen: [], at: at(2) }));
    expect(await own(readUnheard())).toEqual({ seen: [], at: at(2) });
    expect(await own(readLooks())).toBeUndefined();
  });

  it('remembers of each plan of AWS Backup what was last seen', async () => {
    const look = { seen: { a1: 29_000_000 }, told: ['job-1'] };
    expect(await own(readBackupPlanLook('nightly'))).toBeUndefined();
    await own(writeBackupPlanLook('nightly', look));
    await own(writeBackupPlanLook('weekly', { seen: {}, told: [], emptySince: at(1) }));
    await own(writeBackupPlanLook('nightly', { ...look, told: [] }));
    expect(await own(readBackupPlanLook('nightly'))).toEqual({ ...look, told: [] });
  });

  it('that never began does not end', async () => {
    expect(await own(watchedUntil('orders-db', at(4)))).toBeUndefined();
  });
});
