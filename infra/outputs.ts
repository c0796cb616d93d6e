import { readFileSync } from 'node:fs';
import { CfnOutput } from 'aws-cdk-lib';
import type { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { topicNames } from '#domain/mail-addresses.ts';
import type { BackupVault } from './backup-vault.ts';
import type { Documents } from './documents.ts';
import type { Functions } from './functions.ts';
import type { Ledger } from './ledger.ts';
import type { PeoplePolicies } from './people-policies.ts';
import type { Machines } from './state-machines.ts';
import type { Topics } from './topics.ts';
import { arnOf, type Vault } from './vault.ts';

export interface Deployed {
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly documents: Documents;
  readonly functions: Functions;
  readonly machines: Machines;
  readonly vault: BackupVault | undefined;
  /** Of plans. */
  readonly planVaults: readonly Vault[];
  readonly restoreRole: Role | undefined;
  readonly people: PeoplePolicies;
}

/** What the command line, and who hands out rights, ask the stack for, by names that do not change. */
export function createOutputs(
  scope: Construct,
  { ledger, topics, documents, functions, machines, vault, planVaults, restoreRole, people }: Deployed,
): void {
  const values = {
    HoldfastLedger: ledger.table.tableName,
    HoldfastProtect: machines.protect.stateMachineArn,
    HoldfastRecover: machines.recover.stateMachineArn,
    HoldfastBeginRun: functions['begin-run'].functionName,
    HoldfastDocuments: namesOf(documents),
    HoldfastTopics: topicNames.map((name) => `${name}=${topics[name].topicArn}`).join(','),
    HoldfastVersion: version(),
    HoldfastReaders: arnsOf(people.readers),
    HoldfastOperators: arnsOf(people.operators),
    ...(vault === undefined ? {} : { HoldfastVault: vault.name }),
    ...(planVaults.length === 0 ? {} : { HoldfastPlanVaults: planVaults.map(arnOf).join(',') }),
    ...(restoreRole === undefined ? {} : { HoldfastRestoreRole: restoreRole.roleArn }),
  };
  for (const [name, value] of Object.entries(values)) {
    new CfnOutput(scope, `${name}Output`, { value }).overrideLogicalId(name);
  }
}

const arnsOf = (policies: readonly ManagedPolicy[]): string =>
  policies.map(({ managedPolicyArn }) => managedPolicyArn).join(',');

/** `filesystem=Holdfast-FilesystemDocument-1A2B,command=…`. */
const namesOf = ({ hooks, ...others }: Documents): string =>
  Object.entries({ ...hooks, ...others })
    .map(([kind, name]) => `${kind}=${name}`)
    .join(',');

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
