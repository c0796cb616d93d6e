/** Two teams, each with a stack of its own, in one account and Region. */
import { afterEach, describe, expect, it } from 'vitest';
import { appliance, database, nightly } from './scenario/policy.ts';
import { closeStage, deployBeside, failuresAddress, hourMs, openStage, type Stage } from './scenario/stage.ts';

let stage: Stage;
afterEach(() => closeStage(stage));

const nobody = 'nobody@example.com';
const alarms = () => stage.services.cloudwatch.alarming().map(({ definition }) => definition.name);

/** Both have a workload `nightly`, and with it runs of the same names. */
const ours = nightly({ nightly: appliance() });
const theirs = { ...nightly({ nightly: database() }), mail: { failures: [nobody] } };

describe('stacks beside each other', () => {
  it('raise alarms of their own only', async () => {
    stage = await openStage({ policy: ours, sns: { neverConfirmed: [nobody] } });
    await deployBeside(stage, 'Billing', theirs);
    await stage.time.advance(1.5 * hourMs);
    expect(alarms()).toEqual([expect.stringMatching(/^Billing.*NobodyTold/)]);
    expect(stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('NobodyTold'))).toEqual([]);
  });

  it('take points of their own, though their runs have the same names', async () => {
    stage = await openStage({ policy: ours });
    await deployBeside(stage, 'Billing', theirs);
    await stage.time.advance(4 * hourMs);
    const taken = [...stage.services.ec2.world.snapshots.values()]
      .map(({ tags }) => [tags.get('holdfast:stack'), tags.get('holdfast:run'), tags.get('holdfast:verdict')].join(' '))
      .toSorted();
    const run = 'nightly-20260115T030000Z';
    expect(taken).toEqual([
      ...Array.from({ length: 4 }, () => `Billing ${run} application-consistent`),
      `Holdfast ${run} crash-consistent`,
    ]);
  });
});
