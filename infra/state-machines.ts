import { readFileSync } from 'node:fs';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { type MachineName, pascalCase, steps } from './function-table.ts';
import type { Functions } from './functions.ts';

export type Machines = Readonly<Record<MachineName, StateMachine>>;

export const createMachines = (scope: Construct, functions: Functions): Machines => ({
  protect: createMachine(scope, 'protect', functions),
  recover: createMachine(scope, 'recover', functions),
});

/** The definition as JSON, anchors resolved, `${PlanRun}` and the like still in it. */
export function definitionText(machine: MachineName): string {
  const file = new URL(`../state-machines/${machine}.asl.yaml`, import.meta.url);
  return JSON.stringify(parse(readFileSync(file, 'utf8')));
}

/** GovCloud and China have ARNs of their own for what a state may call. */
const inEveryPartition = (definition: string): string =>
  definition.replaceAll('"arn:aws:states:::', '"arn:${Partition}:states:::');

function createMachine(parent: Construct, machine: MachineName, functions: Functions): StateMachine {
  const scope = new Construct(parent, pascalCase(machine));
  const definition = definitionText(machine);
  const named = steps.filter((step) => definition.includes(`\${${pascalCase(step)}}`));
  const created = new StateMachine(scope, 'Machine', {
    // From a string, so that the template shows it; `fromFile` would hide it in an asset.
    definitionBody: DefinitionBody.fromString(inEveryPartition(definition)),
    definitionSubstitutions: {
      Partition: Aws.PARTITION,
      ...Object.fromEntries(named.map((step) => [pascalCase(step), functions[step].functionArn])),
    },
    stateMachineType: StateMachineType.STANDARD,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', {
        // Of other names each group takes room in the account's one policy for logs, and a crowded account refuses the deployment:
        // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
        logGroupName: `/aws/vendedlogs/states/${Stack.of(scope).stackName}-${machine}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
  created.addToRolePolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: named.map((step) => functions[step].functionArn),
    }),
  );
  return created;
}
