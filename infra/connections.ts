import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { functionTable, type MachineName, type StepSettings, steps } from './function-table.ts';
import type { Functions } from './functions.ts';
import type { Machines } from './state-machines.ts';

/** What functions need of other functions and of the machines: granted once all of them are there. */
export function connect(functions: Functions, machines: Machines): void {
  for (const step of steps) {
    const settings = functionTable[step];
    connectMachines(functions[step], settings, machines);
    if (settings.wakesReport) connectFunction(functions[step], 'REPORT', functions.report);
    if (settings.wakesSettle) connectFunction(functions[step], 'SETTLE', functions.settle);
  }
}

function connectMachines(
  step: LambdaFunction,
  { starts, tellsMachinesApart, describesExecutions }: StepSettings,
  machines: Machines,
): void {
  const started = new Set(starts);
  const isToldBoth = tellsMachinesApart || describesExecutions;
  const named: readonly MachineName[] = isToldBoth ? ['protect', 'recover'] : [...started];
  for (const name of named) step.addEnvironment(`HOLDFAST_${name.toUpperCase()}_ARN`, machines[name].stateMachineArn);
  if (started.size > 0) {
    const resources = [...started].map((name) => machines[name].stateMachineArn);
    step.addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources }));
  }
  if (describesExecutions) {
    const resources = named.map((name) => executionsOf(machines[name].stateMachineName));
    step.addToRolePolicy(new PolicyStatement({ actions: ['states:DescribeExecution'], resources }));
  }
}

const executionsOf = (machine: string) =>
  `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine}:*`;

function connectFunction(step: LambdaFunction, name: 'REPORT' | 'SETTLE', woken: LambdaFunction): void {
  step.addEnvironment(`HOLDFAST_${name}_FUNCTION`, woken.functionName);
  step.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [woken.functionArn] }));
}
