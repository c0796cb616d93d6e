/** Manual snapshots of Aurora DB clusters. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html */

import {
  AddTagsToResourceCommand,
  CreateDBClusterSnapshotCommand,
  type DBCluster,
  type DBClusterSnapshot,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  paginateDescribeDBClusterSnapshots,
} from '@aws-sdk/client-rds';
import type { Artifact } from '#domain/artifact.ts';
import type { Cut } from '#domain/cut.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { rds } from '#platform/clients/rds.ts';
import { lookAtMany } from '../look-at-many.ts';
import type { Snapshot, SnapshotService, Source } from '../named-snapshots.ts';
import { promised } from '../promised.ts';
import { pendingMaintenance, snapshotRoom, versionNotes } from '../rds-account.ts';
import { snapshotArn } from '../rds-snapshot-arn.ts';
import { tagList, tagsIn } from '../tag-list.ts';
import { type Cluster, clusterOf } from './describe.ts';
import { settingsOf } from './settings.ts';

/** What an account has of them in a Region: as RDS and Service Quotas call it, and how a person lists them. */
export const manualSnapshots = {
  name: 'ManualClusterSnapshots',
  quota: 'Manual DB cluster snapshots',
  list: 'aws rds describe-db-cluster-snapshots --snapshot-type manual',
};

/** Characters that a name may have. */
export const nameLength = 63;

export const snapshots: SnapshotService = {
  kind: 'aurora',
  // The engine's own recovery brings back every transaction that it has acknowledged.
  consistency: 'application-consistent',
  mostNameCharacters: nameLength,
  look: async ({ resource }) => {
    const found = await clusterOf(resource);
    if (found === undefined) return undefined;
    const [maintenance, notes] = await Promise.all([maintenanceOf(found), versionNotesOf(found)]);
    return { ...sourceOf(found), maintenance, notes };
  },
  room: () => {
    const { name, ...words } = manualSnapshots;
    return snapshotRoom(name, words);
  },
  create: async (name, { resource }, tags) => {
    const command = new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: resource,
      DBClusterSnapshotIdentifier: name,
      Tags: tagList(tags),
    });
    const { DBClusterSnapshot } = await rds().send(command);
    return seen(promised(DBClusterSnapshot, `the cluster snapshot ${name}`));
  },
  isPassing: async ({ resource }) => {
    const found = await clusterOf(resource);
    return found !== undefined && sourceOf(found).refusals.length === 0;
  },
  named: (name) => snapshotOf(name),
  describe: (artifacts) => lookAtMany(artifacts, { one: ({ id }) => snapshotOf(id), list: () => allManual() }),
  tag: async (artifact, tags) => {
    await rds().send(new AddTagsToResourceCommand({ ResourceName: snapshotArn(artifact), Tags: tagList(tags) }));
  },
  remove: ({ id }) => remove(id),
  tagged: () => allManual(),
};

/** Fine when it is gone. @param client of its Region */
export async function remove(id: string, client = rds()): Promise<void> {
  await client
    .send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id }))
    .catch(unlessCalled('DBClusterSnapshotNotFoundFault'));
}

/** @param client of their Region */
export async function allManual(client = rds()): Promise<readonly Snapshot[]> {
  const found = [];
  for await (const page of paginateDescribeDBClusterSnapshots({ client }, { SnapshotType: 'manual' })) {
    found.push(...(page.DBClusterSnapshots ?? []).map(seen));
  }
  return found;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Aurora.Status */
const passing = ['backing-up', 'failing-over', 'maintenance', 'modifying', 'storage-optimization', 'upgrading'];

function sourceOf(found: Cluster): Source {
  const { DBClusterIdentifier: name, Status: state = 'unknown', Engine = '', EngineMode } = found.cluster;
  const settings = settingsOf(found);
  const refused = (reason: string): Source => ({ settings, refusals: [`aurora ${name} ${reason}`] });
  if (!Engine.startsWith('aurora')) return refused(`is a cluster of ${Engine}, ${insteadOfAurora(found.cluster)}`);
  if (EngineMode === 'serverless')
    return refused('is Aurora Serverless v1, which AWS has ended: move it to Serverless v2.');
  if (state === 'available') return { settings, refusals: [] };
  if (passing.includes(state)) return { settings, refusals: [], busy: `aurora ${name} is ${state}.` };
  return refused(`is ${state}, and RDS takes snapshots of available clusters only.`);
}

/** AWS Backup takes the clusters of DocumentDB and Neptune by the ARN that Aurora's have; Multi-AZ DB clusters of RDS are another type of it. */
const insteadOfAurora = ({ Engine = '', DBClusterArn }: DBCluster): string =>
  ['docdb', 'neptune'].includes(Engine)
    ? `and this kind is for Aurora only. Name it so: { kind: aws-backup, resource: '${DBClusterArn}' }`
    : 'a Multi-AZ DB cluster, which no kind of member takes: leave it to a plan of AWS Backup.';

const versionNotesOf = ({ cluster: { DBClusterIdentifier: name, Engine: engine, EngineVersion: version } }: Cluster) =>
  versionNotes({
    ...{ words: `aurora ${name}`, engine, version },
    upgrade: `aws rds modify-db-cluster --db-cluster-identifier ${name}`,
  });

/** A cluster's own. Its instances have windows as well, in which they restart, and none keeps the storage from being copied. */
async function maintenanceOf({ cluster }: Cluster) {
  return {
    window: cluster.PreferredMaintenanceWindow,
    pending: await pendingMaintenance(cluster.DBClusterArn),
    isUnannounced: true,
    move: `aws rds modify-db-cluster --db-cluster-identifier ${cluster.DBClusterIdentifier} --preferred-maintenance-window ddd:hh:mm-ddd:hh:mm`,
  };
}

/** Undefined: there is none of that name. @param client of its Region */
export async function snapshotOf(id: string, client = rds()): Promise<Snapshot | undefined> {
  const found = await client
    .send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id }))
    .catch(unlessCalled('DBClusterSnapshotNotFoundFault'));
  const snapshot = found?.DBClusterSnapshots?.[0];
  return snapshot && seen(snapshot);
}

function seen(snapshot: DBClusterSnapshot): Snapshot {
  const { DBClusterSnapshotIdentifier = '', Status = 'creating', PercentProgress, SnapshotCreateTime } = snapshot;
  const state = Status === 'available' ? 'completed' : Status === 'failed' ? 'error' : 'pending';
  return {
    id: DBClusterSnapshotIdentifier,
    state,
    ...(PercentProgress === undefined ? {} : { progress: `${PercentProgress}%` }),
    ...(state === 'error' ? { problem: `RDS reports the cluster snapshot ${Status}, without a reason` } : {}),
    ...(SnapshotCreateTime === undefined ? {} : { startedAt: SnapshotCreateTime.toISOString() }),
    cut: cutOf(snapshot, state),
    tags: tagsIn(snapshot.TagList),
    ...(snapshot.SourceDBClusterSnapshotArn ? { copiedFrom: snapshot.SourceDBClusterSnapshotArn } : {}),
    detail: { snapshotArn: snapshot.DBClusterSnapshotArn ?? '', isEncrypted: snapshot.StorageEncrypted ?? true },
  };
}

/** Aurora does not tell the time of the last transaction inside, so it is cut when it is seen complete. */
function cutOf({ SnapshotCreateTime }: DBClusterSnapshot, state: Artifact['state']): Cut {
  const now = new Date(Date.now());
  const lower = (SnapshotCreateTime ?? now).toISOString();
  return state === 'completed' ? { lower, upper: now.toISOString() } : { lower };
}
