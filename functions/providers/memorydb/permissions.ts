/**
 * What each step may do to MemoryDB. Resource types and condition keys after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmemorydb.html
 */
import { tagKeys } from '#domain/tags.ts';
import type { Permissions } from '../permissions.ts';

const clusters = 'arn:${partition}:memorydb:${region}:${account}:cluster/*';
/** The only names that Holdfast gives (`named-snapshots.ts`). */
const snapshots = 'arn:${partition}:memorydb:${region}:${account}:snapshot/holdfast-*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
/** The action has no resource type for the snapshot that it makes, so only its tags can be asked for. */
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };

const seeingSnapshots = {
  actions: ['memorydb:DescribeSnapshots'],
  resources: ['arn:${partition}:memorydb:${region}:${account}:snapshot/*'],
};

export const permissions: Permissions = {
  'plan-run': [{ actions: ['memorydb:DescribeClusters', 'memorydb:ListTags'], resources: [clusters] }, seeingSnapshots],
  'begin-tiers': [
    seeingSnapshots,
    { actions: ['memorydb:CreateSnapshot'], resources: [clusters], conditions: asOurs },
    { actions: ['memorydb:TagResource'], resources: [snapshots] },
  ],
  settle: [seeingSnapshots, { actions: ['memorydb:TagResource'], resources: [snapshots], conditions: ours }],
  retire: [seeingSnapshots, { actions: ['memorydb:DeleteSnapshot'], resources: [snapshots], conditions: ours }],
};
