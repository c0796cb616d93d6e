/** The template as it would be deployed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { wildcards } from '#infra/acknowledgements.ts';
import { bundledSteps, functionTable, steps } from '#infra/function-table.ts';
import { Holdfast } from '#infra/holdfast.ts';
import { addHoldfastStack } from '#infra/holdfast-stack.ts';
import { everyKind, everyRestoredType } from './scenario/every-kind.ts';
import {
  emptyBundles,
  examplePolicy,
  managedPoliciesOf,
  newApp,
  statementsByRole,
  statementsOf,
  synthesize,
} from './template/synthesize.ts';

let template: ReturnType<typeof synthesize>;
beforeAll(() => {
  template = synthesize(examplePolicy);
});

/** Nightly, each with one instance by its id, all told to one address. */
const fleetOf = (count: number): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'] },
  workloads: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `workload-${index}`,
      {
        schedule: { cron: '0 3 * * ? *' },
        members: [{ kind: 'ebs', instance: { id: `i-${index.toString(16).padStart(17, '0')}` }, volumes: 'data' }],
        quiesce: { hooks: [{ kind: 'filesystem' }] },
      },
    ]),
  ),
});

const managedMembers = [
  { kind: 'rds', resource: 'orders' },
  { kind: 'efs', resource: 'fs-0a1b2c3d', tier: 2 },
  { kind: 'aws-backup', resource: 'arn:aws:s3:::orders', tier: 2 },
] as const;
type ManagedInput = (typeof managedMembers)[number] & { readonly promoteOn?: { readonly id: string } };

const instance = (id: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':ec2:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:instance/${id}`,
    ],
  ],
});

describe('roles', () => {
  test('allow named actions only', () => {
    const actions = [...statementsByRole(synthesize(everyKind)).values()].flat().flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(100);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });
  test('take nothing from policies of AWS', () => {
    expect(managedPoliciesOf(template)).toEqual([]);
  });
  test('belong to one function each', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const roles = new Set(functions.map(({ Properties }) => JSON.stringify(Properties.Role)));
    expect(roles.size).toBe(steps.length);
  });
  test('of state machines invoke the functions that the definition names, and no others', () => {
    const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const byRole = statementsByRole(template);
    expect(machines).toHaveLength(2);
    for (const { Properties } of machines) {
      const { Partition, ...functions } = Properties.DefinitionSubstitutions;
      expect(Partition).toEqual({ Ref: 'AWS::Partition' });
      expect(Properties.DefinitionString).not.toContain('arn:aws:');
      const named: string[] = Object.values(functions).map((arn) => JSON.stringify(arn));
      const invoked = (byRole.get(Properties.RoleArn['Fn::GetAtt'][0]) ?? [])
        .filter(({ Action }) => Action.includes('lambda:InvokeFunction'))
        .flatMap(({ Resource }) => Resource)
        .map((arn) => JSON.stringify(arn));
      expect(invoked.sort()).toEqual(named.sort());
    }
  });
  test('of the schedules can begin runs and leave dead letters', () => {
    const actions = [...statementsByRole(template)]
      .filter(([role]) => role.startsWith('SchedulesRole'))
      .flatMap(([, statements]) => statements.flatMap(({ Action }) => Action));
    expect(actions).toEqual(['lambda:InvokeFunction', 'sqs:SendMessage']);
  });
});

