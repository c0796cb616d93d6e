import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { invalidCombination, invalidValue } from './refusals.ts';

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
  readonly Filters?: readonly unknown[] | undefined;
}

type Pages = Pick<Ec2Context, 'pageChance' | 'shortPages'>;

/** Refuses MaxResults together with ids (EC2 API: DescribeInstances, DescribeVolumes, DescribeInstanceStatus). */
export function refuseIdsWithPages(ids: readonly string[] | undefined, page: PageRequest, parameter: string): void {
  if (ids && ids.length > 0 && page.MaxResults !== undefined) {
    throw invalidCombination(`The parameter ${parameter} cannot be used with the parameter maxResults`);
  }
}

/**
 * One page in the order of ids, which is random: EC2 promises no order. The token names the last id given, so that resources
 * coming and going between two pages neither repeat nor hide others. A filtered page may be short, or empty, with more to come.
 */
export function takePage<Item extends { id: string }>(
  context: Pages,
  items: readonly Item[],
  page: PageRequest,
): { readonly items: readonly Item[]; readonly nextToken: string | undefined } {
  const size = page.MaxResults ?? Number.POSITIVE_INFINITY;
  if (size < 5) {
    throw invalidValue(`Value ( ${size} ) for parameter maxResults is invalid. Expecting a value greater than 5.`);
  }
  const after = page.NextToken === undefined ? '' : readToken(page.NextToken);
  const rest = items.filter((item) => item.id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  const taken = rest.slice(0, shortened(context, page, Math.min(size, 1_000, rest.length)));
  const isMore = rest.length > taken.length;
  return { items: taken, nextToken: isMore ? writeToken(taken.at(-1)?.id ?? after) : undefined };
}

/** Some filtered searches end their first page early. */
function shortened({ pageChance, shortPages }: Pages, page: PageRequest, count: number): number {
  const isFirstOfMany = page.MaxResults !== undefined && page.NextToken === undefined;
  const isFiltered = (page.Filters ?? []).length > 0;
  return isFirstOfMany && isFiltered && pageChance.next() < shortPages ? Math.floor(pageChance.next() * count) : count;
}

function writeToken(id: string): string {
  return Buffer.from(`after:${id}`).toString('base64');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith('after:')) {
    throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
  }
  return text.slice('after:'.length);
}
