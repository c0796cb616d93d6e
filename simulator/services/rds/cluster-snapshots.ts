import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import type { Cluster, Clusters } from './clusters.ts';
import { type RdsContext, tagList, tagMap } from './context.ts';
import type { Copies } from './copies.ts';

export interface ClusterSnapshot {
  readonly name: string;
  readonly source: Cluster;
  /** The source's name when it was taken. */
  readonly sourceName: string;
  status: 'creating' | 'copying' | 'available' | 'failed';
  /** ARN of what it was copied from, in another Region. */
  readonly copiedFrom?: string;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  readonly engine: Pick<Rds.DBCluster, 'Engine' | 'EngineVersion'>;
  /** Undefined: it is not encrypted. */
  readonly keyArn: string | undefined;
  /** The source's rows at the moment of the cut. */
  rows: readonly string[];
}

/** The storage is copied as it is soon after the call; until then the database writes on. */
const cutMs = 3000;

interface State extends RdsContext {
  readonly clusters: Clusters;
  readonly account: Account;
  readonly copies: Copies;
  readonly snapshotMs: number;
  readonly all: Map<string, ClusterSnapshot>;
  /** How the next snapshot ends, if not as `available`. */
  fate?: 'failed' | 'never' | undefined;
}

/** It has neither SnapshotDatabaseTime nor OriginalSnapshotCreateTime, as those of instances have. */
const shown = ({ arnOf }: State, snapshot: ClusterSnapshot): Rds.DBClusterSnapshot => ({
  ...snapshot.engine,
  DBClusterSnapshotIdentifier: snapshot.name,
  DBClusterSnapshotArn: arnOf('cluster-snapshot', snapshot.name),
  DBClusterIdentifier: snapshot.sourceName,
  SnapshotType: 'manual',
  Status: snapshot.status,
  PercentProgress: snapshot.status === 'creating' || snapshot.status === 'copying' ? 0 : 100,
  SnapshotCreateTime: new Date(snapshot.createdMs),
  ...{ StorageEncrypted: snapshot.keyArn !== undefined, KmsKeyId: snapshot.keyArn },
  SourceDBClusterSnapshotArn: snapshot.copiedFrom,
  TagList: tagList(snapshot.tags),
});

function named({ all }: State, name = ''): ClusterSnapshot {
  const found = all.get(name);
  if (found !== undefined) return found;
  throw new ApiError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${name} not found.`, 404);
}

function refuseName({ all }: State, name: string): void {
  if (all.has(name))
    throw new ApiError('DBClusterSnapshotAlreadyExistsFault', `The cluster snapshot ${name} already exists.`);
  if (!/^(?!.*--)[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name))
    throw new ApiError('InvalidParameterValue', `${name} is not a valid identifier of a cluster snapshot.`);
}

const inState = ({ status }: ClusterSnapshot, name: string): ApiError =>
  new ApiError('InvalidDBClusterSnapshotStateFault', `The cluster snapshot ${name} is ${status}.`);

function create(state: State, input: Rds.CreateDBClusterSnapshotMessage): Rds.CreateDBClusterSnapshotResult {
  const { kernel, clusters, account, all } = state;
  const { DBClusterIdentifier, DBClusterSnapshotIdentifier: name = '', Tags = [] } = input;
  const source = clusters.named(DBClusterIdentifier);
  refuseName(state, name);
  clusters.refuseUnlessAvailable(source);
  account.refuseBeyondQuota('ManualClusterSnapshots', all.size);
  const { Engine, EngineVersion, KmsKeyId: keyArn } = source.settings;
  const snapshot: ClusterSnapshot = {
    ...{ name, source, sourceName: source.name, status: 'creating', rows: [] },
    ...{ createdMs: kernel.clock.nowMs(), tags: tagMap(Tags), engine: { Engine, EngineVersion }, keyArn },
  };
  all.set(name, snapshot);
  source.status = 'backing-up';
  follow(state, snapshot);
  return { DBClusterSnapshot: shown(state, snapshot) };
}

function follow(state: State, snapshot: ClusterSnapshot): void {
  const { clock } = state.kernel;
  const end = state.fate ?? 'available';
  state.fate = undefined;
  clock.at(snapshot.createdMs + cutMs, () => {
    snapshot.rows = [...snapshot.source.rows];
  });
  if (end === 'never') return;
  clock.at(snapshot.createdMs + state.snapshotMs, () => {
    snapshot.status = end;
    if (snapshot.source.status === 'backing-up') snapshot.source.status = 'available';
    tellEnd(state, snapshot);
  });
}

function tellEnd({ kernel, arnOf }: State, { name }: ClusterSnapshot): void {
  kernel.emit({
    source: 'aws.rds',
    detailType: 'RDS DB Cluster Snapshot Event',
    resources: [arnOf('cluster-snapshot', name)],
    detail: { EventID: 'RDS-EVENT-0075', SourceIdentifier: name, SourceType: 'CLUSTER_SNAPSHOT' },
  });
}

function copy(state: State, input: Rds.CopyDBClusterSnapshotMessage): Rds.CopyDBClusterSnapshotResult {
  const { kernel, account, copies, all } = state;
  const { SourceDBClusterSnapshotIdentifier: from = '', TargetDBClusterSnapshotIdentifier: name = '' } = input;
  const { there, name: sourceName } = copies.elsewhere(from);
  const source = there?.clusterSnapshots.get(sourceName);
  if (source === undefined)
    throw new ApiError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${from} not found.`, 404);
  if (source.status !== 'available') throw inState(source, from);
  if (source.keyArn === undefined && input.KmsKeyId !== undefined)
    throw new ApiError('InvalidParameterCombination', `${from} is not encrypted, and KmsKeyId cannot be given.`);
  refuseName(state, name);
  copies.check({ from, key: input.KmsKeyId, sourceKey: source.keyArn });
  account.refuseBeyondQuota('ManualClusterSnapshots', all.size);
  const made: ClusterSnapshot = {
    ...{ ...source, name, status: 'copying', copiedFrom: from, keyArn: input.KmsKeyId },
    ...{ createdMs: kernel.clock.nowMs(), tags: tagMap(input.Tags ?? []) },
  };
  all.set(name, made);
  const isAtWork = () => all.get(name) === made && made.status === 'copying';
  const isSourceThere = () => there?.clusterSnapshots.get(sourceName) === source;
  const end = (status: 'available' | 'failed') => void Object.assign(made, { status });
  copies.follow({ key: input.KmsKeyId, isAtWork, isSourceThere, end }, sourceName);
  return { DBClusterSnapshot: shown(state, made) };
}

