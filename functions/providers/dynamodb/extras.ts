/**
 * What is kept beside a table, by calls of its own, and a restore makes without: warm throughput, Contributor Insights, autoscaling, the resource policy.
 * A table does its work without them, so that one that AWS refuses is told, and is no reason to go back.
 */
import * as z from 'zod/mini';
import { unlessCalled } from '#platform/aws-errors.ts';
import { dynamodbTables, type Table } from '#platform/clients/dynamodb-tables.ts';
import { lazy } from '#platform/lazy.ts';
import { waitForRoom } from './room.ts';
import { giveScaling, type Scaling, scalingDue, scalingOf, scalingSchema, scalingWords } from './scaling.ts';

const index = z.exactOptional(z.string());

/** Of an artifact from before there was any of them: none. */
export const extrasShape = lazy(() => ({
  warmth: z._default(z.array(z.object({ index, reads: z.number(), writes: z.number() })), []),
  insights: z._default(z.array(z.object({ index, mode: z.exactOptional(z.string()) })), []),
  scaling: z._default(z.array(scalingSchema()), []),
  policy: z.exactOptional(z.object({ of: z.string(), text: z.string() })),
}));

/** What a table or one of its indexes can do at once. Indexes are named; without, it is the table's. */
interface Warmth {
  readonly index?: string;
  readonly reads: number;
  readonly writes: number;
}

interface Insights {
  readonly index?: string;
  readonly mode?: string;
}

export interface Extras {
  readonly warmth: readonly Warmth[];
  readonly insights: readonly Insights[];
  readonly scaling: readonly Scaling[];
  /** `of`: the ARN of the table that its text names. */
  readonly policy?: { readonly of: string; readonly text: string };
}

/** One of these. */
export interface ExtraChange {
  readonly warmth?: Warmth;
  readonly insights?: Insights;
  readonly scaling?: Scaling;
  /** Its text. */
  readonly policy?: string;
}

/** With names of what scales it and cannot be given to another. */
export async function extrasOf(table: Table): Promise<Extras & { readonly otherScaling: readonly string[] }> {
  const { TableArn = '' } = table;
  const [insights, { scaling, others }, text] = await Promise.all([
    insightsOf(table),
    scalingOf(table),
    policyOf(TableArn),
  ]);
  return {
    ...{ warmth: warmthOf(table), insights, scaling, otherScaling: others },
    ...(text === undefined ? {} : { policy: { of: TableArn, text } }),
  };
}

function warmthOf({ WarmThroughput, GlobalSecondaryIndexes: indexes = [] }: Table): readonly Warmth[] {
  const all = [{ IndexName: undefined, WarmThroughput }, ...indexes];
  return all.flatMap(({ IndexName: name, WarmThroughput: warm }) =>
    warm === undefined
      ? []
      : [
          {
            ...(name === undefined ? {} : { index: name }),
            ...{ reads: warm.ReadUnitsPerSecond ?? 0, writes: warm.WriteUnitsPerSecond ?? 0 },
          },
        ],
  );
}

async function insightsOf({ TableName = '' }: Table): Promise<readonly Insights[]> {
  const on = [];
  let next: { readonly NextToken?: string } | undefined = {};
  while (next !== undefined) {
    const page = await dynamodbTables().listContributorInsights({ TableName, ...next });
    on.push(
      ...page.ContributorInsightsSummaries.filter(({ ContributorInsightsStatus: status = '' }) =>
        status.startsWith('ENABL'),
      ),
    );
    next = page.NextToken === undefined ? undefined : { NextToken: page.NextToken };
  }
  return on.map(({ IndexName: name, ContributorInsightsMode: mode }) => ({
    ...(name === undefined ? {} : { index: name }),
    ...(mode === undefined ? {} : { mode }),
  }));
}

const policyOf = async (ResourceArn: string): Promise<string | undefined> =>
  (await dynamodbTables().getResourcePolicy({ ResourceArn }).catch(unlessCalled('PolicyNotFoundException')))?.Policy;

/** With what each is called. */
export type Due = ExtraChange & { readonly what: string };

/** Looks only at what is wanted. The policy comes last: it may be one that lets nobody change the table any more. */
export async function extrasDue(table: Table, wanted: Extras): Promise<readonly Due[]> {
  const [insights, scaling, policy] = await Promise.all([
    wanted.insights.length === 0 ? [] : insightsOf(table),
    scalingDue(table, wanted.scaling),
    wanted.policy === undefined ? undefined : policyOf(table.TableArn ?? ''),
  ]);
  return [
    ...warmthDue(warmthOf(table), wanted.warmth),
    ...wanted.insights
      .filter((one) => !insights.some((other) => other.index === one.index))
      .map((one) => ({ what: `Contributor Insights${ofIndex(one)}`, insights: one })),
    ...scaling.map((one) => ({ what: scalingWords(one), scaling: one })),
    ...(wanted.policy === undefined || policy !== undefined
      ? []
      : [{ what: 'resource policy', policy: movedPolicy(wanted.policy, table.TableArn ?? '') }]),
  ];
}

/** It can only grow, and a table has some of itself. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html */
const warmthDue = (now: readonly Warmth[], wanted: readonly Warmth[]): readonly Due[] =>
  wanted.flatMap((one) => {
    const { reads = 0, writes = 0 } = now.find((other) => other.index === one.index) ?? {};
    if (one.reads <= reads && one.writes <= writes) return [];
    const warmth = { ...one, reads: Math.max(reads, one.reads), writes: Math.max(writes, one.writes) };
    return [{ what: `warm throughput${ofIndex(one)}`, warmth }];
  });

const ofIndex = ({ index: name }: { readonly index?: string }): string =>
  name === undefined ? '' : ` of the index ${name}`;

/** A policy may name its own table and that table's indexes as resources, and no other. */
const movedPolicy = ({ of, text }: { readonly of: string; readonly text: string }, to: string): string =>
  JSON.stringify(
    JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' && (value === of || value.startsWith(`${of}/`)) ? to + value.slice(of.length) : value,
    ),
  );

export async function giveExtra({ TableName = '', TableArn = '' }: Table, change: ExtraChange): Promise<void> {
  const { warmth, insights, scaling, policy } = change;
  if (warmth !== undefined)
    await dynamodbTables()
      .updateTable({ TableName, ...warmthInput(warmth) })
      .catch(waitForRoom);
  if (insights !== undefined) {
    await dynamodbTables().updateContributorInsights({
      ...{ TableName, ContributorInsightsAction: 'ENABLE' },
      ...(insights.index === undefined ? {} : { IndexName: insights.index }),
      ...(insights.mode === undefined ? {} : { ContributorInsightsMode: insights.mode }),
    });
  }
  if (scaling !== undefined) await giveScaling(TableName, scaling);
  if (policy !== undefined) await dynamodbTables().putResourcePolicy({ ResourceArn: TableArn, Policy: policy });
}

function warmthInput({ index: IndexName, reads, writes }: Warmth) {
  const WarmThroughput = { ReadUnitsPerSecond: reads, WriteUnitsPerSecond: writes };
  if (IndexName === undefined) return { WarmThroughput };
  return { GlobalSecondaryIndexUpdates: [{ Update: { IndexName, WarmThroughput } }] };
}
