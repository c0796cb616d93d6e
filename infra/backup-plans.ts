/** Plans of AWS Backup: each copies by itself what carries its tags, at its own hours, into a vault of its own. Nothing is held still for them. */
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { BackupPlan, BackupPlanType, BackupRule } from '#domain/backup-plan.ts';
import type { Policy } from '#domain/policy.ts';
import { tagKeys } from '#domain/tags.ts';
import { copyPolicies } from '#providers/backup-permissions.ts';
import { roleForBackup } from './restore-role.ts';
import { addVault, keyStatements, type Vault } from './vault.ts';

export interface BackupPlans {
  /** In which AWS Backup copies for them. */
  readonly role: Role;
  readonly vaults: readonly Vault[];
}

export function createBackupPlans(parent: Construct, { plans = [] }: Policy): BackupPlans | undefined {
  if (plans.length === 0) return undefined;
  const scope = new Construct(parent, 'Plans');
  const role = roleForBackup(scope, 'CopyRole', copyPolicies);
  const vaults = plans.map((plan) => createPlan(scope, plan, role));
  return { role, vaults };
}

function createPlan(parent: Construct, plan: BackupPlan, role: Role): Vault {
  const scope = new Construct(parent, plan.name);
  const vault = addVault(scope, `plan-${plan.name}`, plan.lock);
  for (const statement of keyStatements(vault.key)) role.addToPolicy(statement);
  const { stackName } = Stack.of(scope);
  const made = new CfnBackupPlan(scope, 'Plan', {
    backupPlan: {
      backupPlanName: `${stackName}-${plan.name}`,
      backupPlanRule: plan.rules.map((rule) => ({
        ...ruleOf(rule),
        targetBackupVault: vault.vault.ref,
        recoveryPointTags: { [tagKeys.stack]: stackName },
      })),
    },
  });
  new CfnBackupSelection(scope, 'Selection', {
    backupPlanId: made.ref,
    backupSelection: {
      selectionName: plan.name,
      iamRoleArn: role.roleArn,
      resources: (plan.types ?? []).length === 0 ? ['*'] : (plan.types ?? []).map(arnsOf),
      conditions: { StringEquals: carriedTags(plan) },
    },
  });
  return vault;
}

/** All of them: what `ListOfTags` has instead is any of them. */
const carriedTags = ({ tags }: BackupPlan) =>
  Object.entries(tags).map(([key, value]) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value }));

const ruleOf = (rule: BackupRule) => ({
  ruleName: rule.name,
  scheduleExpression: rule.expression,
  scheduleExpressionTimezone: rule.timeZone,
  startWindowMinutes: rule.startMinutes,
  enableContinuousBackup: rule.continuous,
  lifecycle: {
    deleteAfterDays: rule.keepDays,
    ...(rule.coldAfterDays === undefined ? {} : { moveToColdStorageAfterDays: rule.coldAfterDays }),
  },
  ...(rule.completeMinutes === undefined ? {} : { completionWindowMinutes: rule.completeMinutes }),
});

const arns: Readonly<Record<BackupPlanType, string>> = {
  ebs: 'ec2:own:volume/*',
  ec2: 'ec2:own:instance/*',
  efs: 'elasticfilesystem:own:file-system/*',
  rds: 'rds:own:db:*',
  cluster: 'rds:own:cluster:*',
  dynamodb: 'dynamodb:own:table/*',
  fsx: 'fsx:own:file-system/*',
  s3: 's3:::*',
};

const arnsOf = (type: BackupPlanType): string =>
  `arn:${Aws.PARTITION}:${arns[type].replace('own', `${Aws.REGION}:${Aws.ACCOUNT_ID}`)}`;
