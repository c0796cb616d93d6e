/**
 * One CreateSnapshots for all chosen volumes of an instance. The call takes no client token and each repeat makes another
 * set, so it is tried once at a time, and whatever an earlier try may have left is looked up before the next.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
 */
import { CreateSnapshotsCommand } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { PlannedMember } from '#domain/run.ts';
import { asFault, isAmbiguous } from '#platform/aws-errors.ts';
import { ec2Once } from '#platform/clients/ec2.ts';
import type { RunTags } from '../provider.ts';
import { ebsPlan } from './ebs-plan.ts';
import type { EbsPlan } from './plan.ts';
import { artifactsOf, descriptionOf, patiently, shownSet, tagsFor } from './snapshot-set.ts';

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

async function createSet(plan: EbsPlan, member: PlannedMember, run: RunTags): Promise<readonly Artifact[]> {
  const { Snapshots = [] } = await ec2Once().send(
    new CreateSnapshotsCommand({
      InstanceSpecification: {
        InstanceId: plan.instanceId,
        ExcludeBootVolume: plan.excludeBootVolume,
        ...(plan.excludeDataVolumeIds.length > 0 ? { ExcludeDataVolumeIds: [...plan.excludeDataVolumeIds] } : {}),
      },
      Description: descriptionOf(plan, run),
      ...(plan.copiesTags ? { CopyTagsFromSource: 'volume' } : {}),
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [...tagsFor(plan, member, run)] }],
    }),
  );
  return artifactsOf(Snapshots, plan, member);
}

/** What an earlier try made, if anything. */
async function lookUp(plan: EbsPlan, member: PlannedMember, run: RunTags): Promise<readonly Artifact[]> {
  const set = await patiently(() => shownSet(plan, member, run));
  return set === undefined ? [] : artifactsOf(set, plan, member);
}
