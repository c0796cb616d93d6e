import { filesParameter } from '../scenario/orders.ts';
import { databaseName } from '../scenario/policy.ts';
import type { Stage } from '../scenario/stage.ts';

/** All that a recovery could change about an instance, as text that can be compared. */
export function portraitOf({ services: { ec2, rds, efs, ssm } }: Stage, instanceId: string): string {
  const instance = ec2.world.instance(instanceId);
  const devices = [...instance.mappings].map(([device, { volumeId, deleteOnTermination, status }]) => {
    const volume = ec2.world.volumes.get(volumeId);
    const { instanceId: at, device: under, state } = volume?.attachment ?? {};
    return `${device} ${volumeId} ${deleteOnTermination} ${status} ${volume?.state} ${at} ${under} ${state} ${pairsOf(volume?.tags ?? new Map())}`;
  });
  const databases = [...rds.world.instances.values()]
    .filter(({ name }) => name === databaseName)
    .map(({ resourceId, status, tags }) => `database ${resourceId} ${status} ${pairsOf(tags)},`);
  const systems = efs.world
    .fileSystems()
    .filter(({ id }) => id === ssm.parameters.get(filesParameter))
    .map(({ id, tags }) => `files ${id} available ${pairsOf(tags)},`);
  return [instance.state, ...devices.sort(), ...databases, ...systems].join('\n');
}

const pairsOf = (tags: ReadonlyMap<string, string>): string =>
  [...tags]
    .sort()
    .map((pair) => pair.join('='))
    .join(',');