describe('commands to guests', () => {
  test('go to the instances that the policy names, by id or by all of the tags', () => {
    for (const step of ['quiesce', 'release', 'settle', 'guard-execution']) {
      const allowed = statementsOf(template, step, 'ssm:SendCommand').flatMap(({ Resource, Condition }) =>
        [Resource].flat().map((resource) => ({ resource, condition: Condition })),
      );
      expect(allowed.filter(({ resource }) => !JSON.stringify(resource).includes(':document/'))).toEqual([
        { resource: instance('i-0a1b2c3d4e5f60718'), condition: undefined },
        {
          resource: instance('*'),
          condition: { StringEquals: { 'ssm:resourceTag/Name': 'orders-db', 'ssm:resourceTag/stage': 'live' } },
        },
      ]);
    }
  });
  test('are scripts of Holdfast only', () => {
    const documents = (step: string) =>
      statementsOf(template, step, 'ssm:SendCommand')
        .flatMap(({ Resource }) => Resource)
        .flatMap((arn) => JSON.stringify(arn).match(/document\/.*?"Ref":"(\w+)"/)?.[1] ?? []);
    expect(documents('quiesce').sort()).toEqual([
      'CleanUpDocument',
      'CommandDocument',
      'FilesystemDocument',
      'MysqlDocument',
      'PostgresqlDocument',
      'RedisDocument',
      'ServicesDocument',
    ]);
    expect(documents('verify-recovery')).toEqual(['VerifyDocument']);
  });
  test('of a recovery are those that some workload wants', () => {
    const { appliance } = examplePolicy.workloads;
    if (appliance === undefined) throw new Error('The example has no appliance.');
    const cleanUp = [{ roots: ['/srv/appliance'], files: ['TEMP.*'] }];
    const cleaned = synthesize({ version: 1, workloads: { appliance: { ...appliance, recovery: { cleanUp } } } });
    const allowed = JSON.stringify(statementsOf(cleaned, 'verify-recovery', 'ssm:SendCommand'));
    expect(allowed).toContain('CleanUpDocument');
    expect(allowed).not.toContain('VerifyDocument');
  });
  test('are not allowed at all where nothing is held still or verified', () => {
    const { appliance } = examplePolicy.workloads;
    if (appliance === undefined) throw new Error('The example has no appliance.');
    const { quiesce: _, ...unheld } = appliance;
    const bare = synthesize({ version: 1, workloads: { appliance: unheld } });
    expect(steps.flatMap((step) => statementsOf(bare, step, 'ssm:SendCommand'))).toEqual([]);
  });
  test('let the step that begins send AWS’s own document for VSS, to the instances of its workloads, and no other step', () => {
    const { appliance } = examplePolicy.workloads;
    if (appliance === undefined) throw new Error('The example has no appliance.');
    const members = appliance.members.map((member) => ({ ...member, volumes: 'data' as const }));
    const files = { ...appliance, members, quiesce: { hooks: [{ kind: 'windows-vss' as const }] } };
    const windows = synthesize({ version: 1, workloads: { files } });
    const senders = steps.filter((step) => statementsOf(windows, step, 'ssm:SendCommand').length > 0);
    expect(senders).toEqual(['begin-tiers']);
    const resources = statementsOf(windows, 'begin-tiers', 'ssm:SendCommand').map(({ Resource }) =>
      JSON.stringify(Resource),
    );
    expect(resources.join()).toContain('::document/AWSEC2-CreateVssSnapshot');
    expect(resources.join()).toContain('instance/i-0a1b2c3d4e5f60718');
    expect(resources.join()).not.toContain('instance/*');
    windows.hasResourceProperties('AWS::Lambda::Function', { Description: 'Holdfast: begin-tiers', Timeout: 120 + 30 });
    template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Holdfast: begin-tiers', Timeout: 12 });
  });
  test('may take as long as the longest deadline and half a minute to arrive', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Holdfast: quiesce', Timeout: 120 + 30 });
  });
});

describe('records that lead applications to what was recovered', () => {
  const cache = (name: string, zone: string) =>
    ({ kind: 'memorydb', resource: name, cname: { zone, name: `${name}.internal.example.com` } }) as const;
  const schedule = { cron: '0 3 * * ? *' } as const;
  const mail = { failures: ['ops@example.com'] };
  const one = { schedule, mail, members: [cache('orders', 'Z1'), cache('carts', 'Z1'), cache('jobs', 'Z2')] };
  const shop = synthesize({ version: 1, workloads: { one } });

  test('can be changed by name, each in its zone, as CNAME, and never be deleted', () => {
    for (const step of ['attach-volumes', 'roll-back']) {
      const allowed = statementsOf(shop, step, 'route53:ChangeResourceRecordSets');
      expect(allowed.map(({ Resource }) => JSON.stringify(Resource).match(/hostedzone\/\w+/)?.[0])).toEqual([
        'hostedzone/Z1',
        'hostedzone/Z2',
      ]);
      expect(allowed[0]?.Condition).toEqual({
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
            'orders.internal.example.com',
            'carts.internal.example.com',
          ],
          'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
        },
      });
    }
  });
  test('are changed by no other step', () => {
    const changing = steps.filter((step) => statementsOf(shop, step, 'route53:ChangeResourceRecordSets').length > 0);
    expect(changing.sort()).toEqual(['attach-volumes', 'roll-back']);
  });
});

