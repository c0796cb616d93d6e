/**
 * What each step may do to Aurora clusters. Resource types after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */

import type { CopyPlace } from '#domain/point-copy.ts';
import { tagKeys } from '#domain/tags.ts';
import { seeingAlarms } from '../alarms/permission.ts';
import { usingKeys } from '../key-permissions.ts';
import type { CopyPermissions, Permissions, Statement } from '../permissions.ts';
import { seeingAccount, seeingQuotas } from '../rds-account-permissions.ts';
import { rdsCopyPermissions } from '../rds-copy-permissions.ts';

const of = (type: string, name = '*') => `arn:\${partition}:rds:\${region}:\${account}:${type}:${name}`;

/** The only names that Holdfast gives: to snapshots (`named-snapshots.ts`), and to what a recovery makes (`replacement/plan.ts`). */
const snapshots = of('cluster-snapshot', 'holdfast-*');
const made = '*-new-*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };

const seeing: readonly Statement[] = [
  { actions: ['rds:DescribeDBClusters'], resources: [of('cluster')] },
  { actions: ['rds:DescribeDBInstances'], resources: [of('db')] },
];
const seeingSnapshots = { actions: ['rds:DescribeDBClusterSnapshots'], resources: [of('cluster-snapshot')] };
/** A point may be a moment of them, also when the policy has gone back to copies, so the kind brings these rights. */
const automatedBackups = of('cluster-auto-backup');
/** AWS does not say when the cluster is asked for, too. */
const seeingMoments = {
  actions: ['rds:DescribeDBClusterAutomatedBackups'],
  resources: [automatedBackups, of('cluster')],
};
/** Its new name is another resource, so both are any cluster; what is not ours is never named by a step. */
const renaming = { actions: ['rds:ModifyDBCluster'], resources: [of('cluster')] };
/** Those that encrypt what is copied, made or changed, and its Performance Insights. */
const keys = usingKeys('rds');
const groups = ['cluster-pg', 'og', 'subgrp'].map((type) => of(type));

const recovery: Permissions = {
  'plan-recovery': [...seeing, seeingSnapshots, seeingMoments, seeingQuotas],
  'create-volumes': [
    ...seeing,
    { actions: ['rds:RestoreDBClusterFromSnapshot'], resources: [of('cluster', made), ...groups, snapshots] },
    {
      // AWS does not say whether the source is asked for, too.
      actions: ['rds:RestoreDBClusterToPointInTime'],
      resources: [of('cluster'), ...groups, automatedBackups],
    },
    {
      actions: ['rds:CreateDBInstance'],
      resources: [of('db', made), of('cluster', made), of('pg'), of('og'), of('subgrp')],
    },
    { actions: ['rds:ModifyDBCluster'], resources: [of('cluster', made)] },
    { actions: ['rds:AddTagsToResource'], resources: [of('cluster', made), of('db', made)] },
    ...keys,
  ],
  // What a record leads away from keeps its name.
  'detach-volumes': [...seeing, renaming, { actions: ['rds:AddTagsToResource'], resources: [of('cluster')] }, ...keys],
  'attach-volumes': [...seeing, renaming, ...keys],
  'verify-recovery': seeing,
  'commit-recovery': seeing,
  'roll-back': [...seeing, renaming, { actions: ['rds:RemoveTagsFromResource'], resources: [of('cluster')] }, ...keys],
  'abandon-recovery': seeing,
};

export const permissions: Permissions = {
  'plan-run': [seeingAlarms, ...seeing, seeingMoments, ...seeingAccount(of('cluster'))],
  'begin-tiers': [
    ...seeing,
    seeingSnapshots,
    { actions: ['rds:CreateDBClusterSnapshot'], resources: [of('cluster'), snapshots] },
    { actions: ['rds:AddTagsToResource'], resources: [snapshots] },
    ...keys,
  ],
  settle: [
    seeingSnapshots,
    seeingMoments,
    { actions: ['rds:AddTagsToResource'], resources: [snapshots], conditions: ours },
  ],
  ...recovery,
  retire: [
    seeingSnapshots,
    seeingMoments,
    { actions: ['rds:DeleteDBClusterSnapshot'], resources: [snapshots], conditions: ours },
  ],
};

export const copyPermissions = (place: CopyPlace): CopyPermissions =>
  rdsCopyPermissions(place, { action: 'DBClusterSnapshot', type: 'cluster-snapshot' });
