import { describe, expect, it } from 'vitest';
import { addressesOf, filterOf, type Subscription, unheardOf, untoldOf } from './mail-addresses.ts';
import { sampleWorkload } from './samples-for-tests.ts';

const workload = (name: string, failures: readonly string[], reports: readonly string[] = []) =>
  sampleWorkload({ name, mail: { failures, reports } });
const policy = {
  workloads: [workload('a', ['x@e.com', 'y@e.com'], ['x@e.com']), workload('b', ['y@e.com', 'y@e.com'])],
};
const subscribed = (address: string, isConfirmed = true): Subscription => ({ address, isConfirmed });

it('an address has the workloads that it is told of, each once', () => {
  expect([...addressesOf(policy, 'failures')]).toEqual([
    ['x@e.com', ['a']],
    ['y@e.com', ['a', 'b']],
  ]);
});

it('a subscription is filtered unless it is of all workloads, or of more than a filter takes', () => {
  expect(filterOf(policy, ['a'])).toEqual(['a']);
  expect(filterOf(policy, ['a', 'b'])).toBeUndefined();
  const names = Array.from({ length: 152 }, (_, n) => `w${n}`);
  const many = { workloads: names.map((name) => workload(name, [])) };
  expect(filterOf(many, names.slice(0, 150))).toHaveLength(150);
  expect(filterOf(many, names.slice(0, 151))).toBeUndefined();
});

describe('an address hears nothing', () => {
  const both = [subscribed('X@e.com'), subscribed('y@e.com')];

  it('where it has not confirmed, or is not subscribed; alarms go where failures go', () => {
    expect(unheardOf(policy, { failures: both, reports: both, alarms: both })).toEqual([]);
    const halves = [subscribed('x@e.com', false), subscribed('other@e.com')];
    expect(unheardOf(policy, { failures: halves, reports: [subscribed('x@e.com')], alarms: both })).toEqual([
      { topic: 'failures', address: 'x@e.com', state: 'unconfirmed', workloads: ['a'] },
      { topic: 'failures', address: 'y@e.com', state: 'unsubscribed', workloads: ['a', 'b'] },
    ]);
    expect(unheardOf(policy, { failures: both, reports: both, alarms: [] }).map(({ topic }) => topic)).toEqual([
      'alarms',
      'alarms',
    ]);
  });

  it('and a workload has nobody where none of those hears whom the policy names', () => {
    const quiet = { workloads: [...policy.workloads, workload('c', [])] };
    const untold = (failures: readonly Subscription[]) =>
      untoldOf(quiet, unheardOf(quiet, { failures, reports: both, alarms: [] }));
    expect(untold(both)).toEqual([]);
    expect(untold([subscribed('x@e.com')])).toEqual(['b']);
    expect(untold([])).toEqual(['a', 'b']);
  });
});
