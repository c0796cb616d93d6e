import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type Audience, addressesOf, filterOf, topicNames } from '#domain/mail-addresses.ts';
import type { Policy } from '#domain/policy.ts';

export interface Topics {
  /** Of mails. */
  readonly key: Key;
  readonly failures: Topic;
  readonly reports: Topic;
  /** CloudWatch's messages carry no attributes, so a filtered subscription would never see an alarm. */
  readonly alarms: Topic;
}

export function createTopics(parent: Construct, policy: Policy): Topics {
  const scope = new Construct(parent, 'Topics');
  const key = createKey(scope, 'Key', 'what Holdfast mails');
  const alarmsKey = createKey(scope, 'AlarmsKey', 'the alarms of Holdfast');
  allowAlarmsKey(alarmsKey);
  const topicOf = (id: string, displayName: string, masterKey = key) =>
    new Topic(scope, id, { displayName, masterKey, enforceSSL: true });
  const topics = {
    key,
    failures: topicOf('Failures', 'Holdfast failures'),
    reports: topicOf('Reports', 'Holdfast reports'),
    alarms: topicOf('Alarms', 'Holdfast alarms', alarmsKey),
  };
  subscribe(topics.failures, policy, 'failures');
  subscribe(topics.reports, policy, 'reports');
  for (const address of addressesOf(policy, 'failures').keys()) {
    topics.alarms.addSubscription(new EmailSubscription(address));
  }
  allowAlarms(topics.alarms);
  return topics;
}

/** Alarms have one of their own: when that of the mails cannot be used, somebody must be told that no mail is sent. */
const createKey = (scope: Construct, id: string, what: string): Key =>
  new Key(scope, id, {
    description: `Encrypts ${what} while SNS holds it`,
    enableKeyRotation: true,
    // Holds nothing that lasts: messages are gone in minutes.
    removalPolicy: RemovalPolicy.DESTROY,
  });

const allowAlarmsKey = (key: Key) =>
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsToTopics',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: messagesOfThisAccount,
    }),
  );

/**
 * SNS says to KMS of which topic a message is, whoever sends it; not every service says to KMS for whom it sends.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
const messagesOfThisAccount = {
  ArnLike: {
    'kms:EncryptionContext:aws:sns:topicArn': `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`,
  },
};

/** A topic with a policy of its own (here: TLS only) has lost the default one, by which the account's alarms could publish. */
function allowAlarms(topic: Topic): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}

/** Rules that mail straight to a topic; the topic's own policy the target adds itself. */
export function allowEvents({ key }: Topics): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'EventsToTopics',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: messagesOfThisAccount,
    }),
  );
}

/** SNS allows one subscription for a topic and address, so an address's workloads go into one filter. */
function subscribe(topic: Topic, policy: Policy, audience: Audience): void {
  for (const [address, workloads] of addressesOf(policy, audience)) {
    const allowlist = filterOf(policy, workloads);
    topic.addSubscription(
      new EmailSubscription(
        address,
        allowlist === undefined
          ? {}
          : { filterPolicy: { workload: SubscriptionFilter.stringFilter({ allowlist: [...allowlist] }) } },
      ),
    );
  }
}

/** SNS makes a data key for each message on the publisher's behalf: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export const publishStatements = ({ key, failures, reports }: Topics): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['sns:Publish'], resources: [failures.topicArn, reports.topicArn] }),
  new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
];

/** Who has confirmed, and who has not. */
export const listSubscriptionsStatement = (topics: Topics): PolicyStatement =>
  new PolicyStatement({
    actions: ['sns:ListSubscriptionsByTopic'],
    resources: topicNames.map((name) => topics[name].topicArn),
  });
