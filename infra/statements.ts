import { Aws, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { runsOnGuests, takesArtifacts } from '#domain/hook-proof.ts';
import type { Cname, InstanceSelector, Policy, Workload } from '#domain/policy.ts';
import {
  actsOnResources,
  automaticPermissions,
  copyPermissions,
  exportPermissions,
  permissionsOf,
  type Statement,
  seedPermissions,
} from '#providers/permissions.ts';
import { planPermissions } from '#providers/plan-permissions.ts';
import type { BackupVault } from './backup-vault.ts';
import type { Documents } from './documents.ts';

const instanceArn = (instance: string) =>
  `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:instance/${instance}`;

/** What the folders of the policy's kinds say that a step may do: a stack without databases may do nothing to one. */
export function providerStatements(
  scope: Construct,
  step: string,
  { workloads }: Policy,
  { vault, restoreRole }: { readonly vault: BackupVault | undefined; readonly restoreRole: IRole | undefined },
): readonly PolicyStatement[] {
  if (!actsOnResources(step)) return [];
  const kinds = new Set(workloads.flatMap(({ members }) => members.map(({ kind }) => kind)));
  const values = {
    ...{ ...whereValues, stack: Stack.of(scope).stackName },
    ...(vault === undefined ? {} : { vault: vault.arn, backupRole: vault.role.roleArn }),
    ...(restoreRole === undefined ? {} : { restoreRole: restoreRole.roleArn }),
  };
  const members = workloads.flatMap((workload) => workload.members);
  const automatic = step === 'retire' ? automaticPermissions(members) : [];
  const exporting = step === 'settle' ? exportPermissions(members, 'exporting') : [];
  const copying = step === 'settle' || step === 'retire' ? copyPermissions(workloads, step) : [];
  return [...permissionsOf(step, kinds), ...automatic, ...exporting, ...copying].map((statement) =>
    statementOf(statement, values),
  );
}

/**
 * What plans have copied may be looked at, and brought back.
 * @param vaults ARNs of the plans'; none: the policy has no plans, and nothing is allowed
 */
export function planStatements(
  step: string,
  { workloads }: Policy,
  vaults: readonly string[],
): readonly PolicyStatement[] {
  if (!actsOnResources(step) || vaults.length === 0) return [];
  const kinds = new Set(workloads.flatMap(({ members }) => members.map(({ kind }) => kind)));
  return (planPermissions(vaults, kinds)[step] ?? []).map((statement) => statementOf(statement, whereValues));
}

/**
 * Sending the given documents to the instances that the policy names, and reading what came of it (which has no resource
 * type). Both the document and the instance must be allowed, so nothing but Holdfast's own scripts can be run.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
export function hookStatements(policy: Policy, documentNames: readonly string[]): readonly PolicyStatement[] {
  const held = policy.workloads.filter(({ hooks }) => hooks.some(({ kind }) => runsOnGuests(kind)));
  const onGuests =
    held.length === 0 ? [] : [...documentStatements(documentNames), ...instanceStatements(instancesOf(held))];
  return [...onGuests, ...functionStatements(policy)];
}

/** The owners' functions that suspend an application, by name. */
function functionStatements({ workloads }: Policy): readonly PolicyStatement[] {
  const names = new Set(
    workloads.flatMap(({ hooks }) => hooks.flatMap((hook) => (hook.kind === 'lambda' ? [hook.function] : []))),
  );
  if (names.size === 0) return [];
  const resources = [...names].map(
    (name) => `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`,
  );
  return [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })];
}

/**
 * What `holdfast doctor` asks: whether the deployed documents are this version's, and what guests and owners' functions say of their hooks. Only
 * its own document may be sent.
 */
