/** Finds a deployment by its stack's outputs, and sets what the ledger and the providers read from the environment. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  type DescribeStacksCommandOutput,
} from '@aws-sdk/client-cloudformation';
import {
  loadConfig,
  loadSharedConfigFiles,
  NODE_REGION_CONFIG_FILE_OPTIONS,
  NODE_REGION_CONFIG_OPTIONS,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
} from '@smithy/core/config';
import { resolveEndpointConfig } from '@smithy/core/endpoints';
import type { PolicyMarks } from '#domain/policy-marks.ts';
import { codeOf, isDenied } from '#platform/aws-errors.ts';
import { problemOf } from './aws-problems.ts';
import { exitCodes } from './exit-codes.ts';
import { deniedStack, missingStack } from './missing-stack.ts';
import { knowPolicies, type PeoplePolicy } from './needed-policy.ts';
import { Problem, untouched } from './problem.ts';
import type { Settings } from './shell.ts';

export interface Connection {
  /** ARN. */
  readonly recoverMachine: string;
  /** Name. */
  readonly beginRunFunction: string;
  readonly documents: Documents;
  /** ARNs of topics, by name. */
  readonly topics: Topics;
  readonly deployedPolicy: DeployedPolicy;
  /**
   * Epoch ms by the clock of AWS, as its replies tell it: ages and due times must not depend on whether this machine's
   * clock is right (nor, in a simulated region, on how fast time passes there).
   */
  nowMs(): number;
}

/** Names of SSM documents, by kind of hook, of `verify` and of `doctor`; empty when the stack is older than this list. */
export type Documents = ReadonlyMap<string, string>;

/** Empty when the stack is older than this list. */
export type Topics = ReadonlyMap<string, string>;

/** Undefined when there is no stack, or it is older than this. */
export type DeployedPolicy = PolicyMarks | undefined;

/** What the functions' clients call on behalf of the CLI. */
const serviceIds = ['DynamoDB', 'Lambda', 'Resource_Groups_Tagging_API', 'SFN', 'SNS', 'SSM'];

const required = ['HoldfastLedger', 'HoldfastProtect', 'HoldfastRecover', 'HoldfastBeginRun'] as const;
type Output =
  | (typeof required)[number]
  | 'HoldfastDocuments'
  | 'HoldfastTopics'
  | 'HoldfastVault'
  | 'HoldfastPlanVaults'
  | PeoplePolicy;

/** Makes `--region` and `--profile` count for every client that is made from now on. */
async function chooseAccount({ region, profile, stack }: Settings): Promise<void> {
  if (region !== undefined) process.env.AWS_REGION = region;
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  process.env.HOLDFAST_STACK = stack;
  await refuseUnknownProfile();
  await readProfile().catch((error: unknown) => {
    throw problemOf(error, untouched);
  });
}

/** The SDK would look for credentials elsewhere, and in the end say that there are none. */
async function refuseUnknownProfile(): Promise<void> {
  const name = process.env.AWS_PROFILE;
  if (name === undefined || name === '') return;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const known = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])];
  // The SDK lists sections of other kinds beside them: `sso-session.work`.
  const profiles = known.filter((each) => !/^(sso-session|services)\./.test(each));
  if (profiles.includes(name)) return;
  const listed = profiles.length === 0 ? 'There is none.' : `There are: ${profiles.join(', ')}.`;
  throw new Problem({
    exitCode: exitCodes.usage,
    what: `There is no AWS profile "${name}" on this machine. ${listed}`,
    safe: untouched,
    next: 'Give --profile, or unset AWS_PROFILE.',
  });
}

/** The clients of the functions know the environment only, as in Lambda: what the profile says goes there. */
async function readProfile(): Promise<void> {
  process.env.AWS_REGION = await loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS)();
  process.env.AWS_USE_FIPS_ENDPOINT = String((await loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)()) ?? false);
  process.env.AWS_USE_DUALSTACK_ENDPOINT = String(
    (await loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)()) ?? false,
  );
  for (const id of serviceIds) {
    const url = await configuredEndpoint(id);
    if (url !== undefined) process.env[`AWS_ENDPOINT_URL_${id.toUpperCase()}`] = url;
  }
}

/** By the SDK's rules for `endpoint_url`, which only the settings of a client give. */
async function configuredEndpoint(serviceId: string): Promise<string | undefined> {
  const { serviceConfiguredEndpoint } = resolveEndpointConfig({
    serviceId,
    urlParser: () => ({ protocol: '', hostname: '', path: '' }),
    endpointProvider: () => ({ url: new URL('https://unused') }),
  });
  return serviceConfiguredEndpoint?.();
}

/**
 * @throws Problem with exit code 5 when AWS cannot be reached, or has no such stack
 */
