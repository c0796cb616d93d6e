/** Two workloads with volumes on one instance, and people who recover both of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denied } from './scenario/holding.ts';
import { databaseId, nightly } from './scenario/policy.ts';
import { begin, end, failureOf, functionNamed, leaseOf, recover, recovered } from './scenario/recovering.ts';
import {
  closeStage,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  type Stage,
  startMs,
} from './scenario/stage.ts';

let stage: Stage;

const schedule = (hour: number) => ({ cron: `0 ${hour} * * ? *`, timeZone: 'UTC' });
const on = (...devices: string[]) => ({
  members: [{ kind: 'ebs' as const, instance: { id: databaseId }, volumes: { devices } }],
  recovery: { safetySnapshot: false },
});
const policy = nightly({
  rows: { schedule: schedule(2), ...on('/dev/sdf', '/dev/sdg') },
  files: { schedule: schedule(3), ...on('/dev/sdh', '/dev/sdi') },
});

/** A night of each has passed. */
beforeEach(async () => {
  stage = await openStage({ policy });
  await stage.time.advance(3 * hourMs);
  for (const workload of ['rows', 'files']) expect(await pointsIn(stage, workload)).toHaveLength(1);
});

afterEach(() => closeStage(stage));

const stateOf = async (workload: string) => (await recovered(stage, workload))?.state;
const instance = () => stage.services.ec2.world.instance(databaseId);
const atWork = /The recovery first of the workload rows is at work on i-0d47aba5e00000001, and would be disturbed/;

it.each(['before it is stopped', 'while it is stopped'])('are not both recovered at a time: %s', async (when) => {
  await begin(stage, { workload: 'rows' }, 'first');
  const isThen = async () => (when === 'while it is stopped' ? instance().state === 'stopped' : true);
  for (let look = 0; look < 600 && !(await isThen()); look += 1) await stage.time.advance(1000);
  await stage.time.advance(3000);
  const dry = await begin(stage, { workload: 'files', dryRun: true }, 'dry');
  const second = await begin(stage, { workload: 'files' }, 'second');
  await end(stage);
  expect(JSON.stringify(dry.output)).toMatch(/Now it would be refused: The recovery first/);
  expect(failureOf(second)).toMatch(atWork);
  expect(stage.inbox(failuresAddress).map(({ message }) => message.replaceAll(/\s+/g, ' '))).toEqual([
    expect.stringMatching(atWork),
  ]);
  expect(await Promise.all([stateOf('rows'), stateOf('files')])).toEqual(['committed', 'refused']);
  expect(stage.calls.of('ec2', 'StopInstances')).toHaveLength(1);
  expect(instance().state).toBe('running');
  expect(await leaseOf(stage, 'files')).toBeUndefined();
});

it('are recovered one after the other', async () => {
  for (const workload of ['rows', 'files']) {
    expect(failureOf(await recover(stage, { workload }, workload))).toBe(': ');
    expect(await stateOf(workload)).toBe('committed');
  }
});

it('wait for a person where the recovery of one is stranded', async () => {
  stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied, times: Number.POSITIVE_INFINITY });
  await recover(stage, { workload: 'rows' }, 'first');
  expect(await stateOf('rows')).toBe('stranded');
  expect(failureOf(await recover(stage, { workload: 'files' }, 'second'))).toMatch(
    /first of the workload rows is stranded, and has left i-0d47aba5e00000001 half done: .*recover rows --undo/,
  );
});

// In one of these it dies between the record and the look at others: lists come in one page, or in two.
it.each([11, 12, 13])(
  'are not both recovered though planning of the second dies after %i of its calls',
  async (afterCalls) => {
    await begin(stage, { workload: 'rows' }, 'first');
    await stage.time.advance(3000);
    stage.services.lambda.crash({ functionName: functionNamed(stage, 'PlanRecovery'), afterCalls });
    expect(failureOf(await recover(stage, { workload: 'files' }, 'second'))).toMatch(atWork);
    expect(await Promise.all([stateOf('rows'), stateOf('files')])).toEqual(['committed', 'refused']);
  },
);

describe('a night of one while the other is recovered', () => {
  it('waits until the recovery has ended, and is taken then', async () => {
    const twoMinutesBeforeMs = startMs + 26 * hourMs - 2 * minuteMs;
    await stage.time.advance(twoMinutesBeforeMs - stage.clock.nowMs());
    await begin(stage, { workload: 'rows' }, 'first');
    await stage.time.advance(2 * hourMs);
    expect(await stateOf('rows')).toBe('committed');
    const [point, ...more] = await pointsIn(stage, 'files');
    expect(more).toHaveLength(1);
    expect(point?.takenAt && point.takenAt > ((await recovered(stage, 'rows'))?.endedAt ?? '')).toBe(true);
    expect(stage.inbox(failuresAddress).map(({ subject }) => subject)).toEqual([]);
  });

  it('does not wait for one that is stranded', async () => {
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied, times: Number.POSITIVE_INFINITY });
    await recover(stage, { workload: 'rows' }, 'first');
    expect(await stateOf('rows')).toBe('stranded');
    await stage.time.advance(24 * hourMs);
    expect(await pointsIn(stage, 'files')).toHaveLength(2);
  });
});
