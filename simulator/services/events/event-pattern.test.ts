import { describe, expect, it } from 'vitest';
import { compilePattern, type EventPattern } from './event-pattern.ts';

const event = {
  source: 'aws.ec2',
  'detail-type': 'EBS Snapshot Notification',
  resources: ['arn:aws:ec2::eu-west-1:snapshot/snap-1', 'arn:other'],
  detail: { event: 'createSnapshot', result: 'failed', size: 12, tags: { holdfast: 'db' }, nothing: null },
};

const cases: readonly (readonly [string, EventPattern, boolean])[] = [
  ['matches exact values, any of a list', { source: ['x', 'aws.ec2'] }, true],
  ['wants every field it names', { source: ['aws.ec2'], detail: { result: ['succeeded'] } }, false],
  ['matches inside arrays', { resources: [{ prefix: 'arn:aws:ec2::' }] }, true],
  ['knows suffix', { resources: [{ suffix: 'snap-2' }] }, false],
  ['knows anything-but with a list', { detail: { result: [{ 'anything-but': ['failed', 'x'] }] } }, false],
  ['knows anything-but with a prefix', { detail: { result: [{ 'anything-but': { prefix: 'succ' } }] } }, true],
  ['does not match a missing field by anything-but', { detail: { absent: [{ 'anything-but': 'a' }] } }, false],
  ['knows exists true', { detail: { absent: [{ exists: true }] } }, false],
  ['knows exists false', { detail: { absent: [{ exists: false }] } }, true],
  ['knows numeric ranges', { detail: { size: [{ numeric: ['>', 10, '<=', 12] }] } }, true],
  ['knows numeric ranges that fail', { detail: { size: [{ numeric: ['>', 12] }] } }, false],
  ['knows wildcards', { detail: { event: [{ wildcard: 'create*shot' }] } }, true],
  ['takes dots in wildcards literally', { source: [{ wildcard: 'aws.e.*' }] }, false],
  ['ignores case when told', { detail: { result: [{ 'equals-ignore-case': 'FAILED' }] } }, true],
  ['matches null', { detail: { nothing: [null] } }, true],
  ['knows $or', { $or: [{ source: ['x'] }, { detail: { size: [12] } }] }, true],
  ['wants a field beside $or too', { source: ['x'], $or: [{ detail: { size: [12] } }] }, false],
  ['does not confuse numbers and strings', { detail: { size: ['12'] } }, false],
];

describe('event patterns', () => {
  it.each(cases)('%s', (_, pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });

  it('refuses operators it does not know', () => {
    expect(() => compilePattern({ detail: { ip: [{ cidr: '10.0.0.0/8' }] } })).toThrow('cidr');
  });

  it('refuses bare values, as EventBridge does', () => {
    expect(() => compilePattern({ source: 'aws.ec2' })).toThrow('source');
  });
});
