import { ListTagsForResourceCommand } from '@aws-sdk/client-elasticache';
import { elasticache } from '#platform/clients/elasticache.ts';
import { type Tags, tagsIn } from '../tag-list.ts';

/** Of a cache or a snapshot, which ElastiCache describes without them. */
export async function tagsOf(ResourceName: string | undefined): Promise<Tags> {
  const { TagList } = await elasticache().send(new ListTagsForResourceCommand({ ResourceName }));
  return tagsIn(TagList);
}
