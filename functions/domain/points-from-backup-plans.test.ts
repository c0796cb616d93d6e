import { describe, expect, it } from 'vitest';
import type { BackupPlanCopy, CopiedPart } from './backup-plan-copy.ts';
import { type Expected, pointsFromBackupPlans } from './points-from-backup-plans.ts';
import { sampleArtifact } from './samples-for-tests.ts';

const at = '2026-01-16T00:00:00.000Z';
const run = (day: number) => `homes.1-day.202601${day}T050000Z`;
const instance = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1';
const volume = 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1';
const system = 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1';

function part(resourceArn: string, place: string, copied: Partial<BackupPlanCopy> = {}, artifact = {}): CopiedPart {
  const { point = run(15) } = copied;
  const day = /\.202601(\d\d)/.exec(point)?.[1];
  const cut = { lower: `2026-01-${day}T05:00:00.000Z`, upper: `2026-01-${day}T05:20:00.000Z` };
  const copy: BackupPlanCopy = {
    ...{ pointArn: `arn:of:${resourceArn}:${point}`, vault: 'vault', resourceArn, point, cut, state: 'completed' },
    ...copied,
  };
  const kind = resourceArn === system ? 'efs' : 'ebs';
  const state = copy.state;
  return { copy, place, artifact: sampleArtifact(copy.cut.lower, { kind, state, id: copy.pointArn, ...artifact }) };
}

const points = (parts: readonly CopiedPart[], expected: readonly Expected[] = []) =>
  pointsFromBackupPlans('set', parts, expected, at);
const evidence = (parts: readonly CopiedPart[], expected: readonly Expected[] = []) =>
  points(parts, expected)[0]?.verdict.evidence.join('\n') ?? '';

describe('points of plans', () => {
  it('are the copies of one run each, newest first', () => {
    const found = points([
      part(instance, '/dev/sdf of i-1', { point: run(14) }),
      part(instance, '/dev/sdf of i-1'),
      part(system, 'fs-1'),
    ]);
    expect(found.map(({ id, artifacts }) => [id, artifacts.length])).toEqual([
      [run(15), 2],
      [run(14), 1],
    ]);
    expect(found[0]).toMatchObject({
      ...{ takenAt: '2026-01-15T05:00:00.000Z', sealedAt: '2026-01-15T05:20:00.000Z' },
      verdict: { consistency: 'crash-consistent' },
    });
  });

  it('are none as long as one of their copies is being made', () => {
    expect(points([part(instance, '/dev/sdf of i-1'), part(system, 'fs-1', { state: 'pending' })])).toEqual([]);
  });

  it('are none while either the copy or what it gives back is not there yet', () => {
    const place = '/dev/sdf of i-1';
    expect(points([part(instance, place, { state: 'pending' }, { state: 'completed' })])).toEqual([]);
    expect(points([part(instance, place, { state: 'completed' }, { state: 'pending' })])).toEqual([]);
  });

  it('of one time are in the order of their names, and of one moment from its first to its last', () => {
    const cut = { lower: '2026-01-15T05:00:00.000Z' };
    const later = { lower: '2026-01-15T06:00:00.000Z', upper: '2026-01-15T06:10:00.000Z' };
    const other = 'homes.2-week.20260115T050000Z';
    const found = points([
      part(system, 'fs-1', { cut }),
      part(system, 'fs-1', { cut, point: other }),
      part(system, 'fs-2', { cut: later, point: other, pointArn: 'b' }),
      part(system, 'fs-3', { cut, point: other, pointArn: 'c' }),
    ]);
    expect(found.map(({ id, takenAt, sealedAt }) => [id, takenAt, sealedAt])).toEqual([
      [other, cut.lower, later.upper],
      [run(15), cut.lower, cut.lower],
    ]);
  });

  it('take one copy where a thing was copied twice by one rule, and one that is complete is not broken', () => {
    const [point] = points([
      part(volume, '/dev/sdf of i-1', { pointArn: 'one' }, { problem: 'none' }),
      part(volume, '/dev/sdf of i-1', { pointArn: 'two' }),
    ]);
    expect(point?.artifacts.map(({ id }) => id)).toEqual(['one']);
    expect(point).not.toHaveProperty('broken');
    expect(points([part(system, 'fs-1')])[0]).not.toHaveProperty('broken');
  });

  it('are broken by a copy in error, and by a part that is gone', () => {
    const [deleted] = points([
      part(system, 'fs-1', { state: 'error', problem: 'it is DELETING' }, { problem: 'it is DELETING' }),
    ]);
    expect(deleted?.broken).toEqual({ problem: 'it is DELETING', at });
    const [gone] = points([part(instance, '/dev/sdf of i-1', {}, { state: 'gone', problem: 'snap-1 is gone' })]);
    expect(gone?.broken).toEqual({ problem: 'snap-1 is gone', at });
  });

  it('have what is of one moment with others, where a volume is copied twice', () => {
    const place = '/dev/sdf of i-1';
    const [point] = points([part(volume, place), part(instance, place), part(instance, '/dev/sdg of i-1')]);
    expect(point?.artifacts.map(({ id }) => id)).toEqual([
      `arn:of:${instance}:${run(15)}`,
      `arn:of:${instance}:${run(15)}`,
    ]);
  });
});

