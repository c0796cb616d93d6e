import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Policy, Workload } from '#domain/policy.ts';
import { pascalCase } from './function-table.ts';

interface Target {
  readonly beginRun: IFunction;
  readonly deadLetters: IQueue;
  readonly role: Role;
}

/** One schedule a workload, in its own time zone, by one role that can begin runs and nothing else. */
export function createSchedules(parent: Construct, policy: Policy, beginRun: IFunction, deadLetters: IQueue): void {
  const scope = new Construct(parent, 'Schedules');
  const target = { beginRun, deadLetters, role: createRole(scope, beginRun, deadLetters) };
  for (const workload of policy.workloads) createSchedule(scope, workload, target);
}

const createRole = (scope: Construct, beginRun: IFunction, deadLetters: IQueue): Role =>
  new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    inlinePolicies: {
      BeginRuns: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [beginRun.functionArn] }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ],
      }),
    },
  });

/**
 * The scheduled time is Scheduler's own, so a delivery that comes twice names the same run. After an hour without success the
 * night is for `watch` to miss. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function createSchedule(scope: Construct, { name, schedule }: Workload, { beginRun, deadLetters, role }: Target): void {
  new CfnSchedule(scope, pascalCase(name), {
    description: `Holdfast: a run of ${name}`,
    scheduleExpression: schedule.expression,
    scheduleExpressionTimezone: schedule.timeZone,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: beginRun.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ workload: name, scheduledAt: '<aws.scheduler.scheduled-time>', trigger: 'schedule' }),
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      deadLetterConfig: { arn: deadLetters.queueArn },
    },
  });
}
