/** A night with services stopped and temporary files taken away, for applications that have no other way to hold still. */
import { afterEach, expect, it } from 'vitest';
import { firstRun, guardRule, setRules, stopExecution, untilHeld } from './scenario/holding.ts';
import { database, databaseId, nightly } from './scenario/policy.ts';
import { closeStage, hourMs, openStage, pointsIn, runsIn, type Stage, window } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const temporary = { roots: ['/mnt/sdf'], files: ['TEMP.*'], folders: ['tmp', 'DR_TMP_DIR', 'pending'] };
const policy = nightly({
  'orders-db': database({
    quiesce: {
      hooks: [
        { kind: 'services', units: ['postgres.service'], deadlineSeconds: 120 },
        { kind: 'clean-up', ...temporary },
        { kind: 'filesystem' },
      ],
      onFailure: 'abort',
    },
  }),
});
const guest = () => stage.services.ec2.world.guest(databaseId);
const application = () => guest().inspect().applications[0]?.status;

/** Files of the first data volume's snapshot, by their path on the volume. */
function snapshotFiles(): readonly string[] {
  const { snapshots, volumeAt } = stage.services.ec2.world;
  const { id } = volumeAt(databaseId, '/dev/sdf');
  return [...snapshots.values()]
    .filter(({ volumeId }) => volumeId === id)
    .flatMap(({ disk }) => [...disk.files.keys()]);
}

it('takes an application-consistent point without temporary files, and starts what it stopped', async () => {
  stage = await openStage({ policy });
  for (const path of ['TEMP.usage', 'a/tmp/x', 'DR_TMP_DIR/y', 'pending/z', 'kept'])
    await guest().write(`/mnt/sdf/${path}`, path);
  await untilHeld(stage);
  await stage.time.advance(hourMs);
  expect(application()).toBe('running');
  const [point] = await pointsIn(stage, 'orders-db');
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(point?.verdict.evidence.join('\n')).toContain('that nothing was left; it holds nothing still');
  expect(snapshotFiles().toSorted()).toEqual(['/kept', '/stripe']);
  const judged = stage.services.ec2.world.judgeSnapshots(point?.artifacts.map(({ id }) => id) ?? []);
  expect(judged.map(({ consistency }) => consistency)).toEqual(['application-consistent']);
});

it('stops the run when temporary files are left, with the application running again', async () => {
  stage = await openStage({ policy });
  const machine = guest();
  await machine.write('/mnt/sdf/TEMP.stuck', 'x');
  machine.remove = () => undefined;
  await window(stage);
  const [run] = await runsIn(stage, 'orders-db');
  expect(run?.failure).toMatchObject({ name: 'QuiesceFault', message: expect.stringContaining('/mnt/sdf/TEMP.stuck') });
  expect(application()).toBe('running');
});

it.each([
  ['by the guard of executions', []],
  ['by settle, when that guard is gone', [guardRule]],
])('starts what it stopped when the execution is stopped: %s', async (_, gone) => {
  stage = await openStage({ policy });
  setRules(stage, gone, false);
  await untilHeld(stage);
  await stopExecution(stage);
  await stage.time.advance(hourMs);
  expect(application()).toBe('running');
  const { state, window: asked } = await firstRun(stage);
  expect(state).toBe('failed');
  expect(asked?.holds.map((hold) => [hold.hook.kind, hold.state])).toEqual([
    ['services', 'free'],
    ['clean-up', 'free'],
    ['filesystem', 'free'],
  ]);
  expect(asked?.releasedAt).toBeDefined();
});
