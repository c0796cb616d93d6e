import { describe, expect, it } from 'vitest';
import { completeWorkload, mailOf, scheduleOf } from './policy-complete.ts';
import { workloadShape } from './policy-shape.ts';

const sampleMs = Date.parse('2026-01-01T00:00:00.000Z');
const member = { kind: 'ebs', instance: { tags: { Name: 'db' } }, volumes: { devices: ['/dev/sdf'] } };
const complete = (changes: object = {}) =>
  completeWorkload(
    'one',
    workloadShape.parse({ schedule: { rate: '12 hours' }, members: [member], ...changes }),
    { failures: ['all@example.com'] },
    sampleMs,
  );

describe('a schedule', () => {
  it.each([
    [{ cron: '0 3 * * ? *' }, 'cron(0 3 * * ? *)'],
    [{ rate: '12 hours' }, 'rate(12 hours)'],
    [{ expression: ' rate(1 day) ' }, 'rate(1 day)'],
    [{}, ''],
  ])('%j is spelt as EventBridge Scheduler does: "%s"', (typed, expression) => {
    expect(scheduleOf({ ...typed, timeZone: 'UTC' })).toEqual({ expression, timeZone: 'UTC' });
  });
});

describe('a workload', () => {
  it('has every choice filled in', () => {
    expect(complete()).toEqual({
      name: 'one',
      description: '',
      schedule: { expression: 'rate(12 hours)', timeZone: 'UTC' },
      members: [{ kind: 'ebs', tier: 1, instance: { tags: { Name: 'db' } }, volumes: { devices: ['/dev/sdf'] } }],
      hooks: [],
      onQuiesceFailure: 'abort',
      retention: { days: 30, minimum: 7 },
      objectives: { rpoMinutes: 14 * 60, rtoMinutes: 60 },
      mail: { failures: ['all@example.com'], reports: [] },
      recovery: { safetySnapshot: true, keepReplacedDays: 7 },
    });
  });

  it('keeps the RPO, the RTO, the clean-up, the verify script and the volumes that are typed', () => {
    const typed = complete({
      objectives: { rpo: '90m', rto: '2h' },
      recovery: { cleanUp: [{ roots: ['/data'], files: ['TEMP.*'] }], verify: '/opt/verify' },
      members: [
        { ...member, volumes: { tags: { a: 'b' } } },
        { ...member, volumes: 'data' },
      ],
    });
    expect(typed.objectives).toEqual({ rpoMinutes: 90, rtoMinutes: 120 });
    expect(typed.recovery).toEqual({
      safetySnapshot: true,
      keepReplacedDays: 7,
      cleanUp: [{ roots: ['/data'], files: ['TEMP.*'], folders: [] }],
      verify: '/opt/verify',
    });
    expect(typed.members).toMatchObject([{ volumes: { tags: { a: 'b' } } }, { volumes: 'data' }]);
  });

  it.each([
    ['', {}, undefined],
    ['with hooks', { quiesce: { hooks: [{ kind: 'filesystem' }] } }, 120],
    ['that is rebooted', { members: [{ kind: 'ami', instance: member.instance, reboot: true }] }, 120],
    ['of an image without a reboot', { members: [{ kind: 'ami', instance: member.instance }] }, undefined],
    ['that says it', { schedule: { rate: '12 hours', startWithin: '90m' } }, 90],
    [
      'with hooks that says it',
      { schedule: { rate: '12 hours', startWithin: '1d' }, quiesce: { hooks: [{ kind: 'filesystem' }] } },
      1440,
    ],
  ])('%s may begin so late: %j %s', (_, changes, minutes) => {
    expect(complete(changes).startWithinMinutes).toBe(minutes);
  });

  it('hands the role of an image and the instance that moves files on as they are typed, and says nothing of what is not', () => {
    const image = { kind: 'ami', instance: { id: 'i-0a1b2c3d4e5f60718' } };
    const files = { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718', tier: 2, promoteOn: { tags: { Name: 'db' } } };
    expect(complete({ members: [{ ...image, role: 'app' }, image, files] }).members).toEqual([
      { ...image, tier: 1, reboot: false, role: 'app' },
      { ...image, tier: 1, reboot: false },
      files,
    ]);
    expect(complete({ members: [image] }).members[0]).not.toHaveProperty('role');
  });

  it('that is due only once has an RPO of 26 hours', () => {
    expect(complete({ schedule: { cron: '0 3 1 6 ? 2026' } }).objectives.rpoMinutes).toBe(26 * 60);
  });

  it('with a duration that nobody has checked is our own bug', () => {
    const shape = workloadShape.parse({ schedule: { rate: '12 hours' }, members: [member] });
    for (const objectives of [
      { rpo: 'soon', rto: '1h' },
      { rpo: '1h', rto: 'soon' },
    ]) {
      expect(() => completeWorkload('one', { ...shape, objectives }, {}, sampleMs)).toThrow(
        expect.objectContaining({ name: 'InvariantBroken', message: 'A duration was used unchecked.' }),
      );
    }
    const copyTo = { region: 'eu-central-1', key: 'arn:key', rpo: 'soon' };
    expect(() => completeWorkload('one', { ...shape, copyTo }, {}, sampleMs)).toThrow(
      expect.objectContaining({ name: 'InvariantBroken', message: 'A duration was used unchecked.' }),
    );
  });
});

it('mail goes to addresses of its own, else to those for all, else to nobody', () => {
  expect(
    mailOf({ reports: ['own@example.com'] }, { failures: ['all@example.com'], reports: ['all@example.com'] }),
  ).toEqual({
    failures: ['all@example.com'],
    reports: ['own@example.com'],
  });
  expect(mailOf({}, {})).toEqual({ failures: [], reports: [] });
});
