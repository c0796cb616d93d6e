/**
 * Autoscaling of a table and its global secondary indexes. Application Auto Scaling knows them by their names, so that a new table has none. It uses a
 * role of its own, which is there since the source was registered.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
import * as z from 'zod/mini';
import type { Table } from '#platform/clients/dynamodb-tables.ts';
import { suspendedState, tableScaling, targetTracking } from '#platform/clients/table-scaling.ts';
import { lazy } from '#platform/lazy.ts';

export const scalingSchema = lazy(() =>
  z.object({
    /** Absent: the table itself. */
    index: z.exactOptional(z.string()),
    /** `dynamodb:table:ReadCapacityUnits` and the like. */
    dimension: z.string(),
    ...{ least: z.number(), most: z.number() },
    suspended: z.exactOptional(suspendedState()),
    policies: z.array(z.object({ name: z.string(), target: targetTracking() })),
  }),
);
/** Of one dimension of a table or an index. */
export type Scaling = z.infer<ReturnType<typeof scalingSchema>>;

export interface FoundScaling {
  readonly scaling: readonly Scaling[];
  /** Names of policies by metrics of the owner's own, and of scheduled actions: what they say may name the table. */
  readonly others: readonly string[];
}

/** A table on demand has no capacity to scale. */
export async function scalingOf(table: Table): Promise<FoundScaling> {
  if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') return { scaling: [], others: [] };
  const ResourceIds = idsOf(table);
  const targets = await allPages(async (NextToken) => {
    const page = await tableScaling().describeScalableTargets({ ResourceIds, NextToken });
    return { found: page.ScalableTargets, next: page.NextToken };
  });
  const details = new Map(
    await Promise.all(
      [...new Set(targets.map(({ ResourceId }) => ResourceId))].map(async (id) => [id, await policiesOf(id)] as const),
    ),
  );
  const scaling = targets.map(({ ResourceId, ScalableDimension: dimension, SuspendedState: suspended, ...target }) => {
    const index = indexIn(ResourceId);
    const policies = details.get(ResourceId)?.policies ?? [];
    return {
      ...(index === undefined ? {} : { index }),
      ...{ dimension, least: target.MinCapacity, most: target.MaxCapacity },
      ...(suspended === undefined ? {} : { suspended }),
      policies: policies
        .filter((policy) => policy.dimension === dimension)
        .map(({ name, target }) => ({ name, target })),
    };
  });
  return { scaling, others: [...details.values()].flatMap(({ others }) => others) };
}

async function policiesOf(ResourceId: string) {
  const [found, actions] = await Promise.all([
    allPages(async (NextToken) => {
      const page = await tableScaling().describeScalingPolicies({ ResourceId, NextToken });
      return { found: page.ScalingPolicies, next: page.NextToken };
    }),
    allPages(async (NextToken) => {
      const page = await tableScaling().describeScheduledActions({ ResourceId, NextToken });
      return { found: page.ScheduledActions, next: page.NextToken };
    }),
  ]);
  const read = found.map(({ PolicyName: name, ScalableDimension: dimension, ...policy }) => {
    const { data: target } = z.safeParse(targetTracking(), policy.TargetTrackingScalingPolicyConfiguration);
    return { name, dimension, target };
  });
  return {
    policies: read.flatMap(({ target, ...policy }) => (target === undefined ? [] : [{ ...policy, target }])),
    others: [
      ...read.flatMap(({ name, target }) => (target === undefined ? [name] : [])),
      ...actions.map(({ ScheduledActionName }) => ScheduledActionName),
    ],
  };
}

async function allPages<Item>(
  page: (token: string | undefined) => Promise<{ readonly found: readonly Item[]; readonly next: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const { found, next } = await page(token);
    all.push(...found);
    token = next;
  } while (token !== undefined);
  return all;
}

/** What of these a table has not; asked for again it is the same. */
export async function scalingDue(table: Table, wanted: readonly Scaling[]): Promise<readonly Scaling[]> {
  if (wanted.length === 0) return [];
  const { scaling: now } = await scalingOf(table);
  return wanted.filter((one) => {
    const same = now.find(({ index, dimension }) => index === one.index && dimension === one.dimension);
    const names = new Set(same?.policies.map(({ name }) => name));
    const isIn = same?.least === one.least && same.most === one.most;
    return !isIn || one.policies.some(({ name }) => !names.has(name));
  });
}

export async function giveScaling(table: string, { index, dimension, ...scaling }: Scaling): Promise<void> {
  const target = { ResourceId: idOf(table, index), ScalableDimension: dimension };
  await tableScaling().registerScalableTarget({
    ...target,
    ...{ MinCapacity: scaling.least, MaxCapacity: scaling.most },
    ...(scaling.suspended === undefined ? {} : { SuspendedState: scaling.suspended }),
  });
  for (const { name, target: tracking } of scaling.policies) {
    await tableScaling().putScalingPolicy({
      ...target,
      ...{ PolicyName: name, TargetTrackingScalingPolicyConfiguration: tracking },
    });
  }
}

export const scalingWords = ({ index, dimension }: Scaling): string =>
  `autoscaling of ${dimension.endsWith('ReadCapacityUnits') ? 'reads' : 'writes'}${index === undefined ? '' : ` of the index ${index}`}`;

const idOf = (table: string, index?: string): string =>
  index === undefined ? `table/${table}` : `table/${table}/index/${index}`;

const idsOf = ({ TableName = '', GlobalSecondaryIndexes: indexes = [] }: Table): readonly string[] => [
  idOf(TableName),
  ...indexes.map(({ IndexName }) => idOf(TableName, IndexName)),
];

const indexIn = (id: string): string | undefined => /\/index\/(.+)$/.exec(id)?.[1];
