import { readFileSync } from 'node:fs';
import { CfnOutput } from 'aws-cdk-lib';
import type { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { topicNames } from '#domain/mail-addresses.ts';
import type { Policy } from '#domain/policy.ts';
import { marksOf } from '#domain/policy-marks.ts';
import type { BackupVault } from './backup-vault.ts';
import type { Documents } from './documents.ts';
import type { Functions } from './functions.ts';
import type { Ledger } from './ledger.ts';
import type { PeoplePolicies } from './people-policies.ts';
import type { Machines } from './state-machines.ts';
import type { Topics } from './topics.ts';
import { arnOf, type Vault } from './vault.ts';

export interface Deployed {
  readonly policy: Policy;
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
  { policy, ledger, topics, documents, functions, machines, vault, planVaults, restoreRole, people }: Deployed,
): void {
  const values = {
    HoldfastLedger: ledger.table.tableName,
    HoldfastProtect: machines.protect.stateMachineArn,
    HoldfastRecover: machines.recover.stateMachineArn,
    HoldfastBeginRun: functions['begin-run'].functionName,
    HoldfastDocuments: namesOf(documents),
    HoldfastTopics: topicNames.map((name) => `${name}=${topics[name].topicArn}`).join(','),
    ...policyOutputs(policy),
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

/** CloudFormation documents no limit of an output's value; of one that is exported it takes 1,024 characters. */
const mostCharacters = 1000;

/** `appliance=1a2b3c4d,orders-db=…`, and where one output cannot hold them all `HoldfastPolicy2` and so on. */
function policyOutputs(policy: Policy): Record<string, string> {
  const values: string[] = [];
  for (const [name, mark] of marksOf(policy)) {
    const pair = `${name}=${mark}`;
    const longer = [...values.slice(-1), pair].join(',');
    if (longer.length > mostCharacters) values.push(pair);
    else values.splice(-1, 1, longer);
  }
  return Object.fromEntries(values.map((value, index) => [`HoldfastPolicy${index === 0 ? '' : index + 1}`, value]));
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
