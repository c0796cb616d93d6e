/** Every finding of cdk-nag that is accepted, with its reason. A finding that is not here fails the synthesis. */
import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { Policy } from '#domain/policy.ts';
import { copyPolicies } from '#providers/backup-permissions.ts';
import {
  actsOnResources,
  copyPermissions,
  exportPermissions,
  permissionsOfKind,
  seedPermissions,
} from '#providers/permissions.ts';
import { accept, acceptPolicies, acceptWildcards, asNagWrites } from './accept-findings.ts';
import type { BackupVault } from './backup-vault.ts';
import { servicesOf } from './ecs-service-statements.ts';
import { type Step, steps } from './function-table.ts';
import type { Functions } from './functions.ts';
import type { PeoplePolicies } from './people-policies.ts';
import { restoreRights } from './restore-role.ts';
import type { Machines } from './state-machines.ts';

/** One resource with a wildcard (as cdk-nag writes it) in the roles of some steps. */
export interface Wildcard {
  readonly resource: string;
  readonly steps: readonly Step[];
  readonly reason: string;
}

const ofAccount = 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>';
const snapshots = 'arn:<AWS::Partition>:ec2:<AWS::Region>::snapshot/*';
const keys = 'arn:<AWS::Partition>:kms:<AWS::Region>:*:key/*';

export const wildcards: readonly Wildcard[] = [
  {
    resource: '*',
    steps: [
      'plan-run',
      'begin-tiers',
      'retire',
      'plan-recovery',
      'create-volumes',
      'take-safety-snapshot',
      'stop-instance',
      'detach-volumes',
      'attach-volumes',
      'start-instance',
      'commit-recovery',
      'roll-back',
      'abandon-recovery',
    ],
    reason:
      'Only Describe actions of EC2, both Auto Scalings and Systems Manager, of commands what became of them, of plans their jobs and what carries their tags: they have no resource types, IAM takes nothing but *.',
  },
  {
    resource: '*',
    steps: ['quiesce', 'release', 'guard-execution', 'settle', 'verify-recovery'],
    reason: 'ssm:GetCommandInvocation (and Describe actions of EC2) have no resource types, IAM takes nothing but *.',
  },
  {
    resource: `${ofAccount}:instance/*`,
    steps: ['quiesce', 'release', 'guard-execution', 'settle'],
    reason:
      'Only instances that carry the tags the policy selects by, which are a condition (of a policy with more selections than a role has room for: any); and only with the documents of the hooks.',
  },
  {
    resource: 'arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/*',
    steps: ['release', 'settle', 'guard-execution'],
    reason:
      'Only services with the tag of those that are held still, which is a condition: a hook may leave the policy while its service has no tasks.',
  },
  {
    resource: `${ofAccount}:instance/*`,
    steps: ['verify-recovery'],
    reason:
      'A recovery may go to an instance that no policy names. Nothing but the documents of clean-up and verification can be sent to it.',
  },
  {
    resource: `${ofAccount}:instance/*`,
    steps: ['plan-recovery'],
    reason: 'A recovery may go to an instance that no policy names. It is only asked whether it may be stopped.',
  },
  {
    resource: `${ofAccount}:instance/*`,
    steps: ['begin-tiers', 'take-safety-snapshot'],
    reason:
      'CreateSnapshots of whichever instances carry the selected tags tonight; it only reads, and what it makes must carry the tag of this stack. With windows-vss also SendCommand, of AWSEC2-CreateVssSnapshot alone.',
  },
  {
    resource: `${ofAccount}:volume/*`,
    steps: ['begin-tiers', 'take-safety-snapshot'],
    reason:
      'The volumes that are attached at the time: their ids are not known before, and CreateSnapshots only reads them.',
  },
  {
    resource: `${ofAccount}:volume/*`,
    steps: ['retire'],
    reason: 'Only volumes with the tag of this stack, which is a condition; one that is attached cannot be deleted.',
  },
  {
    resource: snapshots,
    steps: ['begin-tiers', 'take-safety-snapshot'],
    reason:
      'A snapshot has no id before it is made. It can only be made, and only tagged as it is made, with the tag of this stack.',
  },
  {
    resource: snapshots,
    steps: ['settle', 'retire', 'create-volumes'],
    reason: 'Only snapshots with the tag of this stack, which is a condition.',
  },
  {
    resource: `${ofAccount}:instance/*`,
    steps: ['stop-instance', 'detach-volumes', 'attach-volumes', 'start-instance', 'roll-back'],
    reason:
      'A recovery may go to an instance that no policy names. It can be stopped, started and given other volumes, never terminated.',
  },
  {
    resource: `${ofAccount}:volume/*`,
    steps: ['create-volumes'],
    reason:
      'A volume has no id before it is made. It can only be made, and only tagged as it is made, with the tag of this stack.',
  },
  {
    resource: `${ofAccount}:volume/*`,
    steps: ['detach-volumes', 'attach-volumes', 'roll-back'],
    reason:
      'The replaced volumes were made by whoever made the instance. They can be moved, and marked with tags of Holdfast, never deleted.',
  },
  {
    resource: keys,
    steps: ['plan-recovery', 'retire'],
    reason: 'Snapshots say which key they need, also one of another account. It is only asked whether it is enabled.',
  },
  {
    resource: keys,
    steps: ['create-volumes', 'attach-volumes', 'start-instance', 'roll-back'],
    reason:
      'Snapshots say which key they need, also one of another account. It can only be used through EC2, which is a condition.',
  },
];

