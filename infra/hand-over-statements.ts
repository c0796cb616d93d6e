/** What leads applications to what was recovered, or back. */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Policy } from '#domain/policy.ts';

/** The parameters that the policy names, for the steps that lead applications to what was recovered, or back. */
export function parameterStatements({ workloads }: Policy, step: string): readonly PolicyStatement[] {
  const names = new Set(
    workloads.flatMap(({ members }) =>
      members.flatMap((member) => ('instance' in member ? [] : (member.parameter ?? []))),
    ),
  );
  const actions = parameterActions[step];
  if (names.size === 0 || actions === undefined) return [];
  const resources = [...names].map(
    (name) => `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${name}`,
  );
  return [new PolicyStatement({ actions: [...actions], resources })];
}

const parameterActions: Readonly<Record<string, readonly string[]>> = {
  'plan-recovery': ['ssm:GetParameter'],
  'attach-volumes': ['ssm:GetParameter', 'ssm:PutParameter'],
  'verify-recovery': ['ssm:GetParameter'],
  'commit-recovery': ['ssm:GetParameter'],
  'roll-back': ['ssm:GetParameter', 'ssm:PutParameter'],
  'abandon-recovery': ['ssm:GetParameter'],
};

/** The records that the policy names: each zone's in statements of their own, by name, type and action. */
export function recordStatements({ workloads }: Policy, step: string): readonly PolicyStatement[] {
  const actions = recordActions[step];
  const cnames = workloads.flatMap(({ members }) =>
    members.flatMap((member) => ('resource' in member ? (member.cname ?? []) : [])),
  );
  if (cnames.length === 0 || actions === undefined) return [];
  const zones = Map.groupBy(cnames, ({ zone }) => zone);
  const resources = [...zones.keys()].map((zone) => route53Arn(`hostedzone/${zone}`));
  const reading = new PolicyStatement({ actions: ['route53:ListResourceRecordSets'], resources });
  if (actions === 'read') return [reading];
  const awaiting = new PolicyStatement({ actions: ['route53:GetChange'], resources: [route53Arn('change/*')] });
  const changing = [...zones].flatMap(([zone, named]) => {
    const names = [...new Set(named.map(({ name }) => name))];
    return Array.from({ length: Math.ceil(names.length / mostNames) }, (_, index) =>
      changeStatement(zone, names.slice(index * mostNames, (index + 1) * mostNames)),
    );
  });
  return [reading, awaiting, ...changing];
}

/** Of one statement, which has to fit into an IAM policy of 6,144 characters: a name has up to 255. One request changes one record. */
const mostNames = 20;

const recordActions: Readonly<Record<string, 'read' | 'change'>> = {
  'plan-recovery': 'read',
  'attach-volumes': 'change',
  'verify-recovery': 'read',
  'commit-recovery': 'read',
  'roll-back': 'change',
  'abandon-recovery': 'read',
};

const route53Arn = (resource: string) => `arn:${Aws.PARTITION}:route53:::${resource}`;

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html */
const changeStatement = (zone: string, names: readonly string[]) =>
  new PolicyStatement({
    actions: ['route53:ChangeResourceRecordSets'],
    resources: [route53Arn(`hostedzone/${zone}`)],
    conditions: {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
        'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
        'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
      },
    },
  });
