/** All that a plan needs to know of AWS, asked once, before anything is decided. */
import { type AutoScalingInstanceDetails, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceTypesCommand,
  type Instance,
  type InstanceTypeInfo,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2';
import { codeOf, faultWhile } from '#platform/aws-errors.ts';
import { autoScaling } from '#platform/clients/auto-scaling.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { describeInstances, describeVolumes, snapshotsById } from '../describe.ts';
import type { EbsDetail } from '../detail.ts';
import { type KeyStates, keyStates } from '../key-states.ts';
import { attachedVolumes } from '../selection.ts';

export interface InstanceFacts {
  readonly instance: Instance;
  readonly volumes: readonly Volume[];
  readonly attached: readonly EbsDetail[];
  readonly scaling?: AutoScalingInstanceDetails;
  readonly isStopProtected: boolean;
  readonly type?: InstanceTypeInfo;
}

export interface Facts {
  /** By instance id; one that does not exist in this Region and account is not in it. */
  readonly instances: ReadonlyMap<string, InstanceFacts>;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly keys: KeyStates;
}

export async function gatherFacts(instanceIds: readonly string[], snapshotIds: readonly string[]): Promise<Facts> {
  const [found, snapshots] = await Promise.all([
    instanceIds.length === 0 ? [] : describeInstances([{ Name: 'instance-id', Values: [...instanceIds] }]),
    snapshotsById(snapshotIds),
  ]);
  const facts = await Promise.all(found.map(factsOf));
  const keyIds = [
    ...[...snapshots.values()].map(({ KmsKeyId }) => KmsKeyId),
    ...facts.flatMap(({ attached }) => attached.map(({ kmsKeyId }) => kmsKeyId)),
  ];
  return {
    instances: new Map(facts.map((each) => [each.instance.InstanceId ?? '', each])),
    snapshots,
    keys: await keyStates(new Set(keyIds.filter((id) => id !== undefined))),
  };
}

async function factsOf(instance: Instance): Promise<InstanceFacts> {
  const id = instance.InstanceId ?? '';
  const [volumes, scaling, isStopProtected, type] = await Promise.all([
    describeVolumes([{ Name: 'attachment.instance-id', Values: [id] }]),
    scalingOf(id),
    isProtected(id),
    typeOf(instance),
  ]);
  return {
    instance,
    volumes,
    attached: attachedVolumes(instance, volumes),
    isStopProtected,
    ...(scaling === undefined ? {} : { scaling }),
    ...(type === undefined ? {} : { type }),
  };
}

async function scalingOf(id: string): Promise<AutoScalingInstanceDetails | undefined> {
  const { AutoScalingInstances = [] } = await autoScaling()
    .send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] }))
    .catch(faultWhile(`asking whether ${id} is in an Auto Scaling group`));
  return AutoScalingInstances[0];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html */
async function isProtected(id: string): Promise<boolean> {
  const { DisableApiStop } = await ec2()
    .send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'disableApiStop' }))
    .catch((error: unknown) => {
      if (codeOf(error) === 'InvalidInstanceID.NotFound') return { DisableApiStop: undefined };
      return faultWhile(`asking for the stop protection of ${id}`)(error);
    });
  return DisableApiStop?.Value ?? false;
}

async function typeOf({ InstanceType }: Instance): Promise<InstanceTypeInfo | undefined> {
  if (InstanceType === undefined) return undefined;
  const { InstanceTypes = [] } = await ec2()
    .send(new DescribeInstanceTypesCommand({ InstanceTypes: [InstanceType] }))
    .catch(faultWhile(`asking for the limits of ${InstanceType}`));
  return InstanceTypes[0];
}