const backupPlanReason =
  'A plan copies whatever carries its tags: what AWS Backup needs for that is its own to know, and changes with it.';
const restoreReason =
  'A recovery, or a person, has AWS Backup restore in it what AWS names as it is made, of the types of the policy. One function may pass it, to AWS Backup alone, and it may hand no role on, which is denied beside.';
const promotionReason =
  'Only instances that carry the tags the policy selects by, which are a condition; and only with the document that moves restored files.';
const tasksReason =
  'Tasks have no id before they are started: those of the clusters whose services the policy names can be looked at, and no more.';
const changesReason = 'Changes of Route 53 have no id before they are made; they are only asked how far they are.';
const carrierReason =
  'Lambda makes the network interfaces of a function in a VPC in its role; to describe them has no resource type, and they have no ids before. The function’s own code may not use them, which is denied beside: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html';
const exportReason =
  'ElastiCache writes files of Holdfast’s snapshots to the bucket that the policy names, in the name of settle, and names them after the snapshot; to find out whose the bucket is it lists all, which has no resource type.';
const copyReason =
  'Copies have no id before they are made, and sources say which key they need: only snapshots with the tag of this stack, or a name that only Holdfast gives, and keys through EC2 and RDS, which are conditions.';
const seedReason =
  'Which files of the bucket a cache is made from is said by whoever recovers it; they are read, and nothing else.';
const machineReason =
  'Delivering logs and X-Ray traces has no resource types: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html';
const executionsReason = 'Executions of this one state machine: their names are chosen as they are started.';

const peopleReason =
  'What is typed by a person finds what any workload has by the code of the functions that plan, and in the words of their statements; of guests it reaches those that the policy selects (of a policy with more selections than there is room for: any), with the doctor’s document alone.';

export interface Acknowledged {
  readonly functions: Functions;
  /** In the VPCs of domains. */
  readonly carriers: readonly LambdaFunction[];
  readonly machines: Machines;
  readonly vault: BackupVault | undefined;
  readonly backupPlanRole: IRole | undefined;
  readonly restoreRole: IRole | undefined;
  readonly people: PeoplePolicies;
}

