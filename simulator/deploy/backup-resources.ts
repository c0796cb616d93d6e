import { arn } from '../iam/arn.ts';
import type { Rule } from '../services/backup/plans.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, listOf, numberOr, operate, optionalText, refuse, requiredText } from './resource-builder.ts';

const vault: Build = async (site, properties) => {
  if (site.previous) return site.previous;
  refuse(properties, 'AccessPolicy', 'Notifications');
  const name = requiredText(properties, 'BackupVaultName');
  if (!/^[\w-]{2,50}$/.test(name)) throw new Error(`${name} is no name of a vault`);
  const EncryptionKeyArn = requiredText(properties, 'EncryptionKeyArn');
  await operate(site, site.services.backup, 'CreateBackupVault', { BackupVaultName: name, EncryptionKeyArn });
  const attributes = { BackupVaultArn: arn(site.kernel, 'backup', `backup-vault:${name}`), BackupVaultName: name };
  return { ref: name, attributes };
};

const plan: Build = (site, properties) => {
  const id = site.name(undefined, 36);
  const given = objectOf(properties, 'BackupPlan');
  refuse(given, 'AdvancedBackupSettings');
  const { plans } = site.services.backup;
  const rules = listOf(given, 'BackupPlanRule').filter(isObject).map(ruleOf);
  plans.deploy(id, requiredText(given, 'BackupPlanName'), rules);
  const attributes = { BackupPlanId: id, BackupPlanArn: arn(site.kernel, 'backup', `backup-plan:${id}`) };
  return { ref: id, attributes, remove: () => plans.remove(id) };
};

const minuteMs = 60_000;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html */
const usualStartMinutes = 480;
const usualTime = 'cron(0 5 ? * * *)';

/** Copies of a continuous rule are taken as others are. */
function ruleOf(rule: Json): Rule {
  refuse(rule, 'CopyActions', 'TargetLogicallyAirGappedBackupVaultArn');
  const lifecycle = isObject(rule.Lifecycle) ? rule.Lifecycle : {};
  const days = (name: string) => (lifecycle[name] === undefined ? undefined : Number(lifecycle[name]));
  const completion = numberOr(rule, 'CompletionWindowMinutes', 0);
  return {
    name: requiredText(rule, 'RuleName'),
    vault: requiredText(rule, 'TargetBackupVault'),
    expression: optionalText(rule, 'ScheduleExpression') ?? usualTime,
    timeZone: optionalText(rule, 'ScheduleExpressionTimezone') ?? 'UTC',
    startWindowMs: numberOr(rule, 'StartWindowMinutes', usualStartMinutes) * minuteMs,
    completionWindowMs: completion === 0 ? undefined : completion * minuteMs,
    lifecycle: { deleteAfterDays: days('DeleteAfterDays'), coldAfterDays: days('MoveToColdStorageAfterDays') },
    tags: textsOf(rule.RecoveryPointTags),
  };
}

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([key, text]) => [key, String(text)]));

const selection: Build = (site, properties) => {
  const planId = requiredText(properties, 'BackupPlanId');
  const given = objectOf(properties, 'BackupSelection');
  refuse(given, 'ListOfTags', 'NotResources');
  const roleArn = requiredText(given, 'IamRoleArn');
  site.roles.requireTrust(roleArn, 'backup.amazonaws.com');
  const conditions = isObject(given.Conditions) ? given.Conditions : {};
  refuse(conditions, 'StringLike', 'StringNotEquals', 'StringNotLike');
  const tags = listOf(conditions, 'StringEquals')
    .filter(isObject)
    .map((each) => [requiredText(each, 'ConditionKey').replace(/^aws:ResourceTag\//, ''), each.ConditionValue]);
  const id = site.name(undefined);
  const { plans } = site.services.backup;
  plans.select(planId, id, {
    ...{ roleArn, resources: listOf(given, 'Resources').map(String), tags: textsOf(Object.fromEntries(tags)) },
  });
  return { ref: `${id}|${planId}`, attributes: {}, remove: () => plans.deselect(planId, id) };
};

function objectOf(properties: Json, name: string): Json {
  const value = properties[name];
  if (!isObject(value)) throw new Error(`${name} is missing`);
  return value;
}

export const BACKUP_RESOURCES: Readonly<Record<string, Build>> = {
  'AWS::Backup::BackupVault': vault,
  'AWS::Backup::BackupPlan': plan,
  'AWS::Backup::BackupSelection': selection,
};
