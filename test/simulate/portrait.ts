import type { InstanceRecord } from '#simulator/services/ec2/records.ts';
import type { Stage } from '../scenario/stage.ts';

/** All that a recovery could change about an instance, and about what applications find, as text that can be compared. */
export function portraitOf(stage: Stage, instanceId: string): string {
  const { ec2 } = stage.services;
  const instance = reachedFor(stage, instanceId);
  const devices = [...instance.mappings].map(([device, { volumeId, deleteOnTermination, status }]) => {
    const volume = ec2.world.volumes.get(volumeId);
    const { instanceId: at, device: under, state } = volume?.attachment ?? {};
    return `${device} ${volumeId} ${deleteOnTermination} ${status} ${volume?.state} ${at} ${under} ${state} ${pairsOf(volume?.tags ?? new Map())}`;
  });
  const managed = inUse(stage).map(({ kind, id, status, tags }) => `${kind} ${id} ${status} ${pairsOf(tags)},`);
  return [instance.state, ...devices.sort(), ...managed].join('\n');
}

/** The instance, or the one that its Elastic IP address leads to now. */
export function reachedFor({ services: { ec2 } }: Stage, instanceId: string): InstanceRecord {
  const instance = ec2.world.instance(instanceId);
  const { elasticIp } = instance.spec;
  const address = [...ec2.world.addresses.values()].find(({ publicIp }) => publicIp === elasticIp);
  return ec2.world.instances.get(address?.association?.instanceId ?? '') ?? instance;
}

export const isManagedLine = (line: string): boolean => /^(database|files|cache|table|indices|machine) /.test(line);

interface Resource {
  readonly kind: 'database' | 'files' | 'cache' | 'table' | 'indices' | 'machine';
  /** Its own for as long as it lives, whatever its name. */
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Managed resources that a recovery could have made or replaced. */
export function managedResources({ services }: Stage): readonly Resource[] {
  const { elasticache, efs, memorydb } = services;
  const { groups, nodes, serverlessCaches } = elasticache.world;
  const ofNoGroup = [...nodes.values()].filter(({ group }) => group === undefined);
  return [
    ...databases(services),
    ...efs.world.fileSystems().map(({ id, token: name, tags }) => ({
      ...{ kind: 'files' as const, id, name, status: 'available', tags },
    })),
    ...[...memorydb.world.clusters.values(), ...groups.values(), ...ofNoGroup, ...serverlessCaches.values()].map(
      ({ name, status, tags }) => ({ kind: 'cache' as const, id: name, name, status, tags }),
    ),
    ...tables(services),
    ...indices(services),
    ...machines(services),
  ];
}

type Of = (services: Stage['services']) => readonly Resource[];

/** A cluster is no better than the worst of its instances. */
const databases: Of = ({ rds }) => {
  const instances = [...rds.world.instances.values()];
  const clusters = [...rds.world.clusters.values()].map(({ resourceId: id, name, status, tags }) => {
    const own = instances.filter(({ settings }) => settings.DBClusterIdentifier === name);
    const lacking = own.find((each) => each.status !== 'available');
    return { kind: 'database' as const, id, name, status: lacking?.status ?? status, tags };
  });
  const alone = instances.filter(({ settings }) => settings.DBClusterIdentifier === undefined);
  return [
    ...alone.map(({ resourceId: id, name, status, tags }) => ({ kind: 'database' as const, id, name, status, tags })),
    ...clusters,
  ];
};

/** Those that a signpost says, and those that were restored. */
const tables: Of = ({ dynamodb, ssm }) => {
  const said = new Set(ssm.parameters.values());
  return [...dynamodb.world.tables].flatMap(([name, { status = 'available', tags, restored }]) =>
    restored === undefined && !said.has(name) ? [] : [{ kind: 'table' as const, id: name, name, status, tags }],
  );
};

/** They have no tags; of what is made the names end alike. */
const indices: Of = ({ opensearch }) =>
  [...opensearch.world.domains.values()].flatMap((domain) =>
    [...domain.indices].map(([id, { health, aliases }]) => ({
      ...{ kind: 'indices' as const, id, name: endingOf(id) ?? id, status: health === 'green' ? 'available' : health },
      tags: new Map([...aliases].sort().map((alias) => [alias, ''])),
    })),
  );

export const endingOf = (index: string): string | undefined => /-new-[0-9a-f]{6}$/.exec(index)?.[0];

/** Those with an address, and those that were launched from images. */
const machines: Of = ({ ec2 }) =>
  [...ec2.world.instances.values()].flatMap(({ id, spec, clientToken, state, tags }) =>
    spec.elasticIp === undefined && clientToken === undefined
      ? []
      : [{ kind: 'machine' as const, id, name: clientToken ?? id, status: stateOf(state), tags }],
  );

const stateOf = (state: string): string => (state === 'running' ? 'available' : state);

/** What applications find: by its name, or by what leads to it. */
function inUse(stage: Stage): readonly Resource[] {
  const { ec2, route53, ssm } = stage.services;
  const records = [...route53.zones.values()].flatMap((zone) => [...zone.values()]);
  const named = records.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value = '' }) => Value));
  const said = [...ssm.parameters.values(), ...named];
  const signposts = new Set([...said, ...said.flatMap((value) => value.split('.'))]);
  const addressed = new Set([...ec2.world.addresses.values()].map(({ association }) => association?.instanceId));
  return managedResources(stage).filter(({ kind, name, id, tags }) => {
    if (kind === 'database') return !/-(new|old)-[0-9a-f]{6}$/.test(name);
    if (kind === 'indices') return tags.size > 0;
    return kind === 'machine' ? addressed.has(id) : signposts.has(id);
  });
}

const pairsOf = (tags: ReadonlyMap<string, string>): string =>
  [...tags]
    .sort()
    .map((pair) => pair.join('='))
    .join(',');
