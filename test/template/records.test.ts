import { Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { steps } from '#infra/function-table.ts';
import { Holdfast } from '#infra/holdfast.ts';
import { emptyBundles, newApp, statementsByRole, statementsOf, synthesize } from './synthesize.ts';

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