export function acknowledge(
  policy: Policy,
  { functions, carriers, machines, vault, backupPlanRole, restoreRole, people }: Acknowledged,
): void {
  const { workloads } = policy;
  for (const cluster of new Set(servicesOf(workloads).map((hook) => hook.cluster))) {
    accept(functions.quiesce, '*', tasksReason);
    accept(functions.quiesce, `arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task/${cluster}/*`, tasksReason);
  }
  const kinds = new Set(workloads.flatMap(({ members }) => members.map(({ kind }) => kind)));
  if (hasCnames(workloads)) {
    for (const step of ['attach-volumes', 'roll-back'] as const) {
      accept(functions[step], 'arn:<AWS::Partition>:route53:::change/*', changesReason);
    }
  }
  for (const kind of kinds) if (kind !== 'ebs') acknowledgeKind(functions, kind);
  if (kinds.has('efs')) accept(functions['create-volumes'], `${ofAccount}:instance/*`, promotionReason);
  acknowledgeExports(functions, policy);
  acknowledgeSeeds(functions, policy);
  acknowledgeCopies(functions, policy);
  if (vault !== undefined) acknowledgeVault(vault);
  if (backupPlanRole !== undefined) acceptPolicies(backupPlanRole, copyPolicies, backupPlanReason);
  if (restoreRole !== undefined) acknowledgeRestores(restoreRole, policy);
  for (const { resource, steps, reason } of wildcards) {
    for (const step of steps) accept(functions[step], resource, reason);
  }
  for (const carrier of carriers)
    for (const resource of ['*', `${ofAccount}:*/*`]) accept(carrier, resource, carrierReason);
  for (const policies of Object.values(people)) for (const each of policies) acceptWildcards(each, peopleReason);
  for (const machine of Object.values(machines)) {
    accept(machine, '*', machineReason);
    accept(functions.settle, executionsOf(machine), executionsReason);
    accept(functions['guard-execution'], executionsOf(machine), executionsReason);
  }
}

/** Who names a resource differs with the service, and is beside the statement. */
function acknowledgeKind(functions: Functions, kind: Exclude<MemberKind, 'ebs'>): void {
  const reason = `Resources of the kind ${kind} are named by AWS as they are made, by a recovery, or by Holdfast with its own prefix; what else limits the statement is in functions/providers/${kind}/permissions.ts.`;
  for (const step of steps.filter(actsOnResources)) {
    const resources = (permissionsOfKind(kind)[step] ?? []).flatMap((statement) => statement.resources);
    for (const resource of new Set(resources.filter((each) => each.includes('*')))) {
      accept(functions[step], asNagWrites(resource), reason);
    }
  }
}

function acknowledgeSeeds(functions: Functions, { workloads }: Policy): void {
  const members = workloads.flatMap((workload) => workload.members);
  for (const step of steps.filter(actsOnResources)) {
    const resources = seedPermissions(members, step).flatMap((statement) => statement.resources);
    for (const resource of new Set(resources)) {
      if (resource.includes('*')) accept(functions[step], asNagWrites(resource), seedReason);
    }
  }
}

function acknowledgeExports({ settle }: Functions, { workloads }: Policy): void {
  const members = workloads.flatMap((workload) => workload.members);
  const resources = exportPermissions(members, 'exporting').flatMap((statement) => statement.resources);
  for (const resource of new Set(resources))
    if (resource.includes('*')) accept(settle, asNagWrites(resource), exportReason);
}

function acknowledgeCopies(functions: Functions, { workloads }: Policy): void {
  for (const step of ['settle', 'retire'] as const) {
    const resources = copyPermissions(workloads, step).flatMap((statement) => statement.resources);
    for (const resource of new Set(resources))
      if (resource.includes('*')) accept(functions[step], asNagWrites(resource), copyReason);
  }
}

function acknowledgeVault({ role }: BackupVault): void {
  const points = 'arn:<AWS::Partition>:backup:<AWS::Region>:<AWS::AccountId>:recovery-point:*';
  accept({ role }, points, 'AWS Backup tags a recovery point in this role as it makes it, under an id of its own.');
  const reason =
    'What AWS Backup needs of the types that the kind aws-backup is for is its own to know, and changes with it; of EFS alone the role has no such policy.';
  acceptPolicies(role, copyPolicies, reason);
}

function acknowledgeRestores(role: IRole, policy: Policy): void {
  const { policies, statements } = restoreRights(policy);
  acceptPolicies(role, policies, restoreReason);
  const resources = new Set(statements.flatMap((statement) => statement.resources).map(asNagWrites));
  for (const resource of resources) if (resource.includes('*')) accept({ role }, resource, restoreReason);
}

const hasCnames = (workloads: Policy['workloads']): boolean =>
  workloads.some(({ members }) => members.some((member) => 'resource' in member && member.cname !== undefined));

function executionsOf(machine: StateMachine): string {
  const { defaultChild } = machine.node;
  if (!CfnResource.isCfnResource(defaultChild)) throw new Error('A state machine without its resource.');
  const name = Stack.of(machine).getLogicalId(defaultChild);
  return `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${name}.Name>:*`;
}
