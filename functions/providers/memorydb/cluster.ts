/** A cluster as the next snapshot finds it. */
import { type Cluster, DescribeClustersCommand, type Snapshot } from '@aws-sdk/client-memorydb';
import type { ManagedMember } from '#domain/policy.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { memorydb } from '#platform/clients/memorydb.ts';
import { automaticOf } from '../automatic-settings.ts';
import { stateOf, underWay } from '../cache-snapshot.ts';
import type { Maintenance } from '../maintenance.ts';
import type { Source } from '../named-snapshots.ts';
import { paceRefusals } from '../snapshot-pace.ts';
import { allSnapshots, obtainedOf, tagsOf } from './listing.ts';
import { settingsOf } from './settings.ts';

/** States that pass by themselves. MemoryDB writes them in either case. */
const passing = ['modifying', 'snapshotting', 'updating'];

/** Whether a snapshot of it can be begun, or by and by. */
export const isAtWork = (cluster: Cluster | undefined): boolean =>
  ['available', ...passing].includes(cluster?.Status?.toLowerCase() ?? '');

export async function look(member: ManagedMember): Promise<Source | undefined> {
  const cluster = await clusterOf(member.resource);
  if (cluster === undefined) return undefined;
  const state = cluster.Status?.toLowerCase() ?? 'unknown';
  const words = `memorydb ${member.resource} is ${state}`;
  if (passing.includes(state)) return { settings: {}, refusals: [], busy: `${words}.` };
  if (state !== 'available') {
    return { settings: {}, refusals: [`${words}, and MemoryDB takes snapshots of available clusters only.`] };
  }
  const [tags, known] = await Promise.all([tagsOf(cluster.ARN), allSnapshots({ ClusterName: member.resource })]);
  const open = known.filter(({ Status = '' }) => stateOf(Status) === 'pending');
  return {
    settings: settingsOf(cluster, tags),
    automatic: automaticOf(cluster),
    maintenance: maintenanceOf(cluster),
    refusals: paceRefusals(member, known.flatMap(takenMs)),
    ...underWay(
      'MemoryDB',
      member.resource,
      open.map(({ Name }) => Name),
    ),
    // Each shard is copied by itself.
    ...((cluster.NumberOfShards ?? 1) > 1 ? { consistency: 'crash-consistent' } : {}),
  };
}

/** Updates that are applied in the window, unless somebody applies them before. https://docs.aws.amazon.com/memorydb/latest/devguide/service-updates.html */
function maintenanceOf({ Name, MaintenanceWindow, PendingUpdates }: Cluster): Maintenance {
  const updates = (PendingUpdates?.ServiceUpdates ?? []).filter(({ Status }) => Status !== 'complete');
  return {
    window: MaintenanceWindow,
    pending: updates.flatMap(({ ServiceUpdateName }) => ServiceUpdateName ?? []),
    isUnannounced: true,
    move: `aws memorydb update-cluster --cluster-name ${Name} --maintenance-window ddd:hh:mm-ddd:hh:mm`,
  };
}

export async function clusterOf(name: string): Promise<Cluster | undefined> {
  const found = await memorydb()
    .send(new DescribeClustersCommand({ ClusterName: name, ShowShardDetails: true }))
    .catch(unlessCalled('ClusterNotFoundFault'));
  return found?.Clusters?.[0];
}

const takenMs = (snapshot: Snapshot): readonly number[] =>
  snapshot.Source === 'manual' ? obtainedOf(snapshot).slice(0, 1).map(Number) : [];
