import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import type { Cluster, Clusters } from './clusters.ts';
import type { Copies } from './copies.ts';
import { type RdsContext, tagList, tagMap } from './rds.ts';

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

export function createClusterSnapshots(
  { kernel, arnOf }: RdsContext,
  clusters: Clusters,
  account: Account,
  copies: Copies,
  snapshotMs: number,
) {
  const all = new Map<string, ClusterSnapshot>();
  let fate: 'failed' | 'never' | undefined;

  /** It has neither SnapshotDatabaseTime nor OriginalSnapshotCreateTime, as those of instances have. */
  const shown = (snapshot: ClusterSnapshot): Rds.DBClusterSnapshot => ({
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

  const named = (name = ''): ClusterSnapshot => {
    const found = all.get(name);
    if (found !== undefined) return found;
    throw new ApiError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${name} not found.`, 404);
  };

  const refuseName = (name: string): void => {
    if (all.has(name))
      throw new ApiError('DBClusterSnapshotAlreadyExistsFault', `The cluster snapshot ${name} already exists.`);
    if (!/^(?!.*--)[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name))
      throw new ApiError('InvalidParameterValue', `${name} is not a valid identifier of a cluster snapshot.`);
  };

  const create = (input: Rds.CreateDBClusterSnapshotMessage) => {
    const { DBClusterIdentifier, DBClusterSnapshotIdentifier: name = '', Tags = [] } = input;
    const source = clusters.named(DBClusterIdentifier);
    refuseName(name);
    clusters.refuseUnlessAvailable(source);
    account.refuseBeyondQuota('ManualClusterSnapshots', all.size);
    const { Engine, EngineVersion, KmsKeyId: keyArn } = source.settings;
    const snapshot: ClusterSnapshot = {
      ...{ name, source, sourceName: source.name, status: 'creating', rows: [] },
      ...{ createdMs: kernel.clock.nowMs(), tags: tagMap(Tags), engine: { Engine, EngineVersion }, keyArn },
    };
    all.set(name, snapshot);
    source.status = 'backing-up';
    follow(snapshot);
    return { DBClusterSnapshot: shown(snapshot) };
  };

  const follow = (snapshot: ClusterSnapshot): void => {
    const end = fate ?? 'available';
    fate = undefined;
    kernel.clock.at(snapshot.createdMs + cutMs, () => {
      snapshot.rows = [...snapshot.source.rows];
    });
    if (end === 'never') return;
    kernel.clock.at(snapshot.createdMs + snapshotMs, () => {
      snapshot.status = end;
      if (snapshot.source.status === 'backing-up') snapshot.source.status = 'available';
      kernel.emit({
        source: 'aws.rds',
        detailType: 'RDS DB Cluster Snapshot Event',
        resources: [arnOf('cluster-snapshot', snapshot.name)],
        detail: { EventID: 'RDS-EVENT-0075', SourceIdentifier: snapshot.name, SourceType: 'CLUSTER_SNAPSHOT' },
      });
    });
  };

  const copy = (input: Rds.CopyDBClusterSnapshotMessage) => {
    const { SourceDBClusterSnapshotIdentifier: from = '', TargetDBClusterSnapshotIdentifier: name = '' } = input;
    const { there, name: sourceName } = copies.elsewhere(from);
    const source = there?.clusterSnapshots.get(sourceName);
    if (source === undefined)
      throw new ApiError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${from} not found.`, 404);
    if (source.status !== 'available')
      throw new ApiError('InvalidDBClusterSnapshotStateFault', `The cluster snapshot ${from} is ${source.status}.`);
    if (source.keyArn === undefined && input.KmsKeyId !== undefined)
      throw new ApiError('InvalidParameterCombination', `${from} is not encrypted, and KmsKeyId cannot be given.`);
    refuseName(name);
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
    return { DBClusterSnapshot: shown(made) };
  };

  return {
    all,
    byArn: (resourceArn: string) =>
      [...all.values()].find(({ name }) => arnOf('cluster-snapshot', name) === resourceArn),
    arrange: {
      clusterSnapshotDeleted: (name: string) => void all.delete(name),
      nextClusterSnapshotFails: () => {
        fate = 'failed';
      },
      nextClusterSnapshotNeverEnds: () => {
        fate = 'never';
      },
    },
    operations: {
      CreateDBClusterSnapshot: create,
      CopyDBClusterSnapshot: copy,
      DescribeDBClusterSnapshots: ({ DBClusterSnapshotIdentifier: name }: Rds.DescribeDBClusterSnapshotsMessage) => ({
        DBClusterSnapshots: (name === undefined ? [...all.values()] : [named(name)]).map(shown),
      }),
      DeleteDBClusterSnapshot: ({ DBClusterSnapshotIdentifier: name }: Rds.DeleteDBClusterSnapshotMessage) => {
        const snapshot = named(name);
        // One that is copied is given up by it.
        if (snapshot.status === 'creating')
          throw new ApiError(
            'InvalidDBClusterSnapshotStateFault',
            `The cluster snapshot ${snapshot.name} is ${snapshot.status}.`,
          );
        all.delete(snapshot.name);
        return { DBClusterSnapshot: shown(snapshot) };
      },
      RestoreDBClusterFromSnapshot: (input: Rds.RestoreDBClusterFromSnapshotMessage) => {
        const snapshot = named(input.SnapshotIdentifier);
        if (snapshot.status !== 'available')
          throw new ApiError(
            'InvalidDBClusterSnapshotStateFault',
            `The cluster snapshot ${snapshot.name} is ${snapshot.status}.`,
          );
        return clusters.restore(input, { ...snapshot, engine: {} });
      },
    },
  };
}
