/**
 * What each step may do to RDS. Resource types after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
import { tagKeys } from '#domain/tags.ts';
import type { Permissions } from '../permissions.ts';

const instances = 'arn:${partition}:rds:${region}:${account}:db:*';
/** The only names that Holdfast gives (`named-snapshots.ts`). */
const snapshots = 'arn:${partition}:rds:${region}:${account}:snapshot:holdfast-*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };

const seeingSnapshots = {
  actions: ['rds:DescribeDBSnapshots'],
  resources: ['arn:${partition}:rds:${region}:${account}:snapshot:*'],
};

export const permissions: Permissions = {
  'plan-run': [{ actions: ['rds:DescribeDBInstances'], resources: [instances] }],
  'begin-tiers': [
    seeingSnapshots,
    { actions: ['rds:CreateDBSnapshot'], resources: [instances, snapshots] },
    { actions: ['rds:AddTagsToResource'], resources: [snapshots] },
  ],
  settle: [seeingSnapshots, { actions: ['rds:AddTagsToResource'], resources: [snapshots], conditions: ours }],
  retire: [seeingSnapshots, { actions: ['rds:DeleteDBSnapshot'], resources: [snapshots], conditions: ours }],
};
