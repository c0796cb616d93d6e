import type { Stage } from '../scenario/stage.ts';

/** All that a recovery could change about an instance, as text that can be compared. */
export function portraitOf({ services: { ec2 } }: Stage, instanceId: string): string {
  const instance = ec2.world.instance(instanceId);
  const devices = [...instance.mappings].map(([device, { volumeId, deleteOnTermination, status }]) => {
    const volume = ec2.world.volumes.get(volumeId);
    const tags = [...(volume?.tags ?? [])].sort().map((pair) => pair.join('='));
    const { instanceId: at, device: under, state } = volume?.attachment ?? {};
    return `${device} ${volumeId} ${deleteOnTermination} ${status} ${volume?.state} ${at} ${under} ${state} ${tags.join(',')}`;
  });
  return [instance.state, ...devices.sort()].join('\n');
}
