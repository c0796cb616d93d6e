import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRegion, type Region } from './region.ts';

const SOURCE = `
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
const table = process.env.TABLE_NAME;
const dynamodb = new DynamoDBClient({});
const states = new SFNClient({});
export const write = async (event, context) => {
  console.log('writing', event.id);
  await dynamodb.send(new PutItemCommand({ TableName: table, Item: { id: { S: event.id } } }));
  return { wrote: event.id, by: process.env.AWS_LAMBDA_FUNCTION_NAME, left: context.getRemainingTimeInMillis() > 0 };
};
export const start = async (event) => {
  const name = event.time.replaceAll(':', '-');
  await states.send(new StartExecutionCommand({ stateMachineArn: process.env.MACHINE_ARN, name, input: JSON.stringify({ id: name }) }));
};
`;

const DEFINITION = {
  StartAt: 'Write',
  States: {
    Write: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '${write}', Payload: { 'id.$': '$.id', 'name.$': '$$.Execution.Name' } },
      ResultSelector: { 'wrote.$': '$.Payload.wrote' },
      TimeoutSeconds: 30,
      Retry: [{ ErrorEquals: ['ResourceNotFoundException'], IntervalSeconds: 5, MaxAttempts: 1 }],
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', Seconds: 600, End: true },
  },
};

function tinyApp(
  cdkOut: string,
  bundle: string,
  options: { readonly mayWrite: boolean; readonly isInVpc?: true },
): void {
  const app = new App({ outdir: cdkOut, analyticsReporting: false });
  const stack = new Stack(app, 'Tiny');
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const code = Code.fromAsset(bundle);
  const shared = { runtime: Runtime.NODEJS_24_X, code, timeout: Duration.seconds(10) };
  const write = new LambdaFunction(stack, 'Write', {
    ...shared,
    handler: 'index.write',
    environment: { TABLE_NAME: table.tableName },
  });
  if (options.mayWrite) table.grantWriteData(write);
  if (options.isInVpc) {
    const resource = write.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error('a function without its resource');
    resource.vpcConfig = { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] };
  }
  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromString(JSON.stringify(DEFINITION)),
    definitionSubstitutions: { write: write.functionArn },
  });
  write.grantInvoke(machine);
  const start = new LambdaFunction(stack, 'Start', {
    ...shared,
    handler: 'index.start',
    environment: { MACHINE_ARN: machine.stateMachineArn },
  });
  machine.grantStartExecution(start);
  new Schedule(stack, 'Nightly', {
    schedule: ScheduleExpression.expression('cron(0 3 * * ? *)'),
    target: new LambdaInvoke(start, {
      input: ScheduleTargetInput.fromObject({ time: ContextAttribute.scheduledTime }),
    }),
  });
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(new EmailSubscription('ops@example.com'));
  const queue = new Queue(stack, 'Ended');
  new Rule(stack, 'OnEnd', {
    eventPattern: { source: ['aws.states'], detail: { status: ['SUCCEEDED', 'FAILED'] } },
    targets: [new SnsTopic(topic), new SqsQueue(queue)],
  });
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  new CfnOutput(stack, 'MachineArn', { value: machine.stateMachineArn });
  new CfnOutput(stack, 'WriteName', { value: write.functionName });
  new CfnOutput(stack, 'QueueName', { value: queue.queueName });
  app.synth();
}

const folder = mkdtempSync(join(tmpdir(), 'region-test-'));
const allowed = join(folder, 'allowed');
const forbidden = join(folder, 'forbidden');
const inVpc = join(folder, 'in-vpc');
let region: Region;

