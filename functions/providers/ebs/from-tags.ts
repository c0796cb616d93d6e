/** Artifacts as their tags alone tell them: for strays that the ledger never learnt of, and for a lost ledger. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { Tagged } from '#domain/points-from-tags.ts';
import { tagKeys } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';
import type { Found } from '../provider.ts';
import { describeSnapshots, inBatches } from './describe.ts';
import { problemOf, stateOf } from './progress.ts';
import { ownTagsOf, tagsOf } from './selection.ts';
import { readVolumeTag } from './volume-tag.ts';

/** Artifacts by run, whether or not the ledger knows them. */
export async function find(runIds: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const snapshots = await inBatches(runIds, (Values) =>
    describeSnapshots([
      { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
      { Name: `tag:${tagKeys.run}`, Values },
    ]),
  );
  const byRun = Map.groupBy(snapshots, (snapshot) => tagsOf(snapshot)[tagKeys.run] ?? '');
  return new Map([...byRun].map(([runId, members]) => [runId, foundOf(members)]));
}

const foundOf = (members: readonly Snapshot[]): Found => ({
  artifacts: members.map(artifactOf),
  count: Math.max(...members.map((member) => Number(tagsOf(member)[tagKeys.count] ?? 0))),
});

/** All snapshots of a workload's runs. */
export async function tagged(workload: string): Promise<readonly Tagged[]> {
  const snapshots = await describeSnapshots([
    { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
    { Name: `tag:${tagKeys.workload}`, Values: [workload] },
    { Name: `tag:${tagKeys.role}`, Values: ['backup'] },
  ]);
  return snapshots.map((snapshot) => ({ artifact: artifactOf(snapshot), tags: tagsOf(snapshot) }));
}

function artifactOf(snapshot: Snapshot): Artifact {
  const tags = tagsOf(snapshot);
  const volumeId = snapshot.VolumeId ?? '';
  return {
    kind: 'ebs',
    id: snapshot.SnapshotId ?? '',
    source: volumeId,
    tier: Number(tags[tagKeys.tier] ?? 1),
    state: stateOf(snapshot),
    startedAt: snapshot.StartTime?.toISOString() ?? '',
    ...(snapshot.Progress ? { progress: snapshot.Progress } : {}),
    ...problemOf(snapshot),
    detail: { ...readVolumeTag(volumeId, tags, ownTagsOf(snapshot)) },
  };
}
