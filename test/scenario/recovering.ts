/** What scenarios of recoveries share: a stage with a point to recover from, an operator, and looks at what came of it. */
import { DeleteItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EC2Client, type StopInstancesCommand } from '@aws-sdk/client-ec2';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { Recovery } from '#domain/recovery.ts';
import { readLease } from '#ledger/lease.ts';
import { pointsOf } from '#ledger/points.ts';
import { recoveriesOf } from '#ledger/recoveries.ts';
import { caughtFailure } from '#platform/caught.ts';
import type { Execution } from '#simulator/services/states/execution.ts';
import { executions, hourMs, minuteMs, openStage, type Stage, type StageOptions, until } from './stage.ts';

/** A stage after its first night: every workload has one sealed point. */
export async function openWithPoints(
  options: StageOptions = {},
  prepare: (stage: Stage) => void = () => undefined,
): Promise<Stage> {
  const stage = await openStage(options);
  prepare(stage);
  await stage.time.advance(2 * hourMs + 30 * minuteMs);
  const points = await stage.drive(pointsOf('appliance'));
  expect(points).toHaveLength(1);
  return stage;
}

export const begin = (stage: Stage, input: object, name = 'recovery-1'): Promise<Execution> =>
  stage.startExecution(stage.deployed.HoldfastRecover ?? '', input, name);

/** Runs a recovery to its end, undo executions that the guard started included. */
export async function recover(stage: Stage, input: object, name = 'recovery-1'): Promise<Execution> {
  const execution = await begin(stage, input, name);
  await end(stage);
  return execution;
}

export async function end(stage: Stage): Promise<void> {
  const isQuiet = () => executions(stage, 'recover').every(({ status }) => status !== 'RUNNING');
  await until(stage, 'recoveries end', isQuiet, 6 * hourMs);
  await stage.time.advance(15 * minuteMs);
  await until(stage, 'undo executions end', isQuiet, 6 * hourMs);
  await stage.time.advance(minuteMs);
}

export async function abort(stage: Stage, { arn }: Execution): Promise<void> {
  await stage.drive(new SFNClient({}).send(new StopExecutionCommand({ executionArn: arn })));
}

/** A call of the operator's own. */
export const operator = (stage: Stage, command: StopInstancesCommand) => stage.drive(new EC2Client({}).send(command));

/** Everything that the ledger knows of a workload is gone. */
export async function emptyLedger(stage: Stage, workload: string): Promise<void> {
  const table = new DynamoDBClient({});
  const TableName = stage.deployed.HoldfastLedger;
  const { Items = [] } = await stage.drive(
    table.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `workload#${workload}` } },
      }),
    ),
  );
  for (const { pk, sk } of Items) {
    if (pk && sk) await stage.drive(table.send(new DeleteItemCommand({ TableName, Key: { pk, sk } })));
  }
}

export async function recovered(stage: Stage, workload: string): Promise<Recovery | undefined> {
  return (await stage.drive(recoveriesOf(workload)))[0];
}

export const leaseOf = (stage: Stage, workload: string) => stage.drive(readLease(workload));

/** Name and message of what an execution failed with. */
export function failureOf({ error = '', cause = '' }: Execution): string {
  const { name, message } = caughtFailure({ Error: error, Cause: cause }, '');
  return `${name}: ${message}`;
}

/** All that a recovery could change about an instance, as text that can be compared. */
export function portrait({ services: { ec2 } }: Stage, instanceId: string): string {
  const instance = ec2.world.instance(instanceId);
  const devices = [...instance.mappings].map(([device, { volumeId, deleteOnTermination, status }]) => {
    const volume = ec2.world.volumes.get(volumeId);
    const tags = [...(volume?.tags ?? [])].sort().map((pair) => pair.join('='));
    const attachment = `${volume?.attachment?.instanceId} ${volume?.attachment?.device} ${volume?.attachment?.state}`;
    return `${device} ${volumeId} ${deleteOnTermination} ${status} ${volume?.state} ${attachment} ${tags.join(',')}`;
  });
  return [instance.state, ...devices.sort()].join('\n');
}

export const functionNamed = ({ services: { lambda } }: Stage, step: string): string => {
  const found = lambda.names().find((name) => name.includes(step));
  if (found === undefined) throw new Error(`no function of ${step} among ${lambda.names().join(', ')}`);
  return found;
};
