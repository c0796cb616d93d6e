import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Account } from './account.ts';
import type { Cluster, Clusters } from './clusters.ts';
import { type RdsContext, tagList, tagMap } from './rds.ts';

export interface ClusterSnapshot {
  readonly name: string;
  readonly source: Cluster;
  /** The source's name when it was taken. */
  readonly sourceName: string;
  status: 'creating' | 'available' | 'failed';
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
    PercentProgress: snapshot.status === 'creating' ? 0 : 100,
    SnapshotCreateTime: new Date(snapshot.createdMs),
    TagList: tagList(snapshot.tags),
  });

  const named = (name = ''): ClusterSnapshot => {
    const found = all.get(name);
    if (found !== undefined) return found;
    throw new ApiError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${name} not found.`, 404);
  };

  const create = (input: Rds.CreateDBClusterSnapshotMessage) => {
    const { DBClusterIdentifier, DBClusterSnapshotIdentifier: name = '', Tags = [] } = input;
    const source = clusters.named(DBClusterIdentifier);
    if (all.has(name))
      throw new ApiError('DBClusterSnapshotAlreadyExistsFault', `The cluster snapshot ${name} already exists.`);
    if (!/^(?!.*--)[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name))
      throw new ApiError('InvalidParameterValue', `${name} is not a valid identifier of a cluster snapshot.`);
    clusters.refuseUnlessAvailable(source);
    account.refuseBeyondQuota(all.size);
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

  const refuseUnfinished = ({ name, status }: ClusterSnapshot): void => {
    if (status === 'creating')
      throw new ApiError('InvalidDBClusterSnapshotStateFault', `The cluster snapshot ${name} is ${status}.`);
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
      DescribeDBClusterSnapshots: ({ DBClusterSnapshotIdentifier: name }: Rds.DescribeDBClusterSnapshotsMessage) => ({
        DBClusterSnapshots: (name === undefined ? [...all.values()] : [named(name)]).map(shown),
      }),
      DeleteDBClusterSnapshot: ({ DBClusterSnapshotIdentifier: name }: Rds.DeleteDBClusterSnapshotMessage) => {
        const snapshot = named(name);
        refuseUnfinished(snapshot);
        all.delete(snapshot.name);
        return { DBClusterSnapshot: shown(snapshot) };
      },
      RestoreDBClusterFromSnapshot: (input: Rds.RestoreDBClusterFromSnapshotMessage) => {
        const snapshot = named(input.SnapshotIdentifier);
        refuseUnfinished(snapshot);
        return clusters.restore(input, { ...snapshot, engine: {} });
      },
    },
  };
}
