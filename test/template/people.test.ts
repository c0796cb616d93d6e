import { describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { everyKind } from '../scenario/every-kind.ts';
import { asNagWrites, fleetOf, synthesize } from './synthesize.ts';

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
