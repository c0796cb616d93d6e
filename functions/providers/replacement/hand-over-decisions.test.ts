import { describe, expect, it } from 'vitest';
import { decideHandBack, decideHandedOver, decideHandOver } from './hand-over-decisions.ts';
import type { ReplacementDetail } from './replacement-detail.ts';

const handOver = { parameter: '/orders/cache', before: 'orders.example:6379' };
const detail: ReplacementDetail = {
  ...{ name: 'orders', madeAs: 'orders-new', keptAs: 'orders', snapshotId: 'snap', settings: {} },
  ...{ originalId: 'A', restoredId: 'B', handOver },
};
const made = { id: 'B', state: 'ready', words: 'available', endpoint: 'orders-new.example:6379' } as const;
const put = (value: string) => [{ kind: 'hand-over', post: { parameter: '/orders/cache' }, value }];
const says = (says?: string, isHeard: boolean | 'unknown' = true) => ({ sign: { says, isHeard } });

describe('a resource that cannot be renamed', () => {
  it('is handed over by its parameter, once', () => {
    expect(decideHandOver(detail, { madeAs: made, ...says(handOver.before), missing: [] }).actions).toEqual(
      put(made.endpoint),
    );
    const after = { madeAs: made, ...says(made.endpoint), missing: [] };
    expect(decideHandOver(detail, after)).toEqual({ actions: [] });
    expect(decideHandedOver(detail, after)).toEqual({ actions: [] });
  });

  it('is handed back with what the parameter said before', () => {
    expect(decideHandBack(detail, { madeAs: made, ...says(made.endpoint), missing: [] }).actions).toEqual(
      put(handOver.before),
    );
    expect(decideHandBack(detail, { ...says(handOver.before), missing: [] })).toEqual({ actions: [] });
  });

  it('is not committed when it is gone, or somebody has changed the parameter', () => {
    expect(() => decideHandedOver(detail, { ...says(made.endpoint), missing: [] })).toThrow('is gone');
    expect(() => decideHandedOver(detail, { madeAs: made, ...says('x'), missing: [] })).toThrow('somebody has changed');
  });

  it('is left to whoever has changed its parameter meanwhile, there and back', () => {
    const theirs = { madeAs: made, ...says('theirs.example:6379'), missing: [] };
    expect(() => decideHandOver(detail, theirs)).toThrow('says theirs.example:6379, not orders.example:6379');
    expect(decideHandBack(detail, theirs)).toEqual({ actions: [] });
    expect(decideHandBack(detail, { ...theirs, madeAs: undefined })).toEqual({ actions: [] });
  });

  it('is handed back also when it is gone, if its parameter names it', () => {
    const back = (said: string) => decideHandBack(detail, { ...says(said), missing: [] }).actions;
    expect(back(made.endpoint)).toEqual(put(handOver.before));
    expect(back('B')).toEqual(put(handOver.before));
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

describe('a CNAME record', () => {
  const cname = { zone: 'Z0INTERNAL', name: 'cache.internal.example.com', ttlSeconds: 60 };
  const named: ReplacementDetail = { ...detail, handOver: { cname, before: 'orders.example' } };
  const host = 'orders-new.example';
  const pointed = (value: string) => [{ kind: 'hand-over', post: { cname }, value }];
  const over = (said?: string, isHeard?: boolean | 'unknown') =>
    decideHandOver(named, { madeAs: made, ...says(said, isHeard), missing: [] });
  const back = (change: string | undefined, said: string, isHeard?: boolean | 'unknown') =>
    decideHandBack(
      { ...named, ...(change === undefined ? {} : { change }) },
      { madeAs: made, ...says(said, isHeard), missing: [] },
    );

  it('leads to the host, and is done when everybody has heard of it', () => {
    expect(over('orders.example', 'unknown').actions).toEqual(pointed(host));
    expect(over(host, false)).toMatchObject({ actions: [], waitingFor: expect.stringContaining('all servers') });
    expect(over(host)).toEqual({ actions: [] });
  });

  it('is changed again to the same when nobody knows how far the change is', () => {
    expect(over(host, 'unknown').actions).toEqual(pointed(host));
  });

  it('is left to whoever has changed it meanwhile, there and back', () => {
    expect(() => over('theirs.example', 'unknown')).toThrow('says theirs.example, not orders.example');
    expect(() => over(undefined, 'unknown')).toThrow('somebody has changed it');
    expect(back('C1', 'theirs.example')).toEqual({ actions: [] });
  });

  it('leads back, and is awaited there, too; nothing is changed where it never led elsewhere', () => {
    expect(back('C1', host).actions).toEqual(pointed('orders.example'));
    expect(back('C2', 'orders.example', false).waitingFor).toContain('all servers');
    expect(back(undefined, 'orders.example', 'unknown')).toEqual({ actions: [] });
    expect(back(undefined, host, 'unknown').actions).toEqual(pointed('orders.example'));
  });

  it('leads back also when the new one is gone, if we have led it there', () => {
    const gone = { ...says(host), missing: [] };
    expect(decideHandBack({ ...named, change: 'C1' }, gone).actions).toEqual(pointed('orders.example'));
    expect(decideHandBack(named, gone)).toEqual({ actions: [] });
  });
});