describe('a domain inside a VPC', () => {
  const network = {
    subnets: ['subnet-0a1b2c3d', 'subnet-0e0f0a0b'],
    securityGroups: ['sg-0a1b2c3d'],
  };
  const search = (resource: string, own: object) => ({
    kind: 'opensearch' as const,
    resource,
    repository: 'r',
    ...own,
  });
  const members = [search('evidence', { network }), search('logs', { network }), search('public', {})];
  const workloads = { one: { schedule: { cron: '0 3 * * ? *' }, mail: { failures: ['ops@example.com'] }, members } };
  const inside = synthesize({ version: 1, workloads });
  const invoked = (resource: unknown) =>
    [...JSON.stringify(resource).matchAll(/:function:([\w-]+)/g)].map(([, name]) => name);

  test('has a function in the subnets and security groups that its member names', () => {
    const functions = Object.values(inside.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
    const carriers = functions.filter(({ VpcConfig }) => VpcConfig !== undefined);
    expect(carriers.map(({ FunctionName }) => FunctionName)).toEqual(['Holdfast-ask-evidence', 'Holdfast-ask-logs']);
    for (const { VpcConfig, Timeout, Environment, FunctionName } of carriers) {
      expect(VpcConfig).toEqual({ SubnetIds: network.subnets, SecurityGroupIds: network.securityGroups });
      expect(Timeout).toBeLessThan(15);
      expect(Environment.Variables).toEqual({ HOLDFAST_DOMAIN: FunctionName.replace('Holdfast-ask-', '') });
    }
  });
  test('is asked through it by the steps that have rights to its paths, and by no others', () => {
    const callers = steps.filter((step) =>
      statementsOf(inside, step, 'lambda:InvokeFunction').some(({ Resource }) => invoked(Resource).length > 0),
    );
    const asking = ['ESHttpGet', 'ESHttpPut', 'ESHttpPost', 'ESHttpDelete'].flatMap((method) =>
      steps.filter((step) => statementsOf(inside, step, `es:${method}`).length > 0),
    );
    expect(callers.toSorted()).toEqual([...new Set(asking)].toSorted());
    const [statement] = statementsOf(inside, 'plan-run', 'lambda:InvokeFunction');
    expect(invoked(statement?.Resource)).toEqual(['Holdfast-ask-evidence', 'Holdfast-ask-logs']);
  });
  test('gives that function rights to log and to have network interfaces, which its own code may not use', () => {
    const [, statements = []] =
      [...statementsByRole(inside)].find(([role]) => /^AskDomainEvidenceRole/.test(role)) ?? [];
    const actions = (effect: string) =>
      statements.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action);
    const ofNetwork = actions('Allow').filter((action) => !action.startsWith('logs:'));
    expect(ofNetwork).toContain('ec2:CreateNetworkInterface');
    expect(
      ofNetwork.filter((action) => !/^ec2:\w+(NetworkInterfaces?|Subnets|PrivateIpAddresses)$/.test(action)),
    ).toEqual([]);
    expect(actions('Deny').toSorted()).toEqual(ofNetwork.toSorted());
    expect(statements.find(({ Effect }) => Effect === 'Deny')?.Condition).toEqual({
      Null: { 'lambda:SourceFunctionArn': 'false' },
    });
  });
  test('is refused where the stack’s name leaves no room for that function’s', () => {
    const stack = new Stack(newApp(), 'Holdfast', { stackName: 'h'.repeat(60) });
    const create = () => new Holdfast(stack, 'Default', { version: 1, workloads, bundlesDirectory: emptyBundles });
    expect(create).toThrow(/would have 73 characters in its name.*shorter name/);
  });
});

