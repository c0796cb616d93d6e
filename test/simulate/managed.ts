/** Backups of members that are no volumes, as their services have them: known by documented tags and names, by nothing of the product's inside. */
import type { Snapshot as CacheSnapshot } from '#simulator/services/caches/snapshot-book.ts';
import type { Stage } from '../scenario/stage.ts';

export interface Managed {
  /** As a point's record names it. */
  readonly id: string;
  readonly state: 'pending' | 'completed' | 'broken';
  /** Undefined: its service keeps none that can be changed. */
  readonly tags?: ReadonlyMap<string, string>;
  readonly runId: string;
  /** Its data is from then; epoch ms. */
  readonly fromMs: number;
  /** At the latest. */
  readonly toMs: number;
  /** Of each of its parts, oldest first. */
  readonly rows: readonly (readonly string[])[];
}

type Found = Omit<Managed, 'runId' | 'tags'> & { readonly tags: ReadonlyMap<string, string> };
type Of = (services: Stage['services']) => readonly Found[];

const stateOf = (status: string): Managed['state'] => {
  if (/^(available|completed|success|restoring)$/i.test(status)) return 'completed';
  return /^(creating|pending|running|created|in_progress)$/i.test(status) ? 'pending' : 'broken';
};

const databases: Of = ({ rds }) =>
  [...rds.world.snapshots.values()].map(({ name, status, tags, cutAtMs, rows }) => ({
    ...{ id: name, state: stateOf(status), tags, fromMs: cutAtMs, toMs: cutAtMs, rows: [rows] },
  }));

const clusters: Of = ({ rds }) =>
  [...rds.world.clusterSnapshots.values()].map(({ name, status, tags, createdMs, rows }) => ({
    ...{ id: name, state: stateOf(status), tags, fromMs: createdMs, toMs: createdMs, rows: [rows] },
  }));

const cached = ({ name, status, tags, createdMs, shards }: Omit<CacheSnapshot<never>, 'source'>): Found => ({
  ...{ id: name, state: stateOf(status), tags },
  fromMs: Math.min(...shards.map(({ atMs }) => atMs), Number.POSITIVE_INFINITY),
  toMs: Math.max(...shards.map(({ atMs }) => atMs), createdMs),
  rows: shards.map(({ rows }) => rows),
});

const caches: Of = ({ memorydb, elasticache: { world } }) =>
  [memorydb.world.snapshots, world.snapshots, world.serverlessSnapshots]
    .flatMap((snapshots) => [...snapshots.values()])
    .filter(({ status }) => status !== 'deleting')
    .map(cached);

const copies: Of = ({ backup: { world } }) =>
  [...world.points.values()].flatMap(({ arn, status, tags, createdMs }) => {
    const job = [...world.jobs.values()].find(({ pointArn }) => pointArn === arn);
    if (status === 'DELETING' || job === undefined) return [];
    const { id, endedMs: toMs = createdMs } = job;
    return [{ id, state: stateOf(status), tags, fromMs: createdMs, toMs, rows: [] }];
  });

const images: Of = ({ ec2: { world } }) =>
  [...world.images.values()]
    .filter(({ goneAtMs }) => goneAtMs === undefined)
    .map(({ id, state, tags, creationTimeMs }) => ({
      ...{ id, state: stateOf(state), tags, fromMs: creationTimeMs, toMs: creationTimeMs, rows: [] },
    }));

/** Backups of tables carry no tags: their names say their run. */
const tables = ({ dynamodb: { world } }: Stage['services']): readonly Managed[] =>
  [...world.backups.values()].flatMap(({ arn: id, name, status, createdMs }) => {
    const [, workload, time] = /^holdfast-(.*)-(\d{8}t\d{6}z)-[0-9a-f]{10}$/.exec(name) ?? [];
    if (workload === undefined || time === undefined) return [];
    const runId = `${workload}-${time.toUpperCase()}`;
    return [{ id, runId, state: stateOf(status), fromMs: createdMs, toMs: createdMs, rows: [] }];
  });

/** What OpenSearch keeps with a snapshot never changes. */
const indices = ({ opensearch: { world } }: Stage['services']): readonly Managed[] =>
  [...world.snapshots.values()].flatMap(({ name: id, state, metadata, startedMs, endedMs }) => {
    const runId = metadata['holdfast:run'];
    if (typeof runId !== 'string') return [];
    return [{ id, runId, state: stateOf(state), fromMs: startedMs, toMs: endedMs, rows: [] }];
  });

/** Those of Holdfast's that exist. */
export const managedBackups = ({ services }: Stage): readonly Managed[] => [
  ...[databases, clusters, caches, copies, images].flatMap((of) =>
    of(services).flatMap((found) => {
      const runId = found.tags.get('holdfast:run');
      return runId === undefined ? [] : [{ ...found, runId }];
    }),
  ),
  ...tables(services),
  ...indices(services),
];
