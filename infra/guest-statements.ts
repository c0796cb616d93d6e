/** What may be sent to guests, and to the owners' functions. */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { runsOnGuests, takesArtifacts } from '#domain/hook-proof.ts';
import type { InstanceSelector, Policy, Workload } from '#domain/policy.ts';
import type { Documents } from './documents.ts';

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

export const listGuestsStatement = (): PolicyStatement =>
  new PolicyStatement({ actions: ['ssm:DescribeInstanceInformation'], resources: ['*'] });

const instancesOf = (workloads: readonly Workload[]): readonly InstanceSelector[] =>
  workloads.flatMap(({ members }) => members.flatMap((member) => ('instance' in member ? [member.instance] : [])));

const instanceArn = (instance: string) =>
  `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:instance/${instance}`;

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
