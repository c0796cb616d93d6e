import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunId, runIdFor } from './run-id.ts';

fc.configureGlobal({ seed: 20261121 });

const workloads = fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/);
const times = fc
  .integer({ min: Date.UTC(1970, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
  .map((second) => new Date(second * 1000).toISOString());

describe('a run id', () => {
  it('is the workload and the scheduled time', () => {
    expect(runIdFor('orders-db', '2026-11-21T03:00:00Z')).toBe('orders-db-20261121T030000Z');
    expect(runIdFor('orders-db', '2026-11-21T03:00:00.999Z')).toBe('orders-db-20261121T030000Z');
  });

  it('can be read back, and fits the name of an execution', () => {
    fc.assert(
      fc.property(workloads, times, (workload, scheduledAt) => {
        const id = runIdFor(workload, scheduledAt);
        expect(id).toMatch(/^[a-zA-Z0-9-]{1,80}$/);
        expect(parseRunId(id)).toEqual({ workload, scheduledAt });
      }),
    );
  });

  it.each([
    'orders-db',
    'orders-db-20261321T030000Z',
    'orders-db-20260230T030000Z',
    'Orders-20261121T030000Z',
    '-20261121T030000Z',
  ])('%s is none', (text) => expect(parseRunId(text)).toBeUndefined());

  it.each([
    ['orders-db', '2026-11-21T03:00:00+01:00', 'is not a time in UTC such as 2026-11-21T03:00:00Z.'],
    ['orders-db', 'yesterday Z', 'is not a time in UTC such as 2026-11-21T03:00:00Z.'],
    ['orders-db', '21 Nov 2026 03:00 Z (London)', 'is not a time in UTC such as 2026-11-21T03:00:00Z.'],
    ['Orders', '2026-11-21T03:00:00Z', '"Orders" at 2026-11-21T03:00:00Z does not make a run id.'],
    ['x'.repeat(33), '2026-11-21T03:00:00Z', 'does not make a run id.'],
  ])('is refused for %s at %s', (workload, scheduledAt, words) => {
    expect(() => runIdFor(workload, scheduledAt)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', message: expect.stringContaining(words) }),
    );
  });
});
