import type {
  DescribeInstanceAttributeRequest,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Ec2Context } from './context.ts';
import { describeMappings } from './describe-instances.ts';
import { DEFAULT_INSTANCE_TYPE } from './launch-spec.ts';
import { instanceOf } from './lookup.ts';
import type { InstanceRecord } from './records.ts';
import { invalidCombination, invalidValue, notSimulated } from './refusals.ts';

const MODIFIABLE = ['BlockDeviceMappings', 'DisableApiStop'] as const;

/** ModifyInstanceAttribute: DeleteOnTermination of mapped volumes, or stop protection; one attribute a call. */
export function modifyInstanceAttribute(
  context: Ec2Context,
  input: ModifyInstanceAttributeRequest,
): Record<string, never> {
  const { InstanceId, DryRun, ...attributes } = input;
  const instance = instanceOf(context, InstanceId);
  const given = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length > 1) {
    throw invalidCombination('Fields for multiple attribute types specified');
  }
  const foreign = given.find((name) => !MODIFIABLE.some((known) => known === name));
  if (foreign !== undefined) {
    throw notSimulated(`ModifyInstanceAttribute of ${foreign}`);
  }
  instance.disableApiStop = input.DisableApiStop?.Value ?? instance.disableApiStop;
  setDeleteOnTermination(instance, input);
  return {};
}

function setDeleteOnTermination(instance: InstanceRecord, input: ModifyInstanceAttributeRequest): void {
  const wanted = (input.BlockDeviceMappings ?? []).map((each) => {
    const mapping = instance.mappings.get(each.DeviceName ?? '');
    if (!mapping) {
      throw invalidValue(`No device is currently mapped at ${each.DeviceName}`);
    }
    return { mapping, value: each.Ebs?.DeleteOnTermination };
  });
  for (const { mapping, value } of wanted) {
    mapping.deleteOnTermination = value ?? mapping.deleteOnTermination;
  }
}

export function describeInstanceAttribute(
  context: Ec2Context,
  input: DescribeInstanceAttributeRequest,
): InstanceAttribute {
  const instance = instanceOf(context, input.InstanceId);
  const known: Partial<Record<string, InstanceAttribute>> = {
    disableApiStop: { DisableApiStop: { Value: instance.disableApiStop } },
    disableApiTermination: { DisableApiTermination: { Value: false } },
    blockDeviceMapping: { BlockDeviceMappings: describeMappings(instance) },
    rootDeviceName: { RootDeviceName: { Value: instance.rootDevice } },
    instanceType: { InstanceType: { Value: instance.spec.type ?? DEFAULT_INSTANCE_TYPE } },
    userData: { UserData: userDataOf(instance) },
    instanceInitiatedShutdownBehavior: { InstanceInitiatedShutdownBehavior: { Value: 'stop' } },
  };
  const attribute = known[input.Attribute ?? ''];
  if (!attribute) {
    throw notSimulated(`DescribeInstanceAttribute of ${input.Attribute}`);
  }
  return { InstanceId: instance.id, ...attribute };
}

/** Empty, and not absent, when there is none. */
const userDataOf = ({ spec: { userData } }: InstanceRecord) =>
  userData === undefined ? {} : { Value: Buffer.from(userData).toString('base64') };
