/** Nights that go half wrong without failing: each point looks whole by itself. */
import { afterEach, expect, it } from 'vitest';
import { launchDatabase } from './scenario/fleet.ts';
import { appliance, applianceId, database, databaseId, nightly } from './scenario/policy.ts';
import { recover } from './scenario/recovering.ts';
import {
  closeStage,
  failuresAddress,
  hourMs,
  night,
  openStage,
  pointsIn,
  type Stage,
  until,
} from './scenario/stage.ts';
import { invokeAtOnce, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const secondId = 'i-0d47aba5e00000002';
const told = '[Holdfast] orders-db: a recovery point is LESS than the one before';
const text = () =>
  (stage.inbox(failuresAddress).findLast(({ subject }) => subject === told)?.message ?? '').replaceAll(/\s+/g, ' ');
const world = () => stage.services.ec2.world;
const sizes = async (workload: string) => (await pointsIn(stage, workload)).map(({ artifacts }) => artifacts.length);

async function openCluster(): Promise<void> {
  stage = await openStage({ policy: nightly({ 'orders-db': database() }) });
  thinOutSweeps(stage, 1);
  launchDatabase(stage, { id: secondId, name: 'orders-db' });
  await night(stage);
}

it('without one of the instances that tags select, are told once, with what is missing', async () => {
  await openCluster();
  const volumes = ['f', 'g', 'h', 'i'].map((letter) => world().volumeAt(secondId, `/dev/sd${letter}`).id);
  stage.services.ec2.arrange.instanceTerminated(secondId);
  await night(stage);
  await night(stage);
  expect(await sizes('orders-db')).toEqual([4, 4, 8]);
  expect(toldBy(stage)).toEqual([told]);
  for (const volume of volumes) expect(text()).toContain(`ebs ${volume} (there it is snap-`);
  expect(text()).toContain('--point orders-db-20260115T030000Z');
  expect(text()).not.toContain('crash-consistent');
});

it('are not those of an instance that Auto Scaling has exchanged for another', async () => {
  await openCluster();
  stage.services.ec2.arrange.instanceTerminated(secondId);
  launchDatabase(stage, { id: 'i-0d47aba5e00000003', name: 'orders-db' });
  await night(stage);
  expect(await sizes('orders-db')).toEqual([8, 8]);
  expect(toldBy(stage)).toEqual([]);
});

it('are not those of volumes that a recovery has made', async () => {
  stage = await openStage({ policy: nightly({ appliance: appliance() }) });
  await night(stage);
  const before = world().volumeAt(applianceId, '/dev/sdh').id;
  await recover(stage, { workload: 'appliance' });
  await night(stage);
  expect(world().volumeAt(applianceId, '/dev/sdh').id).not.toBe(before);
  expect(toldBy(stage)).toEqual([]);
});

it('on which the application was let go too early are told each time that the one before is better, with the evidence', async () => {
  const [hook] = database().quiesce?.hooks ?? [];
  if (hook === undefined) throw new Error('the policy has no hook');
  const hooks = [{ ...hook, deadlineSeconds: 15 }];
  stage = await openStage({ policy: nightly({ 'orders-db': database({ quiesce: { hooks, onFailure: 'abort' } }) }) });
  thinOutSweeps(stage, 1);
  const nightOf = async (quiesceMs: number) => {
    world()
      .guest(databaseId)
      .installProgram('/opt/holdfast/quiesce', async (machine) => {
        machine.holdApplication('postgres');
        await machine.sleep(quiesceMs);
        return 0;
      });
    if (quiesceMs > 0) {
      stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: { kind: 'delay', ms: 8000 }, times: 1 });
    }
    await night(stage);
  };
  for (const quiesceMs of [0, 12_000, 12_000]) await nightOf(quiesceMs);
  expect(toldBy(stage)).toEqual([told]);
  expect(text()).toContain('It is crash-consistent, and that one is application-consistent. Why:');
  expect(text()).toContain('was released by its own timer');
  for (const quiesceMs of [0, 12_000]) await nightOf(quiesceMs);
  expect(toldBy(stage)).toEqual([told, told]);
});

it('are told once, however many calls seal them', async () => {
  await openCluster();
  stage.services.ec2.arrange.instanceTerminated(secondId);
  await until(stage, 'it settles', () => stage.calls.of('ec2', 'CreateSnapshots').length === 3, 25 * hourMs);
  await stage.time.advance(20_000);
  for (let look = 0; look < 20; look += 1) {
    await invokeAtOnce(stage, 'Settle', 4);
    await stage.time.advance(60_000);
  }
  expect(await sizes('orders-db')).toEqual([4, 8]);
  expect(toldBy(stage)).toEqual([told]);
});
