/** The morning after which many snapshots expire at once: EC2 deletes a hundred, and then five a second, of all that an account asks for. */
import { afterEach, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, type Stage } from './scenario/stage.ts';
import { stopSweep, thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const machines = Array.from({ length: 12 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
const letters = [...'fghijklmnopqrstuvwxy'];

const nightly = (instance: string): PolicyInput['workloads'][string] => ({
  schedule: { cron: '0 3 * * ? *' },
  members: [{ kind: 'ebs', instance: { id: instance }, volumes: 'data' }],
  retention: { days: 1, minimum: 1 },
});

/** Nights of machines of twenty volumes each. All points but the last have expired, and are still there. */
async function openNights(machines: readonly string[], nights: number): Promise<void> {
  stage = await openStage({
    policy: {
      version: 1,
      mail: { failures: ['ops@example.com'] },
      workloads: Object.fromEntries(machines.map((id, index) => [`machine-${index}`, nightly(id)])),
    },
  });
  const volumes = letters.map((letter) => ({ device: `/dev/sd${letter}`, sizeGib: 50 }));
  for (const id of machines) stage.services.ec2.world.launchInstance({ id, name: id, volumes });
  stopSweep(stage, 'Retire');
  thinOutSweeps(stage, 5);
  await stage.time.advance((nights - 1) * dayMs + 5 * hourMs);
}

const left = () =>
  [...stage.services.ec2.world.snapshots.values()].filter(
    ({ goneAtMs, startTimeMs }) => goneAtMs === undefined && startTimeMs < Date.UTC(2026, 0, 15, 12),
  );
const deletions = () => stage.calls.of('ec2', 'DeleteSnapshot');
const retireNow = () => stage.invoke(functionNamed(stage, 'Retire'));

it('deletes all of them in turn, and is refused by nobody', async () => {
  await openNights(machines, 2);
  expect(left()).toHaveLength(240);
  expect(await retireNow()).toMatchObject({ payload: { retired: 12, blocked: 0 } });
  await stage.time.advance(minuteMs);
  expect(left()).toEqual([]);
  expect(deletions()).toHaveLength(240);
  expect(deletions().filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
});

it('begins no point any more after five minutes, when others wait for what follows, and goes on in the next hour', async () => {
  await openNights(machines.slice(0, 1), 13);
  // Twenty of a point, one after another.
  stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: 240, effect: { kind: 'delay', ms: 1500 } });
  expect(await retireNow()).toMatchObject({ payload: { retired: 10, blocked: 0 } });
  expect(await retireNow()).toMatchObject({ payload: { retired: 2, blocked: 0 } });
});
