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

/** By its ARN. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Tagging {
  /**
   * What carries all the tags, each with its value, or any of its values.
   * @param types as in `ec2:volume`; a service alone is all of its types
   */
  resourcesWith(
    tags: Readonly<Record<string, string | readonly string[]>>,
    types: readonly string[],
  ): Promise<readonly TaggedResource[]>;
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
    resourcesWith: async (tags, types) => {
      const all: TaggedResource[] = [];
      const TagFilters = Object.entries(tags).map(([Key, values]) => ({ Key, Values: [values].flat() }));
      const wanted = { TagFilters, ResourceTypeFilters: types, ResourcesPerPage: 100 };
      let token: string | undefined;
      do {
        const input: object = { ...wanted, ...(token === undefined ? {} : { PaginationToken: token }) };
        const page = await call('GetResources', input, found);
        all.push(...(page.ResourceTagMappingList ?? []).map(resourceOf));
        token = page.PaginationToken;
      } while (token);
      return all;
    },
  };
}

const resourceOf = ({ ResourceARN, Tags = [] }: z.infer<typeof mapping>): TaggedResource => ({
  arn: ResourceARN,
  tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
});
