import { expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type MemberInput = PolicyInput['workloads'][string]['members'][number];

const keyIn = (region: string) => `arn:aws:kms:${region}:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001`;
const cache = (resource: string, region: string): MemberInput => ({
  ...{ kind: 'elasticache', resource: `replicationgroup:${resource}`, copy: { kmsKey: keyIn(region) } },
});
const backedUp = (resource: string, restore?: { readonly zone: string }): MemberInput => ({
  ...{ kind: 'aws-backup', resource, restore },
});
const disk: MemberInput = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data' };

function mistakes(workloads: Readonly<Record<string, readonly MemberInput[]>>, copiedTo?: string): readonly string[] {
  const schedule = { rate: '1 day' };
  const copied = copiedTo === undefined ? {} : { copied: copying(copiedTo) };
  const policy = {
    ...{ version: 1, mail: { failures: ['ops@example.com'] } },
    workloads: {
      ...Object.fromEntries(Object.entries(workloads).map(([name, members]) => [name, { schedule, members }])),
      ...copied,
    },
  };
  const result = parsePolicy(policy);
  return 'mistakes' in result ? result.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

const copying = (region: string) => ({
  ...{ schedule: { rate: '1 day' }, members: [disk], copyTo: { region, key: keyIn(region) } },
});

it('what is in one Region, or says none, is all right', () => {
  const bucket = backedUp('arn:aws:s3:::invoices');
  expect(mistakes({ one: [cache('a', 'eu-west-1'), cache('b', 'eu-west-1')], two: [bucket] }, 'eu-central-1')).toEqual(
    [],
  );
  expect(mistakes({ one: [bucket] }, 'eu-central-1')).toEqual([]);
});

it('a key, a resource and a zone in another Region than the first are told where they stand', () => {
  const gateway = (region: string) =>
    `arn:aws:storagegateway:${region}:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB`;
  expect(
    mistakes({
      one: [cache('a', 'eu-west-1'), cache('b', 'us-east-1')],
      two: [backedUp(gateway('eu-west-1'), { zone: 'eu-west-2a' }), backedUp(gateway('us-gov-west-1'))],
    }),
  ).toEqual([
    'workloads.one.members.1.copy.kmsKey: This key is in us-east-1. A policy is of one Region, and by workloads.one.members.0.copy.kmsKey it is eu-west-1: what is elsewhere has a policy and a stack there.',
    expect.stringMatching(/^workloads\.two\.members\.0\.restore\.zone: This zone is in eu-west-2\. /),
    expect.stringMatching(/^workloads\.two\.members\.1\.resource: This resource is in us-gov-west-1\. /),
  ]);
});

it('copies that would go to the Region that the policy is of are told', () => {
  expect(mistakes({ one: [cache('a', 'eu-central-1')] }, 'eu-central-1')).toEqual([
    'workloads.copied.copyTo.region: Copies go to another Region than the policy is of, and by workloads.one.members.0.copy.kmsKey it is eu-central-1.',
  ]);
});
