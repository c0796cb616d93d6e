/** Step Functions, as far as the functions use it. */
import type {
  DescribeExecutionCommandInput,
  ExecutionStatus,
  StartExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { lazy } from '../lazy.ts';
import type { CallerSettings } from './aws-caller.ts';
import { jsonCaller } from './json-caller.ts';

export interface Sfn {
  startExecution(input: StartExecutionCommandInput): Promise<void>;
  describeExecution(input: DescribeExecutionCommandInput): Promise<{ readonly status: ExecutionStatus | (string & {}) }>;
}

const service = {
  id: 'SFN',
  host: 'states',
  plainFipsRegions: ['us-gov-west-1'],
  version: '1.0',
  target: 'AWSStepFunctions',
} as const;

const described = z.object({ status: z.string() });

export const sfn: () => Sfn = lazy(() => sfnOver());

export function sfnOver(settings?: CallerSettings): Sfn {
  const call = jsonCaller(service, settings);
  return {
    async startExecution(input) {
      await call('StartExecution', input, z.unknown());
    },
    describeExecution: (input) => call('DescribeExecution', input, described),
  };
}
