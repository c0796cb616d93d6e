import { describe, expect, it } from 'vitest';
import { createBuckets } from './buckets.ts';
import { createCallLog } from './call-log.ts';
import { createFaults, throttled } from './faults.ts';
import { seededRandom } from './random.ts';
import type { Call, ServiceEvent } from './service.ts';

function call(service: string, operation: string, name = 'operator'): Call {
  const caller = { kind: 'operator', arn: 'arn', name } as const;
  return { id: '1', service, operation, caller, timeMs: 0 };
}

const event = (detailType: string): ServiceEvent => ({ source: 'aws.ec2', detailType, resources: [], detail: {} });

describe('chance', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed).next);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const fresh = seededRandom(3);
    const used = seededRandom(3);
    used.next();
    expect(used.fork('ec2').hex(17)).toBe(fresh.fork('ec2').hex(17));
    expect(fresh.fork('ec2').hex(17)).not.toBe(fresh.fork('ssm').hex(17));
    expect(fresh.hex(17)).toMatch(/^[0-9a-f]{17}$/);
    expect(fresh.between(5, 6)).toBeGreaterThanOrEqual(5);
  });
});

describe('token buckets', () => {
  it('refill with time up to their capacity, and draw all or nothing', () => {
    let nowMs = 0;
    const buckets = createBuckets({ nowMs: () => nowMs, sleep: async () => undefined, at: () => () => undefined });
    const draw = (bucket: string, tokens: number) => ({ bucket, tokens, capacity: 5, refillPerSecond: 2 });
    expect(buckets.draw([draw('requests', 1), draw('instances', 4)])).toBeUndefined();
    expect(buckets.draw([draw('requests', 1), draw('instances', 2)])).toBe('instances');
    expect(buckets.level('requests')).toBe(4);
    nowMs += 500;
    expect(buckets.draw([draw('requests', 1), draw('instances', 2)])).toBeUndefined();
    nowMs += 60_000;
    expect(buckets.level('instances')).toBe(5);
  });
});

describe('the call log', () => {
  it('tells calls that could change something from those that only ask', () => {
    const log = createCallLog();
    const asked = ['DescribeVolumes', 'GetItem', 'GenerateDataKeyWithoutPlaintext', 'CreateTags', 'StopInstances'];
    for (const name of asked)
      log.record({ call: call('any', name), input: {}, outcome: 'ok', accesses: [], endedMs: 0 });
    expect(log.mutating().map((each) => each.call.operation)).toEqual(['CreateTags', 'StopInstances']);
  });
});

describe('faults on calls', () => {
  it('match by service, operation, caller and input, skip, and fire as often as told', () => {
    const faults = createFaults();
    const when = (input: unknown) => input === 'x';
    const effect = throttled();
    faults.add({ service: 'ec2', operation: 'A', caller: 'function:f', when, skip: 1, times: 2, effect });
    const hit = call('ec2', 'A', 'function:f');
    expect(faults.take(call('ec2', 'A'), 'x')).toBeUndefined();
    expect(faults.take(call('ec2', 'B', 'function:f'), 'x')).toBeUndefined();
    expect(faults.take(hit, 'y')).toBeUndefined();
    expect([1, 2, 3, 4].map(() => faults.take(hit, 'x'))).toEqual([undefined, effect, effect, undefined]);
  });

  it('can be removed, and tells which never fired', () => {
    const faults = createFaults();
    const remove = faults.add({ service: 'ec2', effect: throttled() });
    expect(faults.unused()).toHaveLength(1);
    remove();
    expect(faults.take(call('ec2', 'A'), {})).toBeUndefined();
    expect(faults.unused()).toHaveLength(1);
    faults.clear();
    expect(faults.unused()).toEqual([]);
  });
});

describe('faults on events', () => {
  it('drop, double and delay what they match, and deliver the rest', () => {
    const faults = createFaults();
    faults.add({ detailType: 'a', outcome: 'drop' });
    faults.add({ source: 'aws.ec2', detailType: 'b', outcome: { delayMs: 5 }, times: Infinity });
    expect(['a', 'a', 'b', 'b', 'c'].map((type) => faults.event(event(type)))).toEqual([
      'drop',
      'deliver',
      { delayMs: 5 },
      { delayMs: 5 },
      'deliver',
    ]);
  });
});
