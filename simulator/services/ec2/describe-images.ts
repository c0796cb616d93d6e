import type {
  BlockDeviceMapping,
  DescribeImageAttributeRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  Image,
  ImageAttribute,
} from '@aws-sdk/client-ec2';
import type { Ec2Context } from './context.ts';
import { type FilterValues, passes } from './filters.ts';
import { checkAllFound, imageOf, isVisible } from './lookup.ts';
import { takePage } from './pages.ts';
import type { ImageRecord } from './records.ts';
import { notSimulated } from './refusals.ts';
import { tagList } from './tags.ts';

const FILTERS: FilterValues<ImageRecord> = {
  'image-id': (each) => [each.id],
  name: (each) => [each.name],
  state: (each) => [each.state],
};

/** DescribeImages of this account's own; those of others do not exist here. */
export function describeImages(context: Ec2Context, input: DescribeImagesRequest): DescribeImagesResult {
  const ids = input.ImageIds ?? [];
  const visible = [...context.images.values()].filter((each) => isVisible(context, each));
  checkAllFound('image', ids, visible);
  const passed = visible
    .filter(passes(input.Filters, FILTERS))
    .filter(({ id }) => ids.length === 0 || ids.includes(id));
  const { items, nextToken } = takePage(context, passed, input);
  return { Images: items.map((each) => describe(context, each)), NextToken: nextToken };
}

/** Who may launch it, beside its owner. */
export function describeImageAttribute(context: Ec2Context, input: DescribeImageAttributeRequest): ImageAttribute {
  if (input.Attribute !== 'launchPermission') {
    throw notSimulated(`DescribeImageAttribute of ${input.Attribute}`);
  }
  const image = imageOf(context, input.ImageId);
  return { ImageId: image.id, LaunchPermissions: image.sharedWith.map((UserId) => ({ UserId })) };
}

/** Without a template's id: the newest and default versions of all, by the image that they launch. */
export function describeLaunchTemplateVersions(
  context: Ec2Context,
  input: DescribeLaunchTemplateVersionsRequest,
): DescribeLaunchTemplateVersionsResult {
  const filters = input.Filters ?? [];
  if (input.LaunchTemplateId !== undefined || filters.length !== 1 || filters[0]?.Name !== 'image-id') {
    throw notSimulated('DescribeLaunchTemplateVersions but for all templates, by image-id');
  }
  const images = filters[0].Values ?? [];
  return {
    LaunchTemplateVersions: context.launchTemplates
      .filter(({ imageId }) => images.includes(imageId))
      .map(({ name }) => ({ LaunchTemplateName: name, VersionNumber: 1, DefaultVersion: true })),
  };
}

function describe(context: Ec2Context, image: ImageRecord): Image {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    State: image.state,
    StateReason: image.problem === undefined ? undefined : { Code: 'Client.InternalError', Message: image.problem },
    CreationDate: new Date(image.creationTimeMs).toISOString(),
    OwnerId: context.kernel.account,
    Public: false,
    RootDeviceName: image.rootDevice,
    RootDeviceType: 'ebs',
    ImageType: 'machine',
    SourceInstanceId: image.instanceId,
    BlockDeviceMappings: image.state === 'available' ? mappingsOf(context, image) : [],
    Tags: tagList(image.tags),
  };
}

const mappingsOf = (context: Ec2Context, { snapshotIds }: ImageRecord): BlockDeviceMapping[] =>
  [...snapshotIds].map(([DeviceName, SnapshotId]) => ({
    DeviceName,
    Ebs: { SnapshotId, VolumeSize: context.snapshots.get(SnapshotId)?.sizeGib },
  }));
