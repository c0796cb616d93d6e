import { describe, expect, it } from 'vitest';
import { scenarios } from '../simulate/scenarios.ts';
import { brokenIn } from './keep.ts';

describe('a night of the database keeps every promise, whatever one thing goes wrong', () => {
  it.each([
    ...(['BeginRun', 'PlanRun', 'Quiesce', 'BeginTiers', 'Release'] as const),
    ...(['Settle', 'Report', 'Retire', 'Watch'] as const),
  ])('with a call of %s', async (step) => {
    expect(await brokenIn(scenarios['database-night'], step, 3)).toEqual([]);
  });

  it.each([
    ['function that dies', 'crashes', 2],
    ['execution that somebody stops', 'aborts', 1],
    ['execution whose time is up', 'timeouts', 1],
    ['resource that fails', 'resources', 1],
  ])('with a %s', async (_, group, share) => {
    expect(await brokenIn(scenarios['database-night'], group, share)).toEqual([]);
  });
});

describe('a night of the appliance, which has no hooks, keeps every promise, whatever one thing goes wrong', () => {
  it.each(['PlanRun', 'Quiesce', 'BeginTiers', 'Release'])('with a call of %s', async (step) => {
    expect(await brokenIn(scenarios['appliance-night'], step, 5)).toEqual([]);
  });

  it.each([
    ['function that dies', 'crashes', 5],
    ['execution that somebody stops', 'aborts', 2],
    ['execution whose time is up', 'timeouts', 2],
    ['resource that fails', 'resources', 1],
  ])('with a %s', async (_, group, share) => {
    expect(await brokenIn(scenarios['appliance-night'], group, share)).toEqual([]);
  });
});
