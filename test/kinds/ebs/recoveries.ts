import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const name = 'machine';
const file = '/mnt/sdf/rows';

const world = ({ services }: Region) => services.ec2.world;
const rowsOf = (region: Region) => world(region).guest(name).read(file)?.split('\n') ?? [];
const tagsOf = ({ tags }: { readonly tags: ReadonlyMap<string, string> }) => Object.fromEntries(tags);

export const recoveries: RecoveryArrangements = {
  ebs: {
    member: { kind: 'ebs', instance: { tags: { Name: name } }, volumes: 'data' },
    launch: (region) =>
      void world(region).launchInstance({
        ...{ name, tags: { team: 'shop' } },
        volumes: [{ device: '/dev/sdf', sizeGib: 1, iops: 4000, throughput: 250, tags: { team: 'shop' } }],
      }),
    write: (region, row) =>
      void world(region)
        .guest(name)
        .write(file, [...rowsOf(region), row].join('\n')),
    find: (region) => {
      const { sizeGib, type, iops, throughput, encrypted, kmsKeyId, tags } = world(region).volumeAt(name, '/dev/sdf');
      const volume = { sizeGib, type, iops, throughput, encrypted, kmsKeyId, team: tags.get('team') };
      return { rows: rowsOf(region), settings: { ...volume, state: world(region).instance(name).state } };
    },
    everything: (region) =>
      new Map<string, unknown>([
        ...[...world(region).volumes.values()].map((volume): [string, unknown] => {
          const { instanceId, device, state } = volume.attachment ?? {};
          return [volume.id, { state: volume.state, tags: tagsOf(volume), at: [instanceId, device, state] }];
        }),
        ...[...world(region).instances.values()].map((instance): [string, unknown] => [
          instance.id,
          { state: instance.state, tags: tagsOf(instance) },
        ]),
      ]),
    newOneBreaks: ({ services }) => services.ec2.arrange.volumeVanishes(1000),
    isTidied: true,
  },
};