export function examinationStatements(
  policy: Policy,
  { hooks, verify, promote, doctor }: Documents,
): readonly PolicyStatement[] {
  const selectors = policy.workloads.flatMap(promoters);
  if (selectors.length === 0) return functionStatements(policy);
  const names = [...Object.values(hooks), verify, doctor, ...(policy.workloads.some(movesFiles) ? [promote] : [])];
  return [
    new PolicyStatement({ actions: ['ssm:GetDocument'], resources: names.map(documentArn) }),
    ...documentStatements([doctor]),
    ...instanceStatements(selectors, mostSelectionsOfPeople),
    ...functionStatements(policy),
  ];
}

/** Files that the policy lets caches be made from, for the functions that look at them and make the caches: nobody else need read them. */
export function seedStatements({ workloads }: Policy, step: string): readonly PolicyStatement[] {
  if (!actsOnResources(step)) return [];
  const members = workloads.flatMap((workload) => workload.members);
  return seedPermissions(members, step).map((statement) => statementOf(statement, whereValues));
}

/** And whether exports would work: what the buckets allow. */
export const exportExaminationStatements = ({ workloads }: Policy): readonly PolicyStatement[] =>
  exportPermissions(
    workloads.flatMap(({ members }) => members),
    'examining',
  ).map((statement) => statementOf(statement, whereValues));

/** And whether a key of another Region could be used for copies there. */
export const copyExaminationStatements = ({ workloads }: Policy): readonly PolicyStatement[] =>
  copyPermissions(workloads, 'examining').map((statement) => statementOf(statement, whereValues));

/** AWS's own document, which takes the snapshots in the guest, to the instances of the workloads that it is for; looking for it, too. */
export function windowsVssStatements(policy: Policy): readonly PolicyStatement[] {
  const held = policy.workloads.filter(({ hooks }) => hooks.some(({ kind }) => takesArtifacts(kind)));
  if (held.length === 0) return [];
  return [
    sendTo([`arn:${Aws.PARTITION}:ssm:${Aws.REGION}::document/AWSEC2-CreateVssSnapshot`]),
    new PolicyStatement({ actions: ['ssm:GetCommandInvocation', 'ssm:ListCommandInvocations'], resources: ['*'] }),
    ...instanceStatements(instancesOf(held)),
  ];
}

/**
 * A recovery may bring a point to an instance that no policy names, so any may be cleaned up, or asked whether its application
 * works, where some workload wants that.
 */
export function recoveryStatements({ workloads }: Policy, { hooks, verify }: Documents): readonly PolicyStatement[] {
  const wanted = (key: 'cleanUp' | 'verify') => workloads.some(({ recovery }) => recovery[key] !== undefined);
  const names = [
    ...Object.entries(hooks).flatMap(([kind, name]) => (kind === 'clean-up' && wanted('cleanUp') ? [name] : [])),
    ...(wanted('verify') ? [verify] : []),
  ];
  return names.length === 0 ? [] : [...documentStatements(names), sendTo([instanceArn('*')])];
}

/** To those instances alone that may move restored files to their place. */
export function promotionStatements({ workloads }: Policy, { promote }: Documents): readonly PolicyStatement[] {
  const selectors = workloads.filter(movesFiles).flatMap(promoters);
  return selectors.length === 0 ? [] : [...documentStatements([promote]), ...instanceStatements(selectors)];
}

/** Files that are put beside those of now stay there. */
const movesFiles = ({ members }: Workload): boolean =>
  members.some((member) => member.kind === 'efs' && member.restoreInto === undefined);

/** Instances of members, and those that are named to move files. */
const promoters = ({ members }: Workload): readonly InstanceSelector[] =>
  members.flatMap((member) => ('instance' in member ? [member.instance] : (member.promoteOn ?? [])));

