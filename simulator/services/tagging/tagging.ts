/** Resource Groups Tagging API: what carries tags, whichever service it is of. */
import type * as Tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { ApiError, type Service } from '../../kernel/service.ts';
import { pageOf } from '../pages.ts';
import type { TaggedResource, TaggedResources } from './tagged-resources.ts';

const mostKeys = 50;
const mostValues = 20;

export function createTagging(resources: TaggedResources): Service {
  return {
    name: 'tagging',
    client: () => import('@aws-sdk/client-resource-groups-tagging-api'),
    operations: {
      GetResources: (input: Tagging.GetResourcesInput): Tagging.GetResourcesOutput => {
        const { TagFilters = [], ResourceTypeFilters = [], ResourcesPerPage, PaginationToken } = input;
        if (TagFilters.length > mostKeys) throw new ApiError('InvalidParameterException', 'More than 50 keys.');
        if (TagFilters.some(({ Values = [] }) => Values.length > mostValues))
          throw new ApiError('InvalidParameterException', 'More than 20 values of a key.');
        const found = resources()
          .filter(({ tags }) => tags.size > 0 && TagFilters.every((filter) => carries(tags, filter)))
          .filter(({ arn }) => ResourceTypeFilters.length === 0 || ResourceTypeFilters.some((type) => isOf(arn, type)));
        const { items, next = '' } = pageOf(found, PaginationToken, ResourcesPerPage);
        return { ResourceTagMappingList: items.map(shown), PaginationToken: next };
      },
      // AWS says that there are pages, and not how long they are.
      GetTagValues: ({ Key = '', PaginationToken }: Tagging.GetTagValuesInput): Tagging.GetTagValuesOutput => {
        const values = [...new Set(resources().flatMap(({ tags }) => tags.get(Key) ?? []))].toSorted();
        const { items, next = '' } = pageOf(values, PaginationToken);
        return { TagValues: [...items], PaginationToken: next };
      },
    },
    access: (operation) => [{ action: `tag:${operation}`, resource: '*' }],
  };
}

/** Any of the values; whatever value, where none is given. */
function carries(tags: TaggedResource['tags'], { Key = '', Values = [] }: Tagging.TagFilter): boolean {
  const value = tags.get(Key);
  return value !== undefined && (Values.length === 0 || Values.includes(value));
}

/** `ec2:volume`, or the service alone, as they are in ARNs. */
function isOf(resourceArn: string, type: string): boolean {
  const [, , service = '', , , ...rest] = resourceArn.split(':');
  const [wanted, kind] = type.split(':');
  return service === wanted && (kind === undefined || rest.join(':').split(/[:/]/)[0] === kind);
}

const shown = ({ arn, tags }: TaggedResource): Tagging.ResourceTagMapping => ({
  ResourceARN: arn,
  Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
});
