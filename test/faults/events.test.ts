import { describe, expect, it } from 'vitest';
import { scenarios } from '../simulate/scenarios.ts';
import { brokenIn } from './keep.ts';

describe('events and schedules that are lost, come twice or come late break no promise', () => {
  it.each([
    ['database-night', 1],
    ['appliance-night', 3],
    ['database-recovery', 2],
    ['appliance-recovery', 3],
  ] as const)('of %s', async (name, share) => {
    expect(await brokenIn(scenarios[name], 'events', share)).toEqual([]);
  });
});
