import { arn } from '../iam/arn.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, operate, refuse, requiredText } from './resource-builder.ts';

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

/** Its rules are not run: a test has a job begin by `world.startElsewhere`. */
const plan: Build = (site, properties) => {
  const id = site.name(undefined, 36);
  requiredText(objectOf(properties, 'BackupPlan'), 'BackupPlanName');
  return { ref: id, attributes: { BackupPlanId: id, BackupPlanArn: arn(site.kernel, 'backup', `backup-plan:${id}`) } };
};

const selection: Build = (site, properties) => {
  const planId = requiredText(properties, 'BackupPlanId');
  const roleArn = requiredText(objectOf(properties, 'BackupSelection'), 'IamRoleArn');
  site.roles.requireTrust(roleArn, 'backup.amazonaws.com');
  return { ref: `${site.name(undefined)}|${planId}`, attributes: {} };
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
