import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'orders';
const present = ({ services }: Region) => services.rds.world.instance(resource);

const snapshot: RecoveryArrangement = {
  member: { kind: 'rds', resource },
  launch: ({ services }) =>
    services.rds.world.launch({ name: resource, tags: { team: 'shop' }, settings: { MaxAllocatedStorage: 500 } }),
  write: (region, row) => void present(region).rows.push(row),
  find: (region) => {
    const { rows, settings, tags } = present(region);
    return { rows: [...rows], settings: { ...settings, team: tags.get('team') } };
  },
  everything: ({ services }) =>
    new Map(
      [...services.rds.world.instances.values()].map(({ resourceId, name, status, tags, settings, rows }) => [
        resourceId,
        { name, status, tags: Object.fromEntries(tags), settings: { ...settings }, rows: [...rows] },
      ]),
    ),
  ungiven: {
    give: (region) => {
      present(region).settings = {
        ...present(region).settings,
        MonitoringRoleArn: 'arn:monitor',
        MonitoringInterval: 60,
      };
    },
    told: /enhanced monitoring every 60 s by arn:monitor is not given back/,
    isThere: (region) => present(region).settings.MonitoringRoleArn !== undefined,
  },
  newOneBreaks: ({ services }) => services.rds.arrange.nextRestoreFails(),
};

export const recoveries: RecoveryArrangements = {
  rds: snapshot,
  'rds: a moment': { ...snapshot, member: { kind: 'rds', resource, continuous: true } },
};
