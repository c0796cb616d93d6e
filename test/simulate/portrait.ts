import type { Stage } from '../scenario/stage.ts';

/** All that a recovery could change about an instance, and about what applications find, as text that can be compared. */
export function portraitOf(stage: Stage, instanceId: string): string {
  const { ec2 } = stage.services;
  const instance = ec2.world.instance(instanceId);
  const devices = [...instance.mappings].map(([device, { volumeId, deleteOnTermination, status }]) => {
    const volume = ec2.world.volumes.get(volumeId);
    const { instanceId: at, device: under, state } = volume?.attachment ?? {};
    return `${device} ${volumeId} ${deleteOnTermination} ${status} ${volume?.state} ${at} ${under} ${state} ${pairsOf(volume?.tags ?? new Map())}`;
  });
  const managed = inUse(stage).map(({ kind, id, status, tags }) => `${kind} ${id} ${status} ${pairsOf(tags)},`);
  return [instance.state, ...devices.sort(), ...managed].join('\n');
}

export const isManagedLine = (line: string): boolean => /^(database|files|cache) /.test(line);

interface Resource {
  readonly kind: 'database' | 'files' | 'cache';
  /** Its own for as long as it lives, whatever its name. */
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Managed resources that a recovery could have made or replaced. */
export function managedResources({ services: { elasticache, efs, memorydb, rds } }: Stage): readonly Resource[] {
  const { groups, nodes, serverlessCaches } = elasticache.world;
  const ofNoGroup = [...nodes.values()].filter(({ group }) => group === undefined);
  return [
    ...[...rds.world.instances.values()].map(({ resourceId: id, name, status, tags }) => ({
      ...{ kind: 'database' as const, id, name, status, tags },
    })),
    ...efs.world.fileSystems().map(({ id, token: name, tags }) => ({
      ...{ kind: 'files' as const, id, name, status: 'available', tags },
    })),
    ...[...memorydb.world.clusters.values(), ...groups.values(), ...ofNoGroup, ...serverlessCaches.values()].map(
      ({ name, status, tags }) => ({ kind: 'cache' as const, id: name, name, status, tags }),
    ),
  ];
}

/** What applications find: by its name, or by a signpost. */
function inUse(stage: Stage): readonly Resource[] {
  const { route53, ssm } = stage.services;
  const records = [...route53.zones.values()].flatMap((zone) => [...zone.values()]);
  const named = records.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value = '' }) => Value));
  const signposts = [...ssm.parameters.values(), ...named].flatMap((value) => value.split('.'));
  return managedResources(stage).filter(({ kind, name, id }) =>
    kind === 'database' ? !/-(new|old)-[0-9a-f]{6}$/.test(name) : signposts.includes(id),
  );
}

const pairsOf = (tags: ReadonlyMap<string, string>): string =>
  [...tags]
    .sort()
    .map((pair) => pair.join('='))
    .join(',');
