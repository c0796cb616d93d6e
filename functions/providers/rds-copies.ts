/**
 * Copies of snapshots in another Region, of DB instances and of Aurora clusters alike, asked for there. A copy is named after its source, so
 * whatever was asked for is found by its name, and no second one can be made.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html
 */
import { createHash } from 'node:crypto';
import { AddTagsToResourceCommand, type RDSClient, type Tag } from '@aws-sdk/client-rds';
import type { Artifact } from '#domain/artifact.ts';
import { providerFault, transientFault } from '#domain/faults.ts';
import { copyTagKeys, settingsTag, tagKeys } from '#domain/tags.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { rdsIn } from '#platform/clients/rds.ts';
import { environment } from '#platform/environment.ts';
import type { Copied, Copier } from './copier.ts';
import { copyTags } from './copy-tags.ts';
import { lookAtMany } from './look-at-many.ts';
import type { Snapshot } from './named-snapshots.ts';
import { placeProblems } from './place-problems.ts';
import { promised } from './promised.ts';
import { snapshotArn } from './rds-snapshot-arn.ts';
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
  problems: (place) => placeProblems(place, () => calls.named('holdfast-doctor', rdsIn(place.region))),
});

async function begin(calls: CopyCalls, region: string, order: CopyOrder): Promise<string> {
  const { artifact, name, source } = order;
  if (source === '') throw providerFault(`${artifact.id} is no snapshot, so there is nothing to copy.`);
  const client = rdsIn(region);
  try {
    await calls.copy(order, client);
  } catch (error) {
    const isTaken = codeOf(error).includes('AlreadyExists');
    if (isTaken && isCopyOf(artifact.id, await calls.named(name, client))) return name;
    throw isTooMany(error) ? transientFault(String(error), error) : error;
  }
  return name;
}

/** The same code as for too many snapshots, which does not pass by itself: "Cannot copy more than 20 snapshots across regions". */
const isTooMany = (error: unknown): boolean =>
  codeOf(error).startsWith('SnapshotQuotaExceeded') && /across regions/i.test(String(error));

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
