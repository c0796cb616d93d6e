import { afterEach, describe, expect, it } from 'vitest';
import { takeLease } from '#ledger/lease.ts';
import { takeSlots } from '#ledger/reservations.ts';
import { isDatabaseHeld, mails } from './scenario/holding.ts';
import { appliance, database, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  executions,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  runsIn,
  type Stage,
  startMs,
  subjects,
} from './scenario/stage.ts';
import { areAllSlotsFree } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const refused = 'orders-db: backup REFUSED; application not touched';
const stateOf = async (workload: string) => (await runsIn(stage, workload)).map(({ state }) => state);
/** Of that hour of the first day. */
const hour = (hours: number) => startMs - hourMs + hours * hourMs;
const passUntil = (atMs: number) => stage.time.advance(atMs - stage.clock.nowMs());

/** A database that is held still, and an appliance that is not. */
async function open(startWithin?: string): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', ...(startWithin === undefined ? {} : { startWithin }) };
  stage = await openStage({ policy: nightly({ appliance: appliance(), 'orders-db': database({ schedule }) }) });
}

/** Somebody else's snapshots leave no slots free until then. */
const slotsTakenUntil = (atMs: number) =>
  stage.drive(takeSlots('others', 100, { limit: 100, pending: {} }, atMs - 2 * minuteMs));

async function expectUntouched(): Promise<void> {
  expect(stage.calls.of('ssm', 'SendCommand')).toEqual([]);
  expect(isDatabaseHeld(stage)).toBe(false);
  expect(await stateOf('orders-db')).toEqual(['refused']);
}

describe('a run that waits for slots past its startWithin', () => {
  it('is refused then, in one mail with the command to take it by hand; what holds nothing still is taken all the same', async () => {
    await open();
    await slotsTakenUntil(hour(5.5));
    await passUntil(hour(5));
    expect(await stateOf('orders-db')).toEqual(['waiting']);
    await passUntil(hour(5) + 2 * minuteMs);
    expect(mails(stage)).toEqual([refused]);
    const [mail] = stage.inbox(failuresAddress);
    expect(mail?.message).toContain('slots of the Region since 2026-01-15T03:00:0');
    expect(mail?.message).toContain('within the 2 h of schedule.startWithin');
    expect(mail?.message).toContain('npx holdfast backup orders-db');
    await passUntil(hour(6.5));
    await expectUntouched();
    expect(await stateOf('appliance')).toEqual(['sealed']);
    expect(mails(stage)).toEqual([refused]);
    expect(await areAllSlotsFree(stage)).toBe(true);
  });

  it('is begun when it may wait for longer, as the policy says', async () => {
    await open('8h');
    await slotsTakenUntil(hour(5.5));
    await passUntil(hour(6.5));
    expect(await stateOf('orders-db')).toEqual(['sealed']);
    expect(subjects(stage)).toEqual([]);
  });

  it('is begun when an operator asked for it', async () => {
    await open();
    await slotsTakenUntil(hour(5.5));
    await passUntil(hour(2));
    await stage.invoke(functionNamed(stage, 'BeginRun'), { workload: 'orders-db' });
    await passUntil(hour(6.5));
    const [operators] = (await runsIn(stage, 'orders-db')).filter(({ trigger }) => trigger === 'operator');
    expect(operators?.state).toBe('sealed');
  });

  it('is begun when it had its slots in time, and what began it died before that was written down', async () => {
    await open();
    await slotsTakenUntil(hour(5) + 10 * minuteMs);
    await passUntil(hour(4));
    const [run] = await runsIn(stage, 'orders-db');
    const lease = { holder: run?.id ?? '', kind: 'run', takenAt: '2026-01-15T04:59:59.000Z' } as const;
    await stage.drive(takeLease('orders-db', { ...lease, untilAt: '2026-01-15T05:40:00.000Z' }));
    await passUntil(hour(7));
    expect(await stateOf('orders-db')).toEqual(['sealed']);
    expect(subjects(stage)).toEqual([]);
  });
});

describe('a call of Scheduler that comes hours late', () => {
  const delayed = (delayMs: number) => stage.faults.add({ source: 'aws.scheduler', outcome: { delayMs } });

  it('begins nothing that is held still, and says so; what holds nothing still is taken all the same', async () => {
    await open();
    delayed(6 * hourMs);
    await passUntil(hour(10));
    await expectUntouched();
    expect(await stateOf('appliance')).toEqual(['sealed']);
    expect(executions(stage, 'protect')).toHaveLength(1);
    expect(mails(stage).filter((subject) => subject === refused)).toHaveLength(1);
    const mail = stage.inbox(failuresAddress).find(({ subject }) => subject.includes('REFUSED'));
    expect(mail?.message).toContain('The call that begins it came 6 h after its time');
  });

  it('begins all when it comes in time', async () => {
    await open();
    delayed(hourMs);
    await passUntil(hour(6));
    expect(await stateOf('orders-db')).toEqual(['sealed']);
  });
});
