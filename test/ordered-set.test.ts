/** A night of a workload whose database is a managed service and whose files are on EBS: one set, the database older than the disk. */
import { afterEach, expect, it } from 'vitest';
import { allFixedMs, guardMs } from '#domain/cut.ts';
import { firstRun, isDatabaseHeld, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { functionNamed, leaseOf } from './scenario/recovering.ts';
import { closeStage, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const members = [
  { kind: 'rds', resource: 'orders' },
  { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
] as const;
const hooks = [
  { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 3600 },
] as const;
const workload = () => database({ members: [...members], quiesce: { hooks: [...hooks], onFailure: 'abort' } });

async function open(changes = {}): Promise<void> {
  stage = await openStage({ policy: nightly({ 'orders-db': { ...workload(), ...changes } }) });
  stage.services.rds.world.launch({ name: 'orders', tags: { team: 'orders' } });
}

it('takes the disk only when the database has been fixed for a guard, and lets go at once then', async () => {
  await open();
  await untilHeld(stage);
  const heldMs = await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders-db');
  const [snapshot] = point?.artifacts.filter(({ kind }) => kind === 'rds') ?? [];
  const disks = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
  expect(disks).toHaveLength(4);
  expect(snapshot).toMatchObject({
    source: 'orders',
    state: 'completed',
    detail: { instanceClass: 'db.r6g.large', tags: { team: 'orders' } },
  });
  const fixedMs = allFixedMs(snapshot === undefined ? [] : [snapshot]);
  for (const { startedAt } of disks) expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(fixedMs + guardMs);
  expect(point?.verdict.consistency).toBe('application-consistent');
  // Six minutes for the snapshot, which is as long as RDS takes here; the guard has passed by then.
  expect(heldMs).toBeGreaterThan(6 * minuteMs);
  expect(heldMs).toBeLessThan(6.4 * minuteMs);
  expect(mails(stage)).toEqual([]);
});

it('has the workload to itself for as long as its window may last', async () => {
  await open();
  await untilHeld(stage);
  const { holder, untilAt = '' } = (await leaseOf(stage, 'orders-db')) ?? {};
  expect(holder).toBe('orders-db-20260115T030000Z');
  expect(Date.parse(untilAt)).toBeGreaterThan(stage.clock.nowMs() + hourMs);
});

it('lets go and mails when the database’s snapshot fails, and takes no disk', async () => {
  await open();
  stage.services.rds.arrange.nextSnapshotFails();
  await untilHeld(stage);
  await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  const run = await firstRun(stage);
  expect(run.state).toBe('failed');
  expect(run.failure?.message).toContain('rds orders');
  expect(run.artifacts.filter(({ kind }) => kind === 'ebs')).toEqual([]);
  expect(mails(stage)).toHaveLength(1);
});

it('lets go at the end of the window when the snapshot does not end', async () => {
  await open({ window: '20m' });
  stage.services.rds.arrange.nextSnapshotNeverEnds();
  await untilHeld(stage);
  const heldMs = await untilFree(stage, 2 * hourMs);
  expect(heldMs).toBeLessThan(22 * minuteMs);
  await stage.time.advance(hourMs);
  const run = await firstRun(stage);
  expect(run.failure?.message).toContain('window was over');
  expect(mails(stage)).toHaveLength(1);
  expect(isDatabaseHeld(stage)).toBe(false);
});

it('goes on asking while RDS throttles, as long as the window lasts', async () => {
  await open();
  await untilHeld(stage);
  await stage.time.advance(minuteMs);
  const throttled = { kind: 'refuse', code: 'Throttling', message: 'Rate exceeded', status: 400 } as const;
  stage.faults.add({ service: 'rds', operation: 'DescribeDBSnapshots', times: 20, effect: throttled });
  await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  expect(mails(stage)).toEqual([]);
});

it('goes on asking for the disk while EC2 throttles, as long as the window lasts', async () => {
  await open();
  const throttled = { kind: 'refuse', code: 'RequestLimitExceeded', message: 'Rate exceeded', status: 503 } as const;
  stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', times: 20, effect: throttled });
  await untilHeld(stage);
  await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
  expect(mails(stage)).toEqual([]);
});

/** So many invocations in a row. */
function beginTiersDies(times: number): void {
  const functionName = functionNamed(stage, 'BeginTiers');
  for (let time = 0; time < times; time += 1) stage.services.lambda.crash({ functionName, afterCalls: 0 });
}

it('outlasts functions that die one after another, as long as the window lasts', async () => {
  await open();
  await untilHeld(stage);
  await stage.time.advance(minuteMs);
  beginTiersDies(8);
  const heldMs = await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
  expect(heldMs).toBeLessThan(8 * minuteMs);
  expect(mails(stage)).toEqual([]);
});

it('lets go at the end of the window when the ledger throttles all the time, and says so', async () => {
  await open({ window: '20m' });
  await untilHeld(stage);
  const caller = `function:${functionNamed(stage, 'BeginTiers')}`;
  const throttled = { kind: 'refuse', code: 'ThrottlingException', message: 'Rate exceeded', status: 400 } as const;
  stage.faults.add({ service: 'dynamodb', caller, times: Infinity, effect: throttled });
  const heldMs = await untilFree(stage, 2 * hourMs);
  expect(heldMs).toBeGreaterThan(18 * minuteMs);
  expect(heldMs).toBeLessThan(22 * minuteMs);
  await stage.time.advance(hourMs);
  expect((await firstRun(stage)).state).toBe('failed');
  expect(mails(stage)).toEqual(['orders-db: backup FAILED; application released']);
});

it('lets go at once where the window has no length of its own', async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': database() }) });
  await untilHeld(stage);
  beginTiersDies(2);
  expect(await untilFree(stage, hourMs)).toBeLessThan(15_000);
  await stage.time.advance(hourMs);
  expect((await firstRun(stage)).state).toBe('failed');
  expect(mails(stage)).toEqual(['orders-db: backup FAILED; application released']);
});

it('refuses a database that does not exist, before anything is held still', async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': workload() }) });
  await stage.time.advance(3 * hourMs);
  const run = await firstRun(stage);
  expect(run.failure).toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('rds orders does not exist'),
  });
  expect(run.window).toBeUndefined();
});
