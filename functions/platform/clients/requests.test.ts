import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateBackupCommand,
  DynamoDBClient,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeServicesCommand,
  type DescribeServicesCommandInput,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetResourcesCommand,
  GetTagValuesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, type GetQueueAttributesCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import {
  DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoopbackService, loopbackService, type Received } from '../aws/loopback-service.ts';
import { applicationAutoScalingOver } from './application-auto-scaling.ts';
import { cloudwatchOver } from './cloudwatch.ts';
import { dynamodbOver } from './dynamodb.ts';
import { dynamodbTablesOver } from './dynamodb-tables.ts';
import { ecsOver } from './ecs.ts';
import { kmsOver } from './kms.ts';
import { lambdaOver } from './lambda.ts';
import { sfnOver } from './sfn.ts';
import { snsOver } from './sns.ts';
import { sqsOver } from './sqs.ts';
import { ssmOver } from './ssm.ts';
import { tableScalingOver } from './table-scaling.ts';
import { taggingOver } from './tagging.ts';

const ours = { region: 'eu-west-1', credentials: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }) };
const theirs = { ...ours, maxAttempts: 1 };
const table = () =>
  DynamoDBDocumentClient.from(new DynamoDBClient(theirs), { marshallOptions: { removeUndefinedValues: true } });

const item = {
  pk: 'a',
  sk: 'b',
  version: 3,
  gone: undefined,
  record: { list: [1, 'two', true, null], at: '2026-01-01' },
};
const get: GetCommandInput = { TableName: 'ledger', Key: { pk: 'a', sk: 'b' }, ConsistentRead: true };
const put: PutCommandInput = {
  TableName: 'ledger',
  Item: item,
  ConditionExpression: '#version = :expected',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':expected': 2 },
};
const query: QueryCommandInput = {
  TableName: 'ledger',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': 'a' },
  ExclusiveStartKey: { pk: 'a', sk: 'b' },
  Limit: 5,
};
const start = { stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:protect', name: 'n', input: '{"a":"ü"}' };
const describing = { executionArn: 'arn:aws:states:eu-west-1:1:execution:protect:n' };
const command = { DocumentName: 'hold', InstanceIds: ['i-1'], TimeoutSeconds: 30, Parameters: { run: ['r'] } };
const looking = { CommandId: 'c-1', InstanceId: 'i-1' };
const listing = { Filters: [{ Key: 'InstanceIds', Values: ['i-1', 'i-2'] }], MaxResults: 50 };
const key = { KeyId: 'arn:aws:kms:eu-west-1:1:key/k' };
const publishing = {
  TopicArn: 'arn:aws:sns:eu-west-1:1:failures',
  Subject: 'orders: failed & released',
  Message: 'What happened?\n100 % = "all" (ü)',
  MessageAttributes: { workload: { DataType: 'String.Array', StringValue: '["orders","crm"]' } },
};
const mail = {
  topicArn: publishing.TopicArn,
  subject: publishing.Subject,
  message: publishing.Message,
  attributes: { workload: ['orders', 'crm'] },
};
const waking = { FunctionName: 'Holdfast-report', InvocationType: 'Event', Payload: '{}' } as const;

const measuring = {
  QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/letters',
  AttributeNames: ['ApproximateNumberOfMessages'],
} satisfies GetQueueAttributesCommandInput;

const orders = { TableName: 'orders' };
const backup = { ...orders, BackupName: 'holdfast-1' };
const backups = {
  ...orders,
  BackupType: 'USER',
  ExclusiveStartBackupArn: 'arn:aws:dynamodb:eu-west-1:1:table/orders/backup/1',
} as const;
const restore = { TargetTableName: 'orders-new', BackupArn: backups.ExclusiveStartBackupArn };
const stream = { ...orders, StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } } as const;