beforeAll(async () => {
  const bundle = join(folder, 'bundle');
  await build({
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname, sourcefile: 'index.mjs' },
    outfile: join(bundle, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  writeFileSync(join(bundle, 'package.json'), '{"type":"module"}');
  tinyApp(allowed, bundle, { mayWrite: true });
  tinyApp(forbidden, bundle, { mayWrite: false });
  tinyApp(inVpc, bundle, { mayWrite: true, isInVpc: true });
}, 60_000);

afterEach(() => region.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a region with a deployed stack', () => {
  it('tells that the stack is deployed, and before an update that it begins, as EventBridge events', async () => {
    region = await createRegion();
    await region.deploy(allowed, 'Tiny');
    await region.deploy(allowed, 'Tiny');
    await region.time.advance(60_000);
    const told = region.services.events.delivered.filter(({ source }) => source === 'aws.cloudformation');
    const id = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Tiny/simulated';
    const event = (status: string) => ({
      'detail-type': 'CloudFormation Stack Status Change',
      resources: [id],
      detail: { 'stack-id': id, 'status-details': { status } },
    });
    expect(told).toMatchObject([event('CREATE_COMPLETE'), event('UPDATE_IN_PROGRESS'), event('UPDATE_COMPLETE')]);
  });

  it('lives through a night: schedule, function, state machine, table, event, mail', async () => {
    region = await createRegion({ startMs: Date.parse('2026-03-01T00:00:00Z') });
    await region.deploy(allowed, 'Tiny');
    await region.time.advance(4 * 3_600_000);

    const [execution] = region.services.states.executions();
    expect(region.complaints()).toEqual([]);
    expect(execution).toMatchObject({
      name: '2026-03-01T03-00-00Z',
      status: 'SUCCEEDED',
      output: '{"wrote":"2026-03-01T03-00-00Z"}',
    });
    const startedMs = Date.parse('2026-03-01T03:00:00Z');
    expect((execution?.stopMs ?? 0) - startedMs).toBeGreaterThan(600_000);
    expect((execution?.stopMs ?? 0) - startedMs).toBeLessThan(603_000);
    expect(region.inbox('ops@example.com').map(({ message }) => JSON.parse(message).detail.status)).toEqual([
      'SUCCEEDED',
    ]);
    expect(region.services.sqs.messages(region.outputs('Tiny').QueueName ?? '')).toHaveLength(1);
    expect(region.services.lambda.logs(region.outputs('Tiny').WriteName ?? '').map(({ text }) => text)).toEqual([
      'writing 2026-03-01T03-00-00Z',
    ]);
  }, 60_000);

  it('answers the operator’s own SDK clients in process', async () => {
    region = await createRegion();
    await region.deploy(allowed, 'Tiny');
    const { TableName, WriteName } = region.outputs('Tiny');
    const answer = await region.invoke(WriteName ?? '', { id: 'x' });
    expect(answer).toEqual({ payload: { wrote: 'x', by: WriteName, left: true } });
    const credentials = { accessKeyId: 'me', secretAccessKey: 'me' };
    const client = new DynamoDBClient({ region: 'eu-west-1', credentials });
    const found = await region.drive(client.send(new GetItemCommand({ TableName, Key: { id: { S: 'x' } } })));
    expect(found.Item).toEqual({ id: { S: 'x' } });
  }, 60_000);

  it('refuses what a role was not granted, and the machine fails by that very name', async () => {
    region = await createRegion({ startMs: Date.parse('2026-03-01T02:59:00Z') });
    await region.deploy(forbidden, 'Tiny');
    await region.time.advance(3_600_000);
    const [execution] = region.services.states.executions();
    expect(execution).toMatchObject({ status: 'FAILED', error: 'AccessDeniedException' });
    expect(execution?.cause).toContain('dynamodb:PutItem');
  }, 60_000);

  it('creates no function in a VPC whose role may have no network interfaces', async () => {
    region = await createRegion();
    await expect(region.deploy(inVpc, 'Tiny')).rejects.toThrow(
      'does not have permissions to call CreateNetworkInterface on EC2',
    );
  }, 60_000);

  it('tells the same story twice for the same seed', async () => {
    const story = async () => {
      region = await createRegion({ seed: 7, startMs: Date.parse('2026-03-01T02:59:00Z') });
      await region.deploy(allowed, 'Tiny');
      await region.time.advance(3_600_000);
      const told = region.calls.all().map(({ call, endedMs }) => [call.service, call.operation, call.timeMs, endedMs]);
      region.close();
      return told;
    };
    const first = await story();
    expect(first.length).toBeGreaterThan(3);
    expect(await story()).toEqual(first);
    region = await createRegion();
  }, 60_000);

  it('lets a function die after a call had its effect, without hearing the reply', async () => {
    region = await createRegion();
    await region.deploy(allowed, 'Tiny');
    const { WriteName = '' } = region.outputs('Tiny');
    region.services.lambda.crash({ functionName: WriteName, afterCalls: 1 });
    const answer = await region.invoke(WriteName, { id: 'x' });
    expect(answer).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'Runtime.ExitError' } });
    expect(region.calls.of('dynamodb', 'PutItem').map(({ outcome }) => outcome)).toEqual(['ok']);
  }, 60_000);

  it('updates a stack in place', async () => {
    region = await createRegion();
    await region.deploy(forbidden, 'Tiny');
    const { WriteName = '' } = region.outputs('Tiny');
    expect((await region.invoke(WriteName, { id: 'x' })).functionError).toBe('Unhandled');
    await region.deploy(allowed, 'Tiny');
    expect((await region.invoke(WriteName, { id: 'x' })).functionError).toBeUndefined();
  }, 60_000);

  it('is reachable over HTTP, with time that passes by itself', async () => {
    region = await createRegion();
    await region.deploy(allowed, 'Tiny');
    const server = await region.serve({ speed: 100 });
    const { TableName = '', WriteName = '' } = region.outputs('Tiny');
    const settings = {
      region: 'eu-west-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'me', secretAccessKey: 'me' },
    };
    const lambda = new LambdaClient(settings);
    const payload = Buffer.from(JSON.stringify({ id: 'x' }));
    const answer = await lambda.send(new InvokeCommand({ FunctionName: WriteName, Payload: payload }));
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({ wrote: 'x' });
    const formation = new CloudFormationClient(settings);
    const { Stacks: stacks } = await formation.send(new DescribeStacksCommand({ StackName: 'Tiny' }));
    expect(stacks?.[0]?.Outputs).toContainEqual({ OutputKey: 'TableName', OutputValue: TableName });
    await server.close();
  });

  it('deletes a stack, its schedules with it', async () => {
    region = await createRegion();
    await region.deploy(allowed, 'Tiny');
    await region.destroy('Tiny');
    await region.time.advance(48 * 3_600_000);
    expect(region.services.states.executions()).toEqual([]);
    expect(() => region.outputs('Tiny')).toThrow('no stack Tiny');
  });

  it('lives through a year of nights', async () => {
    region = await createRegion();
    await region.deploy(allowed, 'Tiny');
    await region.time.advance(365 * 86_400_000);
    const statuses = region.services.states.executions().map(({ status }) => status);
    expect(statuses).toEqual(Array.from({ length: 365 }, () => 'SUCCEEDED'));
    expect(region.complaints()).toEqual([]);
  });
});
