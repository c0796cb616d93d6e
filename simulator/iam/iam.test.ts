import { describe, expect, it } from 'vitest';
import { arn } from './arn.ts';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './policy.ts';

const VOLUME = 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-1';

function decide(statements: unknown, action = 'ec2:DeleteVolume', context: Record<string, string | string[]> = {}) {
  return evaluate([parsePolicy('test', { Statement: statements })], { action, resource: VOLUME, context });
}

function allowIf(condition: object, context: Record<string, string | string[]>): boolean {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition };
  return decide(statement, 'ec2:DeleteVolume', context) === 'allow';
}

describe('identity policies', () => {
  it('deny what nothing allows, and let an explicit deny win', () => {
    const allow = { Effect: 'Allow', Action: 'ec2:*', Resource: '*' };
    expect(decide([])).toBe('implicit-deny');
    expect(decide(allow)).toBe('allow');
    expect(decide([allow, { Effect: 'Deny', Action: 'ec2:DeleteVolume', Resource: VOLUME }])).toBe('explicit-deny');
  });

  it('match actions and resources with wildcards, actions whatever their case', () => {
    const allow = (Action: string, Resource: string) => decide({ Effect: 'Allow', Action, Resource });
    expect(allow('EC2:delete*', 'arn:aws:ec2:*:*:volume/*')).toBe('allow');
    expect(allow('ec2:DeleteV?lume', 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-?')).toBe('allow');
    expect(allow('ec2:Describe*', '*')).toBe('implicit-deny');
    expect(allow('ec2:*', 'arn:aws:ec2:*:*:snapshot/*')).toBe('implicit-deny');
    expect(allow('ec2.DeleteVolume', '*')).toBe('implicit-deny');
  });

  it('understand NotAction and NotResource', () => {
    expect(decide({ Effect: 'Allow', NotAction: 'ec2:Describe*', Resource: '*' })).toBe('allow');
    expect(decide({ Effect: 'Allow', NotAction: 'ec2:Delete*', Resource: '*' })).toBe('implicit-deny');
    expect(decide({ Effect: 'Allow', Action: '*', NotResource: '*volume*' })).toBe('implicit-deny');
  });

  it('compare strings, and treat an absent key as IAM does', () => {
    const key = 'aws:ResourceTag/owner';
    expect(allowIf({ StringEquals: { [key]: ['a', 'b'] } }, { [key]: 'b' })).toBe(true);
    expect(allowIf({ StringEquals: { [key]: 'a' } }, { [key]: 'A' })).toBe(false);
    expect(allowIf({ StringEquals: { [key]: 'a' } }, {})).toBe(false);
    expect(allowIf({ StringEqualsIfExists: { [key]: 'a' } }, {})).toBe(true);
    expect(allowIf({ StringNotEquals: { [key]: 'a' } }, {})).toBe(true);
    expect(allowIf({ StringNotEquals: { [key]: 'a' } }, { [key]: 'a' })).toBe(false);
    expect(allowIf({ StringLike: { [key]: 'hold*' } }, { [key]: 'holdfast' })).toBe(true);
    expect(allowIf({ StringLike: { 'AWS:resourcetag/owner': 'hold*' } }, { [key]: 'holdfast' })).toBe(true);
    expect(allowIf({ Bool: { 'ec2:Encrypted': true } }, { 'ec2:Encrypted': 'true' })).toBe(true);
    expect(allowIf({ ArnLike: { 'aws:SourceArn': 'arn:aws:ec2:*:*:volume/*' } }, { 'aws:SourceArn': VOLUME })).toBe(
      true,
    );
  });

  it('require every operator and every key', () => {
    const condition = { StringEquals: { a: '1', b: '2' }, Null: { c: 'true' } };
    expect(allowIf(condition, { a: '1', b: '2' })).toBe(true);
    expect(allowIf(condition, { a: '1', b: '3' })).toBe(false);
    expect(allowIf(condition, { a: '1', b: '2', c: '3' })).toBe(false);
    expect(allowIf({ Null: { a: 'false' } }, {})).toBe(false);
  });

  it('quantify over keys with several values', () => {
    const any = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b'] } };
    const all = { 'ForAllValues:StringLike': { 'aws:TagKeys': ['holdfast:*'] } };
    expect(allowIf(any, { 'aws:TagKeys': ['x', 'b'] })).toBe(true);
    expect(allowIf(any, { 'aws:TagKeys': ['x'] })).toBe(false);
    expect(allowIf(any, {})).toBe(false);
    expect(allowIf(all, { 'aws:TagKeys': ['holdfast:run', 'holdfast:workload'] })).toBe(true);
    expect(allowIf(all, { 'aws:TagKeys': ['holdfast:run', 'Name'] })).toBe(false);
    expect(allowIf(all, {})).toBe(true);
  });

  it('fail loudly on what they do not know', () => {
    expect(() => allowIf({ DateLessThan: { a: '1' } }, { a: '1' })).toThrow('Unknown condition operator: DateLessThan');
    expect(() => decide({ Effect: 'Allow', Action: 'a', Resource: { Ref: 'Table' } })).toThrow('intrinsic');
    expect(() => decide({ Effect: 'allow', Action: 'a', Resource: '*' })).toThrow('Effect');
  });
});

describe('ARNs', () => {
  it('have no account for snapshots, and no Region for roles', () => {
    const ground = { account: '123456789012', regionName: 'eu-west-1' };
    expect(arn(ground, 'ec2', 'volume/vol-1')).toBe(VOLUME);
    expect(arn(ground, 'ec2', 'snapshot/snap-1')).toBe('arn:aws:ec2:eu-west-1::snapshot/snap-1');
    expect(arn(ground, 'iam', 'role/r')).toBe('arn:aws:iam::123456789012:role/r');
  });
});
