import type { Region } from '#simulator/region.ts';
import { cname, readCname, setCname } from '../../conformance/cname.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'orders';
const hostOf = (instance: string) => `${instance}.c0ffee.eu-west-1.rds.amazonaws.com`;

type Present = (region: Region) => ReturnType<Region['services']['rds']['world']['instance']>;

const foundBy = (present: Present): RecoveryArrangement => ({
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
});

const byName = foundBy(({ services }) => services.rds.world.instance(resource));

const byRecord = foundBy((region) => region.services.rds.world.instance(readCname(region).split('.')[0] ?? ''));
const recorded: RecoveryArrangement = {
  ...byRecord,
  member: { kind: 'rds', resource, cname },
  launch: async (region) => {
    await byRecord.launch(region);
    setCname(region, hostOf(resource));
  },
  everything: async (region) => new Map([...(await byRecord.everything(region)), ['record', readCname(region)]]),
};

export const recoveries: RecoveryArrangements = {
  rds: byName,
  'rds: a moment': { ...byName, member: { kind: 'rds', resource, continuous: true } },
  'rds: found by a record': recorded,
};
