/**
 * Manual snapshots of a domain's indices in a repository of the owner's, by the domain's own API: OpenSearch Service has no call for them.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-create.html
 */
import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import { invalidRequest, providerFault, tierUnderWay } from '#domain/faults.ts';
import type { PlannedMember } from '#domain/run.ts';
import { tagKeys } from '#domain/tags.ts';
import { codeOf, unlessCalled } from '#platform/aws-errors.ts';
import { anotherSnapshot, opensearch } from '#platform/clients/opensearch.ts';
import { environment } from '#platform/environment.ts';
import { lookAtMany } from '../look-at-many.ts';
import type { Snapshot, SnapshotService } from '../named-snapshots.ts';
import type { Tags } from '../tag-list.ts';
import { hostOf } from './domain.ts';
import { look } from './look.ts';
import { type Place, passingIfBusy, pathOf, snapshotAt } from './repository.ts';
import { seen } from './seen.ts';

/** What belongs to the domain and not to its owner: a restore of it is refused, or would change who may do what. */
export const withoutSystem = '*,-.kibana*,-.opendistro*,-.opensearch*,-.plugins*';

const accepted = z.object({});

export const snapshots: SnapshotService = {
  kind: 'opensearch',
  // Each shard is copied when its turn comes.
  consistency: 'crash-consistent',
  mostNameCharacters: 255,
  look,
  create: async (name, member, tags) => {
    const place = await placeOf(name, member);
    const lower = new Date(Date.now()).toISOString();
    const body = { indices: withoutSystem, include_global_state: false, partial: false, metadata: marks(tags) };
    try {
      await opensearch().ask({ host: place.host, method: 'PUT', path: pathOf(place), body }, accepted);
    } catch (error) {
      if (codeOf(error) === anotherSnapshot) {
        throw tierUnderWay(`opensearch ${member.resource} makes one snapshot at a time, and is making another.`);
      }
      // What it says of a name that is taken, too.
      const earlier = codeOf(error) === 'invalid_snapshot_name_exception' ? await snapshotAt(place) : undefined;
      if (earlier === undefined) throw error;
      return seen(earlier);
    }
    return { id: name, state: 'pending', cut: { lower } };
  },
  named: async (name, member) => {
    const found = await snapshotAt(await placeOf(name, member));
    return found && seen(found);
  },
  describe: async (artifacts) => {
    const domains = [...new Set(artifacts.map(({ source }) => source))];
    // A domain's address may change: it is asked for each time.
    const hosts = new Map(await Promise.all(domains.map(async (name) => [name, await hostOf(name)] as const)));
    return await lookAtMany(artifacts, { one: (artifact) => presentOf(artifact, hosts.get(artifact.source)) });
  },
  // Its metadata are as it was begun with.
  tag: async () => undefined,
  remove,
  tagged: async () => [],
};

/** OpenSearch takes 1,024 bytes of them, and never changes them: what only the end shows is left out. */
function marks({ [tagKeys.verdict]: _, ...kept }: Tags): Tags {
  return kept;
}

async function placeOf(name: string, { resource, detail }: Pick<PlannedMember, 'resource' | 'detail'>): Promise<Place> {
  const host = await hostOf(resource);
  if (host === undefined) throw invalidRequest(`opensearch ${resource} has no endpoint any more: it is deleted.`);
  return { host, repository: String(detail.repository), name };
}

async function presentOf(artifact: Artifact, host: string | undefined): Promise<Snapshot | undefined> {
  const { id, source, detail, cut, startedAt } = artifact;
  if (host === undefined) {
    const problem = `the domain ${source} does not exist any more: its snapshot ${id} may still be in the bucket of the repository ${detail.repository}`;
    return { id, state: 'gone', problem, cut: cut ?? { lower: startedAt } };
  }
  const found = await snapshotAt({ host, repository: String(detail.repository), name: id });
  return found && seen(found);
}

/** By its name and by the mark of this stack that it carries. */
async function remove({ id, source, detail }: Artifact): Promise<void> {
  const place = await placeOf(id, { resource: source, detail });
  const found = await snapshotAt(place);
  if (found === undefined) return;
  if (found.metadata?.[tagKeys.stack] !== environment.stack())
    throw providerFault(
      `The snapshot ${id} of opensearch ${source} does not carry the mark of this stack, and is left.`,
    );
  await opensearch()
    .ask({ host: place.host, method: 'DELETE', path: pathOf(place) }, accepted)
    .catch(unlessCalled('snapshot_missing_exception'))
    .catch(passingIfBusy(source));
}