describe('what is done to ECS services', () => {
  const { appliance } = examplePolicy.workloads;
  if (appliance === undefined) throw new Error('The example has no appliance.');
  const hook = { kind: 'ecs-service', cluster: 'shop', service: 'orders' } as const;
  const shop = synthesize({ version: 1, workloads: { appliance: { ...appliance, quiesce: { hooks: [hook] } } } });
  const holding = ['quiesce', 'release', 'settle', 'guard-execution'];
  const allowed = (step: string, action: string) => statementsOf(shop, step, action);
  const ofHeld = {
    Null: { 'aws:ResourceTag/holdfast:desired-count': 'false' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['holdfast:desired-count'] },
  };

  test('is to those that the policy names, by whoever holds or releases, and by who releases to what is still held', () => {
    for (const step of holding) {
      const [statement, ...others] = allowed(step, 'ecs:UpdateService');
      expect(others.map(({ Condition }) => Condition)).toEqual(step === 'quiesce' ? [] : [ofHeld]);
      expect(JSON.stringify(statement?.Resource)).toMatch(/:ecs:.*:service\/shop\/orders"\]\]\}$/);
    }
    expect(steps.filter((step) => allowed(step, 'ecs:UpdateService').length > 0).sort()).toEqual(holding.toSorted());
  });
  test('touches no tag of theirs but ours', () => {
    for (const step of holding) {
      const [statement] = allowed(step, 'ecs:UntagResource');
      expect(statement?.Condition).toEqual({
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['holdfast:desired-count'] },
      });
    }
    expect(steps.filter((step) => allowed(step, 'ecs:TagResource').length > 0)).toEqual(['quiesce']);
  });
  test('begins with a look at their tasks, in their cluster, and at what else may scale them', () => {
    const [tasks] = allowed('quiesce', 'ecs:ListTasks');
    expect(JSON.stringify(tasks?.Condition)).toMatch(/ArnEquals.*ecs:cluster.*:cluster\/shop"/);
    expect(JSON.stringify(allowed('quiesce', 'ecs:DescribeTasks')[0]?.Resource)).toContain(':task/shop/*');
    const planning = steps.filter(
      (step) => allowed(step, 'application-autoscaling:DescribeScalableTargets').length > 0,
    );
    expect(planning).toEqual(['plan-run']);
  });
  test('is allowed to who releases only, and of what is still held from before, where the policy names none', () => {
    const found = steps.flatMap((step) => statementsOf(template, step, 'ecs:UpdateService'));
    expect(found.map(({ Condition }) => Condition)).toEqual([ofHeld, ofHeld, ofHeld]);
  });
});

describe('the ledger', () => {
  test('is encrypted with a key of its own that rotates, can be restored, and outlives the stack with its key', () => {
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    template.hasResource('AWS::DynamoDB::Table', {
      ...kept,
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: {
          SSEEnabled: true,
          SSEType: 'KMS',
          KMSMasterKeyId: Match.objectLike({ 'Fn::GetAtt': [Match.stringLikeRegexp('^LedgerKey'), 'Arn'] }),
        },
      },
    });
    const keys = template.findResources('AWS::KMS::Key', { ...kept, Properties: { EnableKeyRotation: true } });
    expect(Object.keys(keys)).toEqual([expect.stringMatching(/^LedgerKey/)]);
  });
  test('has the keys and the index that the functions use', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'open',
          KeySchema: [
            { AttributeName: 'open', KeyType: 'HASH' },
            { AttributeName: 'since', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['slots'] },
        },
      ],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });
});

