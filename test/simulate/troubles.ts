/** What goes wrong in a scenario itself, armed where its faults begin. */
import { hourMs, type Stage } from '../scenario/stage.ts';
import { stopExecution, whenIn } from './moment.ts';
import type { Scenario } from './scenario.ts';
import { functionOf } from './step-of.ts';

export type Trouble = (stage: Stage, scenario: Scenario) => void;

/** The first night's quiesce fails. */
export const quiesceFails: Trouble = ({ services: { ec2 }, clock }, { instanceId }) => {
  const untilMs = clock.nowMs() + hourMs;
  ec2.world
    .guest(instanceId)
    .installProgram('/opt/holdfast/quiesce', (machine) =>
      clock.nowMs() > untilMs && machine.holdApplication('postgres') ? 0 : 1,
    );
};

/** The first night's copy of the files never ends: it is stopped with the window. */
export const copyNeverEnds: Trouble = ({ services: { backup } }) => backup.arrange.nextJob('never');

/** The next copy of AWS Backup fails. */
export const copyFails: Trouble = ({ services: { backup } }) => backup.arrange.nextJob('FAILED');

/** Scheduler does not fire the first night. */
export const scheduleIsLost: Trouble = ({ faults, clock }) => {
  const untilMs = clock.nowMs() + hourMs;
  faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'drop', when: () => clock.nowMs() < untilMs });
};

export const verifyFails: Trouble = ({ services: { ec2 } }, { instanceId }) =>
  ec2.world
    .guest(instanceId)
    .installProgram('/opt/holdfast/verify', () => ({ exitCode: 3, stdout: '', stderr: 'no rows' }));

/** Somebody stops the execution in this state. */
export const stoppedIn =
  (state: string): Trouble =>
  (stage, scenario) =>
    void whenIn(stage, scenario, { state, afterMs: 200 }, (executionArn) => stopExecution(stage, executionArn));

/** EC2 takes the first volume and refuses all others, of one step only. */
export const attachFailsAfterOne: Trouble = ({ faults, services: { lambda } }) => {
  faults.add({
    ...{ service: 'ec2', operation: 'AttachVolume', caller: `function:${functionOf(lambda.names(), 'AttachVolumes')}` },
    ...{ skip: 1, times: Infinity },
    effect: { kind: 'refuse', code: 'InvalidParameterValue', message: 'Invalid value for device.', status: 400 },
  });
};

/** The volume that was there cannot be attached again. */
export const attachIsDenied: Trouble = (stage, scenario) => {
  verifyFails(stage, scenario);
  stage.faults.add({
    ...{ service: 'ec2', operation: 'AttachVolume', times: Infinity },
    caller: `function:${functionOf(stage.services.lambda.names(), 'RollBack')}`,
    effect: { kind: 'refuse', code: 'UnauthorizedOperation', message: 'You are not authorized.', status: 403 },
  });
};
