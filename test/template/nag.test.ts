import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { wildcards } from '#infra/acknowledgements.ts';
import { addHoldfastStack } from '#infra/holdfast-stack.ts';
import { everyKind, everyRestoredType } from '../scenario/every-kind.ts';
import { asNagWrites, emptyBundles, examplePolicy, newApp, statementsByRole, synthesize } from './synthesize.ts';

const template = synthesize(examplePolicy);

describe('cdk-nag', { timeout: 120_000 }, () => {
  const policyFile = 'holdfast.yaml';
  const policyText = readFileSync(join(import.meta.dirname, '..', '..', policyFile), 'utf8');
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
