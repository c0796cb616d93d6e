import { createHash } from 'node:crypto';
import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import type { Policy, Schedule } from '#domain/policy.ts';

interface Target {
  readonly beginRun: IFunction;
  readonly deadLetters: IQueue;
  readonly role: Role;
}

/**
 * One schedule for all workloads that share its expression and time zone, by one role that can begin runs and nothing else. A rate invokes at once
 * when it is made, so what runs need is made before: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
 */
export function createSchedules(
  parent: Construct,
  policy: Policy,
  {
    beginRun,
    deadLetters,
    after,
  }: Pick<Target, 'beginRun' | 'deadLetters'> & { readonly after: readonly IDependable[] },
): void {
  const scope = new Construct(parent, 'Schedules');
  scope.node.addDependency(...after);
  const target = { beginRun, deadLetters, role: createRole(scope, beginRun, deadLetters) };
  const distinct = new Map(policy.workloads.map(({ schedule }) => [keyOf(schedule), schedule]));
  for (const [key, schedule] of distinct) createSchedule(scope, key, schedule, target);
}

/** As `holdfast.yaml` has it, so that the schedule keeps its name whatever else changes. */
const keyOf = ({ expression, timeZone }: Schedule): string => `${expression} ${timeZone}`;

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
function createSchedule(
  scope: Construct,
  key: string,
  { expression, timeZone }: Schedule,
  { beginRun, deadLetters, role }: Target,
): void {
  new CfnSchedule(scope, createHash('sha256').update(key).digest('hex').slice(0, 12), {
    description: `Holdfast: runs of all workloads due at ${key}`,
    scheduleExpression: expression,
    scheduleExpressionTimezone: timeZone,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: beginRun.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ schedule: { expression, timeZone }, scheduledAt: '<aws.scheduler.scheduled-time>' }),
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      deadLetterConfig: { arn: deadLetters.queueArn },
    },
  });
}