describe('what AWS Backup copies', () => {
  const stackFor = (members: readonly ManagedInput[]) =>
    synthesize({
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

  test('is deleted by tag only', () => {
    const [deleting] = statementsOf(stackFor([files]), 'retire', 'backup:DeleteRecoveryPoint');
    expect(deleting?.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/holdfast:stack': 'Holdfast' } });
  });
});

describe('files of caches', () => {
  const stackOf = (member: object) =>
    synthesize({
      version: 1,
      mail: { failures: ['ops@example.com'] },
      workloads: {
        caches: {
          schedule: { cron: '0 3 * * ? *' },
          members: [{ kind: 'elasticache', resource: 'replicationgroup:sessions', ...member }],
        },
      },
    });

  test('are allowed to settle alone, into the bucket that is named, of Holdfast’s own snapshots', () => {
    const stack = stackOf({ export: { bucket: 'cache-files' } });
    const resourcesOf = (action: string) =>
      statementsOf(stack, 'settle', action).map(({ Resource }) => JSON.stringify(Resource));
    expect(resourcesOf('elasticache:CopySnapshot')).toEqual([expect.stringContaining(':snapshot:holdfast-*')]);
    expect(resourcesOf('s3:PutObject')).toEqual([expect.stringContaining(':s3:::cache-files/holdfast-*')]);
    for (const step of steps.filter((each) => each !== 'settle')) {
      expect(statementsOf(stack, step, 'elasticache:CopySnapshot')).toEqual([]);
      expect(statementsOf(stack, step, 's3:PutObject')).toEqual([]);
    }
  });

  test('are read by whoever plans and makes a cache from some, and by no person', () => {
    const stack = stackOf({ seed: { bucket: 'cache-seeds' } });
    const readers = steps.filter((step) => statementsOf(stack, step, 's3:GetObject').length > 0);
    expect(readers).toEqual(['plan-recovery', 'create-volumes']);
    const managed = JSON.stringify(stack.findResources('AWS::IAM::ManagedPolicy'));
    expect(managed).not.toContain('s3:');
  });

  test('are allowed nothing where no member wants one', () => {
    const stack = stackOf({});
    for (const action of ['elasticache:CopySnapshot', 's3:PutObject', 's3:ListAllMyBuckets', 's3:ListBucket']) {
      expect(statementsOf(stack, 'settle', action)).toEqual([]);
    }
    for (const step of steps) expect(statementsOf(stack, step, 's3:GetObject')).toEqual([]);
  });
});

describe('snapshots that caches make by themselves', () => {
  const automatic = { retentionDays: 7 };
  const members: PolicyInput['workloads'][string]['members'] = [
    { kind: 'elasticache', resource: 'replicationgroup:sessions', automatic },
    { kind: 'elasticache', resource: 'replicationgroup:baskets', automatic },
    { kind: 'elasticache', resource: 'replicationgroup:left-alone' },
    { kind: 'elasticache', resource: 'cluster:queue', automatic },
    { kind: 'elasticache', resource: 'serverlesscache:carts', automatic },
    { kind: 'memorydb', resource: 'orders', automatic },
    { kind: 'memorydb', resource: 'left-alone' },
  ];
  const caches = synthesize({
    version: 1,
    mail: { failures: ['ops@example.com'] },
    workloads: { caches: { schedule: { cron: '0 3 * * ? *' }, members } },
  });
  const changing: Readonly<Record<string, readonly string[]>> = {
    'elasticache:ModifyReplicationGroup': [':replicationgroup:baskets', ':replicationgroup:sessions'],
    'elasticache:ModifyCacheCluster': [':cluster:queue'],
    'elasticache:ModifyServerlessCache': [':serverlesscache:carts'],
    'memorydb:UpdateCluster': [':cluster/orders'],
  };

  test('are set on exactly those whose members ask for it', () => {
    for (const [action, ends] of Object.entries(changing)) {
      const arns = statementsOf(caches, 'retire', action).flatMap(({ Resource }) => [Resource].flat());
      expect(arns.map((arn) => JSON.stringify(arn))).toEqual(
        ends.map((end) => expect.stringMatching(new RegExp(`${end}"\\]\\]}$`))),
      );
    }
  });

  test('are set by one function alone', () => {
    const others = steps.filter((step) => step !== 'retire');
    const found = others.filter((step) =>
      Object.keys(changing).some((action) => statementsOf(caches, step, action).length > 0),
    );
    expect(found).toEqual([]);
  });
});

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

describe('mail', () => {
  const subscription = (topic: string, address: string, more: object) => ({
    TopicArn: { Ref: Match.stringLikeRegexp(`^Topics${topic}`) },
    Protocol: 'email',
    Endpoint: address,
    ...more,
  });
  test('goes unfiltered to an address of every workload, and filtered to the others', () => {
    const filter = { FilterPolicy: { workload: ['appliance'] } };
    const none = { FilterPolicy: Match.absent() };
    template.hasResourceProperties('AWS::SNS::Subscription', subscription('Failures', 'ops@example.com', none));
    template.hasResourceProperties('AWS::SNS::Subscription', subscription('Failures', 'owner@example.com', filter));
    template.hasResourceProperties('AWS::SNS::Subscription', subscription('Reports', 'ops@example.com', filter));
  });
  test('of alarms, which no filter would let through, goes to everybody who is told of failures', () => {
    for (const address of ['ops@example.com', 'owner@example.com']) {
      template.hasResourceProperties(
        'AWS::SNS::Subscription',
        subscription('Alarms', address, { FilterPolicy: Match.absent() }),
      );
    }
    template.resourceCountIs('AWS::SNS::Subscription', 5);
  });
  test('is encrypted with a key that alarms may use too', () => {
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });
  test('can be sent to every topic over TLS only, and by alarms to theirs', () => {
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy')).map(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(policies).toHaveLength(3);
    for (const statements of policies)
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    const byAlarms = policies.filter((statements) => JSON.stringify(statements).includes('"cloudwatch.amazonaws.com"'));
    expect(byAlarms).toHaveLength(1);
  });
});

describe('what fails in every attempt', () => {
  test('is kept, of every function that events invoke', () => {
    const invoked = steps.filter((step) => functionTable[step].byEvent);
    expect(invoked).toHaveLength(7);
    for (const step of invoked) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Description: `Holdfast: ${step}`,
        DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] } },
      });
    }
    template.resourcePropertiesCountIs('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 }, 7);
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: Duration.days(14).toSeconds(),
    });
  });
});

