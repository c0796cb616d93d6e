/**
 * What each step may do to MemoryDB. Resource types and condition keys after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmemorydb.html
 */

import { tagKeys } from '#domain/tags.ts';
import { seeingAlarms } from '../alarms/permission.ts';
import { usingKeys } from '../key-permissions.ts';
import type { ExportPermissions, Permissions, Statement } from '../permissions.ts';

const cluster = (name: string) => `arn:\${partition}:memorydb:\${region}:\${account}:cluster/${name}`;
const clusters = cluster('*');
/** The only names that Holdfast gives (`named-snapshots.ts`). */
const snapshots = 'arn:${partition}:memorydb:${region}:${account}:snapshot/holdfast-*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
/** The action has no resource type for the snapshot that it makes, so only its tags can be asked for. */
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };

const seeingSnapshots = {
  actions: ['memorydb:DescribeSnapshots'],
  resources: ['arn:${partition}:memorydb:${region}:${account}:snapshot/*'],
};

const seeing = { actions: ['memorydb:DescribeClusters'], resources: [clusters] };
const readingTags = { actions: ['memorydb:ListTags'], resources: [snapshots] };
const groups = ['acl', 'parametergroup', 'subnetgroup'].map(
  (type) => `arn:\${partition}:memorydb:\${region}:\${account}:${type}/*`,
);
const tagging = { actions: ['memorydb:TagResource'], resources: [clusters] };
const keys = usingKeys('memorydb');

/** They are of a Region, and no resource. */
const seeingVersions = { actions: ['memorydb:DescribeEngineVersions'], resources: ['*'] };

const recovery: Permissions = {
  'plan-recovery': [seeing, seeingSnapshots, seeingVersions, readingTags],
  'create-volumes': [
    seeing,
    { actions: ['memorydb:CreateCluster'], resources: [...groups, snapshots], conditions: asOurs },
    tagging,
    ...keys,
  ],
  'detach-volumes': [seeing, tagging],
  'attach-volumes': [seeing],
  'verify-recovery': [seeing],
  'commit-recovery': [seeing],
  'roll-back': [seeing, { actions: ['memorydb:UntagResource'], resources: [clusters] }],
  'abandon-recovery': [seeing],
};

export const permissions: Permissions = {
  'plan-run': [
    seeingAlarms,
    { actions: ['memorydb:DescribeClusters', 'memorydb:ListTags'], resources: [clusters] },
    seeingSnapshots,
    seeingVersions,
  ],
  'begin-tiers': [
    // Where a snapshot is refused.
    seeing,
    seeingSnapshots,
    { actions: ['memorydb:CreateSnapshot'], resources: [clusters], conditions: asOurs },
    { actions: ['memorydb:TagResource'], resources: [snapshots] },
    ...keys,
  ],
  settle: [seeingSnapshots, { actions: ['memorydb:TagResource'], resources: [snapshots], conditions: ours }],
  ...recovery,
  retire: [seeingSnapshots, { actions: ['memorydb:DeleteSnapshot'], resources: [snapshots], conditions: ours }],
};

/** Reading and setting the snapshots that MemoryDB makes of one cluster by itself. */
export const automaticStatement = (resource: string): Statement => ({
  actions: ['memorydb:DescribeClusters', 'memorydb:UpdateCluster'],
  resources: [cluster(resource)],
});

/** A copy's own tags are asked for as it is made; the source has them already. */
export const keyPermissions = (key: string): ExportPermissions => ({
  exporting: [
    { actions: ['memorydb:CopySnapshot'], resources: [snapshots] },
    { actions: ['memorydb:TagResource'], resources: [snapshots], conditions: asOurs },
    ...keys,
  ],
  examining: [{ actions: ['kms:DescribeKey'], resources: [key] }],
});
