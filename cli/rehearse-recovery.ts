/** The dry run: an execution of the recover machine that only plans. It changes nothing and takes no lease. */
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { executionArn, startExecution } from '#platform/executions.ts';
import { lazy } from '#platform/lazy.ts';
import { problemOf } from './aws-problems.ts';
import { exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';
import { refusal } from './recovery-refusal.ts';
import { wait } from './wait.ts';

/** What `plan-recovery` answers to a dry run. */
const rehearsal = z.object({
  workload: z.string(),
  point: z.string(),
  takenAt: z.string(),
  /** Of what comes back; a stack of an earlier version does not tell. */
  kinds: z._default(z.array(z.string()), []),
  /** Of a point that the ledger has not. */
  verdict: z.optional(z.object({ consistency: z.string(), evidence: z.array(z.string()) })),
  calls: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type Rehearsal = z.infer<typeof rehearsal>;

const sfn = lazy(() => new SFNClient({}));

const pollMs = 500;
/** The task may take two minutes, and is tried again when AWS falters. */
const limitMs = 10 * 60_000;

/**
 * @param name of the execution
 * @throws Problem with exit code 3 and every refusal
 */
export async function rehearseRecovery(machineArn: string, name: string, request: RecoveryRequest): Promise<Rehearsal> {
  try {
    await startExecution(machineArn, name, { ...request, dryRun: true });
    const ended = await endOf(executionArn(machineArn, name));
    if (ended.status === 'SUCCEEDED') return z.parse(rehearsal, JSON.parse(ended.output ?? 'null'));
    throw await refusal(request.workload, ended);
  } catch (error) {
    throw problemOf(error, untouched);
  }
}

async function endOf(arn: string): Promise<DescribeExecutionCommandOutput> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += pollMs) {
    const now = await describeExecution(arn);
    if (now !== undefined && now.status !== 'RUNNING') return now;
    await wait(pollMs);
  }
  throw new Problem({
    exitCode: exitCodes.failed,
    what: `The dry run ${arn} has not ended.`,
    safe: 'A dry run changes nothing.',
  });
}

/**
 * @returns undefined while Step Functions does not show it: DescribeExecution is eventually consistent.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
export async function describeExecution(arn: string): Promise<DescribeExecutionCommandOutput | undefined> {
  try {
    return await sfn().send(new DescribeExecutionCommand({ executionArn: arn }));
  } catch (error) {
    if (codeOf(error) === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}
