/** What scenarios of planning and holding still share: misfortunes, and looks at what came of them. */
import { DescribeStateMachineCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Run } from '#domain/run.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { databaseId } from './policy.ts';
import { executions, failuresAddress, hourMs, isHeld, runsIn, type Stage, until } from './stage.ts';

/** EC2 refuses for good. */
export const denied: FaultEffect = {
  kind: 'refuse',
  code: 'UnauthorizedOperation',
  message: 'You are not authorized to perform this operation.',
  status: 403,
};

export const isDatabaseHeld = (stage: Stage): boolean => isHeld(stage, databaseId);

export const database = (stage: Stage) => stage.services.ec2.world.guest(databaseId);

/** Names of the mails that a person got, oldest first, without the product's mark. */
export const mails = (stage: Stage): readonly string[] =>
  stage.inbox(failuresAddress).map(({ subject }) => subject.replace('[Holdfast] ', ''));

export async function firstRun(stage: Stage, workload = 'orders-db'): Promise<Run> {
  const run = (await runsIn(stage, workload)).at(-1);
  if (run === undefined) throw new Error(`${workload} has no run`);
  return run;
}

/** Lets time pass until the guest is held still in the coming night. */
export const untilHeld = (stage: Stage): Promise<void> =>
  until(stage, 'the database is held still', () => isDatabaseHeld(stage), 25 * hourMs);

/** Lets time pass until the guest is free; how long that took, in ms. */
export async function untilFree(stage: Stage, limitMs: number): Promise<number> {
  const fromMs = Date.now();
  await until(stage, 'the database is free', () => !isDatabaseHeld(stage), limitMs);
  return Date.now() - fromMs;
}

/** Stops the night's execution, as a person could in the console: no Catch of it runs. */
export async function stopExecution(stage: Stage): Promise<void> {
  const running = executions(stage, 'protect').find(({ status }) => status === 'RUNNING');
  if (running === undefined) throw new Error('no execution is running');
  await stage.drive(new SFNClient({}).send(new StopExecutionCommand({ executionArn: running.arn })));
}

/** Gives the protect machine another time limit: executions that begin from now on have it. */
export async function limitExecutions(stage: Stage, timeoutSeconds: number): Promise<void> {
  const stateMachineArn = stage.deployed.HoldfastProtect;
  const machine = await stage.drive(new SFNClient({}).send(new DescribeStateMachineCommand({ stateMachineArn })));
  const definition: unknown = JSON.parse(machine.definition ?? '');
  stage.services.states.deploy({
    name: machine.name ?? '',
    roleArn: machine.roleArn ?? '',
    definition: JSON.stringify({ ...Object(definition), TimeoutSeconds: timeoutSeconds }),
  });
}

/** The rule that wakes the guard of executions. */
export const guardRule = 'RulesGuard';
/** The rules that wake settle: its sweep, and the events of snapshots. */
export const settleRules = ['RulesSettle', 'RulesSnapshotCompleted', 'RulesSnapshotSetCompleted'] as const;

/** @param parts parts of rules' names */
export function setRules(stage: Stage, parts: readonly string[], enabled: boolean): void {
  const { events } = stage.services;
  for (const part of parts) {
    const found = events.names().filter((name) => name.includes(part));
    if (found.length !== 1)
      throw new Error(`${found.length} rules are named like ${part}: ${events.names().join(' ')}`);
    for (const name of found) events.setEnabled(name, enabled);
  }
}
