import { afterEach, expect, it } from 'vitest';
import { openWithPoints } from '../test/scenario/recovering.ts';
import type { Stage } from '../test/scenario/stage.ts';
import { rehearseRecovery } from './rehearse-recovery.ts';

let stage: Stage;
afterEach(() => stage.close());

it('a dry run that Step Functions does not show yet is waited for', async () => {
  stage = await openWithPoints();
  const hidden = {
    kind: 'refuse',
    code: 'ExecutionDoesNotExist',
    message: 'Execution Does Not Exist',
    status: 400,
  } as const;
  stage.faults.add({ service: 'states', operation: 'DescribeExecution', effect: hidden, times: 3 });
  const rehearsed = await stage.drive(
    rehearseRecovery(stage.deployed.HoldfastRecover ?? '', 'dry-run-1', { workload: 'appliance' }),
  );
  expect(rehearsed.calls.join('\n')).toContain('aws ec2 create-volume');
  expect(stage.faults.unused()).toEqual([]);
});