describe('schedules', () => {
  test('begin runs at local time, and name the run after the scheduled time', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/London',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BeginRun'), 'Arn'] },
        Input:
          '{"schedule":{"expression":"cron(0 3 * * ? *)","timeZone":"Europe/London"},"scheduledAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 3 },
        DeadLetterConfig: Match.anyValue(),
      },
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(12 hours)' });
  });
  test('are one for all workloads that share it, so that the template does not grow with the fleet', () => {
    const size = (count: number) => {
      const large = synthesize(fleetOf(count));
      large.resourceCountIs('AWS::Scheduler::Schedule', 1);
      expect(managedPoliciesOf(large)).toEqual([]);
      return JSON.stringify(large.toJSON()).length;
    };
    const [small, most] = [size(200), size(2500)];
    expect(most).toBeLessThan(1_000_000);
    expect(most).toBe(small);
  });
  test('wake each sweep', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule')).flatMap(({ Properties }) =>
      Properties.ScheduleExpression === undefined
        ? []
        : [[Properties.Targets[0].Arn['Fn::GetAtt'][0].replace(/Function.*/, ''), Properties.ScheduleExpression]],
    );
    expect(Object.fromEntries(rules)).toEqual({
      Settle: 'rate(1 minute)',
      Report: 'rate(5 minutes)',
      Retire: 'rate(1 hour)',
      Watch: 'rate(1 hour)',
      SendDigest: 'cron(0 7 * * ? *)',
    });
  });
  test('are beside a guard that hears of both machines ending badly', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('^Protect') }, { Ref: Match.stringLikeRegexp('^Recover') }],
        },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^GuardExecution'), 'Arn'] } }],
    });
  });
});

describe('alarms', () => {
  test('go to their own topic, each of them', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(9);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^TopicsAlarms/) }]);
    }
  });
  test('take a silent watch for a broken one', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      Period: 3600,
      EvaluationPeriods: 2,
    });
  });
});

describe('state machines', () => {
  test('are traced and logged without the data that passes through', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });
});

