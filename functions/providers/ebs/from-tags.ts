/** Artifacts and points as their tags alone tell them: for strays that the ledger never learnt of, and for a lost ledger. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';
import { tagKeys } from '#domain/tags.ts';
import type { Consistency } from '#domain/verdict.ts';
import { environment } from '#platform/environment.ts';
import type { Found } from '../provider.ts';
import { describeSnapshots, filterValues } from './describe.ts';
import { problemOf, stateOf } from './progress.ts';
import { ownTagsOf, tagsOf } from './selection.ts';
import { readVolumeTag } from './volume-tag.ts';

const consistencies: readonly Consistency[] = ['application-consistent', 'filesystem-consistent', 'crash-consistent'];

/** Artifacts by run, whether or not the ledger knows them. */
export async function find(runIds: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const snapshots: Snapshot[] = [];
  for (let from = 0; from < runIds.length; from += filterValues) {
    const Values = runIds.slice(from, from + filterValues);
    const page = await describeSnapshots([
      { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
      { Name: `tag:${tagKeys.run}`, Values },
    ]);
    snapshots.push(...page);
  }
  const byRun = Map.groupBy(snapshots, (snapshot) => tagsOf(snapshot)[tagKeys.run] ?? '');
  return new Map([...byRun].map(([runId, members]) => [runId, foundOf(members)]));
}

const foundOf = (members: readonly Snapshot[]): Found => ({
  artifacts: members.map(artifactOf),
  count: Math.max(...members.map((member) => Number(tagsOf(member)[tagKeys.count] ?? 0))),
});

/** Every whole, sealed point of a workload, newest first. A run with a member missing is no point. */
export async function pointsFromTags(workload: string): Promise<readonly Point[]> {
  const snapshots = await describeSnapshots([
    { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
    { Name: `tag:${tagKeys.workload}`, Values: [workload] },
    { Name: `tag:${tagKeys.role}`, Values: ['backup'] },
  ]);
  const runs = Map.groupBy(snapshots, (snapshot) => tagsOf(snapshot)[tagKeys.run] ?? '');
  return [...runs]
    .flatMap(([id, members]) => pointOf(id, workload, members))
    .sort((a, b) => b.takenAt.localeCompare(a.takenAt));
}

function pointOf(id: string, workload: string, members: readonly Snapshot[]): Point[] {
  const tags = members.map(tagsOf);
  const consistency = consistencies.find((words) => tags.every((each) => each[tagKeys.verdict] === words));
  const whole =
    members.length === Number(tags[0]?.[tagKeys.count]) && members.every(({ State }) => State === 'completed');
  if (consistency === undefined || !whole) return [];
  const artifacts = members.map(artifactOf);
  const takenAt = artifacts.map(({ startedAt }) => startedAt).sort()[0] ?? '';
  return [
    {
      id,
      workload,
      takenAt,
      sealedAt: takenAt,
      artifacts,
      verdict: { consistency, evidence: ['read from the tags of the snapshots'] },
    },
  ];
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
