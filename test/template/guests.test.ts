import { describe, expect, test } from 'vitest';
import { steps } from '#infra/function-table.ts';
import { examplePolicy, statementsOf, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

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
