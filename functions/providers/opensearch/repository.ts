/**
 * What a domain says of its repositories and of the snapshots in them.
 * https://docs.opensearch.org/latest/api-reference/snapshots/get-snapshot/
 */
import * as z from 'zod/mini';
import { transientFault } from '#domain/faults.ts';
import { codeOf, unlessCalled } from '#platform/aws-errors.ts';
import { anotherSnapshot, opensearch } from '#platform/clients/opensearch.ts';
import { lazy } from '#platform/lazy.ts';

const repository = lazy(() =>
  z.object({
    type: z.string(),
    settings: z.optional(z.record(z.string(), z.unknown())),
  }),
);
const repositories = lazy(() => z.record(z.string(), repository()));

const failure = lazy(() =>
  z.object({
    index: z.optional(z.string()),
    shard_id: z.optional(z.number()),
    reason: z.optional(z.string()),
  }),
);
const snapshot = lazy(() =>
  z.object({
    snapshot: z.string(),
    /** IN_PROGRESS, SUCCESS, PARTIAL, FAILED or INCOMPATIBLE. */
    state: z.optional(z.string()),
    reason: z.optional(z.string()),
    indices: z._default(z.array(z.string()), []),
    metadata: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
    start_time_in_millis: z.optional(z.number()),
    end_time_in_millis: z.optional(z.number()),
    failures: z._default(z.array(failure()), []),
  }),
);
const found = lazy(() => z.object({ snapshots: z.array(snapshot()) }));
const running = lazy(() =>
  z.object({ snapshots: z.array(z.object({ snapshot: z.string(), repository: z.string() })) }),
);

/** Every value as text. https://docs.opensearch.org/latest/api-reference/cat/cat-snapshots/ */
const kept = lazy(() =>
  z.array(z.object({ id: z.string(), status: z.string(), end_epoch: z.optional(z.nullable(z.string())) })),
);

export type Kept = z.infer<ReturnType<typeof kept>>;
export type Repository = z.infer<ReturnType<typeof repository>>;
export type Shown = z.infer<ReturnType<typeof snapshot>>;

/** Where a snapshot is. */
export interface Place {
  /** Of the domain. */
  readonly host: string;
  readonly repository: string;
  readonly name: string;
}

export const pathOf = ({ repository, name }: Place): string => `/_snapshot/${repository}/${name}`;

/** For `catch`: what another snapshot is in the way of is worth another try. */
export const passingIfBusy =
  (domain: string) =>
  (error: unknown): never => {
    if (codeOf(error) !== anotherSnapshot) throw error;
    throw transientFault(`opensearch ${domain} is making or deleting another snapshot.`, error);
  };

/** By their names. */
export const repositoriesOf = (host: string): Promise<Readonly<Record<string, Repository>>> =>
  opensearch().ask({ host, method: 'GET', path: '/_snapshot' }, repositories());

/** Those that are being made now, whoever began them, as `repository/name`. */
export async function runningIn(host: string): Promise<readonly string[]> {
  const { snapshots } = await opensearch().ask({ host, method: 'GET', path: '/_snapshot/_status' }, running());
  return snapshots.map(({ repository, snapshot }) => `${repository}/${snapshot}`);
}

/** All of a repository, in a few words each. */
export const keptIn = (host: string, repository: string): Promise<Kept> =>
  opensearch().ask({ host, method: 'GET', path: `/_cat/snapshots/${repository}` }, kept());

/** Undefined: there is none of that name. */
export async function snapshotAt(place: Place): Promise<Shown | undefined> {
  const { host } = place;
  const answer = await opensearch()
    .ask({ host, method: 'GET', path: pathOf(place) }, found())
    .catch(unlessCalled('snapshot_missing_exception', 'repository_missing_exception'));
  return answer?.snapshots[0];
}
