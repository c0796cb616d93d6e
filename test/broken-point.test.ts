/** Somebody deletes a snapshot of a sealed point. */
import { DeleteSnapshotCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import { mails } from './scenario/holding.ts';
import { appliance, database, nightly } from './scenario/policy.ts';
import { failureOf, recover } from './scenario/recovering.ts';
import { closeStage, dayMs, failuresAddress, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

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
  const [newest, older] = await pointsIn(stage, 'orders-db');
  expect(newest?.broken?.problem).toContain(`${snapshot} does not exist any more`);
  expect(older?.broken).toBeUndefined();
  const named = await recover(stage, { workload: 'orders-db', point: newest?.id, dryRun: true }, 'named');
  expect(failureOf(named)).toContain(`Point ${newest?.id} is broken`);
  const earlier = { workload: 'orders-db', before: newest?.sealedAt, dryRun: true };
  expect((await recover(stage, earlier, 'earlier')).output).toContain(older?.id);
  expect((await pointsIn(stage, 'appliance')).every(({ broken }) => broken === undefined)).toBe(true);
});
