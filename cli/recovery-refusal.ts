/** Why a recovery is refused, and what shows more of that. */
import { type DescribeExecutionCommandOutput, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Failure } from '#domain/run.ts';
import { caughtFailure } from '#platform/caught.ts';
import { lazy } from '#platform/lazy.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Problem } from './problem.ts';

interface Remedy {
  /** Of the refusal. */
  readonly words: RegExp;
  /** The command, without `npx holdfast`. */
  readonly next: (workload: string) => string;
  readonly exitCode?: ExitCode;
}

/** The first that fits; a refusal of anything else is of the resources, which `doctor` looks at. */
const remedies: readonly Remedy[] = [
  // platform/deployed-policy.ts
  { words: /^There is no workload "/, next: () => 'status', exitCode: exitCodes.usage },
  // domain/select-point.ts
  {
    words: /^(There is no (sealed recovery )?point|No point was taken before|Point \S+ (was|is) )/,
    next: (workload) => `points ${workload}`,
  },
  // steps/plan-recovery.ts
  { words: /has held the workload since/, next: (workload) => `status ${workload}` },
  // flows/draft-recovery.ts, flows/draft-seed.ts
  { words: /--(replace|rdb|volume|to-instance)\b/, next: () => 'recover --help' },
  // domain/recovery.ts, flows/draft-recovery.ts
  { words: /is not an instance id|holds no volume of /, next: () => 'recover --help' },
];

const sfn = lazy(() => new SFNClient({}));

/** A failed execution that never touched anything, as a Problem. */
export async function refusal(workload: string, execution: DescribeExecutionCommandOutput): Promise<Problem> {
  const { error = execution.status ?? 'Failed', cause = '' } = execution;
  const own = caughtFailure({ Error: error, Cause: cause }, 'planning');
  const isRefused = own.name === 'InvalidRequest' || own.name === 'BusyFault';
  const { name, message } = isRefused ? own : ((await firstFailure(execution.executionArn)) ?? own);
  const remedy = remedies.find(({ words }) => words.test(message));
  return new Problem({
    exitCode: isRefused ? (remedy?.exitCode ?? exitCodes.refused) : exitCodes.failed,
    what: `The recovery of ${workload} ${isRefused ? 'is refused' : `could not be planned (${name})`}:\n${message}`,
    safe: `${workload} has not been touched.`,
    next: `npx holdfast ${remedy?.next(workload) ?? `doctor ${workload}`}`,
  });
}

/** What made the machine turn back: its last state only says that it did. Undefined when the history may not be read. */
async function firstFailure(arn: string | undefined): Promise<Failure | undefined> {
  const history = await sfn()
    .send(new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 100 }))
    .catch(() => undefined);
  const failed = history?.events?.find(({ taskFailedEventDetails }) => taskFailedEventDetails !== undefined);
  const { error, cause } = failed?.taskFailedEventDetails ?? {};
  return error === undefined ? undefined : caughtFailure({ Error: error, Cause: cause ?? '' }, 'planning');
}
