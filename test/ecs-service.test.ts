/** A workload whose application is an ECS service: without tasks while its database is taken, and then as it was. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { desiredCountTag } from '#domain/tags.ts';
import type { FaultRule } from '#simulator/kernel/faults.ts';
import { firstRun, guardRule, mails, setRules, stopExecution } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import {
  closeStage,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  redeploy,
  type Stage,
  until,
} from './scenario/stage.ts';

let stage: Stage;
const name = 'shop/orders';
const command = 'aws ecs update-service --cluster shop --service orders --desired-count 3';

const policy = nightly({
  orders: {
    schedule: { cron: '0 3 * * ? *' },
    members: [{ kind: 'rds', resource: 'orders' }],
    quiesce: { hooks: [{ kind: 'ecs-service', cluster: 'shop', service: 'orders', deadlineSeconds: 3600 }] },
  },
});

const without = nightly({
  orders: { schedule: { cron: '0 3 * * ? *' }, members: [{ kind: 'rds', resource: 'orders' }] },
});

beforeEach(async () => {
  stage = await openStage({ policy });
  stage.services.rds.world.launch({ name: 'orders', tellsDatabaseTime: true });
});

afterEach(() => closeStage(stage));

const launch = (spec: object = {}) =>
  stage.services.ecs.world.launch({ cluster: 'shop', name: 'orders', desiredCount: 3, ...spec });
const service = () => {
  const found = stage.services.ecs.world.services.get(name);
  if (found === undefined) throw new Error('no service was launched');
  return found;
};
const live = () => stage.services.ecs.world.liveTasks(name);
const holdOf = async () => (await firstRun(stage, 'orders')).window?.holds[0];
const isEmptied = () => service().shownCount === 0 && live() === 0;
const untilEmptied = () => until(stage, 'the service has no task', isEmptied, 3 * hourMs);
const untilCalm = () => stage.time.advance(hourMs);
const refuse = (operation: string, times = 1): void => void stage.faults.add(refusal(operation, times));
const refusal = (operation: string, times: number): FaultRule => ({
  service: 'ecs',
  operation,
  effect: { kind: 'refuse', code: 'AccessDeniedException', message: 'You may not.', status: 400 },
  times,
});

it('is application-consistent: no task lives from before the snapshot until the release, and then as many as before', async () => {
  launch();
  await untilEmptied();
  expect(service().tags.get(desiredCountTag)).toBe('3');
  await untilCalm();
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(point?.verdict.evidence.join()).toContain(
    'All its tasks had stopped, of 3 that were desired. When its desired count was confirmed to be 3 again, 0 of them were running.',
  );
  const run = await firstRun(stage, 'orders');
  const emptyFrom = Date.parse(run.window?.holds[0]?.confirmedAt ?? '');
  expect(Date.parse(run.artifacts[0]?.startedAt ?? '')).toBeGreaterThan(emptyFrom);
  expect(await holdOf()).toMatchObject({ state: 'free', releasedBy: 'release' });
  expect([service().desiredCount, live(), service().tags.size]).toEqual([3, 3, 0]);
  expect(mails(stage)).toEqual([]);
});

it('waits for tasks that are neither running nor stopped yet: they still write', async () => {
  launch();
  const isLeaving = () => service().tasks.some(({ lastStatus }) => lastStatus === 'DEACTIVATING');
  await until(stage, 'tasks are on their way', isLeaving, 3 * hourMs);
  await stage.time.advance(4000);
  expect(live()).toBe(3);
  expect((await holdOf())?.state).toBe('intended');
});

it('puts the tasks back when somebody stops the execution', async () => {
  launch();
  await untilEmptied();
  await stopExecution(stage);
  await stage.time.advance(2 * minuteMs);
  expect([service().desiredCount, live(), service().tags.size]).toEqual([3, 3, 0]);
  expect((await holdOf())?.state).toBe('free');
});

it('puts them back by the sweep when the event of the stopped execution is lost, too', async () => {
  launch();
  await untilEmptied();
  setRules(stage, [guardRule], false);
  await stopExecution(stage);
  await stage.time.advance(5 * minuteMs);
  expect([service().desiredCount, service().tags.size]).toEqual([3, 0]);
  expect((await holdOf())?.state).toBe('free');
});

it('lets go again when it was released before it had even begun to hold', async () => {
  launch();
  stage.faults.add({ service: 'ecs', operation: 'UpdateService', effect: { kind: 'delay', ms: 9000 }, times: 1 });
  const isBegun = () => service().tags.size > 0;
  await until(stage, 'the service is about to be emptied', isBegun, 3 * hourMs);
  await stopExecution(stage);
  await stage.time.advance(10 * minuteMs);
  expect([service().desiredCount, live(), service().tags.size]).toEqual([3, 3, 0]);
});

it('gives the count of the plan to a service whose tag somebody has taken off', async () => {
  launch();
  await untilEmptied();
  service().tags.clear();
  await untilCalm();
  expect(service().desiredCount).toBe(3);
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.evidence.join()).toContain('It had no tag with its count, so it was given that of the plan.');
});

it('leaves a count alone that somebody else has set meanwhile, and does not call the point more than it is', async () => {
  launch();
  await untilEmptied();
  await stage.time.advance(10_000);
  stage.services.ecs.operations.UpdateService?.({ cluster: 'shop', service: 'orders', desiredCount: 5 }, theirCall());
  await untilCalm();
  expect([service().desiredCount, service().tags.size]).toEqual([5, 0]);
  expect(await holdOf()).toMatchObject({ state: 'free', releasedBy: 'lost' });
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.consistency).toBe('crash-consistent');
});

const theirCall = () => ({
  id: 'theirs',
  service: 'ecs',
  operation: 'UpdateService',
  caller: { kind: 'operator', arn: 'arn:aws:iam::111122223333:user/somebody', name: 'somebody' } as const,
  timeMs: 0,
});

it('goes on asking when ECS refuses the release, and tells the command that does it by hand', async () => {
  launch();
  await untilEmptied();
  refuse('UpdateService', 1000);
  await untilCalm();
  const told = stage.inbox(failuresAddress).find(({ subject }) => subject.includes('RELEASE NOT CONFIRMED'));
  expect(told?.message).toContain(`    ${command}`);
  expect(told?.message).toContain('nothing in ECS does that by itself');
  stage.faults.clear();
  await stage.time.advance(5 * minuteMs);
  expect(service().desiredCount).toBe(3);
});

it('stops the run and puts back what it had begun to take away when the tasks cannot be seen to stop', async () => {
  launch();
  refuse('ListTasks', 1000);
  await stage.time.advance(3 * hourMs);
  const run = await firstRun(stage, 'orders');
  expect(run.failure).toMatchObject({ name: 'QuiesceFault', message: expect.stringContaining('You may not.') });
  expect([run.artifacts.length, service().desiredCount, service().tags.size]).toEqual([0, 3, 0]);
});

it('leaves a service without tasks as it was', async () => {
  launch({ desiredCount: 0 });
  await stage.time.advance(3 * hourMs);
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect([service().desiredCount, service().tags.size]).toEqual([0, 0]);
});

it('takes up what the ledger has forgotten: a count in the tag of an empty service is what will be put back', async () => {
  launch({ desiredCount: 0 }).tags.set(desiredCountTag, '3');
  await stage.time.advance(3 * hourMs);
  expect([service().desiredCount, live(), service().tags.size]).toEqual([3, 3, 0]);
});

it.each([
  ['is not there', () => undefined, 'shop/orders is no active service'],
  ['is being deleted', () => Object.assign(launch(), { status: 'DRAINING' }), 'shop/orders is no active service'],
  ['is a daemon', () => launch({ schedulingStrategy: 'DAEMON' }), 'a daemon service'],
  [
    'is being deployed by CodeDeploy',
    () => Object.assign(launch({ deploymentController: 'CODE_DEPLOY' }), { taskSets: 2 }),
    'A deployment of shop/orders by CODE_DEPLOY is under way',
  ],
  ['can carry no tags', () => launch({ hasOldArn: true }), 'an ARN of the old format'],
  [
    'is scaled by somebody else',
    () => launch() && stage.services.applicationautoscaling.targets.set(`service/${name}`, {}),
    '--resource-id service/shop/orders --suspended-state',
  ],
])('refuses a service that %s, before anything is touched', async (_, arrange, words) => {
  arrange();
  await stage.time.advance(3 * hourMs);
  const run = await firstRun(stage, 'orders');
  expect(run.failure?.message).toContain(words);
  expect(run.window).toBeUndefined();
  expect(stage.calls.mutating().filter(({ call }) => call.service === 'ecs')).toEqual([]);
});

it('holds a service whose scaling is suspended', async () => {
  launch();
  stage.services.applicationautoscaling.targets.set(`service/${name}`, {
    DynamicScalingOutSuspended: true,
    ScheduledScalingSuspended: true,
  });
  await stage.time.advance(3 * hourMs);
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.consistency).toBe('application-consistent');
});

it('is let go all the same when a deployment has taken the hook out of the policy meanwhile', async () => {
  launch();
  await until(stage, 'the snapshot is begun', () => stage.calls.of('rds', 'CreateDBSnapshot').length > 0, 4 * hourMs);
  await redeploy(stage, without);
  await untilCalm();
  expect(service().desiredCount).toBe(3);
  expect(service().tags.has(desiredCountTag)).toBe(false);
  expect((await firstRun(stage, 'orders')).window?.releasedAt).toBeDefined();
});
