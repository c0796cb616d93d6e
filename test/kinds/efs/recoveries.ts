import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'fs-0a1b2c3d';
const parameter = '/orders/files';
const mover = 'mover';

const present = ({ services }: Region) => services.efs.world.fileSystem(services.ssm.parameters.get(parameter) ?? '');

export const recoveries: RecoveryArrangements = {
  efs: {
    member: { kind: 'efs', resource, parameter, promoteOn: { tags: { Name: mover } } },
    launch: ({ services }) => {
      services.ec2.world.launchInstance({ name: mover });
      services.efs.world.create({ id: resource, tags: { team: 'shop' }, policy: '{"Statement":[]}' });
      services.ssm.parameters.set(parameter, resource);
    },
    write: (region, row) => void present(region).files.set(`/${row}`, row),
    find: (region) => {
      const { files, settings, policy, lifecycle, mountTargets, accessPoints, tags } = present(region);
      return {
        rows: [...files.values()],
        settings: {
          ...{ policy, lifecycle, mode: settings.ThroughputMode, team: tags.get('team') },
          networks: mountTargets.map(({ subnetId, securityGroups, state }) => ({ subnetId, securityGroups, state })),
          users: accessPoints.map(({ PosixUser, RootDirectory }) => ({ PosixUser, RootDirectory })),
        },
      };
    },
    everything: ({ services }) =>
      new Map<string, unknown>([
        ...services.efs.world
          .fileSystems()
          .map(({ id, files, tags, settings, policy }): [string, unknown] => [
            id,
            { rows: [...files.values()], tags: Object.fromEntries(tags), settings: { ...settings }, policy },
          ]),
        [parameter, services.ssm.parameters.get(parameter)],
      ]),
    ungiven: {
      give: (region) => region.services.efs.world.create({ id: resource, replicas: ['fs-0faraway'] }),
      told: /it is not replicated to fs-0faraway in eu-central-1 any more/,
      isThere: (region) => present(region).replicas.length > 0,
    },
    newOneBreaks: ({ services }) => services.backup.arrange.nextRestore('FAILED'),
  },
};
