import type { ServiceEvent } from '../../kernel/service.ts';
import type { Execution } from './execution.ts';

/** Input and output are left out of events above this (EventBridge User Guide, "Step Functions events"). */
const MAXIMUM_INCLUDED_BYTES = 248 * 1024;

function included(text: string | undefined): { readonly text: string | null; readonly details: unknown } {
  if (text === undefined) return { text: null, details: null };
  const fits = Buffer.byteLength(text) <= MAXIMUM_INCLUDED_BYTES;
  return { text: fits ? text : null, details: { included: fits } };
}

/**
 * "Step Functions Execution Status Change". Times are epoch milliseconds, input and output JSON text.
 * Source: Step Functions Developer Guide, "Automating Step Functions event delivery with EventBridge".
 */
export function statusEvent(execution: Execution): ServiceEvent {
  const input = included(execution.input);
  const output = included(execution.output);
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status: execution.status,
      startDate: execution.startMs,
      stopDate: execution.stopMs ?? null,
      input: input.text,
      output: output.text,
      inputDetails: input.details,
      outputDetails: output.details,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus:
        execution.status === 'RUNNING' || execution.status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE',
      redriveStatusReason: null,
    },
  };
}
