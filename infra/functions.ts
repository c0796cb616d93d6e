import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { beginSeconds } from '#domain/begin-seconds.ts';
import { takesArtifacts } from '#domain/hook-proof.ts';
import type { Policy } from '#domain/policy.ts';
import { watchBackupPlanStatements } from './backup-plan-statements.ts';
import type { BackupVault } from './backup-vault.ts';
import { countStatement } from './dead-letters.ts';
import { type Documents, documentVariables } from './documents.ts';
import { carrierStatements } from './domain-carriers.ts';
import { ecsServiceStatements } from './ecs-service-statements.ts';
import { functionTable, pascalCase, type Step, type StepSettings, steps } from './function-table.ts';
import { grant } from './grant.ts';
import {
  hookStatements,
  listGuestsStatement,
  promotionStatements,
  recoveryStatements,
  windowsVssStatements,
} from './guest-statements.ts';
import { parameterStatements, recordStatements } from './hand-over-statements.ts';
import { backupPlanStatements, passRoleStatements, providerStatements, seedStatements } from './kind-statements.ts';
import type { Ledger } from './ledger.ts';
import { ledgerStatements } from './ledger.ts';
import type { StepAssets } from './step-asset.ts';
import { listSubscriptionsStatement, publishStatements, type Topics } from './topics.ts';
import { arnOf, type Vault } from './vault.ts';

export type Functions = Readonly<Record<Step, LambdaFunction>>;

export interface FunctionSurroundings {
  readonly policy: Policy;
  readonly assets: StepAssets;
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly documents: Documents;
  readonly deadLetters: IQueue;
  /** Undefined: no member is copied by AWS Backup. */
  readonly vault: BackupVault | undefined;
  /** Of plans. */
  readonly planVaults: readonly Vault[];
  /** In which AWS Backup restores; undefined: it copies nothing. */
  readonly restoreRole: IRole | undefined;
}

/** Seconds beyond a hook's deadline in which its command may still arrive. */
const deliverySeconds = 30;

/** What quiescing is given at most (`quiesce-seconds.ts`), however long the hook may then hold. */
const mostQuiesceSeconds = 600;

/** Every step as a function with a role of its own, without what needs another function or a machine (`connections.ts`). */
export function createFunctions(scope: Construct, surroundings: FunctionSurroundings): Functions {
  const created = steps.map((step) => [step, createFunction(scope, step, surroundings)] as const);
  return Object.fromEntries(created) as Functions;
}

function createFunction(parent: Construct, step: Step, surroundings: FunctionSurroundings): LambdaFunction {
  const settings = functionTable[step];
  const scope = new Construct(parent, pascalCase(step));
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  grant(role, statementsOf(scope, step, surroundings, logGroup));
  return new LambdaFunction(scope, 'Function', {
    description: `Holdfast: ${step}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: surroundings.assets.codeOf(step),
    role,
    logGroup,
    memorySize: settings.memoryMb,
    timeout: Duration.seconds(timeoutSecondsOf(settings, surroundings.policy)),
    environment: environmentOf(scope, settings, surroundings),
    ...(settings.byEvent ? { deadLetterQueue: surroundings.deadLetters, retryAttempts: 2 } : {}),
  });
}

/**
 * Hooks of one instance run one after another, and each may take what it needs up to its own deadline. One function begins the
 * artifacts of all workloads, so it has the time of the longest; how long a run waits for it is its own, in the state machine.
 */
function timeoutSecondsOf({ timeoutSeconds }: StepSettings, { workloads }: Policy): number {
  if (typeof timeoutSeconds === 'number') return timeoutSeconds;
  const hooks = workloads.flatMap((workload) => workload.hooks);
  if (timeoutSeconds === 'begin') return beginSeconds(hooks);
  const deadlines = hooks.filter(({ kind }) => !takesArtifacts(kind)).map(({ deadlineSeconds }) => deadlineSeconds);
  return Math.min(Math.max(30, ...deadlines), mostQuiesceSeconds) + deliverySeconds;
}

function statementsOf(
  scope: Construct,
  step: Step,
  { policy, ledger, documents, topics, deadLetters, vault, planVaults, restoreRole }: FunctionSurroundings,
  logGroup: LogGroup,
): readonly PolicyStatement[] {
  const settings = functionTable[step];
  return [
    new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    ...ledgerStatements(ledger, settings.lists),
    ...providerStatements(scope, step, policy, { vault, restoreRole }),
    ...(settings.watchesBackupPlans && planVaults.length > 0 ? watchBackupPlanStatements() : []),
    ...backupPlanStatements(step, policy, planVaults.map(arnOf)),
    ...carrierStatements(scope, policy, step),
    ...parameterStatements(policy, step),
    ...seedStatements(policy, step),
    ...recordStatements(policy, step),
    ...passRoleStatements(policy, step),
    ...(settings.listsGuests ? [listGuestsStatement()] : []),
    ...(settings.guests === 'hooks' ? hookStatements(policy, Object.values(documents.hooks)) : []),
    ...ecsServiceStatements(policy, step),
    ...(settings.guests === 'windows-vss' ? windowsVssStatements(policy) : []),
    ...(settings.guests === 'recovery' ? recoveryStatements(policy, documents) : []),
    ...(settings.guests === 'promotion' ? promotionStatements(policy, documents) : []),
    ...(settings.publishes ? publishStatements(topics) : []),
    ...(settings.countsDeadLetters ? [countStatement(deadLetters)] : []),
    ...(settings.watchesTopics ? [listSubscriptionsStatement(topics)] : []),
  ];
}

function environmentOf(
  scope: Construct,
  {
    guests,
    publishes,
    watchesTopics,
    countsDeadLetters,
    knowsVault,
    knowsBackupPlanVaults,
    restoresFromVault,
  }: StepSettings,
  { ledger, documents, topics, deadLetters, vault, planVaults, restoreRole }: FunctionSurroundings,
): Record<string, string> {
  return {
    HOLDFAST_STACK: Stack.of(scope).stackName,
    HOLDFAST_TABLE: ledger.table.tableName,
    ...(knowsVault && vault !== undefined
      ? { HOLDFAST_VAULT: vault.name, HOLDFAST_BACKUP_ROLE: vault.role.roleArn }
      : {}),
    ...(knowsBackupPlanVaults && planVaults.length > 0
      ? { HOLDFAST_PLAN_VAULTS: planVaults.map(arnOf).join(',') }
      : {}),
    ...(restoresFromVault && restoreRole !== undefined ? { HOLDFAST_RESTORE_ROLE: restoreRole.roleArn } : {}),
    ...(guests === undefined || guests === 'windows-vss' ? {} : documentVariables(documents, guests)),
    ...(countsDeadLetters ? { HOLDFAST_DEAD_LETTERS: deadLetters.queueUrl } : {}),
    ...(watchesTopics ? { HOLDFAST_TOPIC_ALARMS: topics.alarms.topicArn } : {}),
    ...(publishes || watchesTopics
      ? { HOLDFAST_TOPIC_FAILURES: topics.failures.topicArn, HOLDFAST_TOPIC_REPORTS: topics.reports.topicArn }
      : {}),
  };
}
