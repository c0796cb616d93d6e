/**
 * Manual snapshots of DB instances. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
 * The SDK's errors have the names of their classes, which are not the codes on the wire.
 */
import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  type DBInstance,
  type DBSnapshot,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBSnapshots,
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
import { lastingOptions } from './option-groups.ts';
import { type RdsSettings, settingsOf } from './settings.ts';

/** What an account has of them in a Region: as RDS and Service Quotas call it, and how a person lists them. */
export const manualSnapshots = {
  name: 'ManualSnapshots',
  quota: 'Manual DB instance snapshots',
  list: 'aws rds describe-db-snapshots --snapshot-type manual',
};

/** Characters that a name may have. */
export const nameLength = 255;

export const snapshots: SnapshotService = {
  kind: 'rds',
  // The engine's own recovery brings back every transaction that it has acknowledged.
  consistency: 'application-consistent',
  mostNameCharacters: nameLength,
  look: async ({ resource }) => {
    const instance = await instanceOf(resource);
    if (instance === undefined) return undefined;
    const source = sourceOf(instance);
    const [maintenance, notes, lasting] = await Promise.all([
      maintenanceOf(instance),
      versionNotesOf(instance),
      lastingOptions(source.settings.optionGroup),
    ]);
    const settings = { ...source.settings, ...(lasting.length === 0 ? {} : { lastingOptions: lasting }) };
    return { ...source, settings, maintenance, notes };
  },
  room: () => {
    const { name, ...words } = manualSnapshots;
    return snapshotRoom(name, words);
  },
  create: async (name, { resource }, tags) => {
    const command = new CreateDBSnapshotCommand({
      DBInstanceIdentifier: resource,
      DBSnapshotIdentifier: name,
      Tags: tagList(tags),
    });
    const { DBSnapshot } = await rds().send(command);
    return seen(promised(DBSnapshot, `the snapshot ${name}`));
  },
  isPassing: async ({ resource }) => {
    const instance = await instanceOf(resource);
    return instance !== undefined && sourceOf(instance).refusals.length === 0;
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
    .send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }))
    .catch(unlessCalled('DBSnapshotNotFoundFault'));
}

/** @param client of their Region */
export async function allManual(client = rds()): Promise<readonly Snapshot[]> {
  const found = [];
  for await (const page of paginateDescribeDBSnapshots({ client }, { SnapshotType: 'manual' })) {
    found.push(...(page.DBSnapshots ?? []).map(seen));
  }
  return found;
}

export async function instanceOf(name: string): Promise<DBInstance | undefined> {
  const found = await rds()
    .send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }))
    .catch(unlessCalled('DBInstanceNotFoundFault'));
  return found?.DBInstances?.[0];
}

/** States in which a snapshot can be taken; in the others it will be again, but for those that need a person. */
const ready = ['available', 'storage-optimization'];
const passing = [
  'backing-up',
  'configuring-enhanced-monitoring',
  'configuring-log-exports',
  'maintenance',
  'modifying',
];

function sourceOf(instance: DBInstance): Source & { readonly settings: RdsSettings } {
  const { DBInstanceIdentifier: name, DBInstanceStatus: state = 'unknown', DBClusterIdentifier: cluster } = instance;
  const settings = settingsOf(instance);
  if (cluster !== undefined) {
    return {
      settings,
      refusals: [
        `rds ${name} belongs to the cluster ${cluster}, whose storage is shared: name the cluster instead, with kind aurora where it is one of Aurora.`,
      ],
    };
  }
  if (ready.includes(state)) return { settings, refusals: [] };
  if (passing.includes(state)) return { settings, refusals: [], busy: `rds ${name} is ${state}.` };
  return { settings, refusals: [`rds ${name} is ${state}, and RDS takes snapshots of available instances only.`] };
}

const versionNotesOf = ({ DBInstanceIdentifier: name, Engine: engine, EngineVersion: version }: DBInstance) =>
  versionNotes({
    ...{ words: `rds ${name}`, engine, version },
    upgrade: `aws rds modify-db-instance --db-instance-identifier ${name}`,
  });

/** RDS maintains also what it has announced to nobody, such as a host that fails. */
async function maintenanceOf({ DBInstanceIdentifier: name, DBInstanceArn, PreferredMaintenanceWindow }: DBInstance) {
  return {
    window: PreferredMaintenanceWindow,
    pending: await pendingMaintenance(DBInstanceArn),
    isUnannounced: true,
    move: `aws rds modify-db-instance --db-instance-identifier ${name} --preferred-maintenance-window ddd:hh:mm-ddd:hh:mm`,
  };
}

/** Undefined: there is none of that name. @param client of its Region */
export async function snapshotOf(id: string, client = rds()): Promise<Snapshot | undefined> {
  const found = await client
    .send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }))
    .catch(unlessCalled('DBSnapshotNotFoundFault'));
  const snapshot = found?.DBSnapshots?.[0];
  return snapshot && seen(snapshot);
}

function seen(snapshot: DBSnapshot): Snapshot {
  const { DBSnapshotIdentifier = '', Status = 'creating', PercentProgress, SnapshotCreateTime } = snapshot;
  const state = stateOf(Status);
  return {
    id: DBSnapshotIdentifier,
    state,
    ...(PercentProgress === undefined ? {} : { progress: `${PercentProgress}%` }),
    ...(state === 'error' ? { problem: `RDS reports the snapshot ${Status}, without a reason` } : {}),
    ...(SnapshotCreateTime === undefined ? {} : { startedAt: SnapshotCreateTime.toISOString() }),
    cut: cutOf(snapshot, state),
    tags: tagsIn(snapshot.TagList),
    ...(snapshot.SourceDBSnapshotIdentifier ? { copiedFrom: snapshot.SourceDBSnapshotIdentifier } : {}),
    detail: { snapshotArn: snapshot.DBSnapshotArn ?? '' },
  };
}

function stateOf(status: string): Artifact['state'] {
  if (status === 'available') return 'completed';
  return status === 'failed' ? 'error' : 'pending';
}

/** SnapshotDatabaseTime is that of the last transaction inside; engines that have none are cut when they are seen complete. */
function cutOf({ SnapshotDatabaseTime, SnapshotCreateTime }: DBSnapshot, state: Artifact['state']): Cut {
  const now = new Date(Date.now());
  const lower = (SnapshotDatabaseTime ?? SnapshotCreateTime ?? now).toISOString();
  return state === 'completed' ? { lower, upper: (SnapshotDatabaseTime ?? now).toISOString() } : { lower };
}
