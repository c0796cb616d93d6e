/**
 * Copies of snapshots in another Region, of DB instances and of Aurora clusters alike, asked for there. A copy is named after its source, so
 * whatever was asked for is found by its name, and no second one can be made.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html
 */
import { createHash } from 'node:crypto';
import { AddTagsToResourceCommand, type RDSClient, type Tag } from '@aws-sdk/client-rds';
import type { Artifact } from '#domain/artifact.ts';
import { providerFault, transientFault } from '#domain/faults.ts';
import type { CopyPlace } from '#domain/point-copy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { copyTagKeys, settingsTag, tagKeys } from '#domain/tags.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { rdsIn } from '#platform/clients/rds.ts';
import { environment } from '#platform/environment.ts';
import type { Copied, Copier, CopyStanding } from './copier.ts';
import { copyTags } from './copy-tags.ts';
import { lookAtMany } from './look-at-many.ts';
import type { Snapshot } from './named-snapshots.ts';
import { placeProblems } from './place-problems.ts';
import { promised } from './promised.ts';
import { snapshotRoom } from './rds-account.ts';
import { snapshotArn } from './rds-snapshot-arn.ts';
import { mendWords, type Room, roomStanding } from './snapshot-room.ts';
import { tagList } from './tag-list.ts';

/** The calls in which the two differ; errors are thrown as they come. */
export interface CopyCalls {
  readonly kind: 'rds' | 'aurora';
  /** Characters of a snapshot's name. */
  readonly mostNameCharacters: number;
  /** Undefined: there is none of that name. */
  named(name: string, client: RDSClient): Promise<Snapshot | undefined>;
  /** All manual ones. */
  list(client: RDSClient): Promise<readonly Snapshot[]>;
  copy(order: CopyOrder, client: RDSClient): Promise<unknown>;
  /** Fine when it is gone. */
  remove(name: string, client: RDSClient): Promise<void>;
  /** What a person needs to know who makes a database of it in a Region that has nothing else of it, in few words; of an artifact's detail. */
  settingsWords(detail: Artifact['detail']): string;
  /** Why RDS would copy none of a database of these settings to the Region, and what to do; absent: it copies all. */
  lacking?(detail: Artifact['detail'], region: string): Promise<string | undefined>;
  /** By `DescribeAccountAttributes`, and for a person; `list` of any Region. */
  readonly room: Pick<Room, 'quota' | 'list'> & { readonly name: string };
}

export interface CopyOrder {
  readonly artifact: Artifact;
  /** ARN; that of another Region has the SDK sign the request that RDS makes there. */
  readonly source: string;
  readonly name: string;
  readonly key: string;
  readonly tags: Tag[];
}

/**
 * An account may have 20 copies under way into one Region; four are left to others. AWS does not say whether those of instances and of clusters
 * count together, so each of the two has half.
 */
const mostUnderWay = 8;

export const rdsCopies = (calls: CopyCalls): Copier => ({
  ...{ kind: calls.kind, mostUnderWay },
  look: async (region, artifactIds) => {
    const client = rdsIn(region);
    const asked = artifactIds.map((of) => ({ of, id: nameOf(calls, of) }));
    const found = await lookAtMany(asked, {
      one: ({ id }) => calls.named(id, client),
      list: () => calls.list(client),
    });
    const snapshots = new Map(found.map((snapshot) => [snapshot.id, snapshot]));
    return new Map(asked.flatMap(({ of, id }) => copiesOf(of, snapshots.get(id))));
  },
  begin: (artifact, { region, key }, tags) =>
    begin(calls, region, {
      ...{ artifact, key, source: snapshotArn(artifact), name: nameOf(calls, artifact.id) },
      tags: tagList({ ...copyTags(artifact, tags), [settingsTag]: calls.settingsWords(artifact.detail) }),
    }),
  tellWhole: async (region, ids) => {
    const client = rdsIn(region);
    for (const id of ids) {
      const copy = promised(await calls.named(id, client), `the copy ${id} in ${region}`);
      const Tags = tagList({ [copyTagKeys.state]: 'whole' });
      await client.send(new AddTagsToResourceCommand({ ResourceName: snapshotArn(copy), Tags }));
    }
  },
  discard: async (region, id) => {
    const client = rdsIn(region);
    const isGone = async () => (await calls.named(id, client)) === undefined;
    // What is gone has no tags, so that a role that may delete only ours would be refused.
    if (await isGone()) return;
    await calls.remove(id, client).catch(async (error: unknown) => {
      if (!(await isGone())) throw asFault(error, `deleting ${id} in ${region}`);
    });
  },
  examine: (place, members) => examine(calls, place, members),
});

