import { expect, it } from 'vitest';
import { expectedSlots } from './expected-slots.ts';
import type { VolumeSelector } from './policy.ts';
import { sampleArtifact, samplePoint, sampleWorkload } from './samples-for-tests.ts';

const instance = { id: 'i-0a1b2c3d4e5f60718' };
const workload = (...choices: readonly VolumeSelector[]) =>
  sampleWorkload({ members: choices.map((volumes) => ({ kind: 'ebs', tier: 1, instance, volumes })) });
const takenAt = '2026-11-21T03:00:00.000Z';

it('a workload that was backed up before will need as many slots as its newest point has artifacts', () => {
  const artifacts = Array(3).fill(sampleArtifact(takenAt));
  expect(expectedSlots(workload('all', 'all'), samplePoint(takenAt, 'crash-consistent', { artifacts }))).toBe(3);
});

it('an image is taken for one of eight volumes, before and after the first', () => {
  const images = sampleWorkload({ members: [{ kind: 'ami', tier: 1, instance, reboot: false }] });
  expect(expectedSlots(images, undefined)).toBe(8);
  const artifacts = [sampleArtifact(takenAt, { kind: 'ami' }), sampleArtifact(takenAt)];
  expect(expectedSlots(images, samplePoint(takenAt, 'crash-consistent', { artifacts }))).toBe(9);
});

it.each<[VolumeSelector[], number]>([
  [[{ devices: ['/dev/sdf', '/dev/sdg'] }], 2],
  [['data'], 8],
  [[{ tags: { a: 'b' } }], 8],
  [['all', { devices: ['/dev/sdf'] }], 9],
])(
  'a workload that never was: the devices of %j, and eight volumes for a choice that nobody can count, in all %i',
  (choices, slots) => {
    expect(expectedSlots(workload(...choices), undefined)).toBe(slots);
  },
);
