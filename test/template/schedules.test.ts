import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { examplePolicy, fleetOf, managedPoliciesOf, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('schedules', () => {
  test('begin runs at local time, and name the run after the scheduled time', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/London',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BeginRun'), 'Arn'] },
        Input:
          '{"schedule":{"expression":"cron(0 3 * * ? *)","timeZone":"Europe/London"},"scheduledAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 3 },
        DeadLetterConfig: Match.anyValue(),
      },
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(12 hours)' });
  });
  test('are made when all is there that a run needs, since a rate invokes at once', () => {
    for (const { DependsOn } of Object.values(template.findResources('AWS::Scheduler::Schedule'))) {
      for (const needed of [/^ProtectStateMachine|^Protect/, /^SettleFunction/]) {
        expect(DependsOn).toContainEqual(expect.stringMatching(needed));
      }
    }
  });
  test('are one for all workloads that share it, so that the template does not grow with the fleet but by their marks', () => {
    const size = (count: number) => {
      const large = synthesize(fleetOf(count));
      large.resourceCountIs('AWS::Scheduler::Schedule', 1);
      expect(managedPoliciesOf(large)).toEqual([]);
      const { Outputs, ...rest } = large.toJSON();
      return { outputs: JSON.stringify(Outputs).length, rest: JSON.stringify(rest).length };
    };
    const [small, most] = [size(200), size(2500)];
    expect(most.outputs + most.rest).toBeLessThan(1_000_000);
    expect(most.rest).toBe(small.rest);
    // Which of them are deployed as they stand in a file: a name and a mark each.
    expect(most.outputs - small.outputs).toBeLessThan(2300 * 25);
  });
  test('wake each sweep', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule')).flatMap(({ Properties }) =>
      Properties.ScheduleExpression === undefined
        ? []
        : [[Properties.Targets[0].Arn['Fn::GetAtt'][0].replace(/Function.*/, ''), Properties.ScheduleExpression]],
    );
    expect(Object.fromEntries(rules)).toEqual({
      Settle: 'rate(1 minute)',
      Report: 'rate(5 minutes)',
      Retire: 'rate(1 hour)',
      Watch: 'rate(1 hour)',
      SendDigest: 'cron(0 7 * * ? *)',
    });
  });
  test('are beside a guard that hears of both machines ending badly', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('^Protect') }, { Ref: Match.stringLikeRegexp('^Recover') }],
        },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^GuardExecution'), 'Arn'] } }],
    });
  });
});
