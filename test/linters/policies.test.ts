import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { Policy, PolicyStatement } from '#simulator/iam/policy.ts';
import { everyKind, everyRestoredType } from '../scenario/every-kind.ts';
import { nightly } from '../scenario/policy.ts';
import { openStage } from '../scenario/stage.ts';
import { linter } from './linter.ts';

const script = fileURLToPath(new URL('policies.py', import.meta.url));

const found = (policies: readonly unknown[]): readonly string[] =>
  execFileSync(linter('python'), ['-B', '-W', 'ignore', script], { input: JSON.stringify(policies), encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');

const written = (statement: PolicyStatement) => ({
  Effect: statement.effect,
  Action: statement.actions,
  Resource: statement.resources,
  ...(Object.keys(statement.conditions).length > 0 && { Condition: plain(statement.conditions) }),
});

/** As it was typed: one value stands alone, which the linter wants of a condition on a boolean. */
const plain = (conditions: PolicyStatement['conditions']) =>
  JSON.parse(JSON.stringify(conditions), (_, value) => (Array.isArray(value) && value.length === 1 ? value[0] : value));

/** Of a managed policy AWS is the author. */
const isOurs = ({ name }: Policy): boolean => !name.startsWith('AWS');

/** The policies of every role, and those for people, as the simulated region resolved them from the template. */
async function policiesOf(policy: PolicyInput): Promise<readonly unknown[]> {
  const stage = await openStage({ policy });
  const { HoldfastReaders = '', HoldfastOperators = '' } = stage.deployed;
  stage.admit('people', ...HoldfastReaders.split(','), ...HoldfastOperators.split(','));
  const roles = [...stage.identities.roles(), stage.identities.resolve('people')].filter(
    ({ policies }) => policies.length > 0,
  );
  stage.close();
  return roles.map(({ caller, policies }) => ({
    Id: caller.arn,
    Version: '2012-10-17',
    Statement: policies.filter(isOurs).flatMap(({ statements }) => statements.map(written)),
  }));
}

describe('every role, read by a linter that knows all actions, resources and condition keys of AWS,', () => {
  it.each([
    ['a policy with every kind of member and hook', everyKind],
    ['one with volumes alone', nightly()],
    ['one with each type that AWS Backup restores, and no plan', everyRestoredType],
  ])('asks for what there is, and for no more than it must: %s', async (_, policy) => {
    const policies = await policiesOf(policy);
    expect(policies.length).toBeGreaterThan(20);
    expect(found(policies)).toEqual([]);
  });

  it('would be told of an action that is none, and of a resource that does not fit', () => {
    const Statement = [
      { Effect: 'Allow', Action: ['ec2:CreateSnapshoots'], Resource: ['*'] },
      { Effect: 'Allow', Action: ['rds:DeleteDBSnapshot'], Resource: ['arn:aws:rds:eu-west-1:123456789012:db:orders'] },
    ];
    const wrong = (one: unknown) => found([{ Id: 'wrong', Version: '2012-10-17', Statement: [one] }]);
    expect(Statement.map(wrong)).toEqual([
      [expect.stringMatching(/^wrong: UNKNOWN_ACTION: .*ec2:CreateSnapshoots/)],
      [expect.stringMatching(/^wrong: RESOURCE_MISMATCH: .*rds:DeleteDBSnapshot/)],
    ]);
  });
});
