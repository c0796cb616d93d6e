import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'orders';
const present = ({ services }: Region) => services.rds.world.cluster(resource);
const instancesOf = ({ services }: Region, cluster: string) =>
  [...services.rds.world.instances.values()].filter(({ settings }) => settings.DBClusterIdentifier === cluster);

const snapshot: RecoveryArrangement = {
  member: { kind: 'aurora', resource },
  launch: ({ services }) => services.rds.world.launchCluster({ name: resource, tags: { team: 'shop' } }),
  write: (region, row) => void present(region).rows.push(row),
  find: (region) => {
    const { rows, settings, tags } = present(region);
    const instances = instancesOf(region, resource).map(({ settings: { DBInstanceClass, PromotionTier } }) => ({
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
};

export const recoveries: RecoveryArrangements = {
  aurora: snapshot,
  'aurora: a moment': { ...snapshot, member: { kind: 'aurora', resource, continuous: true } },
};
