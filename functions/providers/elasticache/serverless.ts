/** Serverless caches. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCacheSnapshot.html */
import {
  CreateServerlessCacheSnapshotCommand,
  DeleteServerlessCacheSnapshotCommand,
  DescribeServerlessCacheSnapshotsCommand,
  type DescribeServerlessCacheSnapshotsRequest,
  DescribeServerlessCachesCommand,
  paginateDescribeServerlessCacheSnapshots,
  type ServerlessCache,
  type ServerlessCacheSnapshot as Shown,
} from '@aws-sdk/client-elasticache';
import type { ManagedMember } from '#domain/policy.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { seenSnapshot, stateOf, underWay } from '../cache-snapshot.ts';
import type { Snapshot, Source } from '../named-snapshots.ts';
import { promised } from '../promised.ts';
import { paceRefusals } from '../snapshot-pace.ts';
import { tagList } from '../tag-list.ts';
import { automaticOfServerless, serverlessSettings } from './serverless-settings.ts';
import type { FormCalls } from './snapshots.ts';
import { notReady } from './state.ts';
import { tagsOf } from './tags.ts';

export const serverless: FormCalls = {
  look: async (member, { name }) => {
    const cache = await cacheNamed(name);
    return cache && (notReady(member.resource, cache.Status) ?? (await readySource(member, cache)));
  },
  statusOf: async ({ name }) => (await cacheNamed(name))?.Status,
  create: async (name, cache, _, tags) => {
    const command = new CreateServerlessCacheSnapshotCommand({
      ServerlessCacheName: cache.name,
      ServerlessCacheSnapshotName: name,
      Tags: tagList(tags),
    });
    const { ServerlessCacheSnapshot } = await elasticache().send(command);
    return seen(promised(ServerlessCacheSnapshot, `the snapshot ${name}`));
  },
  named: async (name) => {
    const snapshot = await shownSnapshot(name);
    return snapshot && seen(snapshot);
  },
  remove: async (name) => {
    await elasticache()
      .send(new DeleteServerlessCacheSnapshotCommand({ ServerlessCacheSnapshotName: name }))
      .catch(unlessCalled('ServerlessCacheSnapshotNotFoundFault'));
  },
  all: async () => (await snapshotsOf({ SnapshotType: 'manual' })).map(seen),
};

/** Nothing else may be asked of the cache while a snapshot is made. */
async function readySource(member: ManagedMember, cache: ServerlessCache): Promise<Source> {
  const [tags, known] = await Promise.all([
    tagsOf(cache.ARN),
    snapshotsOf({ ServerlessCacheName: cache.ServerlessCacheName }),
  ]);
  const manual = known.filter(({ SnapshotType }) => SnapshotType === 'manual');
  const open = known.filter(({ Status = '' }) => stateOf(Status) === 'pending');
  return {
    settings: serverlessSettings(cache, tags),
    automatic: automaticOfServerless(cache),
    refusals: paceRefusals(
      member,
      manual.flatMap(({ CreateTime }) => CreateTime?.getTime() ?? []),
    ),
    ...underWay(
      'ElastiCache',
      member.resource,
      open.map(({ ServerlessCacheSnapshotName }) => ServerlessCacheSnapshotName),
    ),
  };
}

export async function cacheNamed(name: string): Promise<ServerlessCache | undefined> {
  const found = await elasticache()
    .send(new DescribeServerlessCachesCommand({ ServerlessCacheName: name }))
    .catch(unlessCalled('ServerlessCacheNotFoundFault'));
  return found?.ServerlessCaches?.[0];
}

/** As ElastiCache shows it. Undefined: there is none of that name. */
export async function shownSnapshot(name: string): Promise<Shown | undefined> {
  const found = await elasticache()
    .send(new DescribeServerlessCacheSnapshotsCommand({ ServerlessCacheSnapshotName: name }))
    .catch(unlessCalled('ServerlessCacheSnapshotNotFoundFault'));
  return found?.ServerlessCacheSnapshots?.[0];
}

async function snapshotsOf(chosen: DescribeServerlessCacheSnapshotsRequest): Promise<readonly Shown[]> {
  const found = [];
  const pages = paginateDescribeServerlessCacheSnapshots({ client: elasticache() }, chosen);
  for await (const { ServerlessCacheSnapshots = [] } of pages) found.push(...ServerlessCacheSnapshots);
  return found;
}

const seen = ({ ServerlessCacheSnapshotName = '', ARN = '', Status = 'creating', CreateTime }: Shown): Snapshot =>
  seenSnapshot({
    ...{ id: ServerlessCacheSnapshotName, arn: ARN, status: Status },
    obtained: CreateTime === undefined ? [] : [CreateTime],
  });
