import { describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { steps } from '#infra/function-table.ts';
import { examplePolicy, statementsByRole, statementsOf, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('a plan of AWS Backup', () => {
  const plans: NonNullable<PolicyInput['plans']> = {
    everything: { select: { tags: { backup: 'daily', stage: 'live' } } },
    databases: {
      select: { tags: { backup: 'database' }, types: ['rds'] },
      rules: [{ continuous: true }, { every: 'month', completeWithin: '10h' }],
      lock: { minDays: 7, changeableDays: 3 },
    },
  };
  const planned = synthesize({ ...examplePolicy, plans });
  const only = (type: string) => Object.values(planned.findResources(type)).map(({ Properties }) => Properties);

  test('copies what carries all its tags, of the types that it names, into a vault of its own', () => {
    expect(only('AWS::Backup::BackupSelection').map(({ BackupSelection }) => BackupSelection)).toEqual([
      expect.objectContaining({
        Resources: ['*'],
        Conditions: {
          StringEquals: [
            { ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'daily' },
            { ConditionKey: 'aws:ResourceTag/stage', ConditionValue: 'live' },
          ],
        },
      }),
      expect.objectContaining({
        Resources: [expect.objectContaining({ 'Fn::Join': ['', expect.arrayContaining([':rds:', ':db:*'])] })],
      }),
    ]);
    const vaults = Object.values(planned.findResources('AWS::Backup::BackupVault'));
    expect(vaults.map(({ DeletionPolicy, Properties }) => [DeletionPolicy, Properties.LockConfiguration])).toEqual([
      ['RetainExceptOnCreate', undefined],
      ['RetainExceptOnCreate', { MinRetentionDays: 7, ChangeableForDays: 3 }],
    ]);
  });

  test('has the hours and the keeping that the policy says', () => {
    const [daily, databases] = only('AWS::Backup::BackupPlan').map(({ BackupPlan }) => BackupPlan.BackupPlanRule);
    expect(daily).toEqual([
      expect.objectContaining({
        ScheduleExpression: 'cron(0 5 ? * * *)',
        StartWindowMinutes: 60,
        Lifecycle: { DeleteAfterDays: 30 },
        EnableContinuousBackup: false,
      }),
    ]);
    expect(databases).toEqual([
      expect.objectContaining({ EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 35 } }),
      expect.objectContaining({
        CompletionWindowMinutes: 600,
        Lifecycle: { DeleteAfterDays: 365, MoveToColdStorageAfterDays: 30 },
      }),
    ]);
  });

  test('has a role to restore in that hands no other role on', () => {
    const roles = [...statementsByRole(planned)];
    const [, statements = []] = roles.find(([name]) => name.startsWith('RestoreRole')) ?? [];
    const [hands, ...others] = statements;
    expect(hands).toEqual({ Effect: 'Deny', Action: ['iam:PassRole'], Resource: '*' });
    // Beside AWS's own policies nothing but the vaults' keys.
    const keys = [/^Plansdatabases/, /^Planseverything/].map((name) => ({
      'Fn::GetAtt': [expect.stringMatching(name), 'Arn'],
    }));
    expect(others.map(({ Resource }) => Resource)).toEqual([keys, keys]);
    expect(others.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('kms:'))).toEqual([]);
    planned.hasOutput('HoldfastRestoreRole', {});
  });

  test('lets one function list its vault and no other, and one make volumes from the snapshots of this account', () => {
    const list = 'backup:ListRecoveryPointsByBackupVault';
    const listing = steps.flatMap((step) =>
      statementsOf(planned, step, list).map((statement) => ({ step, statement })),
    );
    expect(listing.map(({ step }) => step)).toEqual(['plan-recovery']);
    expect(listing[0]?.statement.Resource).toEqual(
      [/^Plansdatabases/, /^Planseverything/].map((name) => ({
        'Fn::GetAtt': [expect.stringMatching(name), 'BackupVaultArn'],
      })),
    );
    const owned = { StringEquals: { 'ec2:Owner': { Ref: 'AWS::AccountId' } } };
    const making = (from: typeof planned) =>
      statementsOf(from, 'create-volumes', 'ec2:CreateVolume').filter(
        ({ Condition }) => JSON.stringify(Condition) === JSON.stringify(owned),
      );
    expect(making(planned)).toHaveLength(1);
    expect(making(template)).toEqual([]);
    expect(steps.flatMap((step) => statementsOf(template, step, list))).toEqual([]);
    planned.hasOutput('HoldfastPlanVaults', {});
  });
});
