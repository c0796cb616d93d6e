import type { Service } from '../../kernel/service.ts';

type Draws = ReturnType<NonNullable<Service['buckets']>>;

/** Describe calls that pay from a smaller bucket when neither filtered nor paginated. */
const COSTLY_UNFILTERED = new Set([
  'DescribeImages',
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeSnapshots',
  'DescribeVolumes',
]);

const MUTATING: Readonly<Record<string, readonly [capacity: number, refillPerSecond: number]>> = {
  CreateSnapshot: [100, 5],
  CreateSnapshots: [100, 5],
  DeleteSnapshot: [100, 5],
  DeregisterImage: [100, 5],
  CreateVolume: [100, 5],
  DeleteVolume: [100, 5],
  CreateTags: [100, 10],
  DeleteTags: [100, 10],
  StartInstances: [5, 2],
  RunInstances: [5, 2],
};
const MUTATING_DEFAULT = [50, 5] as const;

/** Refill of the buckets that are charged one token per instance. */
const PER_INSTANCE: Readonly<Record<string, number>> = { StartInstances: 2, StopInstances: 20 };
const PER_INSTANCE_CAPACITY = 1_000;

/** Request and resource buckets per operation (EC2 Developer Guide, "Request throttling for the Amazon EC2 API"). */
export function ec2Buckets(operation: string, input: unknown): Draws {
  const [capacity, refillPerSecond] = operation.startsWith('Describe')
    ? describeBucket(operation, input)
    : (MUTATING[operation] ?? MUTATING_DEFAULT);
  const suffix = operation.startsWith('Describe') && capacity === 50 ? ':unfiltered' : '';
  const requests = { bucket: `ec2:${operation}${suffix}`, tokens: 1, capacity, refillPerSecond };
  const perInstance = PER_INSTANCE[operation];
  if (perInstance === undefined) {
    return [requests];
  }
  const tokens = listOf(input, 'InstanceIds').length;
  const resources = {
    bucket: `ec2:${operation}:instances`,
    tokens,
    capacity: PER_INSTANCE_CAPACITY,
    refillPerSecond: perInstance,
  };
  return [requests, resources];
}

function describeBucket(operation: string, input: unknown): readonly [number, number] {
  const isPaged =
    typeof input === 'object' && input !== null && 'MaxResults' in input && input.MaxResults !== undefined;
  const isFiltered = listOf(input, 'Filters').length > 0 || isPaged;
  return COSTLY_UNFILTERED.has(operation) && !isFiltered ? [50, 10] : [100, 20];
}

function listOf(input: unknown, name: string): readonly unknown[] {
  const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, name) : undefined;
  return Array.isArray(value) ? value : [];
}
