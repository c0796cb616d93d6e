/** Step Functions, as far as the functions use it. */
import type { DescribeExecutionCommandInput, ExecutionStatus, StartExecutionCommandInput } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

export interface Sfn {
  startExecution(input: StartExecutionCommandInput): Promise<void>;
  describeExecution(
    input: DescribeExecutionCommandInput,
  ): Promise<{ readonly status: ExecutionStatus | (string & {}) }>;
}

export const sfnService = {
  id: 'SFN',
  host: 'states',
  plainFipsRegions: ['us-gov-west-1'],
  fipsDualStackRegions: govCloud,
  version: '1.0',
  target: 'AWSStepFunctions',
} as const;

const described = z.object({ status: z.string() });

export const sfn: () => Sfn = lazy(() => sfnOver());

export function sfnOver(settings?: CallerSettings): Sfn {
  const call = jsonCaller(sfnService, settings);
  return {
    async startExecution(input) {
      await call('StartExecution', input, z.unknown());
    },
    describeExecution: (input) => call('DescribeExecution', input, described),
  };
}
