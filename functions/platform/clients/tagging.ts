/** Resource Groups Tagging API, as far as it is used: what carries tags, whichever service it is of. */
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

const tag = z.object({ Key: z.string(), Value: z.string() });
const mapping = z.object({ ResourceARN: z.string(), Tags: z.optional(z.array(tag)) });
const found = z.object({
  PaginationToken: z.optional(z.string()),
  ResourceTagMappingList: z.optional(z.array(mapping)),
});

const values = z.object({ PaginationToken: z.optional(z.string()), TagValues: z.optional(z.array(z.string())) });

/** By its ARN. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Tagging {
  /**
   * What carries all the tags, each with its value, or any of its values: 20 a key at most.
   * @param types as in `ec2:volume`; a service alone is all of its types, and none are all there are
   */
  resourcesWith(
    tags: Readonly<Record<string, string | readonly string[]>>,
    types: readonly string[],
  ): Promise<readonly TaggedResource[]>;
  /** All that a key has in the Region, whatever carries it. */
  valuesOf(key: string): Promise<readonly string[]>;
}

/** In the SDK's variables and profiles the spaces of the service's id are written so. */
export const taggingService = {
  id: 'Resource_Groups_Tagging_API',
  host: 'tagging',
  version: '1.1',
  target: 'ResourceGroupsTaggingAPI_20170126',
} as const;

export const tagging: () => Tagging = lazy(() => taggingOver());

export function taggingOver(settings?: CallerSettings): Tagging {
  const call = jsonCaller(taggingService, settings);
  return {
    resourcesWith: (tags, types) => {
      const TagFilters = Object.entries(tags).map(([Key, each]) => ({ Key, Values: [each].flat() }));
      const ofTypes = types.length === 0 ? {} : { ResourceTypeFilters: types };
      const wanted = { TagFilters, ...ofTypes, ResourcesPerPage: 100 };
      return everyPage(
        (token) => call('GetResources', { ...wanted, ...token }, found),
        ({ ResourceTagMappingList = [] }) => ResourceTagMappingList.map(resourceOf),
      );
    },
    valuesOf: (key) =>
      everyPage(
        (token) => call('GetTagValues', { Key: key, ...token }, values),
        ({ TagValues = [] }) => TagValues,
      ),
  };
}

async function everyPage<Page extends { readonly PaginationToken?: string | undefined }, Item>(
  ask: (token: { readonly PaginationToken?: string }) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token === undefined ? {} : { PaginationToken: token });
    all.push(...itemsOf(page));
    token = page.PaginationToken;
  } while (token);
  return all;
}

const resourceOf = ({ ResourceARN, Tags = [] }: z.infer<typeof mapping>): TaggedResource => ({
  arn: ResourceARN,
  tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
});
