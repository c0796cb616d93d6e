/** Somebody deletes a snapshot of a sealed point. */
import { DeleteSnapshotCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DeleteDBSnapshotCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterEach, expect, it } from 'vitest';
import { mails } from './scenario/holding.ts';
import { appliance, database, nightly } from './scenario/policy.ts';
import { failureOf, functionNamed, recover } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  type Stage,
  until,
} from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

async function deleteOneOf(position: number): Promise<string> {
  const snapshot = (await pointsIn(stage, 'orders-db'))[position]?.artifacts[2]?.id ?? '';
  await stage.drive(new EC2Client({}).send(new DeleteSnapshotCommand({ SnapshotId: snapshot })));
  return snapshot;
}

it('is told of within a day, once, and the point is never offered again', async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': database(), appliance: appliance() }) });
  await stage.time.advance(dayMs + 4 * hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(2);
  const snapshot = await deleteOneOf(0);
  // The night's run comes in between, and is whole.
  await stage.time.advance(dayMs - 2 * hourMs);
  const told = mails(stage).filter((subject) => subject.includes('BROKEN'));
  expect(told).toEqual(['orders-db: a recovery point is BROKEN; a part of it is gone']);
  const body = stage.inbox(failuresAddress).find(({ subject }) => subject.includes('BROKEN'))?.message ?? '';
  expect(body).toContain(snapshot);
  expect(body).toMatch(/Newest good point: orders-db-/);
  const [newest, older] = await pointsIn(stage, 'orders-db');
  expect(newest?.broken?.problem).toContain(`${snapshot} does not exist any more`);
  expect(older?.broken).toBeUndefined();
  const named = await recover(stage, { workload: 'orders-db', point: newest?.id, dryRun: true }, 'named');
  expect(failureOf(named)).toContain(`Point ${newest?.id} is broken`);
  const earlier = { workload: 'orders-db', before: newest?.sealedAt, dryRun: true };
  expect((await recover(stage, earlier, 'earlier')).output).toContain(older?.id);
  const others = await pointsIn(stage, 'appliance');
  expect(others).not.toEqual([]);
  expect(others.filter(({ broken }) => broken !== undefined)).toEqual([]);
});

it('of many databases is found in the list of their snapshots, not by asking for each', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `orders-${index}`);
  const members = names.map((resource) => ({ kind: 'rds', resource }) as const);
  stage = await openStage({ policy: nightly({ many: database({ members, quiesce: {}, recovery: {} }) }) });
  for (const name of names) stage.services.rds.world.launch({ name });
  await night(stage);
  const [point] = await pointsIn(stage, 'many');
  const DBSnapshotIdentifier = point?.artifacts[7]?.id;
  await stage.drive(new RDSClient({}).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier })));
  const isTold = () => mails(stage).some((subject) => subject.includes('BROKEN'));
  await until(stage, 'it is told of', isTold, dayMs);
  expect((await pointsIn(stage, 'many')).at(-1)?.broken?.problem).toContain(DBSnapshotIdentifier);
  const retire = `function:${functionNamed(stage, 'Retire')}`;
  const asked = stage.calls.of('rds', 'DescribeDBSnapshots').filter(({ call }) => call.caller.name === retire);
  expect(asked.length).toBeLessThan(5);
});

it('is offered again, within the hour, once what was deleted is back; and told of anew when it goes again', async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': database() }) });
  await stage.time.advance(4 * hourMs);
  const { snapshots } = stage.services.ec2.world;
  const deleted = snapshots.get((await pointsIn(stage, 'orders-db'))[0]?.artifacts[2]?.id ?? '');
  if (deleted === undefined) throw new Error('there is no snapshot to delete');
  await deleteOneOf(0);
  const isTold = (words: string) => mails(stage).filter((subject) => subject.includes(words)).length;
  await until(stage, 'it is told of', () => isTold('BROKEN') === 1, dayMs);
  const body = stage.inbox(failuresAddress).find(({ subject }) => subject.includes('BROKEN'))?.message ?? '';
  expect(body).toContain(`aws ec2 restore-snapshot-from-recycle-bin --snapshot-id ${deleted.id}`);
  // As the Recycle Bin gives it back: the same snapshot, with its tags.
  snapshots.set(deleted.id, { ...deleted, goneAtMs: undefined });
  await stage.time.advance(hourMs + 10 * minuteMs);
  expect(isTold('a recovery point is whole again')).toBe(1);
  const point = (await pointsIn(stage, 'orders-db')).at(-1);
  expect(point?.broken).toBeUndefined();
  const named = await recover(stage, { workload: 'orders-db', point: point?.id, dryRun: true }, 'named');
  expect([named.status, named.cause]).toEqual(['SUCCEEDED', undefined]);
  await deleteOneOf((await pointsIn(stage, 'orders-db')).length - 1);
  await until(stage, 'it is told of again', () => isTold('BROKEN') === 2, dayMs + hourMs);
});
