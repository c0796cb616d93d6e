/** Backups of members that are no volumes, as their services have them: known by documented tags and names, by nothing of the product's inside. */
import type { Snapshot as CacheSnapshot } from '#simulator/services/caches/snapshot-book.ts';
import type { Stage } from '../scenario/stage.ts';

export interface Managed {
  /** As a point's record names it. */
  readonly id: string;
  readonly state: 'pending' | 'completed' | 'broken';
  /** Others of its name, by a call that was delivered twice: together they are one, and go together. */
  readonly twins?: readonly string[];
  /** Undefined: its service keeps none that can be changed. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Where tags do not say it. */
  readonly tier?: number;
  readonly runId: string;
  /** Its data is from then; epoch ms. */
  readonly fromMs: number;
  /** At the latest. */
  readonly toMs: number;
  /** Of each of its parts, oldest first. */
  readonly rows: readonly (readonly string[])[];
  /** Snapshots of data volumes that are part of it. */
  readonly disks?: readonly string[];
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
    .map(({ id, state, tags, creationTimeMs, snapshotIds, rootDevice }) => {
      const startedMs = [...snapshotIds.values()].map((each) => world.snapshots.get(each)?.startTimeMs ?? 0);
      const toMs = Math.max(creationTimeMs, ...startedMs);
      const disks = [...snapshotIds].flatMap(([device, each]) => (device === rootDevice ? [] : [each]));
      return { id, state: stateOf(state), tags, fromMs: creationTimeMs, toMs, rows: [], disks };
    });

/** They are part of their image for as long as there is one. */
const withoutImage: Of = ({ ec2: { world } }) =>
  [...world.snapshots.values()]
    .filter(({ tags, goneAtMs, usedByImage }) => tags.has('holdfast:image-run') && !goneAtMs && !usedByImage)
    .map(({ id, state, tags, startTimeMs }) => ({
      ...{ id, state: stateOf(state), fromMs: startTimeMs, toMs: startTimeMs, rows: [] },
      tags: new Map([...tags, ['holdfast:run', tags.get('holdfast:image-run') ?? '']]),
    }));

/** What was committed so long before the request is in a backup of a table, and nothing that was so long after. */
const inexactMs = 60_000;

/** Backups of tables carry no tags: their names say their run, and they are of the first tier wherever there are several. DynamoDB gives a name twice. */
const tables = ({ dynamodb: { world } }: Stage['services']): readonly Managed[] =>
  [...Map.groupBy(world.backups.values(), ({ name }) => name)].flatMap(([name, alike]) => {
    const [, workload, time] = /^holdfast-(.*)-(\d{8}t\d{6}z)-[0-9a-f]{10}$/.exec(name) ?? [];
    const [id = '', ...twins] = alike.map(({ arn }) => arn);
    if (workload === undefined || time === undefined) return [];
    const runId = `${workload}-${time.toUpperCase()}`;
    const states = alike.map(({ status }) => stateOf(status));
    const times = alike.map(({ createdMs }) => createdMs);
    const state = states.find((each) => each !== 'completed') ?? 'completed';
    const [fromMs, toMs] = [Math.min(...times) - inexactMs, Math.max(...times) + inexactMs];
    return [{ ...{ id, twins, runId, state, fromMs, toMs, rows: [] }, tier: 1 }];
  });

/** What OpenSearch keeps with a snapshot never changes. */
const indices = ({ opensearch: { world } }: Stage['services']): readonly Managed[] =>
  [...world.snapshots.values()].flatMap(({ name: id, state, metadata, startedMs, endedMs }) => {
    const { 'holdfast:run': runId, 'holdfast:tier': tier } = metadata;
    if (typeof runId !== 'string') return [];
    return [
      { ...{ id, runId, state: stateOf(state), fromMs: startedMs, toMs: endedMs, rows: [] }, tier: Number(tier) },
    ];
  });

/** Those of Holdfast's that exist. */
export const managedBackups = ({ services }: Stage): readonly Managed[] => [
  ...[databases, clusters, caches, copies, images, withoutImage].flatMap((of) =>
    of(services).flatMap((found) => {
      const runId = found.tags.get('holdfast:run');
      return runId === undefined ? [] : [{ ...found, runId }];
    }),
  ),
  ...tables(services),
  ...indices(services),
];
