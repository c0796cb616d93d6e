/** What AWS takes of a stack at most, and how a policy that needs more is told so before anything is deployed. */
import { Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { Holdfast } from '#infra/holdfast.ts';
import { emptyBundles, examplePolicy, fleetOf, newApp, synthesize } from './synthesize.ts';

type Workload = PolicyInput['workloads'][string];

const workloads = (count: number, workload: (index: number) => Workload): PolicyInput => ({
  version: 1,
  mail: { failures: ['ops@example.com'] },
  workloads: Object.fromEntries(Array.from({ length: count }, (_, index) => [`orders-${index}`, workload(index)])),
});

function made(policy: PolicyInput): void {
  const app = newApp();
  new Holdfast(new Stack(app, 'Holdfast'), 'Default', { ...policy, bundlesDirectory: emptyBundles });
  app.synth();
}

const membersOf = (index: number): Workload['members'] => [
  { kind: 'ebs', instance: { tags: { Name: `orders-${index}` } }, volumes: 'data' },
];

describe('a policy is refused, with what to do instead,', () => {
  test('that needs more resources than a stack has', () => {
    const everyMinute = (index: number): Workload => ({
      schedule: { cron: `${index % 60} ${Math.floor(index / 60)} * * ? *` },
      members: membersOf(index),
    });
    expect(() => made(workloads(300, everyMinute))).not.toThrow();
    expect(() => made(workloads(400, everyMinute))).toThrow(/\d+ resources.* 500.*share times and addresses/);
    const teams = (index: number): Workload => ({
      schedule: { cron: '0 3 * * ? *' },
      members: membersOf(index),
      mail: { failures: [`team-${index}@example.com`], reports: [`team-${index}@example.com`] },
    });
    expect(() => made(workloads(150, teams))).toThrow(/stack of their own/);
  });

  test('that names more than a role can be given rights to', () => {
    const table = (index: number): Workload => ({
      schedule: { cron: '0 3 * * ? *' },
      members: [{ kind: 'dynamodb', resource: `orders-${index}`, parameter: `/shop/production/table-${index}` }],
    });
    expect(() => made(workloads(900, table))).toThrow(/PlanRecovery.* managed policies .*takes 10.*stack of their own/);
  });

  test('that has more plans of AWS Backup than a function can be told', () => {
    const plans = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `a-plan-with-a-long-name-${index}`.slice(-24).replace(/^-/, 'p'),
          { select: { tags: { backup: `daily-${index}` } }, rules: [{ every: 'day' as const }] },
        ]),
      );
    expect(() => made({ ...examplePolicy, plans: plans(31) })).toThrow('plans: At most 30 plans.');
    const template = synthesize({ ...examplePolicy, plans: plans(30) });
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Function'))) {
      expect(written(Properties.Environment.Variables)).toBeLessThan(4096);
    }
  });
});

/** As long as AWS may make it: the longest partition and Region, names that CloudFormation gives. */
const written = (variables: Readonly<Record<string, unknown>>): number =>
  Object.entries(variables).reduce(
    (sum, [name, value]) =>
      sum +
      name.length +
      6 +
      JSON.stringify(value)
        .replaceAll('{"Ref":"AWS::Region"}', 'ap-southeast-1')
        .replaceAll(/\{"Fn::Select":.*?\]\}\]\}\]\}/g, '1a2b3c4d')
        .replaceAll(/\{"Fn::GetAtt":\["Plans[^\]]*\]\}/g, 'x'.repeat(109))
        .replaceAll(/\{"(Ref|Fn::GetAtt)":[^}]*\}/g, 'x'.repeat(100))
        .replaceAll(/\{"Fn::Join":\["",\[|\]\]\}|","/g, '').length,
    2,
  );

test('a thousand instances fit into one stack', () => {
  expect(() => made(fleetOf(1000))).not.toThrow();
});