export async function connect(settings: Settings): Promise<Connection> {
  await chooseAccount(settings);
  const client = new CloudFormationClient({});
  const clock = awsClock(client);
  const described = await describe(client, settings.stack);
  const outputs = outputsOf(described);
  if (outputs === undefined) throw await missingStack(settings.stack);
  knowPolicies(outputs);
  process.env.HOLDFAST_TABLE = outputs.HoldfastLedger;
  if (outputs.HoldfastVault !== '') process.env.HOLDFAST_VAULT = outputs.HoldfastVault;
  process.env.HOLDFAST_PLAN_VAULTS = outputs.HoldfastPlanVaults;
  return {
    recoverMachine: outputs.HoldfastRecover,
    beginRunFunction: outputs.HoldfastBeginRun,
    documents: pairsOf(outputs.HoldfastDocuments),
    topics: pairsOf(outputs.HoldfastTopics),
    deployedPolicy: deployedPolicyOf(described),
    nowMs: clock,
  };
}

/** A stack that may be there, or not. */
export interface Surroundings {
  /** By the clock of AWS where there is a stack to ask; of this machine where there is none, or none that may be asked. */
  nowMs(): number;
  readonly hasLedger: boolean;
  readonly deployedPolicy: DeployedPolicy;
}

export async function lookAround(settings: Settings): Promise<Surroundings> {
  await chooseAccount(settings);
  const client = new CloudFormationClient({});
  const nowMs = awsClock(client);
  const found = await client.send(new DescribeStacksCommand({ StackName: settings.stack })).catch(() => undefined);
  const ledger = found?.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'HoldfastLedger')?.OutputValue;
  if (ledger !== undefined) process.env.HOLDFAST_TABLE = ledger;
  return { nowMs, hasLedger: ledger !== undefined, deployedPolicy: deployedPolicyOf(found) };
}

async function describe(client: CloudFormationClient, stack: string): Promise<DescribeStacksCommandOutput> {
  try {
    return await client.send(new DescribeStacksCommand({ StackName: stack }));
  } catch (error) {
    if (codeOf(error) === 'ValidationError') throw await missingStack(stack, error);
    if (isDenied(error)) throw await deniedStack(stack, error);
    throw problemOf(error, untouched);
  }
}

/** @returns undefined of a stack that is none of Holdfast's */
function outputsOf({ Stacks = [] }: DescribeStacksCommandOutput): Readonly<Record<Output, string>> | undefined {
  const outputs = new Map((Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  if (required.some((name) => outputs.get(name) === undefined)) return undefined;
  const output = (name: (typeof required)[number]): string => outputs.get(name) ?? '';
  return {
    HoldfastLedger: output('HoldfastLedger'),
    HoldfastProtect: output('HoldfastProtect'),
    HoldfastRecover: output('HoldfastRecover'),
    HoldfastBeginRun: output('HoldfastBeginRun'),
    HoldfastDocuments: outputs.get('HoldfastDocuments') ?? '',
    HoldfastTopics: outputs.get('HoldfastTopics') ?? '',
    HoldfastVault: outputs.get('HoldfastVault') ?? '',
    HoldfastPlanVaults: outputs.get('HoldfastPlanVaults') ?? '',
    HoldfastReaders: outputs.get('HoldfastReaders') ?? '',
    HoldfastOperators: outputs.get('HoldfastOperators') ?? '',
  };
}

/** Of a large policy there are several: `HoldfastPolicy2` and so on. */
function deployedPolicyOf(described: DescribeStacksCommandOutput | undefined): DeployedPolicy {
  const values = (described?.Stacks?.[0]?.Outputs ?? []).flatMap(({ OutputKey = '', OutputValue = '' }) =>
    /^HoldfastPolicy\d*$/.test(OutputKey) ? [OutputValue] : [],
  );
  return values.length === 0 ? undefined : pairsOf(values.join(','));
}

/** @param listed as `infra/outputs.ts` has it: `filesystem=<name>,command=<name>` */
const pairsOf = (listed: string): ReadonlyMap<string, string> =>
  new Map(listed.split(',').flatMap((each) => (each.includes('=') ? [splitOnce(each)] : [])));

const splitOnce = (pair: string): [string, string] => [
  pair.slice(0, pair.indexOf('=')),
  pair.slice(pair.indexOf('=') + 1),
];

/** Follows the `Date` header of replies; this machine's clock until there was one. */
function awsClock(client: CloudFormationClient): () => number {
  let aheadMs = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const told = Date.parse(dateHeader(result.response));
      if (!Number.isNaN(told)) aheadMs = told - Date.now();
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'awsClock' },
  );
  return () => Date.now() + aheadMs;
}

function dateHeader(response: unknown): string {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return '';
  const headers: unknown = response.headers;
  return typeof headers === 'object' && headers !== null && 'date' in headers ? String(headers.date) : '';
}
