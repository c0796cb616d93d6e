/** What a recovery does to an instance, as data: decided purely, performed here, printed by `command-line.ts`. */
import {
  AttachVolumeCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DetachVolumeCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';

export type Action =
  | { readonly kind: 'stop' | 'start'; readonly instanceId: string }
  | {
      readonly kind: 'detach';
      readonly instanceId: string;
      readonly volumeId: string;
      readonly device: string;
      /** Only ever of a stopped instance, which has nothing left to write. */
      readonly force?: boolean;
    }
  | { readonly kind: 'attach'; readonly instanceId: string; readonly volumeId: string; readonly device: string }
  | { readonly kind: 'keep-setting'; readonly instanceId: string; readonly settings: readonly TerminationSetting[] }
  | { readonly kind: 'tag'; readonly resourceId: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'untag'; readonly resourceId: string; readonly keys: readonly string[] };

/** Volumes attached after launch get `false`, roots too: the setting must be put back. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html */
export interface TerminationSetting {
  readonly device: string;
  readonly volumeId: string;
  readonly deleteOnTermination: boolean;
}

/**
 * Performs one action.
 * @returns undefined, or EC2's words when it refused for a reason that passes (a state not reached or not yet visible, no
 * capacity just now): look again
 * @throws a Fault for every other refusal
 */
export async function perform(action: Action): Promise<string | undefined> {
  try {
    await send(action);
    return undefined;
  } catch (error) {
    if (!passes(action, error)) throw asFault(error, doing(action));
    return `${codeOf(error)}: ${error instanceof Error ? error.message : ''}`;
  }
}

function send(action: Action): Promise<unknown> {
  switch (action.kind) {
    case 'stop':
      return ec2().send(new StopInstancesCommand({ InstanceIds: [action.instanceId] }));
    case 'start':
      return ec2().send(new StartInstancesCommand({ InstanceIds: [action.instanceId] }));
    case 'detach':
      return ec2().send(
        new DetachVolumeCommand({ VolumeId: action.volumeId, InstanceId: action.instanceId, Force: action.force }),
      );
    case 'attach':
      return ec2().send(
        new AttachVolumeCommand({ VolumeId: action.volumeId, InstanceId: action.instanceId, Device: action.device }),
      );
    case 'keep-setting':
      return ec2().send(
        new ModifyInstanceAttributeCommand({
          InstanceId: action.instanceId,
          BlockDeviceMappings: action.settings.map(({ device, deleteOnTermination }) => ({
            DeviceName: device,
            Ebs: { DeleteOnTermination: deleteOnTermination },
          })),
        }),
      );
    case 'tag':
      return ec2().send(
        new CreateTagsCommand({
          Resources: [action.resourceId],
          Tags: Object.entries(action.tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    case 'untag':
      return ec2().send(
        new DeleteTagsCommand({ Resources: [action.resourceId], Tags: action.keys.map((Key) => ({ Key })) }),
      );
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const passingCodes: Readonly<Record<Action['kind'], readonly string[]>> = {
  stop: ['IncorrectInstanceState'],
  start: ['IncorrectInstanceState', 'IncorrectState'],
  detach: ['IncorrectState', 'InvalidAttachment.NotFound'],
  attach: ['VolumeInUse', 'IncorrectState', 'IncorrectInstanceState', 'InvalidVolume.NotFound'],
  'keep-setting': ['IncorrectInstanceState', 'IncorrectState', 'InvalidInstanceAttributeValue'],
  tag: [],
  untag: [],
};

function passes(action: Action, error: unknown): boolean {
  const code = codeOf(error);
  if (passingCodes[action.kind].includes(code)) return true;
  if (action.kind === 'start') return code.startsWith('Insufficient');
  const words = error instanceof Error ? error.message : '';
  return action.kind === 'attach' && code === 'InvalidParameterValue' && words.includes('already in use');
}

const doing = (action: Action): string => {
  switch (action.kind) {
    case 'stop':
      return `stopping ${action.instanceId}`;
    case 'start':
      return `starting ${action.instanceId}`;
    case 'detach':
      return `detaching ${action.volumeId} from ${action.instanceId}`;
    case 'attach':
      return `attaching ${action.volumeId} to ${action.instanceId} as ${action.device}`;
    case 'keep-setting':
      return `setting DeleteOnTermination of ${action.settings.map(({ device }) => device).join(', ')} on ${action.instanceId}`;
    case 'tag':
    case 'untag':
      return `tagging ${action.resourceId}`;
  }
};
