import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { functionTable, steps } from '#infra/function-table.ts';
import { examplePolicy, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('mail', () => {
  const subscription = (topic: string, address: string, more: object) => ({
    TopicArn: { Ref: Match.stringLikeRegexp(`^Topics${topic}`) },
    Protocol: 'email',
    Endpoint: address,
    ...more,
  });
  test('goes unfiltered to an address of every workload, and filtered to the others', () => {
    const filter = { FilterPolicy: { workload: ['appliance'] } };
    const none = { FilterPolicy: Match.absent() };
    template.hasResourceProperties('AWS::SNS::Subscription', subscription('Failures', 'ops@example.com', none));
    template.hasResourceProperties('AWS::SNS::Subscription', subscription('Failures', 'owner@example.com', filter));
    template.hasResourceProperties('AWS::SNS::Subscription', subscription('Reports', 'ops@example.com', filter));
  });
  test('of alarms, which no filter would let through, goes to everybody who is told of failures', () => {
    for (const address of ['ops@example.com', 'owner@example.com']) {
      template.hasResourceProperties(
        'AWS::SNS::Subscription',
        subscription('Alarms', address, { FilterPolicy: Match.absent() }),
      );
    }
    template.resourceCountIs('AWS::SNS::Subscription', 5);
  });
  test('is encrypted, that of alarms with a key of its own, which they may use', () => {
    const keys = Object.values(template.findResources('AWS::SNS::Topic')).map(
      ({ Properties }) => Properties.KmsMasterKeyId?.['Fn::GetAtt'][0],
    );
    expect(keys).toEqual([
      expect.stringMatching(/^TopicsKey/),
      expect.stringMatching(/^TopicsKey/),
      expect.stringMatching(/^TopicsAlarmsKey/),
    ]);
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });
  test('can be sent to every topic over TLS only, and by alarms to theirs', () => {
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy')).map(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(policies).toHaveLength(3);
    for (const statements of policies)
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    const byAlarms = policies.filter((statements) => JSON.stringify(statements).includes('"cloudwatch.amazonaws.com"'));
    expect(byAlarms).toHaveLength(1);
  });
});

describe('what fails in every attempt', () => {
  test('is kept, of every function that events invoke', () => {
    const invoked = steps.filter((step) => functionTable[step].byEvent);
    expect(invoked).toHaveLength(7);
    for (const step of invoked) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Description: `Holdfast: ${step}`,
        DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] } },
      });
    }
    template.resourcePropertiesCountIs('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 }, 7);
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: Duration.days(14).toSeconds(),
    });
  });
});

describe('alarms', () => {
  test('go to their own topic, each of them', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(12);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^TopicsAlarms/) }]);
    }
  });
  test('take a silent sweep for a broken one', () => {
    const silent = Object.keys(
      template.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: 'Invocations' } }),
    );
    expect(silent).toHaveLength(4);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      Period: 3600,
      EvaluationPeriods: 2,
    });
  });
});
