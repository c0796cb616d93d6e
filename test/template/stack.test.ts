import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { bundledSteps } from '#infra/function-table.ts';
import { addHoldfastStack } from '#infra/holdfast-stack.ts';
import { emptyBundles, examplePolicy, newApp, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

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
  const folder = join(import.meta.dirname, '..', '..', 'functions', 'steps');
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
    'HoldfastPolicy',
    'HoldfastProtect',
    'HoldfastReaders',
    'HoldfastRecover',
    'HoldfastTopics',
    'HoldfastVersion',
  ]);
});

test('a policy of any size says in outputs of at most 1,000 characters what is deployed', () => {
  const { appliance } = examplePolicy.workloads;
  if (appliance === undefined) throw new Error('The example has no appliance.');
  const { schedule } = appliance;
  const mail = { failures: ['ops@example.com'] };
  const many = Array.from({ length: 120 }, (_, index) => {
    const members = [{ kind: 'ebs' as const, instance: { tags: { Name: `web-${index}` } }, volumes: 'all' as const }];
    return [`a-workload-with-a-long-name-${index}`, { schedule, members, mail }] as const;
  });
  const outputs = synthesize({ ...examplePolicy, workloads: Object.fromEntries(many) }).findOutputs('*');
  const values = Object.entries(outputs).flatMap(([name, { Value }]) => (/^HoldfastPolicy/.test(name) ? [Value] : []));
  expect(values.length).toBeGreaterThan(3);
  expect(values.every((value) => value.length <= 1000)).toBe(true);
  const names = values.flatMap((value) => value.split(',')).map((pair: string) => pair.split('=')[0]);
  expect(names).toEqual(many.map(([name]) => name));
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

describe('an account with rules of its own', () => {
  const policyText = readFileSync('holdfast.yaml', 'utf8');
  const stackWith = (context: Record<string, unknown>) =>
    addHoldfastStack(newApp({ context }), { policyText, policyFile: 'holdfast.yaml', bundlesDirectory: emptyBundles });
  test('gives every role its permissions boundary, and bootstraps the CDK by its own qualifier', () => {
    const stack = stackWith({
      '@aws-cdk/core:permissionsBoundary': { name: 'everybody' },
      '@aws-cdk/core:bootstrapQualifier': 'acme',
    });
    const { Resources, Parameters } = Template.fromStack(stack).toJSON();
    const resources: { Type: string; Properties: Record<string, unknown> }[] = Object.values(Resources);
    const roles = resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(20);
    for (const { Properties } of roles) expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('everybody');
    expect(Parameters.BootstrapVersion.Default).toBe('/cdk-bootstrap/acme/version');
  });
  test('keeps the stack from being deleted where it is protected, typed or in cdk.json', () => {
    const kept = [{}, { protected: 'true' }, { protected: true }].map((each) => stackWith(each).terminationProtection);
    expect(kept).toEqual([false, true, true]);
  });
});

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
