/** Calls as an operator would type them: for the dry run, and for finishing by hand what could not be rolled back. */
import type { Action } from './action.ts';

export function commandLine(action: Action): string {
  switch (action.kind) {
    case 'stop':
      return line('ec2 stop-instances', { 'instance-ids': action.instanceId });
    case 'start':
      return line('ec2 start-instances', { 'instance-ids': action.instanceId });
    case 'detach':
      return line('ec2 detach-volume', { 'volume-id': action.volumeId, ...(action.force ? { force: '' } : {}) });
    case 'attach':
      return line('ec2 attach-volume', {
        'volume-id': action.volumeId,
        'instance-id': action.instanceId,
        device: action.device,
      });
    case 'keep-setting':
      return line('ec2 modify-instance-attribute', {
        'instance-id': action.instanceId,
        'block-device-mappings': JSON.stringify(
          action.settings.map(({ device, deleteOnTermination }) => ({
            DeviceName: device,
            Ebs: { DeleteOnTermination: deleteOnTermination },
          })),
        ),
      });
    case 'tag':
      return line('ec2 create-tags', { resources: action.resourceId, tags: JSON.stringify(pairs(action.tags)) });
    case 'untag':
      return line('ec2 delete-tags', {
        resources: action.resourceId,
        tags: JSON.stringify(action.keys.map((Key) => ({ Key }))),
      });
  }
}

/** `aws ec2 stop-instances --instance-ids i-0abc`; an empty value is a flag. */
export const line = (command: string, parameters: Readonly<Record<string, string>>): string =>
  [
    `aws ${command}`,
    ...Object.entries(parameters).map(([name, value]) => (value === '' ? `--${name}` : `--${name} ${quoted(value)}`)),
  ].join(' ');

const pairs = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** For a POSIX shell. */
export const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
