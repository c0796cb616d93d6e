import { readFileSync } from 'node:fs';
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { Functions } from './functions.ts';
import type { Ledger } from './ledger.ts';
import type { Machines } from './state-machines.ts';

/** What the command line asks the stack for, by names that do not change. */
export function createOutputs(scope: Construct, ledger: Ledger, functions: Functions, machines: Machines): void {
  const values = {
    HoldfastLedger: ledger.table.tableName,
    HoldfastProtect: machines.protect.stateMachineArn,
    HoldfastRecover: machines.recover.stateMachineArn,
    HoldfastBeginRun: functions['begin-run'].functionName,
    HoldfastVersion: version(),
  };
  for (const [name, value] of Object.entries(values)) {
    new CfnOutput(scope, `${name}Output`, { value }).overrideLogicalId(name);
  }
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
