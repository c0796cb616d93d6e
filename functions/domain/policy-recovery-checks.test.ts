import { expect, it } from 'vitest';
import type { PolicyInput } from './policy-schema.ts';
import { parsePolicy } from './policy-schema.ts';

const cluster = { kind: 'memorydb', resource: 'orders' } as const;
const instance = { id: 'i-0a1b2c3d4e5f60718' };
const disk = { kind: 'ebs', instance, volumes: 'data', tier: 2 } as const;
const files = { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718', tier: 2 } as const;
const promoted = { ...files, promoteOn: instance } as const;
const cleanUp = { files: ['TEMP.*'] };
const recovery = { verify: '/opt/verify', cleanUp: [{ roots: ['/srv'], ...cleanUp }] };

function parsed(members: PolicyInput['workloads'][string]['members'], changes: object = {}) {
  const schedule = { cron: '0 3 * * ? *' } as const;
  const workloads = { orders: { schedule, members, ...changes } };
  return parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
}

function mistakesOf(...asked: Parameters<typeof parsed>): readonly string[] {
  const outcome = parsed(...asked);
  return 'mistakes' in outcome ? outcome.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

it('what a recovery would run on a guest is refused where there is none, each at its place', () => {
  expect(mistakesOf([cluster], { recovery })).toEqual([
    expect.stringMatching(/^workloads.orders.recovery.cleanUp: This would never be run/),
    expect.stringMatching(/^workloads.orders.recovery.verify: This script would never be run/),
  ]);
  expect(mistakesOf([cluster, files], { recovery: { verify: '/opt/verify' } })).toHaveLength(1);
  expect(mistakesOf([cluster, disk], { recovery })).toEqual([]);
});

it('the instance that moves restored files runs the script, and knows no other folders than theirs', () => {
  expect(mistakesOf([cluster, promoted], { recovery: { verify: '/opt/verify' } })).toEqual([]);
  expect(mistakesOf([cluster, promoted], { recovery })).toEqual([
    expect.stringMatching(/^workloads.orders.recovery.cleanUp: .*cleanUp of its efs member/),
  ]);
});

it('temporary files of a file system need an instance that takes them away', () => {
  expect(mistakesOf([{ ...promoted, cleanUp }])).toEqual([]);
  expect(mistakesOf([{ ...files, cleanUp }, disk])).toEqual([]);
  expect(mistakesOf([{ ...files, cleanUp }])).toEqual([
    expect.stringMatching(/^workloads.orders.members.0.cleanUp: No instance is known/),
  ]);
  expect(mistakesOf([{ ...promoted, cleanUp: {} }])).toEqual([expect.stringMatching(/Name what to take away/)]);
});

it('all of a file system is cleaned up unless folders are named', () => {
  const rootsOf = (typed: object) => {
    const outcome = parsed([{ ...promoted, cleanUp: { ...cleanUp, ...typed } }]);
    const [member] = 'policy' in outcome ? (outcome.policy.workloads[0]?.members ?? []) : [];
    return member?.kind === 'efs' ? member.cleanUp : undefined;
  };
  expect(rootsOf({})).toEqual({ roots: ['/'], files: ['TEMP.*'], folders: [] });
  expect(rootsOf({ roots: ['/usr/a'] })?.roots).toEqual(['/usr/a']);
});

it('what would lead to a new file system, or change its files, is refused where files go into the present one', () => {
  const inside = { ...promoted, cleanUp, parameter: '/orders/files', restoreInto: 'present' } as const;
  expect(mistakesOf([cluster, inside])).toEqual(
    ['parameter', 'promoteOn', 'cleanUp'].map((key) =>
      expect.stringContaining(`workloads.orders.members.1.${key}: With restoreInto: present files are put beside`),
    ),
  );
  expect(mistakesOf([cluster, { ...files, restoreInto: 'present' }])).toEqual([]);
});
