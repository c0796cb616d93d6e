/** What each step may do to the resources of every kind, as data: `infra` turns it into roles. */
import type { ManagedKind, MemberKind } from '#domain/member-kinds.ts';
import type { Member } from '#domain/policy.ts';
import { permissions as ami } from './ami/permissions.ts';
import { permissions as aurora } from './aurora/permissions.ts';
import { permissions as awsBackup } from './aws-backup/permissions.ts';
import { permissions as dynamodb } from './dynamodb/permissions.ts';
import { permissions as ebs } from './ebs/permissions.ts';
import { permissions as efs } from './efs/permissions.ts';
import { automaticStatement as automaticOfElasticache, permissions as elasticache } from './elasticache/permissions.ts';
import { automaticStatement as automaticOfMemorydb, permissions as memorydb } from './memorydb/permissions.ts';
import { permissions as opensearch } from './opensearch/permissions.ts';
import { permissions as rds } from './rds/permissions.ts';

/** IAM statement as data; `infra` turns it into the role of the step that it is for. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs with the placeholders `${partition}`, `${region}`, `${account}`, `${stack}` (in conditions: the value of HOLDFAST_STACK), and `${vault}`, `${backupRole}` and `${restoreRole}` of members that AWS Backup copies; `*` where the action has no resource type. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Steps that act on resources. A step's role gets the statements of every kind under its name. */
export type StepName =
  | 'plan-run'
  | 'begin-tiers'
  | 'release'
  | 'guard-execution'
  | 'settle'
  | 'retire'
  | 'plan-recovery'
  | 'create-volumes'
  | 'take-safety-snapshot'
  | 'stop-instance'
  | 'detach-volumes'
  | 'attach-volumes'
  | 'start-instance'
  | 'verify-recovery'
  | 'commit-recovery'
  | 'roll-back'
  | 'abandon-recovery';

export type Permissions = Partial<Readonly<Record<StepName, readonly Statement[]>>>;

const permissions: Readonly<Record<MemberKind, Permissions>> = {
  ebs,
  ami,
  rds,
  memorydb,
  aurora,
  dynamodb,
  efs,
  'aws-backup': awsBackup,
  elasticache,
  opensearch,
};

/** Those of one kind. */
export const permissionsOfKind = (kind: MemberKind): Permissions => permissions[kind];

/** @param kinds those of the policy; snapshots of EBS are asked for whatever they are, since their slots are the Region's */
export const permissionsOf = (step: StepName, kinds: ReadonlySet<string>): readonly Statement[] =>
  Object.entries(permissions).flatMap(([kind, of]) => (kind === 'ebs' || kinds.has(kind) ? (of[step] ?? []) : []));

const automaticOf: Partial<Readonly<Record<ManagedKind, (resource: string) => Statement>>> = {
  elasticache: automaticOfElasticache,
  memorydb: automaticOfMemorydb,
};

/** Of the members that say `automatic`, and of no others of their kind: reading and setting the snapshots that their services make by themselves. */
export function automaticPermissions(members: readonly Member[]): readonly Statement[] {
  const statements = members.flatMap((member) =>
    !('resource' in member) || member.automatic === undefined
      ? []
      : (automaticOf[member.kind]?.(member.resource) ?? []),
  );
  const byActions = Map.groupBy(statements, ({ actions }) => actions.join(' '));
  return [...byActions.values()].flatMap((alike) =>
    alike.slice(0, 1).map(({ actions }) => ({ actions, resources: alike.flatMap(({ resources }) => resources) })),
  );
}

const stepNames: readonly string[] = [...new Set(Object.values(permissions).flatMap((of) => Object.keys(of)))];

export const actsOnResources = (step: string): step is StepName => stepNames.includes(step);
