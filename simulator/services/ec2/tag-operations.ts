import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  ResourceType,
  Tag,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { type FilterValues, passes } from './filters.ts';
import { imageOf, instanceOf, snapshotOf, volumeOf } from './lookup.ts';
import { takePage } from './pages.ts';
import type { Tags } from './records.ts';
import { checkTagCount, readTags } from './tags.ts';

/** CreateTags: on several resources at once, all or none; seen by others a moment later. */
export function createTags(context: Ec2Context, input: CreateTagsRequest): Record<string, never> {
  const added = readTags(input.Tags);
  const targets = (input.Resources ?? []).map((id) => tagsOf(context, id));
  for (const tags of targets) {
    checkTagCount(new Map([...tags, ...added]), context.limits.tagsPerResource);
  }
  spread(context, () => {
    for (const tags of targets) {
      for (const [key, value] of added) {
        tags.set(key, value);
      }
    }
  });
  return {};
}

/** DeleteTags: a key with a value goes only when the value is that one; without tags all own ones go. */
export function deleteTags(context: Ec2Context, input: DeleteTagsRequest): Record<string, never> {
  const targets = (input.Resources ?? []).map((id) => tagsOf(context, id));
  spread(context, () => {
    for (const tags of targets) {
      dropTags(tags, input.Tags);
    }
  });
  return {};
}

function dropTags(tags: Tags, named: readonly Tag[] | undefined): void {
  const doomed: readonly Tag[] =
    named ?? [...tags.keys()].filter((key) => !key.startsWith('aws:')).map((Key) => ({ Key }));
  for (const { Key: key = '', Value: value } of doomed) {
    if (value === undefined || tags.get(key) === value) {
      tags.delete(key);
    }
  }
}

/** Later changes never overtake earlier ones. */
function spread(context: Ec2Context, change: () => void): void {
  const nowMs = context.clock.nowMs();
  const shownAtMs = Math.max(context.tagsSpreadUntilMs, nowMs + context.lags.take('visibility'));
  context.tagsSpreadUntilMs = shownAtMs;
  if (shownAtMs === nowMs) {
    change();
  } else {
    context.clock.at(shownAtMs, change);
  }
}

/** The live tags of any resource by its id. */
export function tagsOf(context: Ec2Context, id: string): Tags {
  if (id.startsWith('i-')) {
    return instanceOf(context, id).tags;
  }
  if (id.startsWith('vol-')) {
    return volumeOf(context, id).tags;
  }
  if (id.startsWith('snap-')) {
    return snapshotOf(context, id).tags;
  }
  if (id.startsWith('ami-')) {
    return imageOf(context, id).tags;
  }
  throw new ApiError('InvalidID', `The ID '${id}' is not valid`);
}

interface TagRow {
  readonly id: string;
  readonly resourceId: string;
  readonly type: ResourceType;
  readonly key: string;
  readonly value: string;
  readonly tags: Tags;
}

const FILTERS: FilterValues<TagRow> = {
  'resource-id': (row) => [row.resourceId],
  'resource-type': (row) => [row.type],
  key: (row) => [row.key],
  value: (row) => [row.value],
};

export function describeTags(context: Ec2Context, input: DescribeTagsRequest): DescribeTagsResult {
  const rows = [
    ...rowsOf('instance', context.instances.values()),
    ...rowsOf('volume', context.volumes.values()),
    ...rowsOf('snapshot', context.snapshots.values()),
    ...rowsOf('image', context.images.values()),
  ];
  const { items, nextToken } = takePage(context, rows.filter(passes(input.Filters, FILTERS)), input);
  const Tags = items.map((row) => ({
    ResourceId: row.resourceId,
    ResourceType: row.type,
    Key: row.key,
    Value: row.value,
  }));
  return { Tags, NextToken: nextToken };
}

function rowsOf(type: ResourceType, records: Iterable<{ id: string; tags: Tags }>): TagRow[] {
  return [...records].flatMap(({ id, tags }) =>
    [...tags].map(([key, value]) => ({ id: `${id}/${key}`, resourceId: id, type, key, value, tags })),
  );
}
