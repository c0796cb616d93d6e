/** What the folders of the policy's kinds say that a step, or a person, may do. */
import { Aws, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';
import { backupPlanPermissions } from '#providers/backup-plan-permissions.ts';
import {
  actsOnResources,
  automaticPermissions,
  copyPermissions,
  exportPermissions,
  permissionsOf,
  seedPermissions,
} from '#providers/permissions.ts';
import type { BackupVault } from './backup-vault.ts';
import { statementOf, whereValues } from './statement-of.ts';

/** What the folders of the policy's kinds say that a step may do: a stack without databases may do nothing to one, but for retiring what is left of those that it had. */
export function providerStatements(
  scope: Construct,
  step: string,
  { workloads, formerKinds = [] }: Policy,
  { vault, restoreRole }: { readonly vault: BackupVault | undefined; readonly restoreRole: IRole | undefined },
): readonly PolicyStatement[] {
  if (!actsOnResources(step)) return [];
  const former = step === 'retire' ? formerKinds : [];
  const kinds = new Set([...workloads.flatMap(({ members }) => members.map(({ kind }) => kind)), ...former]);
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
export function backupPlanStatements(
  step: string,
  { workloads }: Policy,
  vaults: readonly string[],
): readonly PolicyStatement[] {
  if (!actsOnResources(step) || vaults.length === 0) return [];
  const kinds = new Set(workloads.flatMap(({ members }) => members.map(({ kind }) => kind)));
  return (backupPlanPermissions(vaults, kinds)[step] ?? []).map((statement) => statementOf(statement, whereValues));
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
