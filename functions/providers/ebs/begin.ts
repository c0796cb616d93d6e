/**
 * One CreateSnapshots for all chosen volumes of an instance. The call takes no client token and each repeat makes another
 * set, so it is tried once at a time, and whatever an earlier try may have left is looked up before the next.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
 */
import { CreateSnapshotsCommand, type SnapshotInfo, type Tag } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { integrityFault } from '#domain/faults.ts';
import type { PlannedMember } from '#domain/run.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault, isAmbiguous } from '#platform/aws-errors.ts';
import { ec2Once } from '#platform/clients/ec2.ts';
import type { RunTags } from '../provider.ts';
import { describeSnapshots } from './describe.ts';
import type { EbsDetail } from './detail.ts';
import type { EbsPlan } from './plan.ts';
import { volumeTag } from './volume-tag.ts';

/** How long a set that may exist is looked for: it becomes visible within seconds (EC2, eventual consistency). */
const lookupMs = 4000;
const lookupIntervalMs = 500;

export async function begin(member: PlannedMember, run: RunTags, again: boolean): Promise<readonly Artifact[]> {
  const plan = ebsPlan(member);
  const earlier = again ? await lookUp(plan, member, run) : [];
  if (earlier.length > 0) return earlier;
  try {
    return await createSet(plan, member, run);
  } catch (error) {
    const found = isAmbiguous(error) ? await lookUp(plan, member, run) : [];
    if (found.length > 0) return found;
    throw asFault(error, `starting the snapshots of ${plan.instanceId}`);
  }
}

/** The plan's detail as this provider wrote it. @throws IntegrityFault when it is another's */
export function ebsPlan({ detail }: PlannedMember): EbsPlan {
  if (typeof detail.instanceId === 'string' && Array.isArray(detail.volumes)) return detail as EbsPlan;
  throw integrityFault('The planned member in the ledger is not one of kind ebs.');
}

async function createSet(plan: EbsPlan, member: PlannedMember, run: RunTags): Promise<readonly Artifact[]> {
  const { Snapshots = [] } = await ec2Once().send(
    new CreateSnapshotsCommand({
      InstanceSpecification: {
        InstanceId: plan.instanceId,
        ExcludeBootVolume: plan.excludeBootVolume,
        ...(plan.excludeDataVolumeIds.length > 0 ? { ExcludeDataVolumeIds: [...plan.excludeDataVolumeIds] } : {}),
      },
      Description: describe(plan, run),
      CopyTagsFromSource: 'volume',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: tags(plan, member, run) }],
    }),
  );
  return artifactsOf(Snapshots, plan, member);
}

/** At most 255 characters, for a person in the EC2 console. */
function describe({ instanceId, volumes }: EbsPlan, run: RunTags): string {
  const devices = volumes.map(({ device }) => device).join(' ');
  const when = run.scheduledAt.slice(0, 16).replace('T', ' ');
  return `Holdfast: ${run.workload} of ${when} UTC, ${instanceId} ${devices}, run ${run.runId}`.slice(0, 255);
}

function tags({ instanceId, volumes }: EbsPlan, member: PlannedMember, run: RunTags): Tag[] {
  return [
    { Key: tagKeys.stack, Value: run.stack },
    { Key: tagKeys.workload, Value: run.workload },
    { Key: tagKeys.run, Value: run.runId },
    { Key: tagKeys.tier, Value: String(member.tier) },
    { Key: tagKeys.instance, Value: instanceId },
    { Key: tagKeys.count, Value: String(run.count) },
    { Key: tagKeys.role, Value: 'backup' },
    { Key: tagKeys.verdict, Value: 'pending' },
    { Key: tagKeys.expires, Value: run.expiresAt },
    ...volumes.map(volumeTag),
  ];
}

/** What an earlier try made, if anything: looked for until it shows or a while has passed. */
async function lookUp(plan: EbsPlan, member: PlannedMember, run: RunTags): Promise<readonly Artifact[]> {
  const untilMs = Date.now() + lookupMs;
  for (;;) {
    const snapshots = await describeSnapshots([
      { Name: `tag:${tagKeys.run}`, Values: [run.runId] },
      { Name: `tag:${tagKeys.instance}`, Values: [plan.instanceId] },
      { Name: `tag:${tagKeys.tier}`, Values: [String(member.tier)] },
    ]);
    const set = firstSet(snapshots, plan.volumes);
    if (set.length === plan.volumes.length) return artifactsOf(set, plan, member);
    if (Date.now() >= untilMs) return [];
    await new Promise((resolve) => setTimeout(resolve, lookupIntervalMs));
  }
}

/** Members of a set share one start time; of several sets the oldest is ours, the others are surplus that settle discards. */
function firstSet<T extends SnapshotInfo>(snapshots: readonly T[], volumes: readonly EbsDetail[]): readonly T[] {
  const start = Math.min(...snapshots.map(({ StartTime }) => StartTime?.getTime() ?? Infinity));
  return snapshots.filter(
    ({ StartTime, VolumeId }) =>
      StartTime?.getTime() === start && volumes.some(({ volumeId }) => volumeId === VolumeId),
  );
}

function artifactsOf(snapshots: readonly SnapshotInfo[], plan: EbsPlan, { tier }: PlannedMember): readonly Artifact[] {
  return plan.volumes.map((volume) => {
    const snapshot = snapshots.find(({ VolumeId }) => VolumeId === volume.volumeId);
    if (snapshot?.SnapshotId === undefined || snapshot.StartTime === undefined) {
      throw integrityFault(
        `CreateSnapshots of ${plan.instanceId} made no snapshot of ${volume.volumeId} (${volume.device}).`,
      );
    }
    return {
      kind: 'ebs',
      id: snapshot.SnapshotId,
      source: volume.volumeId,
      tier,
      state: 'pending',
      startedAt: snapshot.StartTime.toISOString(),
      detail: { ...volume },
    };
  });
}
