/** What a restored cluster still needs: its instances, and settings that the restoring call has no parameter for. */

import type { CreateDBInstanceMessage, ModifyDBClusterMessage } from '@aws-sdk/client-rds';
import type { Change } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import type { Cluster } from './describe.ts';
import type { AuroraInstance, AuroraSettings } from './settings.ts';

/** Instances to be made, in this order, or changes of the cluster itself. */
export type AuroraChange = Change & {
  readonly instances?: readonly CreateDBInstanceMessage[];
  readonly cluster?: Partial<ModifyDBClusterMessage>;
};

/** Instances before all else: a cluster without one answers no query. */
export function changesOf(
  name: string,
  { cluster, instances }: Cluster,
  wanted: AuroraSettings,
): readonly AuroraChange[] {
  const there = new Set(instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier));
  const missing = wanted.instances
    .map((each, index) => instanceInput(name, index + 1, each, wanted))
    .filter(({ DBInstanceIdentifier }) => !there.has(DBInstanceIdentifier));
  if (missing.length > 0) {
    return [
      { what: `instances (${missing.map(({ DBInstanceClass }) => DBInstanceClass).join(', ')})`, instances: missing },
    ];
  }
  const { maintenanceWindow } = wanted;
  if (maintenanceWindow === undefined || maintenanceWindow === cluster.PreferredMaintenanceWindow) return [];
  return [{ what: 'maintenance window', cluster: { PreferredMaintenanceWindow: maintenanceWindow } }];
}

/** Named after the cluster as it is made: names of instances are unique in the Region, and those of before are kept. */
const instanceInput = (
  cluster: string,
  ordinal: number,
  { instanceClass, tags, ...known }: AuroraInstance,
  { engine, subnetGroup }: AuroraSettings,
): CreateDBInstanceMessage => ({
  DBInstanceIdentifier: `${cluster}-${ordinal}`,
  DBClusterIdentifier: cluster,
  DBInstanceClass: instanceClass,
  Engine: engine,
  ...(known.availabilityZone === undefined ? {} : { AvailabilityZone: known.availabilityZone }),
  ...(known.parameterGroup === undefined ? {} : { DBParameterGroupName: known.parameterGroup }),
  ...(known.promotionTier === undefined ? {} : { PromotionTier: known.promotionTier }),
  ...(known.maintenanceWindow === undefined ? {} : { PreferredMaintenanceWindow: known.maintenanceWindow }),
  ...(subnetGroup === undefined ? {} : { DBSubnetGroupName: subnetGroup }),
  PubliclyAccessible: known.publiclyAccessible,
  EnablePerformanceInsights: known.performanceInsights,
  ...insightsInput(known),
  ...(known.certificateAuthority === undefined ? {} : { CACertificateIdentifier: known.certificateAuthority }),
  AutoMinorVersionUpgrade: known.autoMinorVersionUpgrade,
  Tags: tagList(tags),
});

/** Refused of an instance that has none. */
function insightsInput({
  performanceInsights,
  performanceInsightsKey: key,
  performanceInsightsRetentionDays: days,
}: Partial<AuroraInstance>): Partial<CreateDBInstanceMessage> {
  if (!performanceInsights) return {};
  return {
    ...(key === undefined ? {} : { PerformanceInsightsKMSKeyId: key }),
    ...(days === undefined ? {} : { PerformanceInsightsRetentionPeriod: days }),
  };
}
