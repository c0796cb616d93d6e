import { describe, expect, it } from 'vitest';
import { createIdentities } from '../iam/identity.ts';
import { parsePolicy } from '../iam/policy.ts';
import { checkEnvironment, checkTemplate } from './quotas.ts';
import { createRoles } from './roles.ts';

/** White space is in it, and does not count. */
const ofLength = (name: string, characters: number) => {
  const document = (resource: string) => ({
    Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: resource },
  });
  const bare = JSON.stringify(document('')).length;
  return parsePolicy(name, document(` \n${'x'.repeat(characters - bare - '\\n'.length)}`));
};

function roleWith(...policies: readonly ReturnType<typeof parsePolicy>[]) {
  const roles = createRoles(createIdentities('111122223333'));
  roles.put({ arn: 'arn:aws:iam::111122223333:role/one', name: 'one', trust: {}, policies: [] });
  for (const policy of policies) roles.attach('one', policy);
}

const managed = (name: string, characters: number) => ({ ...ofLength(name, characters), isManaged: true }) as const;

describe('IAM', () => {
  it('takes policies of a role of 10,240 characters together, and no more', () => {
    expect(() => roleWith(ofLength('a', 5120), ofLength('b', 5120))).not.toThrow();
    expect(() => roleWith(ofLength('a', 5120), ofLength('b', 5121))).toThrow('Maximum policy size of 10240 bytes');
  });

  it('takes a managed policy of 6,144 characters, and no more', () => {
    expect(() => roleWith(managed('a', 6144))).not.toThrow();
    expect(() => roleWith(managed('a', 6145))).toThrow('PolicySize: 6144');
  });

  it('attaches ten managed policies to a role, and no more', () => {
    const ten = Array.from({ length: 10 }, (_, index) => managed(`p${index}`, 200));
    expect(() => roleWith(...ten)).not.toThrow();
    expect(() => roleWith(...ten, managed('eleventh', 200))).toThrow('PoliciesPerRole: 10');
  });
});

it('Lambda takes variables of 4 KB', () => {
  const bare = JSON.stringify({ NAME: '' }).length;
  expect(() => checkEnvironment({ NAME: 'x'.repeat(4096 - bare) })).not.toThrow();
  expect(() => checkEnvironment({ NAME: 'x'.repeat(4097 - bare) })).toThrow('4KB limit');
});

it('CloudFormation takes a template of a million bytes and 500 resources', () => {
  const of = (count: number) => ({
    Resources: Object.fromEntries(Array.from({ length: count }, (_, i) => [`R${i}`, {}])),
  });
  expect(() => checkTemplate(of(500), 1_000_000)).not.toThrow();
  expect(() => checkTemplate(of(501), 10)).toThrow('501');
  expect(() => checkTemplate(of(1), 1_000_001)).toThrow('bytes');
});
