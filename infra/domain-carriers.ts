/**
 * A function for each domain inside a VPC, in the subnets and security groups that its member names, which carries there what Holdfast's other functions
 * have signed; and who may invoke it.
 */
import { Aws, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { askFunctionName } from '#domain/ask-function-name.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { Network } from '#domain/kinds/opensearch/settings.ts';
import type { Policy } from '#domain/policy.ts';
import { actsOnResources, permissionsOfKind } from '#providers/permissions.ts';
import { askDomain, pascalCase } from './function-table.ts';
import type { StepAssets } from './step-asset.ts';

/** More than its time-outs of connection and reply together; its callers wait a second longer (`domain-carrier.ts`). */
const timeoutSeconds = 14;

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const mostNameCharacters = 64;

interface InVpc {
  readonly domain: string;
  readonly network: Network;
}

const domainsInVpc = ({ workloads }: Policy): readonly InVpc[] =>
  workloads.flatMap(({ members }) =>
    members.flatMap((member) =>
      'resource' in member && member.network !== undefined
        ? [{ domain: member.resource, network: member.network }]
        : [],
    ),
  );

export function createDomainCarriers(parent: Construct, policy: Policy, assets: StepAssets): readonly LambdaFunction[] {
  const inVpc = domainsInVpc(policy);
  if (inVpc.length === 0) return [];
  const scope = new Construct(parent, pascalCase(askDomain));
  return inVpc.map((each) => createCarrier(scope, each, assets));
}

function createCarrier(parent: Construct, { domain, network }: InVpc, assets: StepAssets): LambdaFunction {
  const scope = new Construct(parent, pascalCase(domain));
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  for (const statement of statementsOf(logGroup)) role.addToPolicy(statement);
  const carrier = new LambdaFunction(scope, 'Function', {
    functionName: nameOf(scope, domain),
    description: `Holdfast: ${askDomain} ${domain}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: assets.codeOf(askDomain),
    role,
    logGroup,
    memorySize: 256,
    timeout: Duration.seconds(timeoutSeconds),
    environment: { HOLDFAST_DOMAIN: domain },
  });
  standIn(carrier, network);
  return carrier;
}

/** By their ids alone: the CDK's own setting looks the VPC up. */
function standIn({ node: { defaultChild } }: LambdaFunction, { subnets, securityGroups }: Network): void {
  if (!(defaultChild instanceof CfnFunction)) throw invariantBroken('A function without its resource.');
  defaultChild.vpcConfig = { subnetIds: [...subnets], securityGroupIds: [...securityGroups] };
}

/** @throws Error for a name that Lambda would not take */
function nameOf(scope: Construct, domain: string): string {
  const { stackName } = Stack.of(scope);
  const name = askFunctionName(stackName, domain);
  if (Token.isUnresolved(stackName) || name.length <= mostNameCharacters) return name;
  throw new Error(
    `The function ${name}, which carries requests to the domain ${domain} in its VPC, would have ${name.length} characters in its name, and Lambda takes ${mostNameCharacters}: give the stack a shorter name.`,
  );
}

const describing = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
const changing = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lambda makes the network interfaces in the function's role, which is what else that role may do; the function's own code may not. Interfaces have no ids
 * before, so the resource is AWS's own example for them: all of this account and Region.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function statementsOf(logGroup: LogGroup): readonly PolicyStatement[] {
  const byItsCode = { Null: { 'lambda:SourceFunctionArn': 'false' } };
  const here = `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:*/*`;
  return [
    new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    new PolicyStatement({ actions: describing, resources: ['*'] }),
    new PolicyStatement({ actions: changing, resources: [here] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: [...describing, ...changing],
      resources: ['*'],
      conditions: byItsCode,
    }),
  ];
}

/** Invoking them, for the steps that ask domains: what they may ask is in their own statements of paths. */
export function carrierStatements(scope: Construct, policy: Policy, step: string): readonly PolicyStatement[] {
  const inVpc = domainsInVpc(policy);
  if (inVpc.length === 0 || !actsOnResources(step)) return [];
  const statements = permissionsOfKind('opensearch')[step] ?? [];
  if (!statements.some(({ actions }) => actions.some((action) => action.startsWith('es:ESHttp')))) return [];
  const resources = inVpc.map(
    ({ domain }) =>
      `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${askFunctionName(Stack.of(scope).stackName, domain)}`,
  );
  return [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })];
}
