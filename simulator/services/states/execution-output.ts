/** How executions look through the API. */
import type {
  DescribeExecutionCommandOutput,
  ExecutionListItem,
  GetExecutionHistoryCommandInput,
  GetExecutionHistoryCommandOutput,
  HistoryEvent,
  HistoryEventType,
} from '@aws-sdk/client-sfn';
import { pageOf } from '../pages.ts';
import type { Execution, ExecutionEvent } from './execution.ts';

type Output<Reply> = Omit<Reply, '$metadata'>;

const dated = (execution: Execution) => ({
  startDate: new Date(execution.startMs),
  ...(execution.stopMs === undefined ? {} : { stopDate: new Date(execution.stopMs) }),
});

/** Its end shows a moment later (Step Functions API Reference, DescribeExecution: "eventually consistent"). */
const SHOWN_LATER_MS = 300;

/** The execution as the API shows it at `nowMs`: running still when it has only just ended. */
export function asShown(execution: Execution, nowMs: number): Execution {
  if (nowMs >= (execution.stopMs ?? nowMs) + SHOWN_LATER_MS || execution.stopMs === undefined) return execution;
  const { stopMs: _, output: _output, error: _error, cause: _cause, ...open } = execution;
  return { ...open, status: 'RUNNING' };
}

export function describeExecution(execution: Execution): Output<DescribeExecutionCommandOutput> {
  const { arn, machineArn, name, status, input, output, error, cause } = execution;
  return {
    ...{ executionArn: arn, stateMachineArn: machineArn, name, status, input, ...dated(execution) },
    ...{ inputDetails: { included: true }, redriveCount: 0 },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

export function listItem(execution: Execution): ExecutionListItem {
  const { arn, machineArn, name, status } = execution;
  return { executionArn: arn, stateMachineArn: machineArn, name, status, ...dated(execution) };
}

const EXECUTION_TYPES: Readonly<Record<string, HistoryEventType>> = {
  ExecutionStarted: 'ExecutionStarted',
  ExecutionSucceeded: 'ExecutionSucceeded',
  ExecutionFailed: 'ExecutionFailed',
  ExecutionAborted: 'ExecutionAborted',
  ExecutionTimeout: 'ExecutionTimedOut',
  MapIterationStarted: 'MapIterationStarted',
  MapIterationSucceeded: 'MapIterationSucceeded',
  MapIterationFailed: 'MapIterationFailed',
};

function stateEventType(event: ExecutionEvent): HistoryEventType | undefined {
  const { type, stateType } = event;
  if (type === 'StateEntered') return `${stateType}StateEntered` as HistoryEventType;
  if (type === 'StateExited') return `${stateType}StateExited` as HistoryEventType;
  if (type !== 'StateFailed') return EXECUTION_TYPES[type];
  return stateType === 'Task' ? 'TaskFailed' : stateType === 'Map' ? 'MapStateFailed' : undefined;
}

function details({ type, state, input, output, error, cause, stateType }: ExecutionEvent): Partial<HistoryEvent> {
  if (type === 'StateEntered') return { stateEnteredEventDetails: { name: state, input: JSON.stringify(input) } };
  if (type === 'StateExited') return { stateExitedEventDetails: { name: state, output: JSON.stringify(output) } };
  if (type === 'ExecutionFailed') return { executionFailedEventDetails: { error, cause } };
  if (type !== 'StateFailed' || stateType !== 'Task') return {};
  return { taskFailedEventDetails: { resourceType: 'lambda', resource: 'invoke', error, cause } };
}

/** A simple history: what was entered, left and failed; the scheduling of tasks is not shown. Pages of 100 unless told. */
export function executionHistory(
  execution: Execution,
  { maxResults, nextToken, reverseOrder = false }: Omit<GetExecutionHistoryCommandInput, 'executionArn'>,
): Output<GetExecutionHistoryCommandOutput> {
  const shown = execution.events.flatMap((event) => {
    const type = stateEventType(event);
    return type ? [{ timestamp: new Date(event.timeMs), type, ...details(event) }] : [];
  });
  const events = shown.map((event, index) => ({ ...event, id: index + 1, previousEventId: index }));
  const page = pageOf(reverseOrder ? events.toReversed() : events, nextToken, maxResults || 100);
  return { events: [...page.items], nextToken: page.next };
}
