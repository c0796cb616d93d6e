import { describe, expect, it } from 'vitest';
import { scenarios } from '../simulate/scenarios.ts';
import { brokenIn } from './keep.ts';

const phases = [
  ...([
    'PlanRecovery',
    'CreateVolumes',
    'TakeSafetySnapshot',
    'StopInstance',
    'DetachVolumes',
    'AttachVolumes',
  ] as const),
  ...(['StartInstance', 'VerifyRecovery', 'CommitRecovery'] as const),
];

describe('a recovery of the database keeps every promise, whatever one thing goes wrong', () => {
  it.each([...phases, 'Report', 'Settle'])('with a call of %s', async (step) => {
    expect(await brokenIn(scenarios['database-recovery'], step, 5)).toEqual([]);
  });

  it.each([
    ['function that dies', 'crashes', 5],
    ['execution that somebody stops', 'aborts', 2],
    ['execution whose time is up', 'timeouts', 2],
    ['resource that fails', 'resources', 2],
  ])('with a %s', async (_, group, share) => {
    expect(await brokenIn(scenarios['database-recovery'], group, share)).toEqual([]);
  });
});

describe('a recovery of the appliance, of one volume and unverified, keeps every promise, whatever one thing goes wrong', () => {
  it.each(phases)('with a call of %s', async (step) => {
    expect(await brokenIn(scenarios['appliance-recovery'], step, 9)).toEqual([]);
  });

  it.each([
    ['execution that somebody stops', 'aborts', 2],
    ['execution whose time is up', 'timeouts', 3],
    ['resource that fails', 'resources', 3],
  ])('with a %s', async (_, group, share) => {
    expect(await brokenIn(scenarios['appliance-recovery'], group, share)).toEqual([]);
  });
});
