import { Aws, Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Step } from './function-table.ts';
import type { Functions } from './functions.ts';
import type { Machines } from './state-machines.ts';

interface Sweep {
  readonly step: Step;
  readonly schedule: Schedule;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Level-triggered: each looks at what is there, so that a lost or late call costs no more than one interval. */
const sweeps: Readonly<Record<string, Sweep>> = {
  // Slots of a set's early snapshots come free without an event of their own.
  Settle: { step: 'settle', schedule: Schedule.rate(Duration.minutes(1)), input: { looks: 3, asks: 'in turn' } },
  Report: { step: 'report', schedule: Schedule.rate(Duration.minutes(5)) },
  Retire: { step: 'retire', schedule: Schedule.rate(Duration.hours(1)) },
  Watch: { step: 'watch', schedule: Schedule.rate(Duration.hours(1)) },
  Digest: { step: 'send-digest', schedule: Schedule.expression('cron(0 7 * * ? *)') },
};

/** Events only wake `settle` early: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-cloud-watch-events.html */
const wakeUps: Readonly<Record<string, EventPattern>> = {
  SnapshotCompleted: {
    source: ['aws.ec2'],
    detailType: ['EBS Snapshot Notification'],
    detail: { event: ['createSnapshot'] },
  },
  SnapshotSetCompleted: { source: ['aws.ec2'], detailType: ['EBS Multi-Volume Snapshots Completion Status'] },
};

/**
 * A deployment of this stack: before it `watch` looks by the schedules that still are, after it expects runs by those that are new. Its events are
 * best effort, too. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 */
const deployed: EventPattern = {
  source: ['aws.cloudformation'],
  detailType: ['CloudFormation Stack Status Change'],
  detail: {
    'stack-id': [Aws.STACK_ID],
    'status-details': {
      status: ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'],
    },
  },
};

/** Executions that ended without a Catch of their own: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const guardPattern = ({ protect, recover }: Machines): EventPattern => ({
  source: ['aws.states'],
  detailType: ['Step Functions Execution Status Change'],
  detail: {
    status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    stateMachineArn: [protect.stateMachineArn, recover.stateMachineArn],
  },
});

/** @param deadLetters what EventBridge cannot hand to the guard at all; every sweep is followed by another */
export function createSweeps(parent: Construct, functions: Functions, machines: Machines, deadLetters: IQueue): void {
  const scope = new Construct(parent, 'Rules');
  for (const [id, { step, schedule, input }] of Object.entries(sweeps)) {
    const event = input === undefined ? {} : { event: RuleTargetInput.fromObject(input) };
    new Rule(scope, id, { schedule, targets: [new LambdaFunction(functions[step], event)] });
  }
  for (const [id, eventPattern] of Object.entries(wakeUps)) {
    new Rule(scope, id, { eventPattern, targets: [new LambdaFunction(functions.settle)] });
  }
  new Rule(scope, 'Deployed', { eventPattern: deployed, targets: [new LambdaFunction(functions.watch)] });
  new Rule(scope, 'Guard', {
    eventPattern: guardPattern(machines),
    targets: [new LambdaFunction(functions['guard-execution'], { deadLetterQueue: deadLetters })],
  });
}
