/**
 * Artifacts as their tags tell them: for strays that the ledger never learnt of, and for a lost ledger. Whoever may tag can change tags, so what
 * AWS says itself goes before them.
 */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { Tagged } from '#domain/points-from-tags.ts';
import { parseRunId } from '#domain/run-id.ts';
import { tagKeys } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';
import type { Found } from '../provider.ts';
import { describeSnapshots, inBatches } from './describe.ts';
import type { EbsDetail } from './detail.ts';
import { problemOf, stateOf } from './progress.ts';
import { ownTagsOf, tagsOf } from './selection.ts';
import { descriptionStart } from './snapshot-set.ts';
import { readVolumeTag } from './volume-tag.ts';

/** Artifacts by run, whether or not the ledger knows them. */
export async function find(runIds: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const byRun = Map.groupBy(await withRuns(runIds), (snapshot) => tagsOf(snapshot)[tagKeys.run] ?? '');
  return new Map([...byRun].map(([runId, members]) => [runId, foundOf(members)]));
}

export const withRuns = (runIds: readonly string[]): Promise<readonly Snapshot[]> =>
  inBatches(runIds, (Values) =>
    describeSnapshots([
      { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
      { Name: `tag:${tagKeys.run}`, Values },
    ]),
  );

const foundOf = (members: readonly Snapshot[]): Found => ({
  artifacts: members.map(artifactOf),
  count: Math.max(...members.map((member) => Number(tagsOf(member)[tagKeys.count] ?? 0))),
});

/** All snapshots of a workload's runs, by their own descriptions too, which cannot be changed: without them one is not of the run, or not of that instance. */
export async function tagged(workload: string): Promise<readonly Tagged[]> {
  const snapshots = await describeSnapshots([
    { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
    { Name: `tag:${tagKeys.workload}`, Values: [workload] },
    { Name: `tag:${tagKeys.role}`, Values: ['backup'] },
  ]);
  return snapshots
    .filter((snapshot) => isDescribed(snapshot, workload))
    .map((snapshot) => ({ artifact: artifactOf(snapshot), tags: tagsOf(snapshot) }));
}

function isDescribed(snapshot: Snapshot, workload: string): boolean {
  const { [tagKeys.run]: id = '', [tagKeys.instance]: instance = '' } = tagsOf(snapshot);
  const run = parseRunId(id);
  const { instanceId } = settingsOf(snapshot) ?? {};
  return (
    run?.workload === workload &&
    instanceId === instance &&
    snapshot.Description?.startsWith(`${descriptionStart(run)}${instance} `) === true
  );
}

/** As the tags have them, but what a volume of the snapshot cannot be without. */
function settingsOf(snapshot: Snapshot): EbsDetail | undefined {
  const { VolumeId = '', VolumeSize, Encrypted = false, KmsKeyId } = snapshot;
  const told = readVolumeTag(VolumeId, tagsOf(snapshot), ownTagsOf(snapshot));
  if (told === undefined) return undefined;
  const { kmsKeyId: _, ...settings } = told;
  return {
    ...settings,
    ...(VolumeSize === undefined ? {} : { sizeGib: VolumeSize }),
    encrypted: Encrypted,
    ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
  };
}

export function artifactOf(snapshot: Snapshot): Artifact {
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
    detail: { ...settingsOf(snapshot) },
  };
}
