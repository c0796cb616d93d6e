import { arn } from '../iam/arn.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, listOf, operate, optionalText, refuse, requiredText, type Site } from './resource-builder.ts';

/** What both CreateTable and a template know, under the same names. */
const TABLE_PROPERTIES = [
  ...['AttributeDefinitions', 'KeySchema', 'BillingMode', 'ProvisionedThroughput', 'GlobalSecondaryIndexes'],
  'LocalSecondaryIndexes',
];

function tableInput(name: string, properties: Json): Json {
  const known = TABLE_PROPERTIES.filter((property) => property in properties);
  return { TableName: name, ...Object.fromEntries(known.map((property) => [property, properties[property]])) };
}

/** CloudFormation goes on only when a table is active. */
async function untilActive(site: Site, name: string): Promise<void> {
  for (;;) {
    const { Table: table } = await operate(site, site.services.dynamodb, 'DescribeTable', { TableName: name });
    if (isObject(table) && table.TableStatus === 'ACTIVE') return;
    await site.kernel.clock.sleep(1000);
  }
}

const table: Build = async (site, properties) => {
  refuse(properties, 'StreamSpecification', 'ImportSourceSpecification');
  if (listOf(properties, 'Replicas').length > 1) throw new Error('Replicas in other Regions are not simulated');
  const name = site.name(properties.TableName, 255);
  const attributes = { Arn: arn(site.kernel, 'dynamodb', `table/${name}`) };
  const { dynamodb } = site.services;
  const remove = () => operate(site, dynamodb, 'DeleteTable', { TableName: name });
  if (site.previous) return { ref: name, attributes, remove };
  await operate(site, dynamodb, 'CreateTable', tableInput(name, properties));
  await untilActive(site, name);
  const [replica] = listOf(properties, 'Replicas').filter(isObject);
  const recovery = (replica ?? properties).PointInTimeRecoverySpecification;
  if (isObject(recovery)) {
    const input = { TableName: name, PointInTimeRecoverySpecification: recovery };
    await operate(site, dynamodb, 'UpdateContinuousBackups', input);
  }
  const expiry = properties.TimeToLiveSpecification;
  if (isObject(expiry)) {
    await operate(site, dynamodb, 'UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: expiry });
  }
  return { ref: name, attributes, remove };
};

const key: Build = (site, properties) => {
  if (site.previous) return site.previous;
  const description = optionalText(properties, 'Description');
  const made = site.services.kms.createKey(description === undefined ? {} : { description });
  const remove = () => site.services.kms.scheduleDeletion(made.id);
  return { ref: made.id, attributes: { Arn: made.arn, KeyId: made.id }, remove };
};

const alias: Build = async (site, properties) => {
  const name = requiredText(properties, 'AliasName');
  const input = { AliasName: name, TargetKeyId: requiredText(properties, 'TargetKeyId') };
  await operate(site, site.services.kms, 'CreateAlias', input);
  return { ref: name, attributes: {} };
};

async function subscribe(site: Site, topicArn: string, properties: Json): Promise<string> {
  const filter = properties.FilterPolicy;
  const scope = optionalText(properties, 'FilterPolicyScope');
  const attributes = {
    ...(filter === undefined ? {} : { FilterPolicy: typeof filter === 'string' ? filter : JSON.stringify(filter) }),
    ...(scope === undefined ? {} : { FilterPolicyScope: scope }),
  };
  const reply = await operate(site, site.services.sns, 'Subscribe', {
    TopicArn: topicArn,
    Protocol: requiredText(properties, 'Protocol'),
    Endpoint: requiredText(properties, 'Endpoint'),
    Attributes: attributes,
  });
  return requiredText(reply, 'SubscriptionArn');
}

const topic: Build = async (site, properties) => {
  const name = site.name(properties.TopicName, 256);
  const topicArn = arn(site.kernel, 'sns', name);
  await operate(site, site.services.sns, 'CreateTopic', { Name: name });
  const AttributeValue = optionalText(properties, 'KmsMasterKeyId');
  const keyed = { TopicArn: topicArn, AttributeName: 'KmsMasterKeyId', AttributeValue };
  if (AttributeValue !== undefined) await operate(site, site.services.sns, 'SetTopicAttributes', keyed);
  for (const each of listOf(properties, 'Subscription').filter(isObject)) await subscribe(site, topicArn, each);
  const remove = () => operate(site, site.services.sns, 'DeleteTopic', { TopicArn: topicArn });
  return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name }, remove };
};

const subscription: Build = async (site, properties) => {
  refuse(properties, 'RedrivePolicy', 'RawMessageDelivery');
  const subscriptionArn = await subscribe(site, requiredText(properties, 'TopicArn'), properties);
  const remove = () => operate(site, site.services.sns, 'Unsubscribe', { SubscriptionArn: subscriptionArn });
  return { ref: subscriptionArn, attributes: { Arn: subscriptionArn }, remove };
};

const queue: Build = async (site, properties) => {
  if (properties.FifoQueue === true || properties.FifoQueue === 'true')
    throw new Error('FIFO queues are not simulated');
  const name = site.name(properties.QueueName, 80);
  const { QueueUrl: url } = await operate(site, site.services.sqs, 'CreateQueue', { QueueName: name, Attributes: {} });
  const attributes = { Arn: arn(site.kernel, 'sqs', name), QueueName: name, QueueUrl: String(url) };
  return {
    ref: String(url),
    attributes,
    remove: () => operate(site, site.services.sqs, 'DeleteQueue', { QueueUrl: url }),
  };
};

function resourcePolicy(site: Site, resourceArns: readonly string[], document: unknown) {
  for (const each of resourceArns) site.resourcePolicies.put(each, document);
  const remove = () => resourceArns.forEach(site.resourcePolicies.remove);
  return { ref: site.name(undefined), attributes: {}, remove };
}

const topicPolicy: Build = (site, properties) =>
  resourcePolicy(site, listOf(properties, 'Topics').map(String), properties.PolicyDocument);

const topicInlinePolicy: Build = (site, properties) =>
  resourcePolicy(site, [requiredText(properties, 'TopicArn')], properties.PolicyDocument);

const queuePolicy: Build = (site, properties) => {
  const names = listOf(properties, 'Queues').map((url) => String(url).split('/').at(-1) ?? '');
  return resourcePolicy(
    site,
    names.map((name) => arn(site.kernel, 'sqs', name)),
    properties.PolicyDocument,
  );
};

export const DATA_RESOURCES: Readonly<Record<string, Build>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::KMS::Key': key,
  'AWS::KMS::Alias': alias,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SNS::TopicInlinePolicy': topicInlinePolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