/** The roles that the policy names, to EC2 alone, for the step that launches instances. */
export function passRoleStatements({ workloads }: Policy, step: string): readonly PolicyStatement[] {
  const roles = workloads.flatMap(({ members }) =>
    members.flatMap((member) => (member.kind === 'ami' ? (member.role ?? []) : [])),
  );
  if (step !== 'create-volumes' || roles.length === 0) return [];
  const resources = [...new Set(roles)].map((role) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${role}`);
  const conditions = { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } };
  return [new PolicyStatement({ actions: ['iam:PassRole'], resources, conditions })];
}

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

/** The records that the policy names: each zone's in a statement of its own, by name, type and action. */
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
  return [reading, awaiting, ...[...zones].map(([zone, named]) => changeStatement(zone, named))];
}

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
const changeStatement = (zone: string, cnames: readonly Cname[]) =>
  new PolicyStatement({
    actions: ['route53:ChangeResourceRecordSets'],
    resources: [route53Arn(`hostedzone/${zone}`)],
    conditions: {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': [...new Set(cnames.map(({ name }) => name))],
        'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
        'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
      },
    },
  });

export const listGuestsStatement = (): PolicyStatement =>
  new PolicyStatement({ actions: ['ssm:DescribeInstanceInformation'], resources: ['*'] });

const instancesOf = (workloads: readonly Workload[]): readonly InstanceSelector[] =>
  workloads.flatMap(({ members }) => members.flatMap((member) => ('instance' in member ? [member.instance] : [])));

const documentArn = (name: string) => `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:document/${name}`;

const documentStatements = (names: readonly string[]) => [
  sendTo(names.map(documentArn)),
  new PolicyStatement({ actions: ['ssm:GetCommandInvocation'], resources: ['*'] }),
];

const sendTo = (resources: string[]) => new PolicyStatement({ actions: ['ssm:SendCommand'], resources });

/**
 * Selections that a role's policy has room for: it takes 10,240 characters. Beyond them any instance may be sent to, and the
 * documents alone, which are Holdfast's own scripts, say what can be done there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const mostSelections = 50;
/** A managed policy takes 6,144, and people's says what every kind needs to be planned. */
const mostSelectionsOfPeople = 10;

/** Exactly the instances that are named by id; those selected by tags must carry all of them. */
function instanceStatements(selectors: readonly InstanceSelector[], most = mostSelections): readonly PolicyStatement[] {
  const ids = new Set(selectors.flatMap((selector) => ('id' in selector ? [selector.id] : [])));
  const tagSets = new Map(
    selectors.flatMap((selector) => ('tags' in selector ? [[JSON.stringify(selector.tags), selector.tags]] : [])),
  );
  if (ids.size + tagSets.size > most) return [sendTo([instanceArn('*')])];
  const named = ids.size > 0 ? [sendTo([...ids].map(instanceArn))] : [];
  return [...named, ...[...tagSets.values()].map(sendToTagged)];
}

function sendToTagged(tags: Readonly<Record<string, string>>): PolicyStatement {
  const carried = Object.fromEntries(Object.entries(tags).map(([key, value]) => [`ssm:resourceTag/${key}`, value]));
  const statement = sendTo([instanceArn('*')]);
  statement.addConditions({ StringEquals: carried });
  return statement;
}

/** @throws Error for a placeholder that no one fills in. */
export function statementOf({ actions, resources, conditions }: Statement, values: Values): PolicyStatement {
  const filled = (text: string) => fillIn(text, values);
  return new PolicyStatement({
    actions: [...actions],
    resources: resources.map(filled),
    ...(conditions === undefined ? {} : { conditions: filledConditions(conditions, filled) }),
  });
}

/** Of the placeholders that every statement may have. */
export const whereValues = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID };

/** Of the placeholders. */
type Values = Readonly<Record<string, string>>;
type Conditions = NonNullable<Statement['conditions']>;

const filledConditions = (conditions: Conditions, filled: (text: string) => string) =>
  Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [
          key,
          typeof value === 'string' ? filled(value) : value.map(filled),
        ]),
      ),
    ]),
  );

function fillIn(text: string, values: Values): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A provider's statement has the unknown placeholder ${placeholder}.`);
    return value;
  });
}
