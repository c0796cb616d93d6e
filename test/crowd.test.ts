import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '#domain/run.ts';
import { takeLease } from '#ledger/lease.ts';
import { createPoint } from '#ledger/points.ts';
import { appliance, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  executions,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  runsIn,
  type Stage,
  type StageOptions,
  subjects,
} from './scenario/stage.ts';
import { areAllSlotsFree, thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `crowd-${index}`);

/** So many workloads due at the same minute, each with so many volumes of an instance of its own. */
async function open(count: number, volumes: number, options: StageOptions = {}): Promise<readonly string[]> {
  const names = namesOf(count);
  const devices = Array.from({ length: volumes }, (_, index) => `/dev/sd${String.fromCharCode(102 + index)}`);
  const member = (name: string) => ({ kind: 'ebs', instance: { tags: { Name: name } }, volumes: { devices } }) as const;
  const workloads = names.map((name) => [name, appliance({ members: [member(name)] })] as const);
  stage = await openStage({ policy: nightly(Object.fromEntries(workloads)), ...options });
  for (const name of names) {
    const volume = (device: string) => ({ device, sizeGib: 10 });
    stage.services.ec2.world.launchInstance({ name, volumes: devices.map(volume) });
  }
  return names;
}

/** Five minutes a snapshot, so that fifty of them take the Region's hundred slots twice over. */
const slow = { ec2: { durations: { completeSnapshot: 5 * minuteMs, completeSnapshotPerGib: 0 } } };

/** A point of some days ago: the older, the more urgent. */
async function backedUp(workload: string, hoursAgo: number, artifacts: number): Promise<void> {
  const takenAt = new Date(stage.clock.nowMs() - hoursAgo * hourMs).toISOString();
  const artifact = {
    kind: 'ebs',
    source: 'vol-0',
    tier: 1,
    state: 'completed',
    startedAt: takenAt,
    detail: {},
  } as const;
  await stage.drive(
    createPoint({
      id: `${workload}-${takenAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
      workload,
      takenAt,
      sealedAt: takenAt,
      artifacts: Array.from({ length: artifacts }, (_, index) => ({ ...artifact, id: `snap-${index}` })),
      verdict: { consistency: 'crash-consistent', evidence: [] },
    }),
  );
}

async function runOf(workload: string): Promise<Run> {
  const [run] = await runsIn(stage, workload);
  if (run === undefined) throw new Error(`${workload} has no run`);
  return run;
}

const states = async (names: readonly string[]) => Promise.all(names.map(async (name) => (await runOf(name)).state));

async function expectAllSealed(names: readonly string[], told: readonly string[] = []): Promise<void> {
  expect(new Set(await states(names))).toEqual(new Set(['sealed']));
  expect(executions(stage, 'protect').map(({ status }) => status)).toEqual(names.map(() => 'SUCCEEDED'));
  expect(subjects(stage)).toEqual(told);
  expect(await areAllSlotsFree(stage)).toBe(true);
}

/** The most snapshots that were pending at any moment. */
function mostPending(): number {
  const all = [...stage.services.ec2.world.snapshots.values()];
  const at = (ms: number) =>
    all.filter(({ startTimeMs, completionTimeMs }) => startTimeMs <= ms && ms < (completionTimeMs ?? Infinity)).length;
  return Math.max(...all.map(({ startTimeMs }) => at(startTimeMs)));
}

describe('many workloads in the same minute', () => {
  it('all get their slots and tokens, though all write the same records of the ledger', async () => {
    const names = await open(24, 1);
    await night(stage);
    await expectAllSealed(names);
  });

  it('wait where there are more than slots: all are sealed, nothing is throttled, and the Region is used to its limit', async () => {
    const names = await open(30, 8, slow);
    await stage.time.advance(2 * hourMs + 2 * minuteMs);
    expect((await states(names)).filter((state) => state === 'waiting')).toHaveLength(18);
    await stage.time.advance(hourMs);
    await expectAllSealed(names);
    expect(mostPending()).toBeGreaterThanOrEqual(96);
    expect(mostPending()).toBeLessThanOrEqual(100);
    expect(stage.calls.all().filter(({ errorCode }) => errorCode === 'PendingSnapshotLimitExceeded')).toEqual([]);
  });

  it('that wait are begun within half a minute of the slots coming free, also where no event says so', async () => {
    await open(26, 4, slow);
    await stage.time.advance(2 * hourMs);
    stage.faults.add({ source: 'aws.ec2', times: Infinity, outcome: 'drop' });
    await stage.time.advance(hourMs);
    await expectAllSealed(namesOf(26));
    const all = [...stage.services.ec2.world.snapshots.values()].toSorted((a, b) => a.startTimeMs - b.startTimeMs);
    const [last] = all.slice(-1);
    const freed = all.map(({ completionTimeMs }) => completionTimeMs ?? Infinity).toSorted((a, b) => a - b)[3] ?? 0;
    expect((last?.startTimeMs ?? Infinity) - freed).toBeLessThan(30_000);
  });

  it('are begun in the order in which their RPO will be missed, and nobody overtakes one that needs more slots', async () => {
    const names = await open(6, 5, slow);
    // Of the middle one it is thought that it needs all there is.
    for (const [index, name] of names.entries()) await backedUp(name, 60 - index, index === 2 ? 100 : 5);
    await stage.time.advance(2 * hourMs + minuteMs);
    expect(await states(names)).toEqual(['settling', 'settling', 'waiting', 'waiting', 'waiting', 'waiting']);
    await stage.time.advance(hourMs);
    await expectAllSealed(names, [`[Holdfast] ${names[2]}: a recovery point is LESS than the one before`]);
    const admitted = await Promise.all(names.map(async (name) => (await runOf(name)).admittedAt ?? ''));
    expect(admitted).toEqual(admitted.toSorted());
  });

  it.each([0, 2, 4, 6, 8, 10, 12, 16, 20, 24, 28])(
    'are all begun, once, though the function that admits them dies after %i of its calls',
    async (afterCalls) => {
      const names = await open(4, 2);
      thinOutSweeps(stage, 1);
      await stage.time.advance(2 * hourMs - minuteMs / 2);
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'Settle'), afterCalls });
      await night(stage);
      await expectAllSealed(names);
      for (const name of names) expect(await pointsIn(stage, name)).toHaveLength(1);
    },
  );

  it('leave their lease to a recovery while they wait: the run is then refused, and its slots go to the next', async () => {
    const names = await open(25, 8, slow);
    for (const [index, name] of names.entries()) await backedUp(name, 60 - index, 8);
    await stage.time.advance(2 * hourMs + minuteMs);
    const last = names.at(-1) ?? '';
    expect((await runOf(last)).state).toBe('waiting');
    const nowMs = stage.clock.nowMs();
    const [takenAt, untilAt] = [new Date(nowMs).toISOString(), new Date(nowMs + 2 * hourMs).toISOString()];
    const lease = { holder: 'recovery-1', kind: 'recovery', takenAt, untilAt } as const;
    expect(await stage.drive(takeLease(last, lease))).toEqual({ taken: true });
    await stage.time.advance(hourMs);
    expect(await states(names)).toEqual([...names.slice(1).map(() => 'sealed'), 'refused']);
    expect(subjects(stage)).toEqual([`[Holdfast] ${last}: backup REFUSED; application not touched`]);
    expect(await areAllSlotsFree(stage)).toBe(true);
  });
});
