/**
 * What EC2 says, in pages: always filtered and with MaxResults, since the unfiltered form draws from a smaller token bucket.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
import {
  type Filter,
  type Image,
  type Instance,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2';
import { asFault } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';

/** Values that one filter takes. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const filterValues = 200;
const pageSize = 1000;

export const describeInstances = (filters: Filter[]): Promise<readonly Instance[]> =>
  collect('finding instances', async function* () {
    for await (const page of paginateDescribeInstances({ client: ec2(), pageSize }, { Filters: filters })) {
      yield* (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    }
  });

export const describeVolumes = (filters: Filter[]): Promise<readonly Volume[]> =>
  collect('finding volumes', async function* () {
    for await (const page of paginateDescribeVolumes({ client: ec2(), pageSize: 500 }, { Filters: filters })) {
      yield* page.Volumes ?? [];
    }
  });

/** @param client of the Region that they are looked for in; default: this one */
export const describeSnapshots = (filters: Filter[], client = ec2()): Promise<readonly Snapshot[]> =>
  collect('finding snapshots', async function* () {
    for await (const page of paginateDescribeSnapshots(
      { client, pageSize },
      { OwnerIds: ['self'], Filters: filters },
    )) {
      yield* page.Snapshots ?? [];
    }
  });

/** Images of this account. */
export const describeImages = (filters: Filter[]): Promise<readonly Image[]> =>
  collect('finding images', async function* () {
    for await (const page of paginateDescribeImages(
      { client: ec2(), pageSize },
      { Owners: ['self'], Filters: filters },
    )) {
      yield* page.Images ?? [];
    }
  });

/** The snapshots of these ids that exist; a filter, unlike SnapshotIds, does not fail for one that is gone. */
export async function snapshotsById(ids: readonly string[]): Promise<ReadonlyMap<string, Snapshot>> {
  const found = await inBatches(ids, (Values) => describeSnapshots([{ Name: 'snapshot-id', Values }]));
  return new Map(found.map((snapshot) => [snapshot.SnapshotId ?? '', snapshot]));
}

/** The images of these ids that exist. */
export async function imagesById(ids: readonly string[]): Promise<ReadonlyMap<string, Image>> {
  const found = await inBatches(ids, (Values) => describeImages([{ Name: 'image-id', Values }]));
  return new Map(found.map((image) => [image.ImageId ?? '', image]));
}

/** As many values at a time as a filter takes. */
export async function inBatches<Found>(
  values: readonly string[],
  ask: (some: string[]) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let from = 0; from < values.length; from += filterValues) {
    found.push(...(await ask(values.slice(from, from + filterValues))));
  }
  return found;
}

async function collect<T>(doing: string, pages: () => AsyncGenerator<T>): Promise<readonly T[]> {
  const found: T[] = [];
  try {
    for await (const item of pages()) found.push(item);
  } catch (error) {
    throw asFault(error, doing);
  }
  return found;
}
