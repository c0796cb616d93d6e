import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { createApp } from '#infra/create-app.ts';
import { bundledSteps } from '#infra/function-table.ts';
import { Holdfast } from '#infra/holdfast.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-template-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Bundles that hold nothing: a template does not depend on what the functions do. */
export const emptyBundles = join(folder, 'functions');
for (const step of bundledSteps) {
  mkdirSync(join(emptyBundles, step), { recursive: true });
  writeFileSync(join(emptyBundles, step, 'index.mjs'), 'export const handler = async () => ({});\n');
}

/** The CDK's own check of the template takes seconds to load: where it is wanted, it is asked for. */
export const newApp = ({ checked = false, context = {} }: NewApp = {}): App =>
  createApp({ builtinCloudFormationValidation: checked, outdir: mkdtempSync(join(folder, 'cdk.out-')), context });

interface NewApp {
  readonly checked?: boolean;
  /** As of `cdk.json`. */
  readonly context?: Record<string, unknown>;
}

export function synthesize(policy: PolicyInput): Template {
  const stack = new Stack(newApp(), 'Holdfast');
  new Holdfast(stack, 'Default', { ...policy, bundlesDirectory: emptyBundles });
  return Template.fromStack(stack);
}

/** Everything that the template can say: hooks, instances by id and by tags, a verify script, two owners. */
export const examplePolicy: PolicyInput = {
  version: 1,
  workloads: {
    appliance: {
      schedule: { cron: '0 3 * * ? *', timeZone: 'Europe/London' },
      members: [{ kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: { devices: ['/dev/sdh'] } }],
      quiesce: { hooks: [{ kind: 'filesystem' }] },
      retention: { days: 30, minimum: 7 },
      objectives: { rpo: '26h', rto: '30m' },
      mail: { failures: ['ops@example.com', 'owner@example.com'], reports: ['ops@example.com'] },
    },
    database: {
      schedule: { rate: '12 hours' },
      members: [{ kind: 'ebs', instance: { tags: { Name: 'orders-db', stage: 'live' } }, volumes: 'data' }],
      quiesce: { hooks: [{ kind: 'command', quiesce: '/opt/hold', release: '/opt/free', deadlineSeconds: 120 }] },
      retention: { days: 30, minimum: 7 },
      objectives: { rpo: '26h', rto: '30m' },
      mail: { failures: ['ops@example.com'], reports: [] },
      recovery: { verify: '/opt/verify' },
    },
  },
};

const list = z.union([z.string().transform((one) => [one]), z.array(z.unknown())]);
const statement = z.object({
  Effect: z.string(),
  Action: list.pipe(z.array(z.string())),
  Resource: z.unknown(),
  Condition: z.unknown().optional(),
});
export type Statement = z.infer<typeof statement>;

const policyResource = z.object({
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })),
    PolicyDocument: z.object({ Statement: z.array(statement) }),
  }),
});
const roleResource = z.object({
  Properties: z.object({
    Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(statement) }) })).default([]),
    ManagedPolicyArns: z.array(z.unknown()).default([]),
  }),
});

/** What each role allows, by its logical id. */
export function statementsByRole(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const roles = Object.entries(template.findResources('AWS::IAM::Role')).map(([id, role]) => {
    const { Policies } = roleResource.parse(role).Properties;
    return [id, Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)] as const;
  });
  const byRole = new Map<string, readonly Statement[]>(roles);
  for (const policy of Object.values(template.findResources('AWS::IAM::Policy'))) {
    const { Roles, PolicyDocument } = policyResource.parse(policy).Properties;
    for (const { Ref } of Roles) byRole.set(Ref, [...(byRole.get(Ref) ?? []), ...PolicyDocument.Statement]);
  }
  return byRole;
}

/** Roles' managed policies: there should be none. */
export const managedPoliciesOf = (template: Template): readonly unknown[] =>
  Object.values(template.findResources('AWS::IAM::Role')).flatMap(
    (role) => roleResource.parse(role).Properties.ManagedPolicyArns,
  );

/** The statements of the step's role that have an action. */
export function statementsOf(template: Template, step: string, action: string): readonly Statement[] {
  const pascal = step.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [...statementsByRole(template)]
    .filter(([role]) => new RegExp(`^${pascal}Role[0-9A-F]{8}$`).test(role))
    .flatMap(([, statements]) => statements)
    .filter(({ Action }) => Action.includes(action));
}

/** A resource of a statement, resolved, as cdk-nag writes it: `arn:<AWS::Partition>:…`. */
export const asNagWrites = (resource: unknown): string =>
  typeof resource === 'string'
    ? resource
    : JSON.stringify(resource)
        .replace(/^\{"Fn::Join":\["",\[(.*)\]\]\}$/, '$1')
        .replaceAll(/\{"Ref":"([^"]+)"\}/g, '"<$1>"')
        .replaceAll(/","|"/g, '');

/** Nightly, each with one instance by its id, all told to one address. */
export const fleetOf = (count: number): PolicyInput => ({
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
