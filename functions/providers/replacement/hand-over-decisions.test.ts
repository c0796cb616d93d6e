import { describe, expect, it } from 'vitest';
import { decideHandBack, decideHandedOver, decideHandOver } from './hand-over-decisions.ts';
import type { ReplacementDetail } from './replacement-detail.ts';

const handOver = { parameter: '/orders/cache', before: 'orders.example:6379' };
const detail: ReplacementDetail = {
  ...{ name: 'orders', madeAs: 'orders-new', keptAs: 'orders', snapshotId: 'snap', settings: {} },
  ...{ originalId: 'A', restoredId: 'B', handOver },
};
const made = { id: 'B', state: 'ready', words: 'available', endpoint: 'orders-new.example:6379' } as const;
const put = (value: string) => [{ kind: 'hand-over', parameter: '/orders/cache', value }];

describe('a resource that cannot be renamed', () => {
  it('is handed over by its parameter, once', () => {
    expect(decideHandOver(detail, { madeAs: made, parameter: handOver.before, missing: [] }).actions).toEqual(
      put(made.endpoint),
    );
    const after = { madeAs: made, parameter: made.endpoint, missing: [] };
    expect(decideHandOver(detail, after)).toEqual({ actions: [] });
    expect(decideHandedOver(detail, after)).toEqual({ actions: [] });
  });

  it('is handed back with what the parameter said before', () => {
    expect(decideHandBack(detail, { madeAs: made, parameter: made.endpoint, missing: [] }).actions).toEqual(
      put(handOver.before),
    );
    expect(decideHandBack(detail, { parameter: handOver.before, missing: [] })).toEqual({ actions: [] });
  });

  it('is not committed when it is gone, or somebody has changed the parameter', () => {
    expect(() => decideHandedOver(detail, { parameter: made.endpoint, missing: [] })).toThrow('is gone');
    expect(() => decideHandedOver(detail, { madeAs: made, parameter: 'x', missing: [] })).toThrow(
      'somebody has changed',
    );
  });

  it('is only made where there is no parameter', () => {
    const { handOver: _, ...without } = detail;
    expect(decideHandOver(without, { madeAs: made, missing: [] })).toEqual({ actions: [] });
    expect(decideHandedOver(without, { madeAs: made, missing: [] })).toEqual({ actions: [] });
    expect(decideHandBack(without, { madeAs: made, missing: [] })).toEqual({ actions: [] });
  });

  it('waits until the new one has an endpoint', () => {
    const { endpoint: _, ...bare } = made;
    expect(decideHandOver(detail, { madeAs: bare, missing: [] }).waitingFor).toContain('an endpoint');
  });
});
