import type { Service } from '../../kernel/service.ts';

type Draws = ReturnType<NonNullable<Service['buckets']>>;

/** Outside us-east-1, us-west-2 and eu-west-1, which have more (Step Functions Developer Guide, "Service quotas"). */
const RATES: Readonly<Record<string, readonly [capacity: number, refillPerSecond: number]>> = {
  StartExecution: [800, 150],
  StopExecution: [500, 25],
  DescribeExecution: [250, 10],
  GetExecutionHistory: [400, 20],
  ListExecutions: [100, 2],
};

/** One bucket an operation, for the whole account. */
export function statesBuckets(operation: string): Draws {
  const [capacity, refillPerSecond] = RATES[operation] ?? [];
  if (capacity === undefined || refillPerSecond === undefined) return [];
  return [{ bucket: operation, tokens: 1, capacity, refillPerSecond }];
}
