import type { CopyPlace } from '#domain/point-copy.ts';
import { tagKeys } from '#domain/tags.ts';
import type { CopyPermissions } from './permissions.ts';
import { seeingQuotas } from './rds-account-permissions.ts';

const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };

/**
 * Copies are asked for in their Region, and must be allowed on both snapshots; of the source that Region is not known to see the tags, so what limits
 * it is the name that only Holdfast gives. Keys are used as by `usingKeys`, the source's by RDS of either Region.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 * @param snapshot what the kind's are called: in actions, and as a resource type
 */
export function rdsCopyPermissions(
  { region, key }: CopyPlace,
  snapshot: { readonly action: 'DBSnapshot' | 'DBClusterSnapshot'; readonly type: 'snapshot' | 'cluster-snapshot' },
): CopyPermissions {
  const { action, type } = snapshot;
  const of = (where: string, name: string) => `arn:\${partition}:rds:${where}:\${account}:${type}:${name}`;
  const copies = of(region, 'holdfast-*');
  const seeing = { actions: [`rds:Describe${action}s`], resources: [of(region, '*')] };
  const there = { 'kms:ViaService': `rds.${region}.amazonaws.com` };
  const either = { 'kms:ViaService': ['rds.${region}.amazonaws.com', `rds.${region}.amazonaws.com`] };
  const forAws = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  const sources = ['arn:${partition}:kms:${region}:*:key/*'];
  return {
    settle: [
      seeing,
      { actions: [`rds:Copy${action}`], resources: [of('${region}', 'holdfast-*')] },
      { actions: [`rds:Copy${action}`, 'rds:AddTagsToResource'], resources: [copies], conditions: asOurs },
      { actions: ['rds:AddTagsToResource'], resources: [copies], conditions: ours },
      { actions: ['kms:CreateGrant'], resources: [key], conditions: { StringEquals: there, ...forAws } },
      { actions: ['kms:DescribeKey'], resources: [key], conditions: { StringEquals: there } },
      { actions: ['kms:CreateGrant'], resources: sources, conditions: { StringEquals: either, ...forAws } },
      { actions: ['kms:DescribeKey'], resources: sources, conditions: { StringEquals: either } },
    ],
    retire: [seeing, { actions: [`rds:Delete${action}`], resources: [copies], conditions: ours }],
    examining: [seeing, seeingQuotas, { actions: ['kms:DescribeKey'], resources: [key] }],
  };
}