const inShop = { cluster: 'shop', services: ['orders'], include: ['TAGS'] } satisfies DescribeServicesCommandInput;
const emptying = { cluster: 'shop', service: 'orders', desiredCount: 0 };
const tasksOf = { cluster: 'shop', serviceName: 'orders', desiredStatus: 'STOPPED', maxResults: 100 } as const;
const tasks = { cluster: 'shop', tasks: ['arn:aws:ecs:eu-west-1:1:task/shop/1'] };
const resourceArn = 'arn:aws:ecs:eu-west-1:1:service/shop/orders';
const tagging = { resourceArn, tags: [{ key: 'count', value: '3' }] };
const untagging = { resourceArn, tagKeys: ['count'] };
const scaled = { ServiceNamespace: 'ecs' as const, ResourceIds: ['service/shop/orders'] };

const ofTable = { ServiceNamespace: 'dynamodb', ResourceId: 'table/orders' } as const;
const tracked = {
  ...ofTable,
  ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
  PolicyName: 'reads',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 70.5,
    PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' },
  },
} as const;

const alarms = { AlarmTypes: ['MetricAlarm' as const], MaxRecords: 100 };
const carrying = {
  TagFilters: [{ Key: 'a:key', Values: ['ü'] }],
  ResourceTypeFilters: ['ec2:volume'],
  ResourcesPerPage: 100,
};

const ecsClient = () => new ECSClient(theirs);
const operations: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
  ['GetItem', () => dynamodbOver(ours).getItem(get), () => table().send(new GetCommand(get))],
  ['PutItem', () => dynamodbOver(ours).putItem(put), () => table().send(new PutCommand(put))],
  ['Query', () => dynamodbOver(ours).query(query), () => table().send(new QueryCommand(query))],
  [
    'CreateBackup',
    () => dynamodbTablesOver(ours).createBackup(backup),
    () => table().send(new CreateBackupCommand(backup)),
  ],
  [
    'ListBackups',
    () => dynamodbTablesOver(ours).listBackups(backups),
    () => table().send(new ListBackupsCommand(backups)),
  ],
  [
    'RestoreTableFromBackup',
    () => dynamodbTablesOver(ours).restoreTableFromBackup(restore),
    () => table().send(new RestoreTableFromBackupCommand(restore)),
  ],
  [
    'UpdateTable',
    () => dynamodbTablesOver(ours).updateTable(stream),
    () => table().send(new UpdateTableCommand(stream)),
  ],
  [
    'StartExecution',
    () => sfnOver(ours).startExecution(start),
    () => new SFNClient(theirs).send(new StartExecutionCommand(start)),
  ],
  [
    'DescribeExecution',
    () => sfnOver(ours).describeExecution(describing),
    () => new SFNClient(theirs).send(new DescribeExecutionCommand(describing)),
  ],
  [
    'SendCommand',
    () => ssmOver(ours).sendCommand(command),
    () => new SSMClient(theirs).send(new SendCommandCommand(command)),
  ],
  [
    'GetCommandInvocation',
    () => ssmOver(ours).getCommandInvocation(looking),
    () => new SSMClient(theirs).send(new GetCommandInvocationCommand(looking)),
  ],
  [
    'DescribeInstanceInformation',
    () => ssmOver(ours).describeInstanceInformation(listing),
    () => new SSMClient(theirs).send(new DescribeInstanceInformationCommand(listing)),
  ],
  [
    'DescribeServices',
    () => ecsOver(ours).describeServices(inShop),
    () => ecsClient().send(new DescribeServicesCommand(inShop)),
  ],
  [
    'UpdateService',
    () => ecsOver(ours).updateService(emptying),
    () => ecsClient().send(new UpdateServiceCommand(emptying)),
  ],
  ['ListTasks', () => ecsOver(ours).listTasks(tasksOf), () => ecsClient().send(new ListTasksCommand(tasksOf))],
  ['DescribeTasks', () => ecsOver(ours).describeTasks(tasks), () => ecsClient().send(new DescribeTasksCommand(tasks))],
  ['TagResource', () => ecsOver(ours).tagResource(tagging), () => ecsClient().send(new TagResourceCommand(tagging))],
  [
    'UntagResource',
    () => ecsOver(ours).untagResource(untagging),
    () => ecsClient().send(new UntagResourceCommand(untagging)),
  ],
  [
    'DescribeScalableTargets',
    () => applicationAutoScalingOver(ours).describeScalableTargets(scaled),
    () => new ApplicationAutoScalingClient(theirs).send(new DescribeScalableTargetsCommand(scaled)),
  ],
  [
    'GetQueueAttributes',
    () => sqsOver(ours).messagesIn('https://sqs.eu-west-1.amazonaws.com/1/letters'),
    () => new SQSClient({ ...theirs, useQueueUrlAsEndpoint: false }).send(new GetQueueAttributesCommand(measuring)),
  ],
  [
    'DescribeScalingPolicies',
    () => tableScalingOver(ours).describeScalingPolicies(ofTable),
    () => new ApplicationAutoScalingClient(theirs).send(new DescribeScalingPoliciesCommand(ofTable)),
  ],
  [
    'PutScalingPolicy',
    () => tableScalingOver(ours).putScalingPolicy(tracked),
    () => new ApplicationAutoScalingClient(theirs).send(new PutScalingPolicyCommand(tracked)),
  ],
  [
    'DescribeAlarms',
    () => cloudwatchOver(ours).metricAlarms(),
    () => new CloudWatchClient(theirs).send(new DescribeAlarmsCommand(alarms)),
  ],
  [
    'GetResources',
    () => taggingOver(ours).resourcesWith({ 'a:key': 'ü' }, ['ec2:volume']),
    () => new ResourceGroupsTaggingAPIClient(theirs).send(new GetResourcesCommand(carrying)),
  ],
  [
    'GetTagValues',
    () => taggingOver(ours).valuesOf('a:key'),
    () => new ResourceGroupsTaggingAPIClient(theirs).send(new GetTagValuesCommand({ Key: 'a:key' })),
  ],
  ['DescribeKey', () => kmsOver(ours).describeKey(key), () => new KMSClient(theirs).send(new DescribeKeyCommand(key))],
  ['Publish', () => snsOver(ours).publish(mail), () => new SNSClient(theirs).send(new PublishCommand(publishing))],
  [
    'ListSubscriptionsByTopic',
    // The reply is not one of SNS.
    () =>
      snsOver(ours)
        .subscriptionsOf(publishing.TopicArn)
        .catch(() => {}),
    () => new SNSClient(theirs).send(new ListSubscriptionsByTopicCommand({ TopicArn: publishing.TopicArn })),
  ],
  [
    'Invoke',
    () => lambdaOver(ours).invokeLater('Holdfast-report', {}),
    () => new LambdaClient(theirs).send(new InvokeCommand(waking)),
  ],
];