/** One that is copied is given up by it. */
function remove(state: State, input: Rds.DeleteDBClusterSnapshotMessage): Rds.DeleteDBClusterSnapshotResult {
  const snapshot = named(state, input.DBClusterSnapshotIdentifier);
  if (snapshot.status === 'creating') throw inState(snapshot, snapshot.name);
  state.all.delete(snapshot.name);
  return { DBClusterSnapshot: shown(state, snapshot) };
}

function restore(state: State, input: Rds.RestoreDBClusterFromSnapshotMessage) {
  const snapshot = named(state, input.SnapshotIdentifier);
  if (snapshot.status !== 'available') throw inState(snapshot, snapshot.name);
  return state.clusters.restore(input, { ...snapshot, engine: {} });
}

const operationsOf = (state: State) => ({
  CreateDBClusterSnapshot: (input: Rds.CreateDBClusterSnapshotMessage) => create(state, input),
  CopyDBClusterSnapshot: (input: Rds.CopyDBClusterSnapshotMessage) => copy(state, input),
  DescribeDBClusterSnapshots: ({ DBClusterSnapshotIdentifier: name }: Rds.DescribeDBClusterSnapshotsMessage) => ({
    DBClusterSnapshots: (name === undefined ? [...state.all.values()] : [named(state, name)]).map((one) =>
      shown(state, one),
    ),
  }),
  DeleteDBClusterSnapshot: (input: Rds.DeleteDBClusterSnapshotMessage) => remove(state, input),
  RestoreDBClusterFromSnapshot: (input: Rds.RestoreDBClusterFromSnapshotMessage) => restore(state, input),
});

export function createClusterSnapshots(
  context: RdsContext,
  clusters: Clusters,
  account: Account,
  copies: Copies,
  snapshotMs: number,
) {
  const state: State = { ...context, clusters, account, copies, snapshotMs, all: new Map() };
  const { all } = state;
  return {
    all,
    byArn: (resourceArn: string) =>
      [...all.values()].find(({ name }) => context.arnOf('cluster-snapshot', name) === resourceArn),
    arrange: {
      clusterSnapshotDeleted: (name: string) => void all.delete(name),
      nextClusterSnapshotFails: () => {
        state.fate = 'failed';
      },
      nextClusterSnapshotNeverEnds: () => {
        state.fate = 'never';
      },
    },
    operations: operationsOf(state),
  };
}
