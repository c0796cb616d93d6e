import { expect, it } from 'vitest';
import type { PolicyInput } from './policy-schema.ts';
import { parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

const image = { kind: 'ami', instance: { id: 'i-0a1b2c3d4e5f60718' } } as const;
const disk = { kind: 'ebs', instance: image.instance, volumes: 'data' } as const;
const stop = { kind: 'services', units: ['app.service'] };

function parsed(changes: object) {
  const schedule = { cron: '0 3 * * ? *' } as const;
  const workload: WorkloadInput = { schedule, members: [image], ...changes };
  return parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { box: workload } });
}

function mistakesOf(changes: object): readonly string[] {
  const outcome = parsed(changes);
  return 'mistakes' in outcome ? outcome.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

function workloadOf(changes: object) {
  const outcome = parsed(changes);
  return 'policy' in outcome ? outcome.policy.workloads[0] : undefined;
}

it('an instance is not rebooted for its image unless that is asked for', () => {
  expect(workloadOf({})?.members).toEqual([{ ...image, tier: 1, reboot: false }]);
});

it('a reboot and hooks exclude each other, whatever the hook', () => {
  const rebooted = { members: [{ ...image, reboot: true }] };
  expect(mistakesOf(rebooted)).toEqual([]);
  expect(mistakesOf({ quiesce: { hooks: [stop] } })).toEqual([]);
  expect(mistakesOf({ ...rebooted, quiesce: { hooks: [{ ...stop, deadlineSeconds: 3600 }] } })).toEqual([
    expect.stringMatching(/^workloads.box.members.0.reboot: A reboot ends whatever a hook holds still/),
  ]);
});

it('user data of what is imaged is noted to be readable in the ledger, member by member', () => {
  const outcome = parsed({ members: [disk, { ...image, instance: { tags: { Name: 'box' } } }] });
  expect('notes' in outcome ? outcome.notes : []).toEqual([
    {
      path: ['workloads', 'box', 'members', 1],
      message: expect.stringMatching(/user data .* is kept in the ledger, .* keep secrets elsewhere\.$/),
    },
  ]);
});

it('the window is five minutes, or an hour where the guest goes down for its image', () => {
  expect(workloadOf({})?.windowMinutes).toBe(5);
  expect(workloadOf({ window: '1m' })?.windowMinutes).toBe(1);
  expect(workloadOf({ members: [{ ...image, reboot: true }] })?.windowMinutes).toBe(60);
});

it('an image has all volumes of its instance, so none of them belongs to another member', () => {
  const claimed = [
    'workloads.box.members.1: These volumes are already claimed by workloads.box.members.0; a volume belongs to one member.',
  ];
  expect(mistakesOf({ members: [image, disk] })).toEqual(claimed);
  expect(mistakesOf({ members: [{ ...disk, volumes: { devices: ['/dev/sdf'] } }, image] })).toEqual(claimed);
  expect(mistakesOf({ members: [image, image] })).toEqual(claimed);
  expect(mistakesOf({ members: [image, { ...disk, instance: { id: 'i-0a1b2c3d4e5f60719' } }] })).toEqual([]);
});

it('stands in a later tier than databases, as disks do', () => {
  const database = { kind: 'rds', resource: 'orders' };
  expect(mistakesOf({ members: [database, image] })[0]).toMatch(/^workloads.box.members.1.tier: /);
  expect(mistakesOf({ members: [database, { ...image, tier: 2 }] })).toEqual([]);
});
