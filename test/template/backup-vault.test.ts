import { describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { steps } from '#infra/function-table.ts';
import { examplePolicy, managedPoliciesOf, statementsByRole, statementsOf, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

const managedMembers = [
  { kind: 'rds', resource: 'orders' },
  { kind: 'efs', resource: 'fs-0a1b2c3d', tier: 2 },
  { kind: 'aws-backup', resource: 'arn:aws:s3:::orders', tier: 2 },
] as const;

type ManagedInput = (typeof managedMembers)[number] & { readonly promoteOn?: { readonly id: string } };

describe('what AWS Backup copies', () => {
  const stackFor = (members: readonly ManagedInput[], formerKinds: PolicyInput['formerKinds'] = []) =>
    synthesize({
      formerKinds,
      version: 1,
      mail: { failures: ['ops@example.com'] },
      workloads: { one: { schedule: { rate: '1 day' }, members: [...members] } },
    });
  const [, files, bucket] = managedMembers;

  test('goes to a vault that outlives the stack with its key; a stack without such members has none', () => {
    template.resourceCountIs('AWS::Backup::BackupVault', 0);
    const backed = stackFor([files]);
    const [vault] = Object.values(backed.findResources('AWS::Backup::BackupVault'));
    expect(vault).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    const [keyId] = vault?.Properties.EncryptionKeyArn['Fn::GetAtt'] ?? [];
    expect(backed.findResources('AWS::KMS::Key')[keyId]).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { EnableKeyRotation: true },
    });
  });

  test('is read in a role that only AWS Backup may assume, and that may read the file systems of the policy only', () => {
    const backed = stackFor([files]);
    const [[id, role] = []] = Object.entries(backed.findResources('AWS::IAM::Role')).filter(([name]) =>
      name.startsWith('BackupRole'),
    );
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' } },
    ]);
    const reading = (statementsByRole(backed).get(id ?? '') ?? []).filter(({ Action }) =>
      Action.includes('elasticfilesystem:Backup'),
    );
    expect(JSON.stringify(reading.map(({ Resource }) => Resource))).toContain('file-system/fs-0a1b2c3d');
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
    expect(JSON.stringify(managedPoliciesOf(stackFor([bucket])))).toContain('AWSBackupServiceRolePolicyForS3Backup');
  });

  test('is asked for, and restored, by one function each, which may pass the role for that to AWS Backup and no other', () => {
    const backed = stackFor([files]);
    const passing = steps.flatMap((step) =>
      statementsOf(backed, step, 'iam:PassRole').map((each) => ({ step, ...each })),
    );
    const byOne = (step: string, role: RegExp) => ({
      ...{ step, Effect: 'Allow', Action: ['iam:PassRole'] },
      Resource: { 'Fn::GetAtt': [expect.stringMatching(role), 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    });
    expect(passing).toEqual([byOne('begin-tiers', /^BackupRole/), byOne('create-volumes', /^RestoreRole/)]);
  });

  test('is restored in a role for the types of the policy alone, which may delete none, and write to no bucket but the new one', () => {
    const allowed = (backed: ReturnType<typeof stackFor>) => {
      const roles = [...statementsByRole(backed)];
      const [, statements = []] = roles.find(([name]) => name.startsWith('RestoreRole')) ?? [];
      return statements.filter(({ Effect }) => Effect === 'Allow');
    };
    const services = (backed: ReturnType<typeof stackFor>) =>
      [...new Set(allowed(backed).flatMap(({ Action }) => [Action].flat().map((each) => each.split(':')[0])))].sort();
    expect(services(stackFor([files]))).toEqual(['elasticfilesystem', 'kms']);
    const ofBucket = stackFor([bucket]);
    expect(services(ofBucket)).toEqual(['kms', 's3']);
    const written = allowed(ofBucket).filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    expect(JSON.stringify(written.map(({ Resource }) => Resource))).toMatch(/^[^*]*:s3:::[a-z]+-new-\*\/\*[^*]*$/);
    const both = stackFor([files, bucket]);
    expect(services(both)).toEqual(['elasticfilesystem', 'kms', 's3']);
    expect(JSON.stringify(allowed(both))).not.toMatch(/:Delete(?!Object)/);
    expect(managedPoliciesOf(both).flat().join()).not.toContain('ForRestores');
  });

  test('is given what AWS Backup forgets only where it carries the tag of this stack', () => {
    const backed = stackFor([files]);
    const tagged = { StringEquals: { 'aws:ResourceTag/holdfast:stack': 'Holdfast' } };
    for (const action of ['elasticfilesystem:CreateMountTarget', 'elasticfilesystem:PutFileSystemPolicy']) {
      expect(statementsOf(backed, 'create-volumes', action).map(({ Condition }) => Condition)).toEqual([tagged]);
    }
    expect(statementsOf(backed, 'create-volumes', 'backup:StartRestoreJob')).toMatchObject([{ Condition: tagged }]);
    const all = steps.flatMap((step) => statementsOf(backed, step, 'elasticfilesystem:DeleteFileSystem'));
    expect(all).toEqual([]);
  });

  test('has its restored files moved on the instances of its workload alone, by one document', () => {
    const promoteOn = { id: 'i-0a1b2c3d4e5f60718' };
    const sending = statementsOf(stackFor([{ ...files, promoteOn }]), 'create-volumes', 'ssm:SendCommand');
    const resources = JSON.stringify(sending.map(({ Resource }) => Resource));
    expect(resources).toContain('PromoteDocument');
    expect(resources).toContain(':instance/i-0a1b2c3d4e5f60718');
    expect(resources).not.toContain('instance/*');
    expect(statementsOf(stackFor([files]), 'create-volumes', 'ssm:SendCommand')).toEqual([]);
  });

  test('has none of its files moved where they are put beside those of now', () => {
    const disk = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data', tier: 2 } as const;
    const sendingFor = (system: object) => {
      const members: PolicyInput['workloads'][string]['members'] = [{ ...files, ...system }, disk];
      const workloads = { one: { schedule: { rate: '1 day' as const }, members } };
      const mail = { failures: ['ops@example.com'] };
      return statementsOf(synthesize({ version: 1, mail, workloads }), 'create-volumes', 'ssm:SendCommand');
    };
    expect(sendingFor({})).not.toEqual([]);
    expect(sendingFor({ restoreInto: 'present' })).toEqual([]);
  });

  test('is kept, and may be deleted by retire alone, as long as the policy names it as a former kind', () => {
    const former = stackFor([{ kind: 'rds', resource: 'orders' }], ['efs']);
    former.resourceCountIs('AWS::Backup::BackupVault', 1);
    const backed = stackFor([files]);
    const deleting = (stack: ReturnType<typeof stackFor>) =>
      statementsOf(stack, 'retire', 'backup:DeleteRecoveryPoint');
    expect(deleting(former)).toEqual(deleting(backed));
    expect(deleting(former)).toHaveLength(1);
    for (const action of ['backup:StartBackupJob', 'backup:StartRestoreJob', 'elasticfilesystem:Backup']) {
      expect(steps.flatMap((step) => statementsOf(former, step, action))).toEqual([]);
    }
  });

  test('is deleted by tag only', () => {
    const [deleting] = statementsOf(stackFor([files]), 'retire', 'backup:DeleteRecoveryPoint');
    expect(deleting?.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/holdfast:stack': 'Holdfast' } });
  });
});
