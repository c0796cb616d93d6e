import { describe, expect, it } from 'vitest';
import { creationOrder } from './creation-order.ts';
import { NO_VALUE, resolve, type Scope } from './resolve.ts';

const known: Readonly<Record<string, unknown>> = { 'AWS::NoValue': NO_VALUE, Table: 'table-1', List: ['a', 'b'] };
const scope: Scope = {
  ref: (name) => {
    if (!(name in known)) throw new Error(`nothing named ${name}`);
    return known[name];
  },
  attribute: (logicalId, name) => `${logicalId}/${name}`,
  condition: (name) => name === 'Yes',
  mapping: (...path) => path.join('-'),
};

describe('intrinsic functions', () => {
  it.each([
    ['Ref', { Ref: 'Table' }, 'table-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'Role/Arn'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Role.Arn.Sub' }, 'Role/Arn.Sub'],
    ['Join', { 'Fn::Join': ['', ['a', { Ref: 'Table' }, 3]] }, 'atable-13'],
    ['Join over a list parameter', { 'Fn::Join': ['+', { Ref: 'List' }] }, 'a+b'],
    ['Sub', { 'Fn::Sub': '${Table}:${Role.Arn}:${!Kept}' }, 'table-1:Role/Arn:${Kept}'],
    ['Sub with its own values', { 'Fn::Sub': ['${X}${Table}', { X: { Ref: 'Table' } }] }, 'table-1table-1'],
    ['Select and Split', { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'Table' }] }] }, '1'],
    ['If', { 'Fn::If': ['Yes', 'a', { Ref: 'Absent' }] }, 'a'],
    ['FindInMap', { 'Fn::FindInMap': ['M', 'k', 'n'] }, 'M-k-n'],
    ['logic', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }] }, true],
    ['NoValue in objects and lists', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
    [
      'a policy’s Condition is no function',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it('refuses what it does not know', () => {
    expect(() => resolve({ 'Fn::ImportValue': 'x' }, scope)).toThrow('Fn::ImportValue');
    expect(() => resolve({ Ref: 'Absent' }, scope)).toThrow('Absent');
    expect(() => resolve('{{resolve:ssm:x}}', scope)).toThrow('not simulated');
  });
});

describe('the order of creation', () => {
  it('follows references and DependsOn', () => {
    const resources = {
      A: { Properties: { x: { 'Fn::Sub': 'arn:${B.Arn}' } } },
      B: { DependsOn: 'C', Properties: { r: { Ref: 'AWS::Region' } } },
      C: { Properties: {} },
    };
    expect(creationOrder(resources)).toEqual(['C', 'B', 'A']);
  });

  it('refuses circles', () => {
    expect(() => creationOrder({ A: { DependsOn: ['B'] }, B: { Properties: { a: { Ref: 'A' } } } })).toThrow(
      'Circular',
    );
  });
});
