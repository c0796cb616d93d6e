import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Tags } from './records.ts';
import { invalidValue } from './refusals.ts';

/** EC2's order of tags is nobody's promise: by key here. */
export function tagList(tags: Tags): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags of a request, checked as EC2 checks them (EC2 User Guide, "Tag restrictions"). */
export function readTags(tags: readonly Tag[] | undefined): Tags {
  const read: Tags = new Map();
  for (const { Key: key = '', Value: value = '' } of tags ?? []) {
    if (key === '' || key.length > 128) {
      throw invalidValue(`Tag key exceeds the maximum length of 128 characters or is empty: '${key}'`);
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidValue(`Tag keys starting with 'aws:' are reserved for internal use`);
    }
    if (value.length > 256) {
      throw invalidValue(`Tag value exceeds the maximum length of 256 characters. TagValue: ${value}`);
    }
    if (read.has(key)) {
      throw invalidValue(`Duplicate tag key '${key}' specified.`);
    }
    read.set(key, value);
  }
  return read;
}

/** Tags on create, of the one resource type that the call makes. */
export function specifiedTags(specifications: readonly TagSpecification[] | undefined, type: ResourceType): Tags {
  const foreign = (specifications ?? []).find((each) => each.ResourceType !== type);
  if (foreign) {
    throw invalidValue(`'${foreign.ResourceType}' is not a valid taggable resource type for this operation.`);
  }
  return readTags((specifications ?? []).flatMap((each) => each.Tags ?? []));
}

/** Tags on create of one of the types that the call makes. */
export function specifiedTagsAmong<Type extends ResourceType>(
  specifications: readonly TagSpecification[] = [],
  types: readonly Type[],
  type: Type,
): Tags {
  const foreign = specifications.find(({ ResourceType: each }) => !types.some((known) => known === each));
  return specifiedTags(foreign ? [foreign] : specifications.filter((each) => each.ResourceType === type), type);
}

/** `aws:` tags do not count, and can be set by nobody but AWS. */
export function checkTagCount(tags: Tags, limit: number): void {
  const own = [...tags.keys()].filter((key) => !key.startsWith('aws:'));
  if (own.length > limit) {
    throw new ApiError(
      'TagLimitExceeded',
      `The maximum number of ${limit} tags allowed on a resource has been reached.`,
    );
  }
}

/** What CopyTagsFromSource carries over: all but the reserved ones. */
export function copiableTags(tags: Tags): Tags {
  return new Map([...tags].filter(([key]) => !key.startsWith('aws:')));
}