async function examine(calls: CopyCalls, place: CopyPlace, members: readonly PlannedMember[]): Promise<CopyStanding> {
  const { region } = place;
  const inPlace = await placeProblems(place, () => calls.named('holdfast-doctor', rdsIn(region)));
  // What cannot be reached has nothing more to tell.
  if (inPlace.length > 0) return { problems: inPlace, notes: [] };
  const { name, ...words } = roomThere(calls, region);
  const room = await snapshotRoom(name, words, rdsIn(region));
  const of = { where: region, maker: 'a copy of its point', end: 'copies fail' };
  const standing = room && roomStanding(calls.kind, members.length, room, of);
  const lacking = await Promise.all(
    members.map(async ({ resource, detail }) => {
      const problem = await calls.lacking?.(detail, region);
      return problem === undefined ? [] : [`${calls.kind} ${resource}: ${problem}`];
    }),
  );
  return { problems: [...(standing?.refusals ?? []), ...lacking.flat()], notes: standing?.notes ?? [] };
}

const roomThere = ({ room }: CopyCalls, region: string) => ({ ...room, list: `${room.list} --region ${region}` });

async function begin(calls: CopyCalls, region: string, order: CopyOrder): Promise<string> {
  const { artifact, name, source } = order;
  if (source === '') throw providerFault(`${artifact.id} is no snapshot, so there is nothing to copy.`);
  const lacking = await calls.lacking?.(artifact.detail, region);
  if (lacking !== undefined) throw providerFault(`${calls.kind} ${artifact.source}: ${lacking}`);
  const client = rdsIn(region);
  try {
    await calls.copy(order, client);
  } catch (error) {
    const isTaken = codeOf(error).includes('AlreadyExists');
    if (isTaken && isCopyOf(artifact.id, await calls.named(name, client))) return name;
    if (isTooMany(error)) throw transientFault(String(error), error);
    throw isFull(error) ? providerFault(`${String(error)}. ${mendWords(roomThere(calls, region))}`, error) : error;
  }
  return name;
}

const isFull = (error: unknown): boolean => codeOf(error).startsWith('SnapshotQuotaExceeded');

/** The same code as for too many snapshots, which does not pass by itself: "Cannot copy more than 20 snapshots across regions". */
const isTooMany = (error: unknown): boolean => isFull(error) && /across regions/i.test(String(error));

/** Of this Region, lest a stack there, or copies of a third Region, want the same name. */
function nameOf({ mostNameCharacters }: CopyCalls, artifactId: string): string {
  const start = `holdfast-${environment.region()}-`;
  const full = `${start}${artifactId.replace(/^holdfast-/, '')}`;
  if (full.length <= mostNameCharacters) return full;
  return `${start}${createHash('sha256').update(artifactId).digest('hex').slice(0, 20)}`;
}

const copiesOf = (of: string, snapshot: Snapshot | undefined): [string, readonly Copied[]][] =>
  isCopyOf(of, snapshot) ? [[of, [copied(snapshot)]]] : [];

/** Tags can be set by whoever may tag; the name, and what it was copied from, are fixed when a copy is made. */
function isCopyOf(artifactId: string, snapshot: Snapshot | undefined): snapshot is Snapshot {
  const [, , , region, , , id] = snapshot?.copiedFrom?.split(':') ?? [];
  const isOurs = snapshot?.tags?.[tagKeys.stack] === environment.stack();
  return isOurs && region === environment.region() && id === artifactId;
}

const copied = ({ id, state, problem }: Snapshot): Copied => ({
  ...{ id, state },
  ...(problem === undefined ? {} : { problem }),
});
