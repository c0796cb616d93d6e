/** Looks for what ought to be in a plan of AWS Backup and is not, for want of tags. */
import { paginateDescribeVolumes, type Volume } from '@aws-sdk/client-ec2';
import type { BackupPlan } from '#domain/backup-plan.ts';
import { backupPlanTypeOf, backupPlanTypes, typesOf } from '#domain/backup-plan-types.ts';
import { alike, type LackingTags, lackedOf, partlyTagged } from '#domain/lacking-tags.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { tagging } from '#platform/clients/tagging.ts';
import { line } from '#providers/ebs/restore/command-line.ts';

/** What carries some of its tags or values like them, and the volumes of instances that carry them all, where it takes volumes and no instances. */
export async function lackingTags(plan: BackupPlan): Promise<readonly LackingTags[]> {
  const found = [...(await partly(plan)), ...(await volumesOfTagged(plan))];
  const byResource = new Map(found.toReversed().map((each) => [each.resource, each]));
  return [...byResource.values()].toSorted((one, other) => (one.resource < other.resource ? -1 : 1));
}

async function partly(plan: BackupPlan): Promise<readonly LackingTags[]> {
  const types = typesOf(plan);
  const inArns = types.map((type) => backupPlanTypes[type].inArns);
  const found = await Promise.all(
    Object.entries(plan.tags).map(([key, value]) => tagging().resourcesWith({ [key]: alike(value) }, inArns)),
  );
  return found
    .flat()
    .filter(({ arn }) => types.some((type) => type === backupPlanTypeOf(arn)))
    .flatMap(({ arn, tags }) => partlyTagged(plan, arn, tags) ?? []);
}

/** Where it takes instances, the copy of an instance has all its volumes. */
async function volumesOfTagged(plan: BackupPlan): Promise<readonly LackingTags[]> {
  const types = typesOf(plan);
  if (!types.includes('ebs') || types.includes('ec2')) return [];
  const instances = await tagging().resourcesWith(plan.tags, [backupPlanTypes.ec2.inArns]);
  const arns = new Map(instances.map(({ arn }) => [arn.split('/').at(-1) ?? '', arn]));
  const lacking: LackingTags[] = [];
  for (const volume of await volumesOf([...arns.keys()])) {
    const instanceId = volume.Attachments?.[0]?.InstanceId ?? '';
    const tags = Object.fromEntries((volume.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    const lacks = lackedOf(plan, tags);
    if (Object.keys(lacks).length === 0) continue;
    const resource = (arns.get(instanceId) ?? '').replace(/instance\/.*$/, `volume/${volume.VolumeId}`);
    lacking.push({ resource, lacks, because: `its instance ${instanceId} carries them` });
  }
  return lacking;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Using_Filtering.html */
const mostFilterValues = 200;

async function volumesOf(instanceIds: readonly string[]): Promise<readonly Volume[]> {
  const found: Volume[] = [];
  for (let from = 0; from < instanceIds.length; from += mostFilterValues) {
    const Filters = [{ Name: 'attachment.instance-id', Values: instanceIds.slice(from, from + mostFilterValues) }];
    for await (const page of paginateDescribeVolumes({ client: ec2(), pageSize: 500 }, { Filters })) {
      found.push(...(page.Volumes ?? []));
    }
  }
  return found;
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html */
const mostAtOnce = 20;

/** The commands that give them all tags of the plan. */
export function taggingCommands({ tags }: BackupPlan, lacking: readonly LackingTags[]): readonly string[] {
  const commands: string[] = [];
  for (let from = 0; from < lacking.length; from += mostAtOnce) {
    const arns = lacking.slice(from, from + mostAtOnce).map(({ resource }) => resource);
    const parameters = { 'resource-arn-list': JSON.stringify(arns), tags: JSON.stringify(tags) };
    commands.push(line('resourcegroupstaggingapi tag-resources', parameters));
  }
  return commands;
}