describe('their evidence', () => {
  it('says that nothing was held still, and by which rule they were made', () => {
    expect(evidence([part(system, 'fs-1')])).toContain('by the rule 1-day of the plan homes: nothing was held still');
  });

  it('says that the volumes of an instance are of one moment, and which', () => {
    const words = evidence([part(instance, '/dev/sdf of i-1'), part(instance, '/dev/sdg of i-1')]);
    expect(words).toContain(
      '/dev/sdf of i-1, /dev/sdg of i-1: of one moment between 2026-01-15T05:00:00.000Z and 2026-01-15T05:20:00.000Z',
    );
    expect(words).not.toContain('moments');
  });

  it('says how many moments there are otherwise, and that files were read while they could change', () => {
    const words = evidence([part(volume, '/dev/sdf of i-1'), part(system, 'fs-1')]);
    expect(words).toContain('The files of efs fs-1 were read one after another');
    expect(words).toContain('These are 2 moments, and nothing makes them fit together');
  });

  it('is all that is known of the moments, sentence by sentence', () => {
    const cut = { lower: '2026-01-15T05:00:00.000Z' };
    expect(
      points([
        part(volume, '/dev/sdf of i-1'),
        part(system, 'fs-1', { cut }),
        part(instance, 'i-2', { pointArn: 'c' }, { kind: 'ami' }),
      ])[0]?.verdict.evidence,
    ).toEqual([
      'AWS Backup made these copies by itself, by the rule 1-day of the plan homes: nothing was held still for them.',
      'ebs /dev/sdf of i-1: of one moment between 2026-01-15T05:00:00.000Z and 2026-01-15T05:20:00.000Z, as if its power had failed.',
      'The files of efs fs-1 were read one after another between 2026-01-15T05:00:00.000Z and a time that is not known, while they could change.',
      'ami i-2: of one moment between 2026-01-15T05:00:00.000Z and 2026-01-15T05:20:00.000Z, as if its power had failed.',
      'These are 3 moments, and nothing makes them fit together: each is consistent by itself at most.',
    ]);
  });

  it('lacks what is there of another kind, or elsewhere', () => {
    const parts = [part(system, 'fs-1'), part(volume, '/dev/sdf of i-1')];
    const expected = [
      { kind: 'efs', place: 'fs-1' },
      { kind: 'efs', place: 'fs-2' },
      { kind: 'rds', place: 'fs-1' },
    ];
    expect(evidence(parts, expected).match(/no copy of \S+ [^,]+/g)).toEqual([
      'no copy of efs fs-2',
      'no copy of rds fs-1',
    ]);
  });

  it('names what the point lacks, and what is in cold storage', () => {
    const words = evidence(
      [part(system, 'fs-1', { coldSince: '2026-02-15T00:00:00.000Z' })],
      [
        { kind: 'efs', place: 'fs-1' },
        { kind: 'rds', place: 'orders' },
      ],
    );
    expect(words).toContain('It has no copy of rds orders');
    expect(words).not.toContain('no copy of efs');
    expect(words).toContain('The copy of efs fs-1 has been in cold storage since 2026-02-15T00:00:00.000Z');
  });
});
