import { afterEach, describe, expect, it } from 'vitest';
import { recoveriesOf } from '#ledger/recoveries.ts';
import { applianceId } from './scenario/policy.ts';
import { executions, hourMs, minuteMs, openStage, type Stage, type StageOptions, subjects, until } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => {
  const complaints = stage.complaints();
  const unused = stage.faults.unused();
  stage.close();
  expect(complaints).toEqual([]);
  expect(unused).toEqual([]);
});

async function openWithPoint(options: StageOptions = {}): Promise<void> {
  stage = await openStage(options);
  await stage.time.advance(4 * hourMs);
}

async function recover(input: object, name = 'rec-1') {
  const execution = await stage.startExecution(stage.deployed.HoldfastRecover ?? '', input, name);
  await until(stage, 'the recovery ends', () => execution.status !== 'RUNNING', 4 * hourMs);
  return execution;
}

describe('a recovery in place', () => {
  it('swaps the data volume', async () => {
    await openWithPoint();
    for (const e of executions(stage, 'protect')) console.log(e.status, e.events.filter((x) => x.type === 'StateFailed').map((x) => [x.state, x.cause?.slice(0, 400)]));
    const execution = await recover({ workload: 'appliance', reason: 'test', requestedBy: 'me' });
    console.log(execution.status, JSON.stringify(execution).slice(0, 3000));
    const [recovery] = await stage.drive(recoveriesOf('appliance'));
    console.log(JSON.stringify(recovery, null, 1));
    console.log(stage.services.ec2.world.volumeAt(applianceId, '/dev/sdh'));
    await stage.time.advance(10 * minuteMs);
    console.log(subjects(stage, 'backups@example.com'), subjects(stage));
  });
});
