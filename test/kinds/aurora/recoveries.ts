import type { Region } from '#simulator/region.ts';
import { cname, readCname, setCname } from '../../conformance/cname.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'orders';
const hostOf = (cluster: string) => `${cluster}.cluster-c0ffee.eu-west-1.rds.amazonaws.com`;

type Present = (region: Region) => ReturnType<Region['services']['rds']['world']['cluster']>;

const instancesOf = ({ services }: Region, cluster: string) =>
  [...services.rds.world.instances.values()].filter(({ settings }) => settings.DBClusterIdentifier === cluster);

const foundBy = (present: Present): RecoveryArrangement => ({
  member: { kind: 'aurora', resource },
  launch: ({ services }) => services.rds.world.launchCluster({ name: resource, tags: { team: 'shop' } }),
  write: (region, row) => void present(region).rows.push(row),
  find: (region) => {
    const { name, rows, settings, tags } = present(region);
    const instances = instancesOf(region, name).map(({ settings: { DBInstanceClass, PromotionTier } }) => ({
      ...{ DBInstanceClass, PromotionTier },
    }));
    return { rows: [...rows], settings: { ...settings, team: tags.get('team'), instances } };
  },
  everything: (region) =>
    new Map(
      [...region.services.rds.world.clusters.values()].map(({ resourceId, name, status, tags, settings, rows }) => [
        resourceId,
        {
          ...{ name, status, tags: Object.fromEntries(tags), settings: { ...settings }, rows: [...rows] },
          instances: instancesOf(region, name).map((each) => [each.name, each.status]),
        },
      ]),
    ),
  ungiven: {
    give: (region) => {
      const AssociatedRoles = [{ RoleArn: 'arn:loads', FeatureName: 's3Import', Status: 'ACTIVE' }];
      present(region).settings = { ...present(region).settings, AssociatedRoles };
    },
    told: /the roles of its features are not given back: arn:loads for s3Import/,
    isThere: (region) => present(region).settings.AssociatedRoles !== undefined,
  },
  newOneBreaks: ({ services }) => services.rds.arrange.nextRestoreFails(),
});

const byName = foundBy(({ services }) => services.rds.world.cluster(resource));

const byRecord = foundBy((region) => region.services.rds.world.cluster(readCname(region).split('.')[0] ?? ''));
const recorded: RecoveryArrangement = {
  ...byRecord,
  member: { kind: 'aurora', resource, cname },
  launch: async (region) => {
    await byRecord.launch(region);
    setCname(region, hostOf(resource));
  },
  everything: async (region) => new Map([...(await byRecord.everything(region)), ['record', readCname(region)]]),
};

export const recoveries: RecoveryArrangements = {
  aurora: byName,
  'aurora: a moment': { ...byName, member: { kind: 'aurora', resource, continuous: true } },
  'aurora: found by a record': recorded,
};