let service: LoopbackService | undefined;

beforeEach(async () => {
  service = await loopbackService(() => ({ status: 200, body: '{"status":"RUNNING"}' }));
  vi.stubEnv('AWS_ENDPOINT_URL', service.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await service?.close();
});

/** What a service goes by. */
function meaning({ method, path, headers, body }: Received) {
  const type = headers['content-type'];
  const scope = /Credential=AKIA\/\d+\/([^,]+)/.exec(headers.authorization ?? '')?.[1];
  const told = type?.includes('urlencoded') ? [...new URLSearchParams(body)].toSorted() : JSON.parse(body);
  const { 'x-amz-target': target, 'x-amz-invocation-type': invocation } = headers;
  return { method, path, type, target, invocation, scope, told };
}

describe('a request', () => {
  it.each(operations)("%s says what the SDK's own client says", async (_, call, sdkCall) => {
    await call();
    await sdkCall().catch(() => {}); // the reply is not of every service
    const [mine, sdks] = service?.received ?? [];
    if (mine === undefined || sdks === undefined) throw new Error('One of the two was not sent.');
    expect(meaning(mine)).toEqual(meaning(sdks));
  });
});

describe('a reply of DynamoDB', () => {
  it('gives items as they were put', async () => {
    await dynamodbOver(ours).putItem(put);
    const { Item } = JSON.parse(service?.received[0]?.body ?? '{}');
    const answering = await loopbackService(() => ({ status: 200, body: JSON.stringify({ Item, Items: [Item] }) }));
    vi.stubEnv('AWS_ENDPOINT_URL', answering.url);
    const { gone: _, ...kept } = item;
    expect(await dynamodbOver(ours).getItem(get)).toEqual({ Item: kept });
    expect(await dynamodbOver(ours).query(query)).toEqual({ Items: [kept] });
    await answering.close();
  });
});
