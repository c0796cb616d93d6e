import { arn } from '../iam/arn.ts';
import type { FunctionSettings } from '../services/lambda/function-settings.ts';
import { checkEnvironment } from './quotas.ts';
import { isObject, type Json } from './resolve.ts';
import { type Build, listOf, numberOr, optionalText, refuse, requiredText, type Site } from './resource-builder.ts';

/** Source: Lambda Developer Guide, "Defined runtime environment variables". */
const RESERVED_VARIABLES =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION|LOG|INIT|RUNTIME).*|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

function environment(properties: Json): Record<string, string> {
  const variables = isObject(properties.Environment) ? properties.Environment.Variables : {};
  const entries = Object.entries(isObject(variables) ? variables : {});
  const set = Object.fromEntries(
    entries.map(([name, value]) => {
      if (RESERVED_VARIABLES.test(name)) {
        throw new Error(`environment variable ${name} is reserved by Lambda`);
      }
      return [name, String(value)];
    }),
  );
  checkEnvironment(set);
  return set;
}

function functionSettings(site: Site, properties: Json): FunctionSettings {
  refuse(properties, 'FileSystemConfigs', 'Layers', 'ImageConfig');
  const code = isObject(properties.Code) ? properties.Code : {};
  const name = site.name(properties.FunctionName);
  const roleArn = requiredText(properties, 'Role');
  site.roles.requireTrust(roleArn, 'lambda.amazonaws.com');
  const reserved = properties.ReservedConcurrentExecutions;
  const letters = isObject(properties.DeadLetterConfig)
    ? optionalText(properties.DeadLetterConfig, 'TargetArn')
    : undefined;
  return {
    name,
    arn: arn(site.kernel, 'lambda', `function:${name}`),
    codeDirectory: site.assetDirectory(requiredText(code, 'S3Key')),
    handler: requiredText(properties, 'Handler'),
    roleArn,
    accessKeyId: site.roles.keyFor({ kind: 'role', arn: roleArn, name: `function:${name}` }),
    environment: environment(properties),
    timeoutSeconds: numberOr(properties, 'Timeout', 3),
    memoryMib: numberOr(properties, 'MemorySize', 128),
    ...(reserved === undefined ? {} : { reservedConcurrency: Number(reserved) }),
    ...(letters === undefined ? {} : { deadLetterArn: letters }),
    ...(isObject(properties.VpcConfig) ? { subnets: subnetsOf(site, properties.VpcConfig, roleArn) } : {}),
  };
}

/** Lambda makes its network interfaces as the function is created, in the function's role (Lambda Developer Guide, configuration-vpc). */
const interfaceActions = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'];

function subnetsOf(site: Site, config: Json, roleArn: string): readonly string[] {
  for (const action of interfaceActions) {
    const resource = action.startsWith('Describe') ? '*' : arn(site.kernel, 'ec2', 'network-interface/eni-0a1b2c3d');
    if (!site.roles.mayDo(roleArn, { action: `ec2:${action}`, resource }))
      throw new Error(`The provided execution role does not have permissions to call ${action} on EC2`);
  }
  if (listOf(config, 'SecurityGroupIds').length === 0) throw new Error('VpcConfig needs a security group');
  return listOf(config, 'SubnetIds').map(String);
}

const lambdaFunction: Build = async (site, properties) => {
  const settings = functionSettings(site, properties);
  await site.services.lambda.deploy(settings);
  const remove = () => site.services.lambda.remove(settings.name);
  return { ref: settings.name, attributes: { Arn: settings.arn }, remove };
};

const permission: Build = (site, properties) => {
  const sourceArn = optionalText(properties, 'SourceArn');
  if (properties.Action !== 'lambda:InvokeFunction')
    throw new Error(`Action ${String(properties.Action)} is not simulated`);
  site.services.lambda.addPermission(requiredText(properties, 'FunctionName'), {
    principal: requiredText(properties, 'Principal'),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  });
  return { ref: site.name(undefined), attributes: {} };
};

function onFailure(properties: Json): string | undefined {
  const config = isObject(properties.DestinationConfig) ? properties.DestinationConfig : {};
  refuse(config, 'OnSuccess');
  return isObject(config.OnFailure) ? optionalText(config.OnFailure, 'Destination') : undefined;
}

const eventInvokeConfig: Build = (site, properties) => {
  const name = requiredText(properties, 'FunctionName');
  const destination = onFailure(properties);
  site.services.lambda.setAsync(name, {
    maximumRetryAttempts: numberOr(properties, 'MaximumRetryAttempts', 2),
    maximumEventAgeSeconds: numberOr(properties, 'MaximumEventAgeInSeconds', 21_600),
    ...(destination === undefined ? {} : { onFailureArn: destination }),
  });
  return { ref: site.name(undefined), attributes: {} };
};

function definitionText(properties: Json): string {
  refuse(properties, 'DefinitionS3Location');
  const given = properties.DefinitionString ?? properties.Definition;
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const substitutions = isObject(properties.DefinitionSubstitutions) ? properties.DefinitionSubstitutions : {};
  return text.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (_, name: string) => {
    if (!(name in substitutions)) throw new Error(`no substitution for \${${name}} in the definition`);
    return JSON.stringify(String(substitutions[name])).slice(1, -1);
  });
}

const stateMachine: Build = (site, properties) => {
  if ((properties.StateMachineType ?? 'STANDARD') !== 'STANDARD') throw new Error('only STANDARD is simulated');
  const name = site.name(properties.StateMachineName, 80);
  const roleArn = requiredText(properties, 'RoleArn');
  site.roles.requireTrust(roleArn, 'states.amazonaws.com');
  site.services.states.deploy({ name, roleArn, definition: definitionText(properties) });
  const machineArn = arn(site.kernel, 'states', `stateMachine:${name}`);
  const attributes = { Arn: machineArn, Name: name, StateMachineRevisionId: 'INITIAL' };
  return { ref: machineArn, attributes, remove: () => site.services.states.remove(name) };
};

const logGroup: Build = (site, properties) => {
  const name = optionalText(properties, 'LogGroupName') ?? site.name(undefined);
  return { ref: name, attributes: { Arn: `${arn(site.kernel, 'logs', `log-group:${name}`)}:*` } };
};

const metadata: Build = (site) => ({ ref: site.name(undefined), attributes: {} });

export const COMPUTE_RESOURCES: Readonly<Record<string, Build>> = {
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::CDK::Metadata': metadata,
};
