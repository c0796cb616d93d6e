/**
 * The cluster of `examples/tagged-cluster.yaml`, as the file has it: AWS Backup copies what carries its tag by the deployed plan, Holdfast the scheduler's
 * volumes, and both come back.
 */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { failureOf, recover } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

const policy: PolicyInput = parse(readFileSync(new URL('../examples/tagged-cluster.yaml', import.meta.url), 'utf8'));
const tags = { cluster: 'hpc-1' };
const schedulerId = 'i-05c4ed01e00000001';

const ec2 = () => stage.services.ec2;
const volume = () => ec2().world.volumeAt(schedulerId, '/dev/sdf').id;
const jobs = () => [...stage.services.backup.world.jobs.values()];
const points = () => [...stage.services.backup.world.points.values()];

/** On the last evening of a month, five hours before the night; what has no tag is somebody else's. */
beforeEach(async () => {
  stage = await openStage({ policy, startMs: Date.UTC(2026, 0, 31, 21) });
  ec2().world.launchInstance({
    ...{ id: schedulerId, name: 'scheduler', tags },
    volumes: [{ device: '/dev/sdf', sizeGib: 20 }],
    applications: [{ name: 'slurmctld', files: ['/mnt/sdf/jobs'] }],
  });
  stage.services.efs.world.create({ id: 'fs-0a1b2c3d', files: { '/home/ada/thesis': 'one' }, tags });
  stage.services.efs.world.create({ id: 'fs-0e1f0000', files: { '/elsewhere': 'one' } });
  await stage.time.advance(hourMs);
});
afterEach(() => closeStage(stage));

it('has its scheduler held still at two, and all that carries its tag copied from five to six, as the longest rule that is due says', async () => {
  await stage.time.advance(4 * hourMs + 30 * minuteMs);
  const [point, ...more] = await pointsIn(stage, 'scheduler');
  expect(more).toEqual([]);
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(point?.artifacts).toHaveLength(1);
  expect(jobs()).toEqual([]);
  await stage.time.advance(3 * hourMs + 30 * minuteMs);
  expect(
    points()
      .map(({ source: { type } }) => type)
      .toSorted(),
  ).toEqual(['EC2', 'EFS']);
  for (const { lifecycle, tags: worn } of points()) {
    expect(lifecycle).toEqual({ deleteAfterDays: 365, coldAfterDays: 30 });
    expect(worn.get('holdfast:stack')).toBe('Holdfast');
  }
  for (const { createdMs, vault } of jobs()) {
    expect(createdMs).toBeGreaterThanOrEqual(Date.UTC(2026, 1, 1, 5));
    expect(createdMs).toBeLessThan(Date.UTC(2026, 1, 1, 6));
    expect(vault).toMatch(/^holdfast-plan-cluster-/);
  }
});

it('brings its scheduler back from a night of its own, and from what the plan has copied of it', async () => {
  await stage.time.advance(8 * hourMs);
  const ofNow = volume();
  expect(failureOf(await recover(stage, { workload: 'scheduler' }))).toBe(': ');
  const ofNight = volume();
  expect(ofNight).not.toBe(ofNow);
  const point = 'cluster.2-month.20260201T050000Z';
  expect(failureOf(await recover(stage, { workload: 'scheduler', point }, 'from-the-plan'))).toBe(': ');
  expect([ofNow, ofNight]).not.toContain(volume());
  expect(ec2().world.instance(schedulerId).state).toBe('running');
});

it('copies daily only on other days, and tells nobody of a night as it should be', async () => {
  await stage.time.advance(dayMs + 11 * hourMs);
  const second = points().filter(({ createdMs }) => createdMs >= Date.UTC(2026, 1, 2));
  expect(second.map(({ source: { type } }) => type).toSorted()).toEqual(['EC2', 'EFS']);
  expect(second.map(({ lifecycle }) => lifecycle)).toEqual([{ deleteAfterDays: 30 }, { deleteAfterDays: 30 }]);
  expect(stage.inbox('ops@example.com').map(({ subject }) => subject)).toEqual([]);
});
