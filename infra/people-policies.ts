/** What people need who type `holdfast`: policies for the administrator to attach to their roles, or to name in a permission set. */
import { Aws, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';
import { backupPlanReaderStatements } from './backup-plan-statements.ts';
import type { BackupVault } from './backup-vault.ts';
import type { Documents } from './documents.ts';
import { carrierStatements } from './domain-carriers.ts';
import { ecsServiceStatements } from './ecs-service-statements.ts';
import { fittingDocuments } from './fitting-documents.ts';
import type { Functions } from './functions.ts';
import { examinationStatements, listGuestsStatement } from './guest-statements.ts';
import {
  backupPlanStatements,
  copyExaminationStatements,
  exportExaminationStatements,
  providerStatements,
} from './kind-statements.ts';
import { type Ledger, readLedgerStatements } from './ledger.ts';
import type { Machines } from './state-machines.ts';
import { listSubscriptionsStatement, type Topics } from './topics.ts';
import type { Vault } from './vault.ts';

/** More than one of each only where a large policy's do not fit into one. */
export interface PeoplePolicies {
  /** `status`, `points`, `plan`: for whoever looks. */
  readonly readers: readonly ManagedPolicy[];
  /** `backup`, `doctor`, `recover`, and points by their tags when the ledger is gone: for whoever is on call, beside `readers`. */
  readonly operators: readonly ManagedPolicy[];
}

interface Reached {
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly documents: Documents;
  readonly functions: Functions;
  readonly machines: Machines;
  readonly vault: BackupVault | undefined;
  /** Of plans. */
  readonly planVaults: readonly Vault[];
}

/** Their names are the stack's and the Region's own, so that a permission set of IAM Identity Center finds them in every account. */
export function createPeoplePolicies(scope: Construct, reached: Reached): PeoplePolicies {
  return {
    readers: managedPolicies(scope, 'Readers', readingStatements(scope, reached)),
    operators: managedPolicies(scope, 'Operators', operatingStatements(scope, reached)),
  };
}

const managedPolicies = (scope: Construct, people: string, statements: PolicyStatement[]): ManagedPolicy[] =>
  fittingDocuments(Stack.of(scope), statements).map((document, index) => {
    const which = index === 0 ? people : `${people}${index + 1}`;
    return new ManagedPolicy(scope, which, {
      managedPolicyName: `${Stack.of(scope).stackName}-${which}-${Aws.REGION}`,
      description: `For people who type holdfast commands: ${people}`,
      document,
    });
  });

/** A plan is made with the caller's own credentials, by the very code of the functions. */
function readingStatements(
  scope: Construct,
  { policy, ledger, topics, vault, planVaults }: Reached,
): PolicyStatement[] {
  const stack = `arn:${Aws.PARTITION}:cloudformation:${Aws.REGION}:${Aws.ACCOUNT_ID}:stack/${Stack.of(scope).stackName}/*`;
  return [
    new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack] }),
    ...readLedgerStatements(ledger),
    ...providerStatements(scope, 'plan-run', policy, { vault, restoreRole: undefined }).flatMap(forPeople),
    ...backupPlanReaderStatements(policy),
    // Points are what plans have copied, too.
    ...backupPlanStatements('plan-recovery', policy, planVaults.length === 0 ? [] : [anyVault]),
    ...carrierStatements(scope, policy, 'plan-run'),
    ...ecsServiceStatements(policy, 'plan-run'),
    listGuestsStatement(),
    listSubscriptionsStatement(topics),
  ];
}

function operatingStatements(
  scope: Construct,
  { policy, documents, functions, machines, vault }: Reached,
): PolicyStatement[] {
  const { recover } = machines;
  return [
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functions['begin-run'].functionArn] }),
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [recover.stateMachineArn] }),
    new PolicyStatement({
      actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
      resources: [executionsOf(recover)],
    }),
    ...examinationStatements(policy, documents),
    ...exportExaminationStatements(policy),
    ...copyExaminationStatements(policy),
    // Whether another stack backs up the same. Neither has a resource type.
    new PolicyStatement({ actions: ['tag:GetResources', 'tag:GetTagValues'], resources: ['*'] }),
    // A recovery's plan tells points by their tags, too.
    ...providerStatements(scope, 'plan-recovery', policy, { vault, restoreRole: undefined }).flatMap(forPeople),
    ...carrierStatements(scope, policy, 'plan-recovery'),
  ];
}

/** The only action to read the user data of instances by, which may have passwords. What else it tells a plan can do without. */
const attributes = 'ec2:DescribeInstanceAttribute';

function forPeople(statement: PolicyStatement): readonly PolicyStatement[] {
  const actions = statement.actions.filter((action) => action !== attributes);
  return actions.length === 0 ? [] : [anywhereIfItLooks(statement.copy({ actions }))];
}

/**
 * A managed policy takes 6,144 characters, less than the functions' statements for all kinds: what can only be described or listed,
 * people may describe and list in all of its service. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function anywhereIfItLooks(statement: PolicyStatement): PolicyStatement {
  const { actions } = statement;
  if (!actions.every((action) => /:(Describe|List)/.test(action))) return statement;
  const resources = statement.resources.map((arn) => arn.replace(/^(arn(?::[^:]*){4}:).*/, '$1*'));
  return new PolicyStatement({ actions, resources: [...new Set(resources)] });
}

const anyVault = `arn:${Aws.PARTITION}:backup:${Aws.REGION}:${Aws.ACCOUNT_ID}:backup-vault:*`;

const executionsOf = ({ stateMachineName }: StateMachine): string =>
  `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${stateMachineName}:*`;