test('functions run on arm64 with Node 24', () => {
  template.allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
  });
});

test('every step that has a handler is deployed', () => {
  const folder = join(import.meta.dirname, '..', 'functions', 'steps');
  const handlers = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => readFileSync(join(folder, file), 'utf8').includes('export const handler'));
  expect(handlers.map((file) => file.slice(0, -'.ts'.length)).sort()).toEqual([...bundledSteps].sort());
});

test('the command line finds what it needs under names that do not change', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'HoldfastBeginRun',
    'HoldfastDocuments',
    'HoldfastLedger',
    'HoldfastOperators',
    'HoldfastProtect',
    'HoldfastReaders',
    'HoldfastRecover',
    'HoldfastTopics',
    'HoldfastVersion',
  ]);
});

describe('the policies for people', () => {
  const policiesOf = (policy: PolicyInput) =>
    Object.values(synthesize(policy).findResources('AWS::IAM::ManagedPolicy'))
      .map(({ Properties }) => Properties)
      .filter(({ Description }) => /^For people/.test(Description));

  /** As long as AWS may make it: names that CloudFormation gives, ARNs of what has one. */
  const written = (resource: unknown): string =>
    asNagWrites(resource)
      .replaceAll('<AWS::Partition>', 'aws-us-gov')
      .replaceAll('<AWS::Region>', 'ap-southeast-1')
      .replaceAll('<AWS::AccountId>', '111122223333')
      .replaceAll(/<[^>]*>/g, 'x'.repeat(110));

  /** As many selections as are named one by one, each by three long tags. */
  const tagged: PolicyInput['workloads'] = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => {
      const tags = Object.fromEntries(
        ['Application', 'Environment', 'CostCentre'].map((key) => [key, `${key}-${index}-${'x'.repeat(200)}`]),
      );
      const members = [{ kind: 'ebs' as const, instance: { tags }, volumes: 'data' as const }];
      const quiesce = { hooks: [{ kind: 'filesystem' as const }] };
      return [`tagged-${index}`, { schedule: { cron: '0 3 * * ? *' }, members, quiesce }];
    }),
  );

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  test.each<[string, PolicyInput, number]>([
    ['every kind of member and hook', everyKind, 3],
    ['a thousand instances', fleetOf(1000), 2],
    ['instances by long tags', { ...fleetOf(1), workloads: tagged }, 3],
  ])('are within what IAM takes, for %s', (_, policy, count) => {
    const policies = policiesOf(policy);
    expect(policies).toHaveLength(count);
    for (const { PolicyDocument } of policies) {
      const statements = PolicyDocument.Statement.map((statement: { readonly Resource: unknown }) => ({
        ...statement,
        Resource: [statement.Resource].flat().map(written),
      }));
      expect(JSON.stringify(statements).length).toBeLessThan(6144);
    }
  });

  test('let nobody send a guest anything but the doctor, nor read what instances are told as they start', () => {
    const statements = policiesOf(everyKind)
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .map(({ Action, Resource }) => ({
        actions: [Action].flat(),
        resources: [Resource].flat().map((resource) => asNagWrites(resource).replace(/^.*:/, '')),
      }));
    const sent = statements.filter(({ actions }) => actions.includes('ssm:SendCommand'));
    const documents = sent.flatMap(({ resources }) => resources.filter((each) => !each.startsWith('instance/')));
    expect(documents).toEqual(['document/<DoctorDocument>']);
    expect(statements.flatMap(({ actions }) => actions)).not.toContain('ec2:DescribeInstanceAttribute');
  });

  test('let readers change nothing, whatever the policy has', () => {
    const readers = policiesOf(everyKind).filter(({ Description }) => /Readers/.test(Description));
    const actions = readers.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.flatMap(({ Action }: { readonly Action: unknown }) => Action),
    );
    expect(actions.length).toBeGreaterThan(20);
    const others = actions.filter((action) => !/:(Describe|List|Get|Query|ESHttpGet|Decrypt)/.test(action));
    // What these functions carry into a VPC is signed by the reader, and so may be what the reader may.
    expect(others).toEqual(['lambda:InvokeFunction']);
    const invoked = readers
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invoked.map(({ Resource }) => written(Resource).split(':').at(-1))).toEqual(['Holdfast-ask-evidence']);
  });
});

