/**
 * What each step may do to RDS. Resource types after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */

import type { CopyPlace } from '#domain/point-copy.ts';
import { tagKeys } from '#domain/tags.ts';
import { seeingAlarms } from '../alarms/permission.ts';
import { usingKeys } from '../key-permissions.ts';
import type { CopyPermissions, Permissions } from '../permissions.ts';
import { seeingAccount, seeingQuotas } from '../rds-account-permissions.ts';
import { rdsCopyPermissions } from '../rds-copy-permissions.ts';

const instances = 'arn:${partition}:rds:${region}:${account}:db:*';
/** The only names that Holdfast gives (`named-snapshots.ts`). */
const snapshots = 'arn:${partition}:rds:${region}:${account}:snapshot:holdfast-*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };

const seeingSnapshots = {
  actions: ['rds:DescribeDBSnapshots'],
  resources: ['arn:${partition}:rds:${region}:${account}:snapshot:*'],
};

/** A point may be a moment of them, also when the policy has gone back to copies, so the kind brings these rights. */
const automatedBackups = 'arn:${partition}:rds:${region}:${account}:auto-backup:*';
/** AWS does not say which of the two is asked for when. */
const seeingMoments = { actions: ['rds:DescribeDBInstanceAutomatedBackups'], resources: [automatedBackups, instances] };

const seeing = { actions: ['rds:DescribeDBInstances'], resources: [instances] };
/** Its new name is another resource, so both are any instance; what is not ours is never named by a step. */
const changing = { actions: ['rds:ModifyDBInstance'], resources: [instances] };
/** Those that encrypt what is copied, made or changed, and its Performance Insights. */
const keys = usingKeys('rds');
const marking = { actions: ['rds:AddTagsToResource'], resources: [instances] };
const groups = ['og', 'pg', 'subgrp'].map((type) => `arn:\${partition}:rds:\${region}:\${account}:${type}:*`);

const seeingOptionGroups = (region: string) => ({
  actions: ['rds:DescribeOptionGroups'],
  resources: [`arn:\${partition}:rds:${region}:\${account}:og:*`],
});

const recovery: Permissions = {
  'plan-recovery': [seeing, seeingSnapshots, seeingMoments, seeingQuotas],
  'create-volumes': [
    seeing,
    { actions: ['rds:RestoreDBInstanceFromDBSnapshot'], resources: [instances, ...groups, snapshots] },
    { actions: ['rds:RestoreDBInstanceToPointInTime'], resources: [instances, ...groups, automatedBackups] },
    changing,
    marking,
    ...keys,
  ],
  'detach-volumes': [seeing, changing, marking, ...keys],
  'attach-volumes': [seeing, changing, ...keys],
  'verify-recovery': [seeing],
  'commit-recovery': [seeing],
  'roll-back': [seeing, changing, { actions: ['rds:RemoveTagsFromResource'], resources: [instances] }, ...keys],
  'abandon-recovery': [seeing],
};

export const permissions: Permissions = {
  'plan-run': [seeingAlarms, seeing, seeingOptionGroups('${region}'), seeingMoments, ...seeingAccount(instances)],
  'begin-tiers': [
    seeing,
    seeingSnapshots,
    { actions: ['rds:CreateDBSnapshot'], resources: [instances, snapshots] },
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
    { actions: ['rds:DeleteDBSnapshot'], resources: [snapshots], conditions: ours },
  ],
};

export function copyPermissions(place: CopyPlace): CopyPermissions {
  const { settle, retire, examining } = rdsCopyPermissions(place, { action: 'DBSnapshot', type: 'snapshot' });
  const there = seeingOptionGroups(place.region);
  return { settle: [...settle, there], retire, examining: [...examining, there] };
}