describe('assets', () => {
  const keysOf = (of: typeof template) =>
    Object.values(of.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Code.S3Key);
  test('are the same for the same policy', () => {
    expect(keysOf(synthesize(examplePolicy))).toEqual(keysOf(template));
  });
  test('change with the policy, which the functions read', () => {
    const { appliance } = examplePolicy.workloads;
    if (appliance === undefined) throw new Error('The example has no appliance.');
    const changed = { ...examplePolicy.workloads, appliance: { ...appliance, retention: { days: 31, minimum: 7 } } };
    const before = new Set(keysOf(template));
    expect(keysOf(synthesize({ ...examplePolicy, workloads: changed })).filter((key) => before.has(key))).toEqual([]);
  });
});

describe('cdk-nag', { timeout: 120_000 }, () => {
  const policyFile = 'holdfast.yaml';
  const policyText = readFileSync(join(import.meta.dirname, '..', policyFile), 'utf8');
  const props = { policyFile, policyText, bundlesDirectory: emptyBundles };
  test('finds nothing that is not acknowledged', () => {
    const app = newApp({ checked: true });
    addHoldfastStack(app, props);
    expect(() => app.synth()).not.toThrow();
  });
  test.each([
    ['for every kind of member and of hook, and a plan', everyKind],
    ['for every type that AWS Backup restores, without a plan', everyRestoredType],
  ])('finds nothing in a stack %s', (_, policy) => {
    const app = newApp({ checked: true });
    addHoldfastStack(app, { ...props, policyText: JSON.stringify(policy) });
    expect(() => app.synth()).not.toThrow();
  });
  test('is looking', () => {
    const app = newApp();
    new Topic(addHoldfastStack(app, props), 'Open');
    expect(() => app.synth()).toThrow(/AwsSolutions-SNS3/);
  });
  test('is told of no wildcard that is not there', () => {
    const roles = new Map(
      [...statementsByRole(template)].map(([role, statements]) => [role.replace(/Role[0-9A-F]{8}$/, ''), statements]),
    );
    const unused = wildcards.flatMap(({ resource, steps }) =>
      steps
        .filter((step) => {
          const pascal = step.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
          const resources = (roles.get(pascal) ?? []).flatMap(({ Resource }) => Resource).map(asNagWrites);
          return !resources.includes(resource);
        })
        .map((step) => `${step}: ${resource}`),
    );
    expect(unused).toEqual([]);
  });
  test('is given a reason of its own for every wildcard', () => {
    const reasons = wildcards.map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(reasons.filter((reason) => reason.length < 40)).toEqual([]);
  });
});

/** `arn:<AWS::Partition>:…` */
const asNagWrites = (resource: unknown): string =>
  typeof resource === 'string'
    ? resource
    : JSON.stringify(resource)
        .replace(/^\{"Fn::Join":\["",\[(.*)\]\]\}$/, '$1')
        .replaceAll(/\{"Ref":"([^"]+)"\}/g, '"<$1>"')
        .replaceAll(/","|"/g, '');

describe('a policy with mistakes', () => {
  const mistaken = {
    ...examplePolicy,
    mail: { failure: ['ops@example.com'] },
    workloads: { ...examplePolicy.workloads, Bad: {} },
  };
  test('is refused with all of them at once', () => {
    // As a user of JavaScript, or of YAML, might have it.
    const input: PolicyInput = JSON.parse(JSON.stringify(mistaken));
    expect(() => synthesize(input)).toThrow(/mail\.failure: .*failures[\s\S]*workloads\.Bad/);
  });
  test('in a file is refused with their lines', () => {
    const policyText = 'version: 1\nmail: { failures: [ops@example.com] }\nworkload: {}\n';
    expect(() => addHoldfastStack(newApp(), { policyText, policyFile: 'my.yaml' })).toThrow(
      /^my\.yaml:3:1 workload: .*Did you mean "workloads"\?/m,
    );
  });
});
